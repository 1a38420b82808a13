"""Lost customers by cause: how many, at what rate, and how many of them were satisfied when they left.

Every lost customer carries one cause: natural (no reason of the firm's), malicious (ended by the firm), competitive (a better
rival), fault (a disappointing experience). That most of those who leave were satisfied is Reichheld's (1996) finding: 65 to 85 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.engine.state import CAUSES

if TYPE_CHECKING:
    from goodwill.record import Record

LOSSES = CAUSES[1:]


def churn_table(record: Record) -> pd.DataFrame:
    """Period x firm x cause: lost, base, rate (lost / base) and satisfied (share of the lost at or above neutral satisfaction).

    base: customers of the firm before the period's losses - under contract the subscribers of the period before (in the first
    period, those left at its end and those who left), else all who have bought so far and have not been counted as lost (or
    were won back).
    satisfied is missing when nobody was lost or satisfaction is off.
    """
    firms = record.firms
    names, periods = record.names, record.periods
    shape = (periods, len(names))
    lost = np.stack([firms[f"left_{cause}"].to_numpy().reshape(shape) for cause in LOSSES])
    satisfied = np.stack([firms[f"satisfied_{cause}"].to_numpy().reshape(shape) for cause in LOSSES])
    base = _base(record, lost.sum(axis=0))
    known = record.scenario.behaviour.satisfaction.on
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(base > 0, lost / base, np.nan)
        share = np.where((lost > 0) & known, satisfied / lost, np.nan)
    each = len(LOSSES)
    return pd.DataFrame(
        {
            "period": np.repeat(np.arange(periods), len(names) * each),
            "firm": np.tile(np.repeat(np.array(names, object), each), periods),
            "cause": np.tile(np.array(LOSSES, object), periods * len(names)),
            "lost": np.moveaxis(lost, 0, -1).reshape(-1),
            "base": np.repeat(base.reshape(-1), each),
            "rate": np.moveaxis(rate, 0, -1).reshape(-1),
            "satisfied": np.moveaxis(share, 0, -1).reshape(-1),
        }
    )


def _base(record: Record, lost: np.ndarray) -> np.ndarray:
    """Customers of each firm before the losses of each period."""
    firms = record.firms
    if record.scenario.kind == "contract":
        now = firms["subscribers"].to_numpy().reshape(lost.shape)
        return np.vstack([now[:1] + lost[:1], now[:-1]])
    won = np.cumsum((firms["new_buyers"] + firms["won_back"]).to_numpy().reshape(lost.shape), axis=0)
    return won - (np.cumsum(lost, axis=0) - lost)


def churn_by_cause(table: pd.DataFrame, since: int = 0) -> pd.DataFrame:
    """Firm x cause from period `since` on: lost, share of the firm's losses, mean rate a period, satisfied share."""
    part = table[table["period"] >= since].copy()
    part["content"] = part["lost"] * part["satisfied"].fillna(0)
    grouped = part.groupby(["firm", "cause"], sort=False)
    total = grouped[["lost", "content"]].sum().reset_index()
    total["share"] = total["lost"] / total.groupby("firm", sort=False)["lost"].transform("sum")
    total["rate"] = grouped["rate"].mean().to_numpy()
    total["satisfied"] = np.where(part["satisfied"].notna().any(), total["content"] / total["lost"], np.nan)
    return total.drop(columns="content")
