"""A small market in which strategies play, and the tests that every strategy has to pass."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from tests.engine.worlds import differences

from goodwill.engine.levers import plan_of
from goodwill.errors import GoodwillError
from goodwill.firms import check_action
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.strategies.base import build
from goodwill.strategies.observation import LEVERS, Action, Observation

CARD = {"kind": "stamp_card", "stamps": 6, "reward": 1.5, "cost_share": 0.5}
SERVICE = {"kind": "service", "gain": 1.0, "consistency": 0.0, "gain_cost": 0.01}
CUT = {"kind": "price_cut", "depth": 0.1}


def market(firms: dict[int, dict[str, Any]], **size: Any) -> Scenario:
    """The smallest preset without its programme; `firms`: keys by position."""
    changes: dict[str, Any] = {"firms.0.programmes": []}
    for j, keys in firms.items():
        changes |= {f"firms.{j}.{key}": value for key, value in keys.items()}
    return Scenario.preset("mini").with_(changes, **{"customers": 600, "periods": 30, "warm_up": 6, **size})


def played(scenario: Scenario, **options: Any) -> Simulation:
    """The scenario run to its end."""
    simulation = Simulation(scenario, **{"threads": 1, **options})
    simulation.run()
    return simulation


def choices(simulation: Simulation) -> list[tuple[Any, ...]]:
    """What was chosen, comparably."""
    assert simulation.firms is not None
    return [(c.period, c.firm, c.action.lever, c.action.value, c.action.reason) for c in simulation.firms.choices]


def hand_made(options: tuple[str, ...], **changes: Any) -> Observation:
    """An observation that no simulation stands behind."""
    facts: dict[str, Any] = {
        "firm": 1, "period": 20, "periods_per_year": 12, "names": ("One", "Two", "Three"), "known_shares": (0.5, 0.3, 0.2),
        "prices": (0.9, 1.0, 1.0), "usual_prices": (1.0, 1.0, 1.0), "programmes": (("stamp_card",), (), ()),
        "unit_cost": 0.5, "options": options, "running": (False,) * len(options), "price_factor": 1.0,
        "sales": (90.0,) * 20, "purchases": (90,) * 20, "profit": (40.0,) * 20, "budget_factor": 1.0,
        "forecast": lambda actions, horizon: 40.0 * horizon + 5 * len(actions),
    }  # fmt: skip
    return Observation(**{**facts, **changes})


class StrategyTest:
    """Inherit, give `strategy` (and `rival`, if one has to move first); firm 1 plays it."""

    __test__ = False
    strategy: ClassVar[dict[str, Any]]
    options: ClassVar[list[dict[str, Any]]] = [CARD, SERVICE]
    rival: ClassVar[dict[str, Any]] = {
        "options": [CARD, CUT],
        "strategy": {"kind": "schedule", "steps": [{"period": 9, "launch": 0}, {"period": 9, "launch": 1}, {"period": 20, "stop": 1}]},
    }  # fmt: skip
    acts: ClassVar[bool] = True  # in the market of these tests
    tries_the_truth: ClassVar[bool] = False  # its forecasts are runs of the market itself

    def scenario(self, **size: Any) -> Scenario:
        return market({0: self.rival, 1: {"options": self.options, "strategy": self.strategy}}, **size)

    def test_it_acts_within_its_bounds(self) -> None:
        mine = [c for c in choices(played(self.scenario())) if c[1] == 1]
        strategy = build(self.strategy)
        assert bool(mine) == self.acts
        for _, _, lever, value, reason in mine:
            low, high = strategy.moves[lever]
            assert low <= value <= high
            assert reason

    def test_what_is_out_of_bounds_is_refused(self) -> None:
        strategy = build(self.strategy)
        for lever in LEVERS:
            if lever in strategy.moves:
                with pytest.raises(GoodwillError, match="outside its bounds"):
                    check_action(strategy, Action(lever, strategy.moves[lever][1] + 1, "too much"))
            else:
                with pytest.raises(GoodwillError, match="declares only"):
                    check_action(strategy, Action(lever, 1, "not its own"))

    def test_it_is_deterministic_whatever_the_threads_pieces_and_branches(self) -> None:
        whole = played(self.scenario())
        parts = Simulation(self.scenario(), threads=2)
        parts.advance(11)
        branch = parts.copy()
        for piece in (1, 5, 13):
            parts.advance(piece)
        branch.run()
        assert differences(whole, parts) == differences(whole, branch) == []
        assert choices(whole) == choices(parts) == choices(branch)

    def test_it_is_the_same_in_both_engines(self) -> None:
        small = self.scenario(customers=60, periods=24)
        compiled, reference = played(small), played(small, engine="reference")
        assert differences(compiled, reference) == []
        assert choices(compiled) == choices(reference)

    def test_it_reads_only_the_observation(self) -> None:
        strategy = build(self.strategy)
        kinds = tuple(option["kind"] for option in self.options)
        one, other = {}, {}
        for step in range(4):  # the same sights and the same memory lead to the same actions
            seen = hand_made(kinds, period=20 + step)
            assert strategy.decide(seen, one) == strategy.decide(seen, other)
            for action in strategy.decide(seen, dict(one)):
                check_action(strategy, action)
        if self.tries_the_truth:
            return
        blind = Simulation(self.scenario(), threads=1)
        blind.advance(8)
        changed = blind.copy()
        changed.population.customers.satisfaction[:] += 3  # nobody measures it
        assert blind.firms is not None and changed.firms is not None
        blind.firms.act(blind)
        changed.firms.act(changed)
        assert choices(blind) == choices(changed)

    def test_it_never_touches_others(self) -> None:
        simulation = played(self.scenario())
        planned = plan_of(self.scenario())
        for name, after, before in zip(planned.levers._fields, simulation.plan.levers, planned.levers, strict=True):
            for j in (2, 3):
                assert np.array_equal(after[..., j], before[..., j]), f"{name} of firm {j}"
        assert simulation.firms is not None
        alone = market({1: {"options": self.options, "strategy": self.strategy}})
        steered = played(alone)
        for name, after, before in zip(planned.levers._fields, steered.plan.levers, plan_of(alone).levers, strict=True):
            assert np.array_equal(after[..., 0], before[..., 0]), f"{name} of the rival"

    def test_its_books_hold(self) -> None:
        record = Record.of(played(self.scenario()))
        assert record.ledger["amount"].sum() == pytest.approx(record.firms["profit"].sum(), abs=0.01)
        running = record.simulation.plan.running
        joined = record.simulation.totals.programmes[:, :, 0]
        assert not joined[~running[: record.periods]].any()  # nobody joins what does not run

    def test_it_is_described(self) -> None:
        strategy = type(build(self.strategy))
        assert strategy.summary and strategy.sources and strategy.__doc__
        assert set(strategy.moves) <= set(LEVERS)
        assert set(strategy.observes) <= set(Observation.__dataclass_fields__)
