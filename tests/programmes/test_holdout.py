"""Customers kept out of a programme at random: who they are, that they stay out, and that nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.engine.worlds import assert_identical, random_scenario

from goodwill.population import held_out
from goodwill.programmes.terms import HELD_OUT, NEVER_MEMBER
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

CARD = {"kind": "stamp_card", "stamps": 6, "start": 2}
EVERYBODY = {
    "kind": "programme",
    "start": 2,
    "earn": {"per_purchase": 1},
    "burn": {"rewards": [{"credits": 9, "value": 4}]},
}


def world(*programmes: dict[str, Any], **size: Any) -> Scenario:
    size = {"customers": 600, "periods": 20, "warm_up": 2, **size}
    return Scenario.preset("coffee-town").with_({"firms.1.programmes": list(programmes)}, **size)


def run(scenario: Scenario) -> Simulation:
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    return simulation


def joined(simulation: Simulation) -> np.ndarray:
    """Of the programme of the second firm (the first has one of its own)."""
    return simulation.population.members.joined[1]


@pytest.mark.parametrize("kind", ["stamp_card", "points", "tiers", "paid_club"])
def test_short_forms_keep_a_share_out(kind: str) -> None:
    simulation = run(world({"kind": kind, "start": 2, "holdout": 0.4}))
    out = held_out(simulation.plan, 1, 600, simulation.key)
    assert abs(out.mean() - 0.4) < 4 * np.sqrt(0.24 / 600)
    assert (joined(simulation)[out] == HELD_OUT).all()
    assert (joined(simulation)[~out] >= 0).any()


def test_one_who_joins_at_once_is_kept_out_too() -> None:
    simulation = run(world({**EVERYBODY, "join": {"automatic": True, "holdout": 0.5}}))
    out = held_out(simulation.plan, 1, 600, simulation.key)
    bought = simulation.population.customers.visits[1] > 3
    assert (joined(simulation)[out] == HELD_OUT).all()
    assert (joined(simulation)[~out & bought] != NEVER_MEMBER).all()


def test_everybody_kept_out_is_a_world_without_members_and_the_same_purchases() -> None:
    """A card that nobody can join changes no choice."""
    nobody, nothing = run(world({**CARD, "holdout": 1.0})), run(world())
    assert (joined(nobody) == HELD_OUT).all()
    np.testing.assert_array_equal(nobody.population.customers.visits, nothing.population.customers.visits)


def test_a_larger_group_contains_a_smaller_one_and_customers_do_not_shift_it() -> None:
    few, many = (Simulation(world({**CARD, "holdout": share})) for share in (0.2, 0.5))
    small, large = (held_out(s.plan, 1, 600, s.key) for s in (few, many))
    assert (large[small]).all() and large.sum() > small.sum()
    np.testing.assert_array_equal(held_out(few.plan, 1, 700, few.key)[:600], small)


def test_those_half_hidden_join_less_and_can_join_again_as_others() -> None:
    terms = {**EVERYBODY, "join": {"holdout": 0.5, "holdout_visibility": 0.3}}
    simulation = run(world(terms, customers=3000))
    out = held_out(simulation.plan, 1, 3000, simulation.key)
    shares = [(joined(simulation)[group] >= 0).mean() for group in (out, ~out)]
    assert 0 < shares[0] < 0.7 * shares[1]
    assert simulation.totals.programmes[:, 1].sum() > 0


def _with_holdout(programme: dict[str, Any], share: float, visibility: float) -> dict[str, Any]:
    if programme["kind"] == "programme":
        return {**programme, "join": {**programme["join"], "holdout": share, "holdout_visibility": visibility}}
    return {**programme, "holdout": share} if "holdout" in programme else programme


@pytest.mark.parametrize("seed", range(8))
def test_engines_agree_on_random_worlds_with_groups_kept_out(seed: int) -> None:
    """Whatever else a programme does: the same bits."""
    scenario = random_scenario(seed, customers=50, periods=14)
    content = scenario.to_dict()
    for firm in content["firms"]:
        firm["programmes"] = [_with_holdout(p, 0.5, 0.4 * (seed % 2)) for p in firm["programmes"]]
    assert_identical(Scenario.from_dict(content))
