"""Intervals for a mean over replications."""

from __future__ import annotations

import numpy as np

LEVEL = 0.95
RESAMPLES = 9_999


def finite(values: np.ndarray) -> np.ndarray:
    """The values that are numbers: a replication in which an outcome is undefined says nothing about its mean."""
    values = np.asarray(values, float)
    return values[np.isfinite(values)]


def interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Mean and the ends of its t-interval over replications; NaN values are left out."""
    from scipy import stats

    values = finite(values)
    if len(values) == 0:
        return float("nan"), float("nan"), float("nan")
    mean = float(values.mean())
    if len(values) == 1:
        return mean, float("nan"), float("nan")
    half = float(stats.t.ppf((1 + level) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half


def bootstrap_interval(values: np.ndarray, level: float = LEVEL, seed: int = 0) -> tuple[float, float, float]:
    """Mean and the ends of its bootstrap interval, bias-corrected and accelerated (Efron 1987), for skewed outcomes.

    Below about 15 replications it is too narrow, whatever the data: the t-interval is the default for a reason
    (tests/lab/statistics/test_intervals.py measures both).
    """
    from scipy import stats

    values = finite(values)
    if len(values) < 2 or np.ptp(values) == 0:
        return interval(values, level)
    found = stats.bootstrap(
        (values,), np.mean, confidence_level=level, n_resamples=RESAMPLES, method="BCa", rng=np.random.default_rng(seed)
    ).confidence_interval
    return float(values.mean()), float(found.low), float(found.high)
