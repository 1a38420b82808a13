"""Which of several arms is best, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.lab.statistics.intervals import LEVEL
from goodwill.lab.statistics.multiplicity import DRAWS, null_t, varies


def compare_with_best(values: pd.DataFrame, level: float = LEVEL, lowest: bool = False, seed: int = 0) -> pd.DataFrame:
    """Every arm against the best of the others: multiple comparisons with the best (Hsu 1984, Ann. Stat. 12).

    values: one row a replication, one column an arm; rows that lack a number are left out. lowest: the lowest mean is best.

    Returns one row an arm: mean; lead, low, high: mean less that of the best other arm (negative: it is behind) and its
    interval, constrained to hold zero as Hsu's are (high 0: not the best; low 0: the best; all intervals are true at
    once with this level); could_be_best; and probability of having the best mean.

    Luck is common to the arms, so Hsu's pooled variance would be wrong: each arm has its own critical value, the quantile
    of its largest t against the others by max-t with their correlation (multiplicity.null_t). The probability is that
    of means drawn from a multivariate t around those seen (flat prior, correlation as seen): with two arms, one minus
    the one-sided p-value.
    """
    whole = values.dropna()
    sign = -1.0 if lowest else 1.0
    table = sign * whole.to_numpy(float)
    n, arms = table.shape
    mean = table.mean(axis=0) if n else np.full(arms, np.nan)
    columns = ["mean", "lead", "low", "high", "could_be_best", "probability"]
    rows = pd.DataFrame(index=values.columns, columns=columns, dtype=float)
    rows["mean"] = sign * mean
    rows["could_be_best"] = np.ones(arms, bool)
    if n < 2 or arms < 2:
        rows["probability"] = 1.0 if arms == 1 else np.nan
        return rows
    for arm in range(arms):
        others = np.delete(np.arange(arms), arm)
        apart = table[:, [arm]] - table[:, others]
        low, high = _one_sided(apart, level, seed)
        rows.iloc[arm, 1:4] = apart.mean(axis=0).min(), min(0.0, low.min()), max(0.0, high.min())
        rows.iloc[arm, 4] = high.min() >= 0
    rows["probability"] = _probabilities(table, seed)
    if lowest:
        rows["lead"] *= -1
        rows["low"], rows["high"] = -rows["high"], -rows["low"]
    return rows


def _one_sided(apart: np.ndarray, level: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Ends, for each column, of which all lower ones, and all upper ones, hold at once with the level."""
    from scipy import stats

    n, columns = apart.shape
    mean = apart.mean(axis=0)
    error = apart.std(axis=0, ddof=1) / np.sqrt(n)
    moving = varies(apart, error)
    if not moving.any():
        return mean, mean
    drawn = null_t(apart[:, moving], seed=seed).max(axis=1)
    bar = stats.t.ppf(level, n - 1) if moving.sum() == 1 else np.quantile(drawn, level)
    return mean - bar * error, mean + bar * error


def _probabilities(table: np.ndarray, seed: int) -> np.ndarray:
    """Share of draws in which each arm has the highest mean; ties are shared."""
    n, arms = table.shape
    rng = np.random.default_rng(seed)
    centred = (table - table.mean(axis=0)) / np.sqrt(n * (n - 1))
    # normal weights on the replications give means with exactly the covariance seen, singular or not
    shift = rng.standard_normal((DRAWS, n)) @ centred
    means = table.mean(axis=0) + shift * np.sqrt((n - 1) / rng.chisquare(n - 1, (DRAWS, 1)))
    top = means >= means.max(axis=1, keepdims=True)
    return np.asarray((top / top.sum(axis=1, keepdims=True)).mean(axis=0))
