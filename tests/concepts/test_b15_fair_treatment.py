"""B15: fair treatment - visible unequal treatment, prices for newcomers and the use of data raise unfairness, which drives away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.encounters import on, run, share, state

WORLD: dict[str, Any] = {**on("fairness", "satisfaction", "commitment", "bonds", "trust"), "programmes": {"on": True}}
BLIND: dict[str, Any] = {**WORLD, "fairness": {"on": False}}
CLUB = {"kind": "paid_club", "fee": 12.0, "discount": 0.2, "service_bonus": 0.5}


def test_b15_those_left_out_resent_it() -> None:
    """Also row B1: those left out of a programme for frequent buyers are annoyed."""
    record = run(WORLD, {"programmes": [CLUB]})
    table = record.customers.query("firm == 'A' and purchases > 0")
    member = table["member"]
    assert 0.05 < member.mean() < 0.95
    assert table.loc[~member, "unfairness"].mean() > 2 * table.loc[member, "unfairness"].mean()
    assert state(run(WORLD), "unfairness") == 0
    blind = run(BLIND, {"programmes": [CLUB]})
    outside = [
        int(r.customers.query("firm == 'A' and not member")["purchases"].sum())
        / int(r.customers.query("not member")["purchases"].sum())
        for r in (record, blind)
    ]
    assert outside[0] < outside[1] - 0.005


def test_b15_better_prices_for_newcomers_draw_and_rankle() -> None:
    welcome = {"treatment": {"newcomer_discount": 0.3}}
    new = {"population": {"newcomers": 0.5, "trips_per_year": 24, "loyalty_spread": 2.0}}
    record, without = run(WORLD, welcome, **new), run(WORLD, **new)
    first, first_without = (r.firms.query("firm == 'A'")["new_buyers"].sum() for r in (record, without))
    assert first > first_without
    assert record.firms.query("firm == 'A'")["sales"].sum() / record.firms.query("firm == 'A'")["quantity"].sum() < 4.0
    assert state(record, "unfairness") > 0.3
    assert share(record, 18) < share(run(BLIND, welcome, **new), 18) - 0.02


def test_b15_use_of_data_rankles_and_wears_trust() -> None:
    spied = run(WORLD, {"treatment": {"intrusion": 5.0}})
    assert state(spied, "unfairness") > 0.3
    assert state(spied, "trust") < state(spied, "trust", firm="B") - 0.02
    assert share(spied) < share(run(WORLD)) - 0.02


def test_b15_unfairness_wears_commitment_and_fades() -> None:
    recognised = {"recognition": 3.0}
    fair = run(WORLD, {"treatment": recognised})
    unfair = run(WORLD, {"treatment": {**recognised, "intrusion": 5.0}})
    assert state(unfair, "commitment") < state(fair, "commitment") - 0.05
    lasting = run({**WORLD, "fairness": {"on": True, "retention": 0.95}}, {"treatment": {"intrusion": 5.0}})
    assert state(lasting, "unfairness") > 1.5 * state(run(WORLD, {"treatment": {"intrusion": 5.0}}), "unfairness")


def test_b15_higher_tiers_are_seen_by_lower_ones() -> None:
    tiers = {"kind": "tiers", "spend": [30.0, 80.0], "earn": [1.0, 1.0], "liking": [0.2, 0.8], "months": 6.0}
    record = run(WORLD, {"programmes": [tiers]}, periods=34)  # between two reviews
    members, simulation = record.customers.query("firm == 'A' and member"), record.simulation
    tier = simulation.population.members.tier[0][members["customer"]]
    assert members["unfairness"][tier == 0].mean() > 2 * members["unfairness"][tier == 2].mean()


def test_b15_off_means_off() -> None:
    never = run(on("satisfaction"))
    off = run({**on("satisfaction"), "fairness": {"on": False, "weight": 5.0}}, {"treatment": {"intrusion": 5.0}})
    assert np.array_equal(never.simulation.totals.firms, off.simulation.totals.firms)
    assert np.isnan(state(off, "unfairness")) and pytest.approx(share(never)) == share(off)
