"""Means and paired differences of every point, arm and outcome, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goodwill.lab.statistics.intervals import LEVEL
from goodwill.lab.statistics.multiplicity import simultaneous

COLUMNS = [
    "point", "arm", "outcome", "replications", "mean", "low", "high", "difference", "difference_low", "difference_high",
    "together_low", "together_high", "p",
]  # fmt: skip


def summarise(values: Mapping[str, pd.DataFrame], baseline: str, level: float = LEVEL) -> pd.DataFrame:
    """One row for each point, arm and outcome.

    values: by outcome, with index (point, replicate) and one column an arm. Returns point, arm, outcome, replications,
    mean, low, high; difference, difference_low, difference_high: paired, to the baseline; together_low, together_high, p: the same
    corrected for all arms of the point (multiplicity.simultaneous_intervals), the arms of a point and outcome being a family.
    NaN where there is nothing to say: of the baseline's differences, and of intervals from one replication.
    """
    parts = [_of_outcome(name, table, baseline, level) for name, table in values.items()]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.concat(parts, ignore_index=True)
    order = {name: x for x, name in enumerate(values)}
    arms = {name: x for x, name in enumerate(next(iter(values.values())).columns)}
    by = pd.DataFrame({"p": found["point"], "a": found["arm"].map(arms), "o": found["outcome"].map(order)})
    return found.loc[by.sort_values(["p", "a", "o"]).index, COLUMNS].reset_index(drop=True)


def mean_intervals(values: pd.DataFrame, level: float = LEVEL) -> dict[str, pd.DataFrame]:
    """Count, mean and ends of the t-interval of every column within every point: {"n", "mean", "low", "high"}, [point, column]."""
    from scipy import stats

    by_point = values.groupby(level="point", sort=True)
    n, mean = by_point.count(), by_point.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stats.t.ppf((1 + level) / 2, np.maximum(n - 1, 1)) * by_point.std(ddof=1) / np.sqrt(n)
    return {"n": n, "mean": mean, "low": mean - half, "high": mean + half}


def _of_outcome(outcome: str, values: pd.DataFrame, baseline: str, level: float) -> pd.DataFrame:
    plain = mean_intervals(values, level)
    columns = {"replications": plain["n"], "mean": plain["mean"], "low": plain["low"], "high": plain["high"]}
    apart = values.drop(columns=baseline).sub(values[baseline], axis=0)
    paired = mean_intervals(apart, level)
    columns |= {"difference": paired["mean"], "difference_low": paired["low"], "difference_high": paired["high"]}
    corrected = np.full((*paired["mean"].shape, 4), np.nan)
    numbers, places = apart.to_numpy(float), apart.groupby(level="point", sort=True).indices
    for row, point in enumerate(paired["mean"].index):
        table = numbers[places[point]]
        known = np.isfinite(table).any(axis=0)
        corrected[row, known] = simultaneous(table[:, known], level)
    together = {
        name: pd.DataFrame(corrected[:, :, x], paired["mean"].index, apart.columns)
        for x, name in ((1, "together_low"), (2, "together_high"), (3, "p"))
    }
    columns |= together
    long = [
        pd.Series(table.rename_axis(columns="arm").stack(future_stack=True), name=name)
        for name, table in columns.items()
    ]
    found = pd.concat(long, axis=1).reindex(long[1].index).reset_index()
    found["outcome"] = outcome
    return found
