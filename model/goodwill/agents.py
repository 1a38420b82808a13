"""The agents of a market as Mesa knows them: firms, and customers who can tell what happened to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from goodwill.engine.reference import Customer as ReferenceCustomer
from goodwill.engine.state import FIRM_TOTALS, JOINED, LEFT

if TYPE_CHECKING:
    from goodwill.diary import Diary
    from goodwill.firms import Choice
    from goodwill.programmes.base import Programme
    from goodwill.strategies.base import Strategy
    from goodwill.strategies.observation import Measured, Observation

_COLUMN = {name: column for column, name in enumerate(FIRM_TOTALS)}


class Customer(ReferenceCustomer):
    """A customer of a market; see `goodwill.engine.reference` for what he is and does."""

    def diary(self) -> Diary:
        """What happened to him so far and why, in words and numbers."""
        return self.model.diary(self.index)

    def __repr__(self) -> str:
        return f"<customer {self.index}, last bought from {self.last}>"


class Firm(mesa.Agent):
    """A firm with the figures of the last period. Money in currency, satisfaction in points; NaN where there is no figure."""

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model)
        self.unique_id = index + 1
        self.index = index
        self.simulation = model.simulation
        self.name: str = self.simulation.scenario.firms[index].name

    def __repr__(self) -> str:
        return f"<firm {self.name}>"

    def step(self) -> None:
        """Nothing: all firms act together at the start of a period (`goodwill.firms`), before any customer does."""

    @property
    def strategy(self) -> Strategy | None:
        """How it steers itself; None for a firm that keeps to the plan."""
        return self.simulation.scenario.firms[self.index].strategy

    @property
    def choices(self) -> list[Choice]:
        """What it has chosen so far."""
        acting = self.simulation.firms
        return [] if acting is None else [choice for choice in acting.choices if choice.firm == self.index]

    @property
    def measured(self) -> dict[str, Measured]:
        """What its instruments last delivered, by name of the figure."""
        acting = self.simulation.firms
        return {} if acting is None else dict(acting.each[self.index].measured)

    @property
    def observation(self) -> Observation:
        """What it would see if it decided now."""
        from goodwill.firms import Firms, books_of

        acting = self.simulation.firms or Firms(self.simulation.scenario, self.simulation.plan)
        return acting.seen_by(self.simulation, self.index, books_of(self.simulation))

    # -- what it does ---------------------------------------------------------------------------------------------

    @property
    def price(self) -> float:
        """Price of one unit."""
        return float(self.simulation.plan.levers.price[self._period, self.index]) / 100

    @property
    def service(self) -> float:
        """Service level, points."""
        return float(self.simulation.plan.levers.service[self._period, self.index])

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """Its programmes, as the scenario declares them."""
        return self.simulation.scenario.firms[self.index].programmes

    # -- how it fares ---------------------------------------------------------------------------------------------

    @property
    def purchases(self) -> int:
        """Purchases in the last period."""
        return self._count("purchases")

    @property
    def buyers(self) -> int:
        """Customers who bought in the last period."""
        return self._count("buyers")

    @property
    def sales(self) -> float:
        """What customers paid in the last period, without fees."""
        return self._count("sales") / 100

    @property
    def share(self) -> float:
        """Share of the purchases of the last period."""
        all_firms = self.simulation.totals.firms[self._period, :, _COLUMN["purchases"]].sum()
        return _ratio(self.purchases, all_firms)

    @property
    def repeat_rate(self) -> float:
        """Share of its last customers' next purchases, in the last period, that were made here again."""
        return _ratio(self._count("repeats"), self._count("repeat_base"))

    @property
    def retention(self) -> float:
        """Share of customers kept: buyers of one measuring window who bought in the next; under contract, from period to period."""
        if self.simulation.scenario.kind == "contract":
            before = self._history("subscribers")[-2:-1].sum()
            return _ratio(before - self.lost, before)
        base = self._history("window_base")
        closed = np.flatnonzero(base)
        return _ratio(self._history("retained")[closed[-1]], base[closed[-1]]) if closed.size else float("nan")

    @property
    def lost(self) -> int:
        """Customers who left it for good in the last period."""
        return sum(self._count(f"left_{cause}") for cause in ("natural", "malicious", "competitive", "fault"))

    @property
    def satisfaction(self) -> float:
        """Mean cumulative satisfaction after the purchases of the last period."""
        on = self.simulation.scenario.behaviour.satisfaction.on
        return _ratio(self._count("satisfaction"), 1000 * self.purchases) if on else float("nan")

    @property
    def members(self) -> int:
        """Memberships of its programmes."""
        rows = [q for q, (firm, *_) in enumerate(self.simulation.plan.programmes) if firm == self.index]
        programmes = self.simulation.totals.programmes
        return int(programmes[:, rows, JOINED].sum() - programmes[:, rows, LEFT].sum())

    @property
    def profit(self) -> float:
        """Profit of the last period."""
        from goodwill.accounts.ledger import post

        if self.simulation.period == 0:
            return 0.0
        book = post(self.simulation.plan, self.simulation.totals, self.simulation.period)
        return sum(int(amounts[-1, self.index]) for amounts in book.values()) / 100

    @property
    def _period(self) -> int:
        return max(self.simulation.period - 1, 0)

    def _count(self, name: str) -> int:
        return int(self.simulation.totals.firms[self._period, self.index, _COLUMN[name]])

    def _history(self, name: str) -> np.ndarray:
        history: np.ndarray = self.simulation.totals.firms[: self.simulation.period, self.index, _COLUMN[name]]
        return history


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def release(model: Any) -> None:
    """Undo that Mesa up to 3.3 counts agents in a table that keeps every model, and its customers, in memory for ever.

    Our agents have numbers of their own, so the count is not missed.
    """
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
