"""The two engines are one model: the same bits in every state, total and purchase on record."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from tests.engine.worlds import assert_identical, differences, random_scenario, run_to_end

from goodwill.engine.state import FIRM_TOTALS, PROGRAMME_TOTALS
from goodwill.errors import RuleError
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

# Never counted by an engine: kept for the books and the surveys.
_NOT_COUNTED: set[str] = set()


def small(name: str, customers: int, periods: int) -> Scenario:
    """A preset with few customers and periods; programmes start after a few of these."""
    scenario = Scenario.preset(name)
    return scenario.with_(customers=customers, periods=periods, warm_up=min(scenario.warm_up, 4))


@pytest.mark.parametrize("name", preset_names())
def test_presets_are_identical(name: str) -> None:
    assert_identical(small(name, 200, 20))


@pytest.mark.slow
@pytest.mark.parametrize("name", preset_names())
def test_presets_are_identical_over_years_and_tiles(name: str) -> None:
    # More customers than a tile holds, so that ties reach into another one.
    assert_identical(small(name, 1100, 60))


@pytest.mark.parametrize("name", preset_names())
def test_presets_with_all_programmes_are_identical(name: str) -> None:
    programmes = [
        {"kind": "stamp_card", "stamps": 3, "head_start": 1, "reward": 4.0, "expiry": 2},
        {"kind": "points", "per_currency": 2, "threshold": 20, "welcome": 5, "expiry": 1, "lot": 0.25},
        {"kind": "tiers", "spend": [10, 25], "earn": [1.5, 2], "liking": [0.1, 0.3], "months": 1, "threshold": 30},
        {"kind": "paid_club", "fee": 1.0, "months": 1, "discount": 0.2},
        {"kind": "service", "gain": 0.5},
        {"kind": "price_cut", "depth": 0.1, "stop": 12},
    ]
    scenario = small(name, 80, 16)
    assert_identical(scenario.with_({"firms.0.programmes": programmes, "behaviour.programmes.exposure": 0.9}))


@pytest.mark.parametrize("seed", range(24))
def test_random_worlds_are_identical(seed: int) -> None:
    assert_identical(random_scenario(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 150))
def test_many_random_worlds_are_identical(seed: int) -> None:
    assert_identical(random_scenario(seed, periods=30))


def test_random_worlds_have_everything_happen() -> None:
    """Otherwise the comparison would show less than it seems to."""
    firms, programmes = np.zeros(len(FIRM_TOTALS), np.int64), np.zeros(len(PROGRAMME_TOTALS), np.int64)
    for seed in range(24):
        simulation, _ = run_to_end(random_scenario(seed), threads=1)
        firms += simulation.totals.firms.sum(axis=(0, 1))
        programmes += simulation.totals.programmes.sum(axis=(0, 1))
    assert {n for n, total in zip(FIRM_TOTALS, firms, strict=True) if total == 0} <= _NOT_COUNTED
    assert [n for n, total in zip(PROGRAMME_TOTALS, programmes, strict=True) if total == 0] == []


def test_engines_can_take_turns() -> None:
    """Both work on the same state, so a run may be continued by the other engine."""
    scenario = small("coffee-town", 60, 12)
    whole, _ = run_to_end(scenario, threads=1)
    parts = Simulation(scenario, threads=1, engine="reference")
    parts.advance(5)
    parts.engine = whole.engine.bound_to(parts)
    parts.advance(7)
    assert differences(whole, parts) == []


def test_a_copy_goes_its_own_way() -> None:
    scenario = small("coffee-town", 40, 10)
    one = Simulation(scenario, engine="reference")
    one.advance(4)
    twin = one.copy()
    twin.advance(6)
    assert (one.period, twin.period) == (4, 10)
    one.advance(6)
    assert differences(one, twin) == []


def fonder(satisfaction: float, visit: float, rate: float) -> float:
    """A user's rule: what pleases counts twice."""
    return satisfaction + (2 * rate if visit > satisfaction else rate) * (visit - satisfaction)


def hurried(need: float, proximity: float, acceleration: float) -> float:
    """A user's rule with constants and a function of the standard library."""
    return need * math.exp(1.1 * acceleration * proximity) + 0.1


@pytest.mark.slow  # the compiler inlines a user's rule, so the kernels are compiled anew
def test_users_rules_are_identical_and_act() -> None:
    scenario = small("coffee-town", 80, 12)
    ours, _ = run_to_end(scenario, threads=1)
    changed = assert_identical(scenario, rules={"update_satisfaction": fonder, "purchase_rate": hurried})
    assert changed.population.customers.satisfaction.mean() > ours.population.customers.satisfaction.mean()
    assert changed.totals.market.sum() > ours.totals.market.sum()


@pytest.mark.parametrize("engine", [pytest.param("compiled", marks=pytest.mark.slow), "reference"])
def test_rules_that_do_not_fit_are_explained(engine: str) -> None:
    scenario = small("coffee-town", 20, 6)
    with pytest.raises(RuleError, match="did you mean 'update_satisfaction'|update_satisfaction"):
        Simulation(scenario, engine=engine, rules={"update_satisfction": fonder})
    with pytest.raises(RuleError, match="takes 3 numbers"):
        Simulation(scenario, engine=engine, rules={"update_satisfaction": lambda s: s})
    with pytest.raises(RuleError, match="cannot be compiled"):
        Simulation(scenario, engine=engine, rules={"update_satisfaction": lambda a, b, c: open(a)}).run()  # noqa: SIM115


_DIGEST = """
import hashlib
from goodwill.simulation import Simulation
from tests.engine.worlds import random_scenario, run_to_end
digest = hashlib.sha256()
for seed in (0, 8, 13):
    simulation, rows = run_to_end(random_scenario(seed, customers=25, periods=8), threads=1)
    for group in (simulation.population.customers, simulation.population.members, simulation.totals):
        for array in group:
            digest.update(array.tobytes())
    digest.update(rows.tobytes())
print(digest.hexdigest())
"""


def test_compiled_code_gives_the_same_bits_interpreted() -> None:
    """The kernels, run by Python instead of the compiler, end in the same world, population and all."""
    printed = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert printed.returncode == 0, printed.stderr
    digest = hashlib.sha256()
    for seed in (0, 8, 13):
        simulation, rows = run_to_end(random_scenario(seed, customers=25, periods=8), threads=1)
        for group in (simulation.population.customers, simulation.population.members, simulation.totals):
            for array in group:
                digest.update(array.tobytes())
        digest.update(rows.tobytes())
    assert printed.stdout.strip() == digest.hexdigest()
