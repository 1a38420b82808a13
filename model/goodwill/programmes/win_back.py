"""Winning lost customers back, by the cause for which they left."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class WinBack(Programme):
    """Those who left get one offer: money off if a rival drew them away, apology and repair after a fault, nothing otherwise.

    With `by_cause: false` all get the same money off, whatever the cause.
    """

    kind: Literal["win_back"] = "win_back"
    summary: ClassVar[str] = "an offer to those who left, by cause"
    sources: ClassVar[tuple[str, ...]] = (
        "Stauss & Friege 1999", "Thomas, Blattberg & Fox 2004", "Homburg, Hoyer & Stock 2007",
    )  # fmt: skip
    budget_levers: ClassVar[tuple[str, ...]] = ("reach",)
    one_at_a_time: ClassVar[bool] = True

    reach: float = parameter(
        2.0, meaning="rate at which lost customers are found and asked", unit="per year", low=0, high=50
    )
    depth: float = parameter(
        0.3, meaning="share off the first purchase after the return", unit="share of price", low=0, high=0.9
    )
    valid: float = parameter(
        3.0, meaning="months for which that is valid", unit="months", low=0.2, high=120, source="data of the firm"
    )
    repair: float = parameter(
        0.7, meaning="worth of apology and repair to the customer", unit="usual purchases", low=0, high=20
    )
    repair_cost: float = parameter(
        2.0,
        meaning="cost of apology and repair for one who returns",
        unit="currency",
        low=0,
        high=1e6,
        source="data of the firm; value an assumption",
    )
    offer_cost: float = parameter(
        0.5,
        meaning="cost of finding out why somebody left, and asking him back",
        unit="currency",
        low=0,
        high=1e5,
        source="data of the firm; value an assumption",
    )
    by_cause: bool = parameter(
        True,
        meaning="answer the cause; otherwise the price offer goes to everybody who left",
        unit="true/false",
        source="Stauss & Friege 1999",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Levers of the firm; what happens is in the customers' behaviour (`win_back`)."""
        start, stop = self.span(calendar)
        return Mechanics(
            levers=(
                LeverChange(
                    start,
                    stop,
                    fixed_cost=self.fixed_cents(calendar),
                    outreach={
                        "win_back": float(1 - np.exp(-self.reach / calendar.periods_per_year)),
                        "win_back_depth": self.depth,
                        "win_back_repair": self.repair,
                        "win_back_by_cause": float(self.by_cause),
                        "win_back_valid": calendar.periods_of(self.valid),
                    },
                    outreach_costs={"win_back_offers": 100 * self.offer_cost, "repairs": 100 * self.repair_cost},
                ),
            )
        )
