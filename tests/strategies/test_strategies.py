"""Every strategy passes the tests of `StrategyTest`; user's strategies register and play like ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from tests.strategies.worlds import CARD, StrategyTest, choices, hand_made, market, played

from goodwill.errors import GoodwillError, ScenarioError
from goodwill.scenario.scenario import Scenario
from goodwill.strategies.base import Strategy, build, kinds, launch
from goodwill.strategies.observation import LAUNCH, Memory, Observation

DOCS = Path(__file__).parents[2] / "docs"


class TestStatic(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "static"}
    acts = False


class TestSchedule(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {
        "kind": "schedule",
        "steps": [{"period": 3, "launch": 0}, {"period": 8, "launch": 1, "price": 1.1}, {"period": 20, "stop": 0}],
    }


class TestCopyLeader(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "copy_leader", "delay": 2}


class TestMatchProgramme(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "match_programme", "delay": 2, "rival": "One"}


class TestMatchPrice(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "match_price", "every": 2}


class TestAttack(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "attack", "target": 9.0, "patience": 3}


class TestDefend(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "defend", "every": 1, "trigger": 0.01, "hold": 4}


@pytest.mark.parametrize("variant", ["cost_leadership", "differentiation", "focus"])
def test_a_retreat_takes_its_position(variant: str) -> None:
    strategy = build({"kind": "retreat", "variant": variant, "patience": 2})
    memory: Memory = {}
    options = ("stamp_card", "service")
    seen = hand_made(options, profit=(50.0,) * 20, running=(True, False))
    assert strategy.decide(seen, memory) == []
    bad = hand_made(options, profit=(10.0,) * 20, running=(True, False))
    assert strategy.decide(bad, memory) == []
    levers = [(a.lever, a.value) for a in strategy.decide(bad, memory)]
    assert (
        levers
        == {
            "cost_leadership": [("price", 0.95), ("budget", 0.7), ("stop", 0)],
            "differentiation": [("price", 1.05), ("stop", 0), ("launch", 1)],
            "focus": [("price", 1.05)],
        }[variant]
    )
    assert strategy.decide(bad, memory) == []  # once


class TestRetreat(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "retreat", "every": 2, "patience": 1, "below": 1.0}


class TestBestResponse(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "best_response", "every": 10, "horizon": 8, "prices": [0.9, 1.0, 1.2]}
    tries_the_truth = True


class TestBandit(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "bandit", "every": 2}


class TestEpsilonGreedy(StrategyTest):
    __test__ = True
    strategy: ClassVar[dict[str, Any]] = {"kind": "bandit", "every": 2, "method": "epsilon_greedy", "epsilon": 0.5}


def test_every_strategy_is_tested_and_in_the_index() -> None:
    tested = {cls.strategy["kind"] for cls in StrategyTest.__subclasses__()}
    ours = {kind for kind, cls in kinds().items() if cls.__module__.startswith("goodwill.")}
    assert ours <= tested
    index = (DOCS / "strategies.md").read_text(encoding="utf-8")
    assert [kind for kind in ours if f"`{kind}`" not in index] == []


def test_a_bandit_finds_what_pays() -> None:
    strategy = build({"kind": "bandit", "every": 2, "width": 0.3})
    memory: Memory = {}
    pay = {(): 10.0, (0,): 30.0, (1,): 20.0}
    running: tuple[int, ...] = ()
    chosen = []
    for period in range(0, 80, 2):
        seen = hand_made(("stamp_card", "service"), period=period, running=(0 in running, 1 in running),
                         profit=(pay[running],) * 2)  # fmt: skip
        for action in strategy.decide(seen, memory):
            k = int(action.value)
            running = (*running, k) if action.lever == LAUNCH else tuple(x for x in running if x != k)
        chosen.append(running)
    assert chosen[:3] == [(), (0,), (1,)]
    assert chosen[-15:].count((0,)) >= 12


def test_options_wait_until_they_are_launched() -> None:
    waiting = played(market({1: {"options": [CARD]}}))
    assert waiting.totals.programmes.sum() == 0
    planned = played(market({1: {"options": [{**CARD, "start": 8}]}}))
    assert planned.totals.programmes[:8].sum() == 0
    assert planned.totals.programmes[8:].sum() > 0


def test_firms_without_strategy_run_as_before() -> None:
    assert played(market({})).firms is None
    static = played(market({0: {"strategy": {"kind": "static"}}}))
    assert (static.totals.firms == played(market({})).totals.firms).all()


@pytest.mark.parametrize(
    ("firm", "words"),
    [
        ({"strategy": {"kind": "atack"}}, "did you mean 'attack'"),
        ({"strategy": {"kind": "best_response"}}, "firms.1.options: is empty"),
        ({"strategy": {"kind": "match_price", "rival": "Nobody"}}, "must be one of its rivals: One, Three, Four"),
        ({"strategy": {"kind": "schedule", "steps": [{"period": 3, "launch": 2}]}, "options": [CARD]}, "the firm has 1 options"),
        ({"strategy": {"kind": "attack", "cut": 3}}, "firms.1.strategy.cut: is 3 but must be at most 0.5"),
        ({"options": [{**CARD, "stop": 9}]}, "leave it out"),
    ],
)  # fmt: skip
def test_mistakes_are_explained(firm: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        market({1: firm})


class _Late(Strategy):
    """A user's strategy: launches its first option in the tenth period."""

    kind: Literal["late"] = "late"
    summary: ClassVar[str] = "launches late"
    sources: ClassVar[tuple[str, ...]] = ("a test",)
    moves: ClassVar[dict[str, tuple[float, float]]] = {LAUNCH: (0, 0)}
    observes: ClassVar[tuple[str, ...]] = ("period",)

    def decide(self, seen: Observation, memory: Memory) -> list[Any]:
        """Once, in period 10."""
        return [launch(0, "it is time")] if seen.period == 10 else []


def test_a_users_strategy_plays() -> None:
    scenario = market({1: {"options": [CARD], "strategy": {"kind": "late"}}})
    assert isinstance(Scenario.from_dict(scenario.to_dict()).firms[1].strategy, _Late)
    assert [c[:4] for c in choices(played(scenario))] == [(10, 1, "launch", 0)]


def test_an_option_that_does_not_exist_is_an_error() -> None:
    class Wild(_Late):
        """Names an option that is not there."""

        kind: Literal["wild"] = "wild"  # type: ignore[assignment]
        moves: ClassVar[dict[str, tuple[float, float]]] = {LAUNCH: (0, 9)}

        def decide(self, seen: Observation, memory: Memory) -> list[Any]:
            """Out of range."""
            return [launch(5, "why not")]

    with pytest.raises(GoodwillError, match="names option 5, but it has 1"):
        played(market({1: {"options": [CARD], "strategy": {"kind": "wild"}}}))
