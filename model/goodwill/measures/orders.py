"""Purchases as an order file: customer, order, date, value, as shops have them and libraries of customer-base analysis read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from goodwill.engine.draws import name_draw
from goodwill.engine.jit import interpreted
from goodwill.engine.philox import philox4x32, uniform32

if TYPE_CHECKING:
    from goodwill.record import Record

START = "2024-01-01"
MOMENT = name_draw(
    "moment of a shopping trip within its period", 81, 0
)  # looked at when orders are exported, not in a run


def order_table(record: Record, firm: int | str | None = None, start: str = START) -> pd.DataFrame:
    """Purchases on record as orders, in order of time: customer_id, order_id, date, firm, units, value (currency paid).

    firm: of one firm only, by position or name. start: date of the first day of period 0; a week has seven days, a month those of
    the calendar.

    The model says in which period a trip is made, and in which order trips follow each other. Their moments within it are drawn,
    independently and evenly, which is what a Poisson process is when one knows how many events there were. Where newcomers arrive
    with a purchase, it is on the last day of its period, as they buy on from the next one.
    """
    bought = record.purchases
    days = _days(record, bought, pd.Timestamp(start))
    table = pd.DataFrame(
        {
            "customer_id": bought["customer"].to_numpy(np.int64),
            "date": pd.Timestamp(start) + pd.to_timedelta(np.floor(days), unit="D"),
            "firm": bought["firm"].astype(str).to_numpy(),
            "units": bought["quantity"].to_numpy(float),
            "value": bought["spend"].to_numpy(float),
        }
    )
    order = np.lexsort((table["customer_id"], days))
    table = table.iloc[order].reset_index(drop=True)
    if firm is not None:
        table = table[table["firm"] == record.names[record.scenario.firm_index(firm)]].reset_index(drop=True)
    table.insert(1, "order_id", np.arange(1, len(table) + 1))
    return table


def last_day(record: Record, start: str = START) -> pd.Timestamp:
    """The last day of the run, to which `clv_summary` counts."""
    return pd.Timestamp(start) + pd.Timedelta(days=_edges(record, pd.Timestamp(start))[-1] - 1)


def _edges(record: Record, start: pd.Timestamp) -> np.ndarray:
    """Day on which each period begins, and the one after the last."""
    periods = np.arange(record.periods + 1)
    if record.scenario.period == "week":
        return 7.0 * periods
    return np.array([(start + pd.DateOffset(months=int(t)) - start).days for t in periods], float)


def _days(record: Record, bought: pd.DataFrame, start: pd.Timestamp) -> np.ndarray:
    """Day, with its fraction, of each purchase, counted from the start."""
    edges = _edges(record, start)
    trips = bought[["customer", "period", "trip"]].drop_duplicates().sort_values(["customer", "period", "trip"])
    who, when, which = (trips[name].to_numpy(np.int64) for name in ("customer", "period", "trip"))
    luck = _luck(who, when, which, record.simulation.key)
    if record.scenario.population.first_purchase_on_arrival:
        # The purchase with which a newcomer arrives is the only one of its period: his buying begins with the next.
        luck[when == record.simulation.population.customers.arrival[who]] = 1 - 1e-9
    # The trips of a customer in a period get its moments in their order.
    ordered = luck[np.lexsort((luck, when, who))]
    moments = edges[when] + ordered * (edges[when + 1] - edges[when])
    places = trips.assign(moment=moments).set_index(["customer", "period", "trip"])["moment"]
    return places.loc[pd.MultiIndex.from_frame(bought[["customer", "period", "trip"]])].to_numpy()


def _luck(who: np.ndarray, when: np.ndarray, which: np.ndarray, key: Any) -> np.ndarray:
    """A uniform for each trip, by customer, period and trip, so that nobody else's trips change it."""
    draw, uniform = interpreted(philox4x32), interpreted(uniform32)
    counter = [values.astype(np.uint32) for values in (who, when, which)]
    word = draw(*counter, np.full(who.shape, MOMENT, np.uint32), *key)[0]
    return np.asarray(uniform(word), np.float64)
