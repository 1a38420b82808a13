"""Purchases of a simulated market with what a card shows, for measurements of programmes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.engine.state import PURCHASE_COLUMNS
from goodwill.lab.calibrate_panel import times_of
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


class Kept:
    """A sink that keeps some columns of the purchases, of one firm or of all."""

    def __init__(self, columns: tuple[str, ...], firm: int | None = None) -> None:
        self.names = columns
        self._columns = [PURCHASE_COLUMNS.index(name) for name in columns]
        self._firm = firm
        self._parts: list[np.ndarray] = [np.zeros((0, len(columns)))]

    def add(self, rows: np.ndarray) -> None:
        """Keep these rows."""
        if self._firm is not None:
            rows = rows[rows[:, PURCHASE_COLUMNS.index("firm")] == self._firm]
        self._parts.append(rows[:, self._columns])

    def table(self) -> pd.DataFrame:
        """All of them, by customer and time."""
        table = pd.DataFrame(np.concatenate(self._parts), columns=list(self.names))
        order = [name for name in ("customer", "period", "trip") if name in self.names]
        return table.sort_values(order, kind="stable", ignore_index=True)


def mean(values: Any) -> float:
    """Mean; NaN of nothing, without a warning."""
    return float(np.mean(values)) if len(values) else float("nan")


def ratio(above: float, below: float) -> float:
    """Above / below; NaN when there is nothing to divide by."""
    return float(above / below) if below else float("nan")


def start(scenario: Scenario, seed: int) -> Simulation:
    """One market of a replication, on one thread."""
    return Simulation(scenario, replicate=seed, threads=1)


def card_purchases(scenario: Scenario, seed: int, firm: int, first: int) -> tuple[pd.DataFrame, Simulation]:
    """A firm's purchases from period `first` to the end, with their day, the member's credits before and rewards redeemed.

    The order of trips within a period is simulated, their hour is drawn evenly, in that order: exact for Poisson trips.
    """
    market = start(scenario, seed)
    market.advance(first)
    sink = Kept(("customer", "period", "trip", "member", "credits_before", "redeemed"), firm)
    market.advance(scenario.periods - first, sink=sink)
    rows = sink.table()
    rows["day"] = times_of(rows, 364.0 / scenario.periods_per_year)
    return rows, market
