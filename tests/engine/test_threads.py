"""Results do not depend on threads, on chunks, on branching."""

from __future__ import annotations

import numpy as np
import pytest

from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def _same(one: Simulation, two: Simulation) -> None:
    for group in ("customers", "members"):
        a, b = getattr(one.population, group), getattr(two.population, group)
        for name in a._fields:
            assert np.array_equal(getattr(a, name), getattr(b, name)), f"{group}.{name}"
    for name in one.totals._fields:
        assert np.array_equal(getattr(one.totals, name), getattr(two.totals, name)), name


def _scenario(preset: str) -> Scenario:
    return Scenario.preset(preset).with_(customers=5000, periods=20, warm_up=6)


@pytest.mark.parametrize("preset", preset_names())
@pytest.mark.parametrize("threads", [2, 3])
def test_threads(preset: str, threads: int) -> None:
    one, several = Simulation(_scenario(preset), threads=1), Simulation(_scenario(preset), threads=threads)
    one.run()
    several.run()
    _same(one, several)


@pytest.mark.parametrize("chunks", [[1] * 20, [7, 13], [19, 1]])
def test_chunks(chunks: list[int]) -> None:
    one, pieces = Simulation(_scenario("coffee-town"), threads=1), Simulation(_scenario("coffee-town"), threads=2)
    one.run()
    for periods in chunks:
        pieces.advance(periods)
    _same(one, pieces)


def test_a_branch_does_what_the_whole_run_does() -> None:
    one = Simulation(_scenario("coffee-town"), threads=1)
    one.advance(9)
    branch = one.copy()
    one.run()
    assert branch.period == 9
    branch.run()
    _same(one, branch)


def test_replicates_have_different_luck_and_the_same_scenario() -> None:
    one, other = (Simulation(_scenario("mini"), threads=1, replicate=r) for r in (0, 1))
    one.run()
    other.run()
    assert not np.array_equal(one.population.customers.taste, other.population.customers.taste)
    assert not np.array_equal(one.totals.firms, other.totals.firms)
