"""Orders summed up by customer, in the columns and by the conventions that libraries of customer lifetime value read.

Counting is that of Fader, Hardie & Lee (2005) and of the package `lifetimes`: the first purchase starts a customer's clock,
purchases of one day count as one. `BGNBD.fit` and `ParetoNBD.fit` take frequency, recency and T as they are here.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

Unit = Literal["day", "week", "month", "year"]
DAYS: dict[str, float] = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
COLUMNS = ("customer_id", "frequency", "recency", "T", "monetary_value")


def clv_summary(orders: pd.DataFrame, end: str | pd.Timestamp, unit: Unit = "week") -> pd.DataFrame:
    """One row for each customer who bought by `end` (a date; that day counts).

    - frequency: days with a purchase after the first such day
    - recency: time between the first and the last purchase, 0 without a repeat
    - T: time between the first purchase and the end
    - monetary_value: mean value of a day with a repeat purchase, 0 without one

    Times in units with fractions; orders as from `order_table`, or any with customer_id, date and value.
    """
    limit = pd.Timestamp(end)
    days = _days(orders, None, limit)
    first = days.groupby("customer_id")["date"].transform("min")
    repeats = days[days["date"] > first]
    table = days.groupby("customer_id")["date"].agg(["min", "max"])
    mean = repeats.groupby("customer_id")["value"].mean()
    count = repeats.groupby("customer_id").size()
    return pd.DataFrame(
        {
            "customer_id": table.index.to_numpy(),
            "frequency": count.reindex(table.index, fill_value=0).to_numpy(np.int64),
            "recency": ((table["max"] - table["min"]).dt.days / DAYS[unit]).to_numpy(),
            "T": ((limit - table["min"]).dt.days / DAYS[unit]).to_numpy(),
            "monetary_value": mean.reindex(table.index, fill_value=0.0).to_numpy(),
        }
    )


def calibration_and_holdout(
    orders: pd.DataFrame, calibration_end: str | pd.Timestamp, end: str | pd.Timestamp, unit: Unit = "week"
) -> pd.DataFrame:
    """The summary up to `calibration_end` (columns ending in _cal), and what the same customers did from then to `end`.

    - frequency_holdout: days with a purchase
    - monetary_value_holdout: mean value of these, 0 without one
    - duration_holdout: time from the one end to the other
    """
    early, late = pd.Timestamp(calibration_end), pd.Timestamp(end)
    if not early < late:
        raise ValueError(f"the calibration ends {early.date()} but must end before {late.date()}")
    table = clv_summary(orders, early, unit)
    table.columns = pd.Index([name if name == "customer_id" else f"{name}_cal" for name in table.columns])
    days = _days(orders, early, late).groupby("customer_id")["value"].agg(["size", "mean"])
    days = days.reindex(table["customer_id"], fill_value=0)
    table["frequency_holdout"] = days["size"].to_numpy(np.int64)
    table["monetary_value_holdout"] = days["mean"].to_numpy(float)
    table["duration_holdout"] = (late - early).days / DAYS[unit]
    return table


def _days(orders: pd.DataFrame, after: pd.Timestamp | None, end: pd.Timestamp) -> pd.DataFrame:
    """Value by customer and day, of days later than `after` and up to `end`."""
    date = pd.to_datetime(orders["date"]).dt.normalize()
    wanted = date <= end
    if after is not None:
        wanted &= date > after
    chosen = orders.loc[wanted, ["customer_id", "value"]].assign(date=date[wanted])
    return chosen.groupby(["customer_id", "date"])["value"].sum().reset_index()
