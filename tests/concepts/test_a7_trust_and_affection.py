"""A7: trust and affection - promises kept build trust, which lowers risk; emotional bonds outlast calculated ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.encounters import on, paid, run, share, state

WORLD = on("expectation", "satisfaction", "commitment", "bonds", "trust")


def test_a7_broken_promises_and_failures_destroy_trust() -> None:
    kept = run(WORLD)
    broken = run(WORLD, {"promise": 8.5})
    failing = run({**WORLD, **on("recovery")}, {"failure": 0.2})
    assert state(kept, "trust") > 0.5 > state(broken, "trust") + 0.05
    assert state(failing, "trust") < state(failing, "trust", firm="B") - 0.05
    assert share(broken, 18) < share(kept, 18) - 0.02


def test_a7_trust_holds_customers_and_takes_away_risk() -> None:
    indifferent = {**WORLD, "trust": {"on": True, "weight": 0.0, "relief": 0.0}}
    promise = {"promise": 8.5}
    assert share(run(WORLD, promise), 18) < share(run(indifferent, promise), 18) - 0.01
    # A premium for the unknown keeps newcomers from trying; trust takes part of it away.
    shy: dict[str, Any] = {"expectation": {"on": True, "risk": 1.5, "prior": 3.0}}
    new = {"population": {"newcomers": 1.0, "arrival_periods": 24, "trips_per_year": 24, "loyalty_spread": 2.0}}
    tried = [
        np.mean(
            [
                (run({**WORLD, **shy, "trust": {"on": True, "weight": 0.0, "relief": relief}}, **new)
                 .customers.groupby("customer")["purchases"].agg(lambda n: (n > 0).sum()))
            ]
        )
        for relief in (0.0, 1.0)
    ]  # fmt: skip
    assert tried[1] > tried[0] + 0.02


def test_a7_trust_eases_a_failure() -> None:
    grievance = [
        state(run({**WORLD, "recovery": {"on": True, "forgiveness": forgiveness}}, {"failure": 0.3}), "grievance")
        for forgiveness in (0.0, 1.0)
    ]
    assert grievance[1] < 0.8 * grievance[0]


def test_a7_recognition_binds_and_costs() -> None:
    treatment = {"recognition": 3.0, "recognition_cost": 0.05}
    known, unknown = run(WORLD, {"treatment": treatment}), run(WORLD)
    assert state(known, "commitment") > state(unknown, "commitment") + 0.2
    assert share(known, 18) > share(unknown, 18) + 0.01
    assert paid(known, "recognition") == pytest.approx(
        -0.15 * known.firms.query("firm == 'A'")["purchases"].sum(), abs=1
    )


def test_a7_failure_and_neglect_wear_bonds() -> None:
    recognised = {"treatment": {"recognition": 3.0}}
    kept = run({**WORLD, "bonds": {"on": True, "neglect": 0.0}}, recognised)
    assert state(run(WORLD, recognised), "commitment") < state(kept, "commitment") - 0.04
    failing = run({**WORLD, **on("recovery")}, {**recognised, "failure": 0.3})
    assert state(failing, "commitment") < state(run(WORLD, recognised), "commitment") - 0.05


def test_a7_emotional_bonds_outlast_calculated_ones() -> None:
    behaviour = {**WORLD, **on("experiences"), "programmes": {"on": True, "exposure": 0.9}}
    span = {"start": 6, "stop": 24}
    calculated = {"kind": "points", "per_currency": 1, "threshold": 20, "reward": 5.0, "automatic": True, **span}
    emotional = {"kind": "experience", "sense": 0.0, "feel": 3.0, **span}
    none = run(behaviour, periods=48)
    left_over = {}
    for name, programme in (("calculated", calculated), ("emotional", emotional)):
        world = run(behaviour, {"programmes": [programme]}, periods=48)
        during, after = (share(world, *when) - share(none, *when) for when in ((15, 24), (24, 36)))
        assert during > 0.02
        left_over[name] = after / during
    assert left_over["emotional"] > 0.3
    assert left_over["calculated"] < 0.5 * left_over["emotional"]


def test_a7_off_means_off() -> None:
    never = run(on("commitment", "satisfaction"))
    off = {"trust": {"on": False}, "bonds": {"on": False, "neglect": 0.5}}
    also = run(
        {**on("commitment", "satisfaction"), **off}, {"treatment": {"recognition": 5.0, "recognition_cost": 0.0}}
    )
    assert np.array_equal(never.simulation.totals.firms, also.simulation.totals.firms)
    assert np.array_equal(
        never.simulation.population.customers.commitment, also.simulation.population.customers.commitment
    )
