"""Several comparisons at once: p-values corrected, intervals that hold together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from goodwill.lab.statistics.intervals import LEVEL, finite

DRAWS = 10_000
_CHUNK = 2_000_000  # numbers held at once


def paired_p(differences: np.ndarray) -> float:
    """Two-sided p-value of the t-test that the mean of paired differences is zero; NaN when there is no variance to judge by."""
    from scipy import stats

    values = finite(differences)[:, None]
    if len(values) < 2:
        return float("nan")
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    if not varies(values, error)[0]:
        return float("nan")
    return float(2 * stats.t.sf(abs(values.mean() / error[0]), len(values) - 1))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values corrected so that the chance of any false finding is kept (Holm 1979, Scand. J. Stat. 6). NaN stays, uncounted."""
    p = np.asarray(p, float)
    corrected = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return corrected


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """p-values corrected so that the share of false findings among all is kept (Benjamini & Hochberg 1995). NaN stays.

    Meant for screening many points or segments, where some false leads are bearable; for a choice between arms use `holm`.
    """
    from scipy import stats

    p = np.asarray(p, float)
    corrected = np.full(p.shape, np.nan)
    known = np.isfinite(p)
    if known.any():
        corrected[known] = stats.false_discovery_control(p[known], method="bh")
    return corrected


def simultaneous_intervals(
    differences: pd.DataFrame, level: float = LEVEL, method: str = "normal", seed: int = 0
) -> pd.DataFrame:
    """Intervals of all columns that hold at once with this level, and p-values corrected likewise.

    differences: one row a replication, one column an arm less the baseline; rows that lack a number are left out. Returns one row a
    column: difference, low, high, p (corrected; NaN where all differences are equal).

    The largest |t| over the columns decides (max-t, single step: Westfall & Young 1993; Hothorn, Bretz & Westfall 2008,
    Biometrical J. 50). Its distribution comes, by `method`, from samples of normal numbers with the correlation seen
    ("normal"; with one column it is the t-interval itself), or from resampled replications, each studentised anew
    ("bootstrap": no normality assumed, but wide with less than about 20 replications). It uses that arms share their luck:
    where they go up and down together, the intervals are narrower than those of Bonferroni.
    """
    if method not in ("normal", "bootstrap"):
        raise ValueError(f"method must be 'normal' or 'bootstrap', not {method!r}")
    found = simultaneous(differences.to_numpy(float), level, method, seed)
    return pd.DataFrame(found, index=differences.columns, columns=["difference", "low", "high", "p"])


def simultaneous(values: np.ndarray, level: float = LEVEL, method: str = "normal", seed: int = 0) -> np.ndarray:
    """`simultaneous_intervals` on arrays: [replications, columns] -> [columns, 4]."""
    from scipy import stats

    values = values[np.isfinite(values).all(axis=1)]
    n, columns = values.shape
    found = np.full((columns, 4), np.nan)
    if n == 0 or columns == 0:
        return found
    mean = values.mean(axis=0)
    found[:, 0] = mean
    if n == 1:
        return found
    error = values.std(axis=0, ddof=1) / np.sqrt(n)
    moving = varies(values, error)
    found[~moving, 1] = found[~moving, 2] = mean[~moving]
    if not moving.any():
        return found
    seen = np.abs(mean[moving] / error[moving])
    alone = 2 * stats.t.sf(seen, n - 1)
    if len(seen) == 1:
        bar, p = float(stats.t.ppf((1 + level) / 2, n - 1)), alone
    else:
        largest = np.sort(np.abs(null_t(values[:, moving], method, seed)).max(axis=1))
        bar = float(np.quantile(largest, level))
        exceeded = len(largest) - np.searchsorted(largest, seen)
        # drawn p-values cannot be below 1 / draws, and a corrected one is never below the uncorrected
        p = np.maximum((exceeded + 1) / (len(largest) + 1), alone)
    half = bar * error[moving]
    found[moving, 1], found[moving, 2], found[moving, 3] = mean[moving] - half, mean[moving] + half, p
    return found


def varies(values: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Which columns vary by more than rounding."""
    return error > 1e-12 * np.maximum(1.0, np.abs(values).max(axis=0))


def null_t(values: np.ndarray, method: str = "normal", seed: int = 0) -> np.ndarray:
    """Draws of the t-statistics of all columns as they would be were all means zero: [draws, columns]."""
    return _resampled_t(values, seed) if method == "bootstrap" else _normal_t(values, seed)


def _normal_t(values: np.ndarray, seed: int) -> np.ndarray:
    n, k = values.shape
    weights, vectors = np.linalg.eigh(np.corrcoef(values, rowvar=False).reshape(k, k))
    root = vectors * np.sqrt(np.clip(weights, 0.0, None))  # its rows have length 1; holds for singular correlations too
    means, covariances = _standard_samples(n, k, seed)
    turned = (covariances.reshape(-1, k) @ root.T).reshape(-1, k, k)
    variance = (turned * root.T).sum(axis=1)
    return means @ root.T / np.sqrt(variance / n)


@lru_cache(maxsize=2)
def _standard_samples(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Means [draws, k] and covariances [draws, k, k] of samples of n independent standard normal vectors."""
    rng = np.random.default_rng(seed)
    means, covariances = np.empty((DRAWS, k)), np.empty((DRAWS, k, k))
    step = max(1, _CHUNK // (n * k))
    for first in range(0, DRAWS, step):
        sample = rng.standard_normal((min(step, DRAWS - first), n, k))
        mean = sample.mean(axis=1)
        sample -= mean[:, None, :]
        means[first : first + step] = mean
        covariances[first : first + step] = sample.transpose(0, 2, 1) @ sample / (n - 1)
    return means, covariances


def _resampled_t(values: np.ndarray, seed: int) -> np.ndarray:
    n, k = values.shape
    rng = np.random.default_rng(seed)
    centred = values - values.mean(axis=0)
    found = np.empty((DRAWS, k))
    step = max(1, _CHUNK // (n * k))
    for first in range(0, DRAWS, step):
        sample = centred[rng.integers(0, n, (min(step, DRAWS - first), n))]
        error = sample.std(axis=1, ddof=1) / np.sqrt(n)
        mean = sample.mean(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(error > 0, mean / error, np.where(mean == 0, 0.0, np.inf * np.sign(mean)))
        found[first : first + step] = t
    return found
