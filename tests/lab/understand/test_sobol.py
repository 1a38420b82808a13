from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as salib
from SALib.sample import sobol as sample
from SALib.test_functions import Ishigami, Sobol_G
from tests.lab.understand.worlds import (
    ISHIGAMI,
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    ISHIGAMI_VARIANCE,
    hypercube,
    with_luck,
)

from goodwill.errors import StudyError
from goodwill.lab.understand.response import Response
from goodwill.lab.understand.sobol import SobolIndices, luck, sobol_indices, sobol_layout


def ishigami(samples: int, second: bool = False, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    x = sample.sample(ISHIGAMI, samples, calc_second_order=second, seed=seed)
    return pd.DataFrame(x, columns=ISHIGAMI["names"]), Ishigami.evaluate(x)


def many(trials: int, **luck: Any) -> list[SobolIndices]:
    found = []
    for seed in range(trials):
        points, mean = ishigami(256, seed=seed + 1)
        found.append(sobol_indices(with_luck(points, mean, 4, seed=seed, **luck), seed, resamples=100))
    return found


def mean_of(found: list[SobolIndices], column: str) -> np.ndarray:
    return np.mean([one.table[column] for one in found], axis=0)


def coverage(found: list[SobolIndices], name: str, truth: np.ndarray) -> float:
    inside = [(one.table[f"{name}_low"] <= truth) & (truth <= one.table[f"{name}_high"]) for one in found]
    return float(np.mean(inside))


@pytest.mark.parametrize("second", [False, True])
def test_without_luck_they_are_those_of_salib(second: bool) -> None:
    points, mean = ishigami(512, second)
    ours = sobol_indices(Response(points, np.repeat(mean[:, None], 3, axis=1), "y"), resamples=20)
    theirs = salib.analyze(ISHIGAMI, mean, calc_second_order=second, seed=1)
    # theirs are centred at the mean of all points, ours at that of A and B and AB: the same up to the sampling error of the mean
    assert np.allclose(ours.table["first"], theirs["S1"], atol=5e-3)
    assert np.allclose(ours.table["total"], theirs["ST"], atol=1e-9)
    assert ours.variance["share"].to_dict()["luck"] == pytest.approx(0, abs=1e-12)
    if second:
        assert ours.pairs is not None
        assert ours.pairs.loc[("x1", "x3"), "second"] == pytest.approx(theirs["S2"][0, 2], abs=1e-2)
        assert abs(theirs["S2"][0, 2] - 0.2437) < 0.06
    else:
        assert ours.pairs is None


def test_the_g_function() -> None:
    names = [f"x{k}" for k in range(8)]
    problem = {"num_vars": 8, "names": names, "bounds": [[0, 1]] * 8}
    x = sample.sample(problem, 1024, calc_second_order=False, seed=3)
    found = sobol_indices(with_luck(pd.DataFrame(x, columns=names), Sobol_G.evaluate(x), 5, apart=0.5), resamples=50)
    assert np.allclose(
        found.table["first"], Sobol_G.sensitivity_index(np.array([0, 1, 4.5, 9, 99, 99, 99, 99])), atol=0.06
    )
    assert np.allclose(
        found.table["total"], Sobol_G.total_sensitivity_index(np.array([0, 1, 4.5, 9, 99, 99, 99, 99])), atol=0.06
    )


@pytest.mark.statistical
def test_independent_luck_biases_the_naive_indices_and_not_these() -> None:
    found = many(30, apart=6.0)  # luck of the mean of four: 9, of the factors: 13.8
    assert np.allclose(mean_of(found, "first"), ISHIGAMI_FIRST, atol=0.04)
    assert np.allclose(mean_of(found, "total"), ISHIGAMI_TOTAL, atol=0.04)
    assert mean_of(found, "naive_first")[1] < 0.33
    assert mean_of(found, "naive_total")[2] > 0.45
    assert coverage(found, "first", ISHIGAMI_FIRST) >= 0.9
    assert coverage(found, "total", ISHIGAMI_TOTAL) >= 0.9
    shares = pd.DataFrame([one.variance["share"] for one in found]).mean()
    assert shares["luck"] == pytest.approx(36 / (36 + ISHIGAMI_VARIANCE), abs=0.02)
    assert shares["luck alike"] < 0.02


@pytest.mark.statistical
def test_luck_common_to_all_points_is_seen_as_such() -> None:
    found = many(30, alike=6.0)
    assert np.allclose(mean_of(found, "first"), ISHIGAMI_FIRST, atol=0.03)
    assert np.allclose(mean_of(found, "total"), ISHIGAMI_TOTAL, atol=0.03)
    assert coverage(found, "total", ISHIGAMI_TOTAL) >= 0.9
    variance = pd.DataFrame([one.variance["variance"] for one in found]).mean()
    assert variance["luck alike"] == pytest.approx(36, rel=0.3)
    assert variance["luck apart"] < 1e-6
    assert variance["factors"] == pytest.approx(ISHIGAMI_VARIANCE, rel=0.1)


@pytest.mark.statistical
def test_luck_that_acts_through_a_factor() -> None:
    """The same luck at all points, but stronger where x1 is large: its part in products of different points does not cancel."""
    first, naive = [], []
    for seed in range(60):
        points, mean = ishigami(128, seed=seed + 1)
        shock = np.random.default_rng(seed).normal(0, 2, 8)
        found = sobol_indices(Response(points, mean[:, None] + points[["x1"]].to_numpy() * shock, "y"), seed, 20)
        first.append(found.table["first"]["x1"] * found.variance["variance"]["factors"])
        naive.append(found.table["naive_first"]["x1"])
    truth = ISHIGAMI_FIRST[0] * ISHIGAMI_VARIANCE
    error = np.std(first) / np.sqrt(len(first))
    assert abs(np.mean(first) - truth) < 3 * error
    assert np.mean(naive) > ISHIGAMI_FIRST[0]


def test_variances_of_luck_in_a_table() -> None:
    rng = np.random.default_rng(0)
    both = rng.normal(0, 3, (1, 400)) + rng.normal(0, 2, (300, 400)) + rng.normal(0, 50, (300, 1))
    everything, alike, apart = luck(both)
    assert everything == pytest.approx(13, rel=0.05)
    assert alike == pytest.approx(9, rel=0.15)
    assert apart == pytest.approx(4, rel=0.05)
    assert np.isnan(luck(both[:, :1])).all()


def test_blocks_with_a_gap_are_left_out() -> None:
    points, mean = ishigami(64)
    outcome = with_luck(points, mean, 4, apart=1)
    outcome.values[7, 2] = np.nan
    found = sobol_indices(outcome, resamples=20)
    assert (found.blocks, found.left_out) == (63, 1)
    assert "1 blocks of the design were left out" in found.text()


def test_the_words_follow_the_numbers() -> None:
    points, mean = ishigami(256)
    text = sobol_indices(with_luck(points, mean, 10, apart=2), resamples=100).text()
    assert text.index("x1 5") < text.index("x2 4") < text.index("x3 2")
    assert "is luck" in text
    noise = sobol_indices(with_luck(points, 0 * mean, 4, apart=1), resamples=100)
    assert not noise.explained
    assert "explain nothing that can be told from luck" in noise.text()
    one = sobol_indices(with_luck(points, mean, 1), resamples=20)
    assert "One replication" in one.text()
    assert np.isnan(one.variance["share"]["luck"])


def test_other_designs_are_refused() -> None:
    with pytest.raises(StudyError, match="not a Sobol design"):
        sobol_layout(hypercube(40, ["a", "b", "c"]))
    points, mean = ishigami(8)
    with pytest.raises(StudyError, match="the same everywhere"):
        sobol_indices(Response(points, np.ones((len(mean), 2)), "y"))


def test_whole_numbers_and_categories_may_be_in_the_design() -> None:
    points, mean = ishigami(64)
    points["x1"] = points["x1"].round().astype(int)
    points["x3"] = np.where(points["x3"] > 0, "yes", "no")
    layout = sobol_layout(points)
    assert layout.ba is None
    assert sobol_indices(with_luck(points, mean, 2), resamples=10).blocks == 64
