"""Averages over points that share their luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goodwill.lab.statistics.averages import unit_of, world_averages
from goodwill.lab.statistics.intervals import interval


def shared_luck(points: int, worlds: int, seed: int) -> pd.DataFrame:
    """Values with a mean of each point, luck that all points of a world share, and some that is a run's own."""
    rng = np.random.default_rng(seed)
    values = np.arange(points)[:, None] + 2 * rng.standard_normal(worlds) + rng.standard_normal((points, worlds))
    index = pd.MultiIndex.from_product([range(points), range(worlds)], names=["point", "replicate"])
    return pd.DataFrame({"a": values.ravel()}, index=index)


def test_complete_studies_are_averaged_by_world() -> None:
    values = shared_luck(3, 6, 1)
    found = world_averages(values)
    assert found["a"].to_numpy() == pytest.approx(values["a"].groupby("replicate").mean().to_numpy())


def test_every_point_weighs_the_same() -> None:
    values = shared_luck(3, 6, 2).drop(index=[(0, r) for r in range(2, 6)])
    means = values["a"].groupby("point").mean()
    assert world_averages(values)["a"].mean() == pytest.approx(means.mean())


def test_one_replicate_leaves_points() -> None:
    values = shared_luck(5, 1, 3)
    assert unit_of(values) == "point" and unit_of(shared_luck(5, 2, 3)) == "world"
    assert world_averages(values)["a"].to_numpy() == pytest.approx(values["a"].to_numpy())


def test_what_lacks_a_number_is_left_out() -> None:
    values = shared_luck(2, 4, 4)
    values.loc[(0, 3), "a"] = np.nan
    assert world_averages(values)["a"].mean() == pytest.approx(values["a"].groupby("point").mean().mean())


@pytest.mark.statistical
@pytest.mark.parametrize("ragged", [False, True])
def test_coverage_with_shared_luck(ragged: bool) -> None:
    """Treating the runs as independent would cover about 70 %; by world it covers 95."""
    held, naive = [], []
    for seed in range(600):
        values = shared_luck(4, 12, 100 + seed)
        if ragged:
            values = values.drop(index=[(0, 11), (0, 10), (2, 11)])
        _, low, high = interval(world_averages(values)["a"].to_numpy())
        held.append(low <= 1.5 <= high)
        _, low, high = interval((values["a"] - values.index.get_level_values("point") + 1.5).to_numpy())
        naive.append(low <= 1.5 <= high)
    assert 0.925 < np.mean(held) < 0.975
    assert np.mean(naive) < 0.85
