"""Named draws: nothing one customer, firm or mechanism does shifts the luck of another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.engine import draws
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

_EACH = ("need", "log_basket", "attention", "hassle", "dropout", "arrival", "exit", "aware", "gone", "last")
_BY_FIRM = ("taste", "habit", "expectation", "uncertainty", "satisfaction", "commitment", "visits", "spent", "cause")


def _world(**changes: Any) -> Scenario:
    base = Scenario.preset("coffee-town").with_(
        {"customers": 2000, "periods": 16, "warm_up": 4, "behaviour.word_of_mouth.on": False}
    )
    return base.with_(changes)


def _run(scenario: Scenario) -> Simulation:
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    return simulation


def _compare(one: Simulation, two: Simulation, customers: int, firms: int) -> None:
    a, b = one.population.customers, two.population.customers
    for name in _EACH:
        assert np.array_equal(getattr(a, name)[:customers], getattr(b, name)[:customers]), name
    for name in _BY_FIRM:
        assert np.array_equal(getattr(a, name)[:firms, :customers], getattr(b, name)[:firms, :customers]), name


def test_a_name_or_a_place_taken_twice_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "_names", dict(draws.named_draws()))
    with pytest.raises(ValueError, match="registered twice"):
        draws.name_draw("shopping trips", 99, 0)
    with pytest.raises(ValueError, match="belongs to 'shopping trips'"):
        draws.name_draw("something new", 1, 0)
    with pytest.raises(ValueError, match="word 0 to 3"):
        draws.name_draw("something new", 99, 4)
    assert draws.name_draw("something new", 99, 0) == 99


def test_one_customer_more_changes_nobody_else() -> None:
    _compare(_run(_world()), _run(_world(customers=2001)), 2000, 4)


def test_one_customer_more_changes_only_the_ties_around_the_ring_and_to_him() -> None:
    on = {"behaviour.word_of_mouth.on": True}
    few, more = (_run(_world(**on, customers=n)).population.customers.ties for n in (2000, 2001))
    changed = (few != more[:, :2000]).any(axis=0)
    edge = np.arange(2000)[changed]
    to_him = (more[:, :2000] == 2000).any(axis=0)
    assert all(i < 3 or i >= 1997 or to_him[i] for i in edge)


def test_a_firm_nobody_considers_changes_nothing() -> None:
    """Awareness nil, and no taste for it to speak of: the others' Dirichlet parameters stay the same to the last bit."""
    base = _world()
    extra = {
        **base.to_dict()["firms"][0],
        "name": "Nobody's",
        "share": 0.0,
        "awareness": 0.0,
        "advertising": 0.0,
        "programmes": [],
    }
    more = Scenario.from_dict({**base.to_dict(), "firms": [*base.to_dict()["firms"], extra]})
    one, two = _run(base), _run(more)
    assert np.array_equal(one.totals.firms[:, :, 0], two.totals.firms[:, :4, 0])
    assert two.totals.firms[:, 4, 0].sum() == 0
    _compare(one, two, 2000, 4)


@pytest.mark.parametrize(
    ("off", "zero"),
    [
        ({"behaviour.habit.on": False}, {"behaviour.habit.strength": 0.0}),
        ({"behaviour.commitment.on": False}, {"behaviour.commitment.weight": 0.0}),
        ({"behaviour.zone.on": False}, {"behaviour.zone.width": 0.0, "behaviour.zone.ideal_gap": 0.0,
          "behaviour.zone.ideal_drift": 0.0}),
        ({"behaviour.word_of_mouth.on": False}, {"behaviour.word_of_mouth.on": True, "behaviour.word_of_mouth.weight": 0.0,
          "behaviour.word_of_mouth.awareness": False, "behaviour.expectation.hearsay_pull": 0.0}),
        ({}, {"behaviour.defection.fault": 0.0, "behaviour.defection.lapse": 0.0, "behaviour.defection.malicious": 0.0}),
    ],
    ids=["habit", "commitment", "zone", "word of mouth", "kinds of defection"],
)  # fmt: skip
def test_a_mechanism_at_zero_strength_changes_no_purchase(off: dict[str, Any], zero: dict[str, Any]) -> None:
    if not off:
        off = zero
    if "behaviour.zone.on" in off:
        # With expectations that never move above the desired level, a zone of no width is plain disconfirmation only while D <= E.
        off, zero = (
            {**off, "behaviour.satisfaction.disconfirmation_weight": 0.0},
            {**zero, "behaviour.satisfaction.disconfirmation_weight": 0.0},
        )
        off["behaviour.commitment.on"] = zero["behaviour.commitment.on"] = False
        off["behaviour.defection.fault"] = zero["behaviour.defection.fault"] = 0.0
    one, two = _run(_world(**off)), _run(_world(**zero))
    assert np.array_equal(one.population.customers.visits, two.population.customers.visits)
    assert np.array_equal(one.population.customers.spent, two.population.customers.spent)
    assert np.array_equal(one.population.customers.exit, two.population.customers.exit)


def test_a_programme_of_one_firm_leaves_the_luck_of_anothers_alone() -> None:
    """A worthless card at firm 1 is joined and stamped, and nobody buys, joins or redeems differently at firm 0."""
    base = _world(
        **{
            "behaviour.programmes.liking": 0.0,
            "behaviour.programmes.pull": 0.0,
            "behaviour.programmes.acceleration": 0.0,
        }
    )
    more = base.with_programmes(1, [{"kind": "stamp_card", "reward": 0.0, "start": 0}])
    one, two = _run(base), _run(more)
    assert two.totals.programmes[:, 1].sum() > 0
    assert np.array_equal(one.totals.programmes[:, 0], two.totals.programmes[:, 0])
    _compare(one, two, 2000, 4)
