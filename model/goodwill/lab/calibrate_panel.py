"""A simulated market seen as a household panel: purchases after the warm-up, counted as a real panel is counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from goodwill.engine.state import PURCHASE_COLUMNS, PURCHASES
from goodwill.measures.repeat_buying import Trips, brand_performance, category_moments, repeat_rate, trips_of
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

KEPT = ("period", "customer", "trip", "firm")


class _Rows:
    """A sink that keeps only what counting needs, as 32-bit integers."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self._columns = [PURCHASE_COLUMNS.index(name) for name in KEPT]

    def add(self, rows: np.ndarray) -> None:
        self.rows.append(rows[:, self._columns].astype(np.int32))


@dataclass(frozen=True, eq=False)
class Panel:
    """Purchases of all customers of a simulated market over some periods.

    purchases: one row per purchase with the columns period, customer, trip (within the period), firm and time (days).
    customers: their number, never-buyers included. names: of the firms.
    """

    purchases: pd.DataFrame
    customers: int
    names: tuple[str, ...]

    @cached_property
    def trips(self) -> Trips:
        """The purchases as trips."""
        return trips_of(self.purchases, len(self.names))

    @cached_property
    def brands(self) -> pd.DataFrame:
        """Brand performance, one row per firm, by name."""
        return brand_performance(self.trips.counts(), self.names, self.customers, self.trips).set_index("brand")

    @cached_property
    def moments(self) -> pd.Series:
        """The moments of `category_moments`, and `purchases_per_trip` and `repeat_lag2` besides."""
        moments = category_moments(self.purchases, self.customers, self.names)["value"]
        moments["purchases_per_trip"] = len(self.purchases) / max(1, self.trips.customer.size)
        moments["repeat_lag2"] = repeat_rate(self.trips, 2)
        return moments


def watch(scenario: Scenario, *, first: int | None = None, last: int | None = None, replicate: int = 0) -> Panel:
    """Simulate a scenario and record the periods first..last-1 (by default, one year after the warm-up).

    Within a week or month the engine knows the order of trips but no hour: their times are drawn uniformly, in that
    order, with a fixed seed. That is exact for Poisson trips and only matters for the regularity of timing.
    """
    begin = scenario.warm_up if first is None else first
    end = min(scenario.periods, begin + scenario.periods_per_year) if last is None else last
    market = Simulation(scenario, replicate=replicate, threads=1)
    market.advance(begin)
    sink = _Rows()
    market.advance(end - begin, sink=sink)
    empty = np.zeros((0, len(KEPT)), np.int32)
    rows = pd.DataFrame(np.concatenate([empty, *sink.rows]), columns=list(KEPT))
    rows = rows.sort_values(["customer", "period", "trip", "firm"], ignore_index=True)
    rows["time"] = times_of(rows, 364.0 / scenario.periods_per_year)
    return Panel(rows, scenario.customers, tuple(firm.name for firm in scenario.firms))


def market_shares(scenario: Scenario, replicates: int = 1) -> np.ndarray:
    """Shares of purchases in the year after the warm-up, by firm; the mean over replications, without recording
    anything.
    """
    shares = []
    for replicate in range(replicates):
        market = Simulation(scenario, replicate=replicate, threads=1)
        market.advance(scenario.warm_up + scenario.periods_per_year)
        bought = market.totals.firms[scenario.warm_up : market.period, :, PURCHASES].sum(axis=0)
        shares.append(bought / bought.sum())
    return np.asarray(np.mean(shares, axis=0))


def times_of(rows: pd.DataFrame, days: float) -> np.ndarray:
    """Days of the trips of sorted rows: uniform within the period, sorted as the trips are."""
    keys = rows[["customer", "period", "trip"]].to_numpy()
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    trip = np.cumsum(new) - 1
    start = keys[new]
    luck = np.random.default_rng(0).random(len(start))
    order = np.lexsort((luck, start[:, 1], start[:, 0]))  # same blocks as the rows, luck rising within each
    time = days * (start[:, 1] + luck[order])
    return np.asarray(time[trip])
