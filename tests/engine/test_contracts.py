"""Contract markets: those without a provider look for one, what members would lose holds them, and only the served talk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.engine.state import FIRM_TOTALS
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

CLUB = {"kind": "paid_club", "fee": 0.0, "discount": 0.2, "service_bonus": 0.0, "start": 0}


def operators(changes: dict[str, Any] | None = None, **keys: Any) -> Scenario:
    """Two operators, the second unknown to half of the customers; everybody leaves often, nothing else is switched on."""
    content = {
        "name": "operators", "kind": "contract", "period": "month", "customers": 2000, "periods": 24, "warm_up": 0,
        "firms": [
            {"name": "A", "share": 0.6, "price": 20.0},
            {"name": "B", "share": 0.4, "price": 20.0, "awareness": 0.5, "advertising": 2.0},
        ],
        "population": {"attention": 1.0},
        "behaviour": {"defection": {"on": True, "competitive": 0.6, "discontent": 1.2}},
    }  # fmt: skip
    return Scenario.from_dict(content | keys).with_(changes or {})


def run(scenario: Scenario, periods: int | None = None) -> Simulation:
    simulation = Simulation(scenario, threads=1)
    simulation.advance(scenario.periods if periods is None else periods)
    return simulation


def column(simulation: Simulation, name: str) -> np.ndarray:
    return simulation.totals.firms[..., FIRM_TOTALS.index(name)]


def without(simulation: Simulation) -> np.ndarray:
    """Who has no provider; everybody is there from the start."""
    c = simulation.population.customers
    return (c.last < 0) & (c.exit > simulation.period)


def test_who_left_his_only_provider_takes_the_rival_as_soon_as_he_knows_him() -> None:
    """Left A for a fault, knew no other: without a provider until advertising makes him aware of B."""
    simulation = run(operators(), 3)
    waiting = without(simulation)
    assert 20 < waiting.sum()
    c = simulation.population.customers
    assert ((c.aware[waiting] & 2) == 0).all()  # whoever knows B has a contract
    simulation.run()
    c = simulation.population.customers
    heard = waiting & ((c.aware & 2) != 0)
    assert heard.sum() > 0.9 * waiting.sum()
    assert not without(simulation)[heard].any()
    assert (c.visits[1][heard] > 0).mean() > 0.9


def test_without_a_rival_to_hear_of_he_stays_without() -> None:
    """He does not go back to the firm he has just left."""
    simulation = run(operators({"firms.1.advertising": 0.0}))
    left_alone = without(simulation)
    c = simulation.population.customers
    assert left_alone.sum() > 100
    assert (c.cause[0][left_alone] > 0).all() and ((c.aware[left_alone] & 2) == 0).all()


def test_those_who_start_without_a_provider_find_one_without_defection() -> None:
    """Nobody leaves, but some know no operator at the start."""
    scenario = operators({"behaviour.defection.on": False, "firms.0.awareness": 0.5, "firms.0.advertising": 2.0})
    assert without(run(scenario, 0)).sum() > 300
    at_end = run(scenario)
    assert without(at_end).sum() < 30
    assert (column(at_end, "subscribers").sum(axis=1)[-1]) == 2000 - without(at_end).sum()


@pytest.mark.parametrize(
    "programme",
    [
        pytest.param(CLUB, id="discount"),
        pytest.param({**CLUB, "discount": 0.0}, id="liking"),
        pytest.param(
            {"kind": "tiers", "spend": [1.0], "earn": [1.0], "liking": [1.0], "months": 1, "threshold": 10**6, "reward": 0.0,
             "start": 0}, id="tier",
        ),
    ],
)  # fmt: skip
def test_what_members_would_lose_holds_them(programme: dict[str, Any]) -> None:
    """Burnham, Frels & Mahajan 2003: loss of benefits is a financial cost of switching, apart from the other two kinds."""
    behaviour = {
        "behaviour.programmes.on": True, "behaviour.programmes.exposure": 1.0, "behaviour.programmes.enrol_intercept": 9.0,
        "behaviour.programmes.hassle": 0.0, "behaviour.programmes.liking": 0.8,
        "behaviour.programmes.novelty_half_life": 60.0, "firms.1.awareness": 1.0, "firms.0.programmes": [programme],
    }  # fmt: skip
    scenario = operators(behaviour)
    counted, ignored = (run(scenario.with_({"behaviour.defection.financial": x})) for x in (1.0, 0.0))
    assert column(counted, "member_purchases").sum() > 0

    def churn(simulation: Simulation, firm: int) -> float:
        lost = sum(column(simulation, f"left_{why}")[:, firm].sum() for why in ("competitive", "fault"))
        return float(lost / column(simulation, "subscribers")[:, firm].sum())

    # The cost enters the exponent of the hazard: a discount of .2 is worth .58, the liking .8 and fading, the tier 1 and more.
    assert 0.15 < churn(counted, 0) / churn(ignored, 0) < 0.7
    assert churn(counted, 1) > 0.75 * churn(
        ignored, 1
    )  # the rival's members lose nothing; only who they are has changed


def test_a_switcher_talks_about_whom_he_was_served_by() -> None:
    """At most the customers a firm served in a period can speak of it in that period."""
    scenario = operators(
        {
            "firms.1.awareness": 1.0,
            "behaviour.word_of_mouth": {"on": True, "base": 1.0},
            "behaviour.defection.competitive": 5.0,
            "population.sociability_sd": 0.0,
        },
    )
    simulation = run(scenario)
    said = column(simulation, "positive_talk") + column(simulation, "negative_talk")
    assert (said == column(simulation, "buyers")).all()  # everybody talks, about the firm that served him
    assert (np.diff(column(simulation, "subscribers")[:, 0]) != 0).any()
