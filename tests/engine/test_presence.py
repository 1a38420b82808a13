"""Who is not in the market hears nothing; those who are there from the start have a history; what is counted of both."""

from __future__ import annotations

import numpy as np

from goodwill.engine.state import FIRM_TOTALS
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def run(scenario: Scenario, periods: int) -> Simulation:
    simulation = Simulation(scenario, threads=1)
    simulation.advance(periods)
    return simulation


def test_who_has_not_arrived_hears_nothing() -> None:
    scenario = Scenario.preset("coffee-town").with_(
        {
            "population.newcomers": 0.5, "firms.0.awareness": 0.2, "firms.0.advertising": 20.0,
            "behaviour.word_of_mouth.base": 0.5,
        },
        customers=1000, periods=20, warm_up=5,
    )  # fmt: skip
    start, later = run(scenario, 0).population.customers, run(scenario, 8).population.customers
    outside = later.arrival >= 8
    assert outside.sum() > 200
    assert (later.aware[outside] == start.aware[outside]).all()
    assert (later.opinion[:, outside] == 0).all()
    inside = later.arrival < 8
    assert (later.aware[inside] & 1).mean() > 0.9 and (later.opinion[:, inside] != 0).any()


def test_the_aware_are_counted_among_those_present() -> None:
    """At the end of a period, with and without unknown firms."""
    for awareness in (0.3, 1.0):
        scenario = Scenario.preset("coffee-town").with_(
            {
                "population.newcomers": 0.3, "population.natural_exit": 1.0, "firms.0.advertising": 2.0,
                **{f"firms.{j}.awareness": awareness for j in range(4)},
            },
            customers=700, periods=12, warm_up=4,
        )  # fmt: skip
        simulation = run(scenario, 12)
        table = Record.of(simulation).customers
        names = [firm.name for firm in scenario.firms]
        known = table[table["present"] & table["aware"]]["firm"].value_counts()[names]
        assert known.tolist() == simulation.totals.firms[11, :, FIRM_TOTALS.index("aware")].tolist()
        assert (known > 0).all()


def test_the_established_have_bought_before() -> None:
    """Their history is what they buy in a year, so the first visits of the run move satisfaction less."""
    scenario = Scenario.preset("coffee-town").with_(customers=3000, periods=52, warm_up=0)
    c = run(scenario, 0).population.customers
    expected = c.need * np.exp(c.taste) * scenario.periods_per_year
    here = c.arrival == 0
    for j in range(4):
        known = here & ((c.aware >> j) & 1).astype(bool)
        assert np.abs(c.history[j][known] - expected[j][known]).max() < 1.001
        assert abs(c.history[j][known].mean() / expected[j][known].mean() - 1) < 0.02
        assert (c.history[j][~known] == 0).all()
    first, none = (run(scenario.with_({"population.history": years}), 8).population.customers for years in (1.0, 0.0))
    moved = [np.std((x.satisfaction - c.satisfaction)[x.visits > 0]) for x in (first, none)]
    assert moved[0] < 0.8 * moved[1]


def test_a_history_changes_no_market_without_experience() -> None:
    """The NBD-Dirichlet knows none."""
    scenario = Scenario.preset("music-retailer").with_(customers=400, periods=20)
    one, other = (run(scenario.with_({"population.history": years}), 20) for years in (1.0, 5.0))
    assert one.population.customers.history.shape[1] == 0
    assert all((a == b).all() for a, b in zip(one.totals, other.totals, strict=True))


def test_experience_is_counted_when_only_commitment_listens() -> None:
    scenario = Scenario.preset("music-retailer").with_(
        {"behaviour.commitment.on": True}, customers=300, periods=20
    )  # fmt: skip
    table = Record.of(run(scenario, 20)).firms
    bought = table[table["purchases"] > 0]
    assert np.allclose(bought["experience"].mean(), scenario.firms[0].service, atol=0.3)
    assert bought["satisfaction"].isna().all()
