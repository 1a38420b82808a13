"""How good estimates are, over many data sets whose truth is known, and how sure that judgement is.

Bias, root mean square error, coverage and size, each with its Monte Carlo error: Morris, White & Crowther (2019), "Using simulation
studies to evaluate statistical methods", Statistics in Medicine 38, 2074-2102.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from goodwill.lab.measurement.estimate import Z
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.ratios import jackknife_ratio


@dataclass(frozen=True)
class Performance:
    """An estimator over R data sets. Every figure has the ends of its 95 % interval for the luck of so few data sets."""

    trials: int
    missing: int  # data sets of which it could say nothing
    truth: float
    estimate: float
    bias: float
    bias_low: float
    bias_high: float
    relative: float  # bias as a share of the truth
    relative_low: float
    relative_high: float
    rmse: float
    rmse_error: float  # Monte Carlo standard error
    half_width: float  # of its interval, on average
    coverage: float
    coverage_low: float
    coverage_high: float
    rejected: float  # share of intervals that leave out nil where the true effect is nil: 5 % are right
    rejected_low: float
    rejected_high: float

    def to_dict(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


def performance(
    value: np.ndarray, low: np.ndarray, high: np.ndarray, truth: np.ndarray, null_low: np.ndarray, null_high: np.ndarray
) -> Performance:
    """From estimates with intervals and the truth of each data set; null: intervals where the true effect is nil. Arrays [R]."""
    there = np.isfinite(value) & np.isfinite(truth)
    value, low, high, truth = (np.asarray(a, float)[there] for a in (value, low, high, truth))
    error = value - truth
    bias = interval(error)
    relative = jackknife_ratio(error, truth)
    square = float(np.mean(error**2)) if error.size else float("nan")
    rmse = float(np.sqrt(square))
    rmse_error = float(np.std(error**2, ddof=1) / np.sqrt(error.size) / (2 * rmse)) if error.size > 1 else float("nan")
    bounded = np.isfinite(low) & np.isfinite(high)
    covered = ((low <= truth) & (truth <= high))[bounded]
    tested = np.isfinite(null_low) & np.isfinite(null_high)
    alarms = ((null_low > 0) | (null_high < 0))[tested]
    return Performance(
        int(there.size), int((~there).sum()), _mean(truth), _mean(value), *bias, *relative, rmse, rmse_error,
        _mean((high - low)[bounded] / 2), *wilson(int(covered.sum()), covered.size), *wilson(int(alarms.sum()), alarms.size),
    )  # fmt: skip


def wilson(hits: int, trials: int) -> tuple[float, float, float]:
    """A share and its 95 % interval (Wilson 1927), which also holds near 0 and 1."""
    if trials == 0:
        return (float("nan"),) * 3
    share, z2 = hits / trials, Z * Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z / (1 + z2 / trials) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return share, max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
