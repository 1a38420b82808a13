"""The effect of an arm on segments of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.lab.statistics.intervals import LEVEL, interval

BEFORE = "before"
AFTER = "after treatment"


def by_past_visits(visits_before: pd.Series, groups: int = 3) -> pd.Series:
    """Segments of about equal size by purchases before the programme; customers with equal purchases are in the same one.

    Bounds are the quantiles of all customers given, so give those of all replicates at once. There are fewer segments where one number
    of purchases spans a bound. Labels name the bounds: "0 to 2", "3 to 5", "6 and more" purchases before.
    """
    values = visits_before.to_numpy()
    bounds = np.unique(np.quantile(values, np.arange(1, groups) / groups, method="inverted_cdf"))
    bounds = bounds[bounds < values.max()]
    number = np.searchsorted(bounds, values)  # up to and with the first bound: 0
    lows = [int(values.min()), *(int(bound) + 1 for bound in bounds)]
    labels = [
        f"{low} and more" if x == len(bounds) and x > 0 else _span(low, int(bounds[x]) if len(bounds) else int(values.max()))
        for x, low in enumerate(lows)
    ]  # fmt: skip
    return _labelled(number, labels, visits_before.index)


def by_membership(member: pd.Series) -> pd.Series:
    """Who joined and who did not. Joining is itself an effect of the arm: the two groups differed before it, and what they
    differ by after it is not what the programme did (use it to describe, never to judge).
    """
    labels = ["not members", "members"]
    return _labelled(member.to_numpy(bool).astype(np.int64), labels, member.index)


def segment_effects(effects: pd.DataFrame, segment: pd.Series, defined: str, level: float = LEVEL) -> pd.DataFrame:
    """Effect of each arm on each segment, with intervals over replicates.

    effects: of `customers.customer_effects`. segment: of the same index. defined: `BEFORE` or `AFTER` the programme, kept
    with each row so that nobody mistakes one for the other. Returns point, arm, segment, defined, customers (mean number in
    it), without (mean of the measure under the baseline), effect, low, high (per customer of the segment), share (of the
    arm's whole effect).
    """
    table = effects.assign(segment=segment)
    by_world = (
        table.groupby(["point", "arm", "segment", "replicate"], observed=True, sort=False)
        .agg(customers=("effect", "size"), without=("without", "mean"), effect=("effect", "mean"), total=("effect", "sum"))
        .reset_index()
    )  # fmt: skip
    whole = by_world.groupby(["point", "arm"], sort=False)["total"].sum().to_dict()
    rows = []
    for (point, arm, name), found in by_world.groupby(["point", "arm", "segment"], observed=True, sort=False):
        total = whole[point, arm]
        share = float(found["total"].sum() / total) if total else float("nan")
        size, without = float(found["customers"].mean()), float(found["without"].mean())
        rows.append((point, arm, name, defined, size, without, *interval(found["effect"].to_numpy(), level), share))
    columns = ["point", "arm", "segment", "defined", "customers", "without", "effect", "low", "high", "share"]
    order = pd.DataFrame(rows, columns=columns)
    order["segment"] = pd.Categorical(order["segment"], categories=segment.cat.categories, ordered=True)
    arms = {arm: x for x, arm in enumerate(table["arm"].unique())}
    return order.sort_values(
        ["point", "arm", "segment"],
        key=lambda column: column.map(arms) if column.name == "arm" else column,
        kind="stable", ignore_index=True,
    )  # fmt: skip


def _labelled(number: np.ndarray, labels: list[str], index: pd.Index) -> pd.Series:
    names = np.array(labels, object)[number]
    return pd.Series(pd.Categorical(names, categories=labels, ordered=True), index=index)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
