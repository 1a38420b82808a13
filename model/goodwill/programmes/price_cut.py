"""The plain price cut every programme has to beat."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from goodwill.programmes.base import FOREVER, Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class PriceCut(Programme):
    """A lower price for everybody, always or in promotions that come again; its cost is the money not taken on what is sold."""

    kind: Literal["price_cut"] = "price_cut"
    summary: ClassVar[str] = "a lower price for everybody"
    sources: ClassVar[tuple[str, ...]] = ("Bijmolt, van Heerde & Pieters 2005",)
    budget_levers: ClassVar[tuple[str, ...]] = ("depth",)

    depth: float = parameter(0.05, meaning="share by which the price falls", unit="share of price", low=0, high=0.9)
    length: float | None = parameter(
        None,
        meaning="months for which it falls at a time; empty: all the time",
        unit="months",
        low=0.2,
        high=120,
        source="data of the firm",
    )
    every: float | None = parameter(
        None,
        meaning="months from the start of one promotion to that of the next; empty: only once",
        unit="months",
        low=0.2,
        high=120,
        source="data of the firm",
    )

    @model_validator(mode="after")
    def _ends_before_it_begins_again(self) -> PriceCut:
        if self.every is not None and (self.length is None or self.length >= self.every):
            raise ValueError(f"every ({self.every:g}) must be longer than length, which has to be given")
        return self

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A change of the price between two periods, or again and again."""
        start, stop = self.span(calendar)
        cost = self.fixed_cents(calendar)
        if self.length is None:
            return Mechanics(levers=(LeverChange(start, stop, price_factor=1 - self.depth, fixed_cost=cost),))
        length = calendar.periods_of(self.length)
        again = range(start, min(stop, calendar.periods), calendar.periods_of(self.every) if self.every else FOREVER)
        cuts = tuple(LeverChange(t, min(t + length, stop), price_factor=1 - self.depth) for t in again)
        return Mechanics(levers=(LeverChange(start, stop, fixed_cost=cost), *cuts))
