"""Intervals over points and replicates: both are a sample, and both are crossed.

Every replicate is run at every point with the same luck, so that the numbers form a table of rows (points) and columns
(replicates) whose entries share what is peculiar to their row and to their column. The pigeonhole bootstrap (Owen 2007, Annals
of Applied Statistics 1, 386-411) resamples rows and columns independently of each other; it is never much too optimistic, and
somewhat conservative where the noise of the entries is independent. Deviations from the row means are blown up by sqrt(n / (n -
1)), because n replicates spread less around their own mean than around the true one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np

LEVEL = 0.95
RESAMPLES = 400


def stretched(values: np.ndarray) -> np.ndarray:
    """The table with its deviations from the row means blown up, for resampling its columns."""
    n = values.shape[-1]
    if n < 2:
        return values
    mean = values.mean(axis=-1, keepdims=True)
    return mean + (values - mean) * np.sqrt(n / (n - 1))


def resampled(
    statistic: Callable[[np.ndarray, np.ndarray], np.ndarray],
    rows: int,
    columns: int,
    seed: int = 0,
    resamples: int = RESAMPLES,
    fixed_rows: bool = False,
) -> np.ndarray:
    """statistic(rows, columns) for resampled indices of rows and columns, [resamples, ...]; `fixed_rows`: of columns only."""
    rng = np.random.default_rng(seed)
    every = np.arange(rows)
    found = []
    for _ in range(resamples):
        chosen = every if fixed_rows else rng.integers(rows, size=rows)
        found.append(statistic(chosen, rng.integers(columns, size=columns)))
    return np.array(found)


def bracket(
    estimates: Sequence[np.ndarray], draws: Sequence[np.ndarray], level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of an interval for what lies between two estimates, one on average too low and one too high.

    From the lower of their lower ends to the higher of their upper ends, each estimate with the spread of its own draws around
    their mean. Conservative where the estimates differ; the usual interval where they agree.
    """
    tail = 50 * (1 - level)
    lows, highs = [], []
    for estimate, own in zip(estimates, draws, strict=True):
        low, high = np.percentile(own, [tail, 100 - tail], axis=0)
        lows.append(estimate - (high - own.mean(axis=0)))
        highs.append(estimate + (own.mean(axis=0) - low))
    return np.min(lows, axis=0), np.max(highs, axis=0)


def shifted_interval(
    estimate: np.ndarray, plugged: np.ndarray, draws: np.ndarray, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13), moved to where the estimate is.

    plugged: the true value of the quantity in the world that was resampled, in which the row means are the truth. Estimates that
    correct for noise scatter around that in the draws, and not around `estimate`.
    """
    tail = 50 * (1 - level)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of a quantity that is not defined in any draw
        low, high = np.nanpercentile(draws, [tail, 100 - tail], axis=0)
    return estimate - plugged + low, estimate - plugged + high
