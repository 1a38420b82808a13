"""The plain price cut every programme has to beat."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class PriceCut(Programme):
    """A lower price for everybody; its cost is the money not taken on what is sold."""

    kind: Literal["price_cut"] = "price_cut"
    summary: ClassVar[str] = "a lower price for everybody"
    sources: ClassVar[tuple[str, ...]] = ("Bijmolt, van Heerde & Pieters 2005",)
    budget_levers: ClassVar[tuple[str, ...]] = ("depth",)

    depth: float = parameter(0.05, meaning="share by which the price falls", unit="share of price", low=0, high=0.9)

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A change of the price between two periods."""
        start, stop = self.span(calendar)
        return Mechanics(
            levers=(
                LeverChange(start=start, stop=stop, price_factor=1 - self.depth, fixed_cost=self.fixed_cents(calendar)),
            )
        )
