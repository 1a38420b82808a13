from __future__ import annotations

import numpy as np

from goodwill.lab.understand.resample import resampled, shifted_interval, stretched


def test_stretching_gives_the_plain_variance_the_size_of_the_unbiased_one() -> None:
    values = np.random.default_rng(0).normal(size=(3, 5))
    wide = stretched(values)
    assert np.allclose(wide.mean(axis=1), values.mean(axis=1))
    assert np.allclose(wide.var(axis=1), values.var(axis=1, ddof=1))
    assert (stretched(values[:, :1]) == values[:, :1]).all()


def test_intervals_of_a_mean_over_rows_and_columns_cover_it() -> None:
    rng = np.random.default_rng(1)
    inside = 0
    for trial in range(150):
        y = rng.normal(0, 1, (30, 1)) + rng.normal(0, 1, (1, 12)) + rng.normal(0, 1, (30, 12))
        wide = stretched(y)
        draws = resampled(lambda r, c, w=wide: w[r][:, c].mean(), 30, 12, trial, 150)  # type: ignore[misc]
        low, high = shifted_interval(y.mean(), y.mean(), draws)
        inside += bool(low <= 0 <= high)
    assert 0.88 <= inside / 150 <= 0.99


def test_the_same_seed_gives_the_same_draws_and_rows_can_be_given() -> None:
    def rows(chosen: np.ndarray, _: np.ndarray) -> np.ndarray:
        return chosen

    assert (resampled(rows, 9, 4, 5, 3) == resampled(rows, 9, 4, 5, 3)).all()
    assert (resampled(rows, 9, 4, 5, 3, fixed_rows=True) == np.arange(9)).all()
