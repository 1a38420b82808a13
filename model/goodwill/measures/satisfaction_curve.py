"""The satisfaction-loyalty curve: how many buy again, by how satisfied they were.

Jones & Sasser (1995): where customers are free to choose, the completely satisfied come back far more often than the merely
satisfied (Xerox: six times as likely), and the curve bends upwards; where switching is dear, it is nearly flat. Here the link is
never set: it comes out of choice, and is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.errors import GoodwillError

if TYPE_CHECKING:
    from goodwill.record import Record


def satisfaction_curve(
    record: Record, since: int | None = None, established: int = 0, firm: str | None = None, points: int = 10
) -> pd.DataFrame:
    """Box of satisfaction x repurchase: purchases, repurchase (share whose next purchase in the category was at the same firm),
    odds (repurchase / not), ratio (of the odds to those of the box below).

    A box is a point of a questionnaire's scale: true cumulative satisfaction after the purchase, rounded to 1 to 10, or two
    such points together on a scale of five, as Jones & Sasser use it.
    Second brands of a trip and last purchases on record do not count.

    Args:
        record: of a run with purchases on record and satisfaction on.
        since: first period that counts; the end of the warm-up if none is given.
        established: only purchases of customers with at least so many earlier ones from the firm on record.
        firm: only purchases from this firm.
        points: 10 or 5.
    """
    if not record.scenario.behaviour.satisfaction.on:
        raise GoodwillError("satisfaction is off; switch it on with behaviour.satisfaction.on: true")
    bought = record.purchases
    bought = bought[bought["occasion"] % 2 == 0].sort_values(["customer", "period", "occasion"], kind="stable")
    names = bought["firm"].astype(str)
    following = names.groupby(bought["customer"]).shift(-1)
    earlier = bought.groupby(["customer", "firm"], observed=True).cumcount()
    since = record.scenario.warm_up if since is None else since
    counts = following.notna() & (bought["period"] >= since) & (earlier >= established)
    if firm is not None:
        counts &= names == firm
    box = bought.loc[counts, "satisfaction_after"].round().clip(1, 10).astype(int)
    if points == 5:
        box = (box + 1) // 2
    again = (names == following)[counts]
    grouped = again.groupby(box.to_numpy())
    table = pd.DataFrame({"purchases": grouped.size(), "repurchase": grouped.mean()}).rename_axis("box").reset_index()
    with np.errstate(divide="ignore"):
        table["odds"] = table["repurchase"] / (1 - table["repurchase"])
    below = table.set_index("box")["odds"].reindex(table["box"] - 1).to_numpy()
    table["ratio"] = table["odds"] / below
    return table


def top_box(table: pd.DataFrame, least: int = 200) -> float:
    """Ratio of the odds of repurchase in the highest box with at least so many purchases to those in the box below it."""
    full = table[table["purchases"] >= least]
    return float(full["ratio"].iloc[-1]) if len(full) > 1 else float("nan")


def slope(table: pd.DataFrame, least: int = 200) -> float:
    """Rise of repurchase per point of satisfaction: least squares over boxes with at least so many purchases, by their number."""
    full = table[table["purchases"] >= least]
    if len(full) < 2:
        return float("nan")
    return float(np.polyfit(full["box"], full["repurchase"], 1, w=np.sqrt(full["purchases"]))[0])
