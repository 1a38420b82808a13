"""Branches and whole runs, compared to the last bit: customers, memberships, totals, levers, books, choices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from tests.engine.worlds import differences, random_outreach, random_programme

from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

TABLES = ("firms", "ledger", "programmes", "ifrs15", "measured", "workforce", "budget", "choices")


def whole_run(scenario: Scenario, **options: Any) -> Simulation:
    """A scenario run from the start to the end."""
    simulation = Simulation(scenario, **{"threads": 1, **options})
    simulation.run()
    return simulation


def assert_same(one: Simulation, other: Simulation) -> None:
    """The two are the same in everything that is on record."""
    assert one.period == other.period
    assert one.scenario == other.scenario
    assert differences(one, other) == []
    for name, a, b in zip(one.plan.levers._fields, one.plan.levers, other.plan.levers, strict=True):
        assert np.array_equal(a, b), name
    assert np.array_equal(one.plan.running, other.plan.running)
    first, second = Record.of(one), Record.of(other)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table), check_exact=True, obj=table)


def random_policy(scenario: Scenario, t: int, seed: int) -> dict[str, Any]:
    """What the first firm may do from period t on: new programmes, an end to old ones, other levers."""
    luck = np.random.default_rng([seed, 77])
    programmes: list[dict[str, Any]] = []
    values: dict[str, Any] = {}
    for _ in range(int(luck.integers(0, 3))):
        programme = random_programme(luck, scenario.periods)
        late = min(t + int(luck.integers(0, 5)), scenario.periods - 2)
        stop = None if programme["stop"] is None else scenario.periods - 1
        programmes.append({**programme, "start": None if luck.random() < 0.5 else late, "stop": stop})
    there = {programme.kind for programme in scenario.firms[0].programmes}
    programmes += [{**p, "start": None} for p in random_outreach(luck, scenario.periods) if p["kind"] not in there]
    for k, programme in enumerate(scenario.firms[0].programmes):
        begins = scenario.warm_up if programme.start is None else programme.start
        if luck.random() < 0.3 and (programme.stop is None or programme.stop > t):
            values[f"firms.0.programmes.{k}.stop"] = max(t + 1 + int(luck.integers(0, 2)), begins + 1)
    if luck.random() < 0.6:
        values |= {
            "firms.0.price": float(luck.uniform(1, 9)), "firms.0.promise": 7.0, "firms.0.contact.level": 2,
            "firms.0.recovery.effort": 0.9,
        }  # fmt: skip
    return {"programmes": programmes, "set": values}
