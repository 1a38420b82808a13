"""Difference in differences: did members change more than the others? Right if both would have changed alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, Z, method, welch

if TYPE_CHECKING:
    import pandas as pd

BLOCKS_BEFORE = 3  # parts of the time before the launch that the check of trends compares


@method("differences")
def difference_in_differences(data: Data) -> Estimate:
    """Change of members from before the launch to the follow-up, less that of non-members

    Each customer's own change is one observation, so the error is clustered by customer (Bertrand, Duflo & Mullainathan 2004).
    `trend_p` is the p-value of equal trends before the launch: small is a warning, large is no proof.
    """
    d = data.where(data.offered)
    change = d.after - d.before
    return welch(change[d.member], change[~d.member], trend_p=equal_trends(d))


def blocks_of(data: Data, before: int = BLOCKS_BEFORE) -> list[tuple[int, int]]:
    """First and last + 1 period of parts of equal length, `before` of them up to the launch; a rest at the ends is left out."""
    w = data.windows
    length = max((w.launch - w.begin) // before, 1)
    first = w.launch - length * ((w.launch - w.begin) // length)
    return [(t, t + length) for t in range(first, w.end - length + 1, length)]


def event_study(data: Data, before: int = BLOCKS_BEFORE) -> pd.DataFrame:
    """How far members are from non-members, part by part, against the last part before the launch.

    Columns: first and last (periods from the launch on), value, low, high (95 %, clustered by customer).
    Values before the launch that are not nil say that the trends were not parallel.
    """
    import pandas as pd

    d = data.where(data.offered)
    values, covariance, parts = _gaps(d, before)
    error = np.sqrt(np.diag(covariance))
    launch = d.windows.launch
    return pd.DataFrame(
        {
            "first": [a - launch for a, _ in parts], "last": [b - 1 - launch for _, b in parts], "value": values,
            "low": values - Z * error, "high": values + Z * error,
        }
    )  # fmt: skip


def equal_trends(data: Data, before: int = BLOCKS_BEFORE) -> float:
    """p-value of the hypothesis that members and non-members had the same course before the launch (a joint Wald test)."""
    from scipy import stats

    if min(data.member.sum(), (~data.member).sum()) < 3:
        return float("nan")
    values, covariance, parts = _gaps(data, before)
    early = [x for x, (_, last) in enumerate(parts) if last <= data.windows.launch][:-1]
    if not early:
        return float("nan")
    chosen, spread = values[early], covariance[np.ix_(early, early)]
    if np.linalg.matrix_rank(spread) < len(early):
        return float("nan")
    return float(stats.chi2.sf(chosen @ np.linalg.solve(spread, chosen), len(early)))


def _gaps(data: Data, before: int) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int]]]:
    """Gap between members and non-members in each part, less that in the last before the launch; its covariance; the parts."""
    parts = blocks_of(data, before)
    base = next(x for x, (_, last) in enumerate(parts) if last == data.windows.launch)
    y = np.column_stack([data.yearly(*part) for part in parts])
    y = y - y[:, [base]]
    groups = [y[data.member], y[~data.member]]
    covariance = sum(np.cov(g, rowvar=False).reshape(len(parts), len(parts)) / len(g) for g in groups)
    return groups[0].mean(axis=0) - groups[1].mean(axis=0), np.asarray(covariance), parts
