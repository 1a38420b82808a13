"""Intervals for a ratio of two means over the same replications, such as profit gained over money spent."""

from __future__ import annotations

import numpy as np

from goodwill.lab.statistics.intervals import LEVEL


def jackknife_ratio(above: np.ndarray, below: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Ratio of the means and its interval by the jackknife (Miller 1974, Biometrika 61); symmetric, always finite.

    NaN with less than two replications or a mean of zero below, all replications or without one of them.
    """
    from scipy import stats

    above, below = _complete(above, below)
    n = len(above)
    if n < 2 or below.mean() == 0 or not (below.sum() - below).all():
        return (float("nan"),) * 3
    estimate = above.mean() / below.mean()
    left_out = np.array([np.delete(above, x).mean() / np.delete(below, x).mean() for x in range(n)])
    error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    half = stats.t.ppf((1 + level) / 2, n - 1) * error
    return float(estimate), float(estimate - half), float(estimate + half)


def fieller_ratio(above: np.ndarray, below: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Ratio of the means and the interval of Fieller (1954, J. R. Stat. Soc. B 16), exact for normal means.

    All ratios r for which `above - r * below` may have mean zero. Where the mean below is not itself clear of zero that set has no
    end, and the interval is from minus to plus infinity.
    """
    from scipy import stats

    above, below = _complete(above, below)
    n = len(above)
    if n < 2 or below.mean() == 0:
        return (float("nan"),) * 3
    x, y = above.mean(), below.mean()
    (vxx, vxy), (_, vyy) = np.cov(above, below) / n
    t2 = stats.t.ppf((1 + level) / 2, n - 1) ** 2
    a, b, c = y**2 - t2 * vyy, x * y - t2 * vxy, x**2 - t2 * vxx
    if a <= 0:
        return float(x / y), float("-inf"), float("inf")
    root = np.sqrt(max(b**2 - a * c, 0.0))
    return float(x / y), float((b - root) / a), float((b + root) / a)


def _complete(above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Only the replications in which both are numbers."""
    above, below = np.asarray(above, float), np.asarray(below, float)
    both = np.isfinite(above) & np.isfinite(below)
    return above[both], below[both]
