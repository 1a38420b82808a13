"""Free samples: the firm trusts the customer first."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class Samples(Programme):
    """People who never bought from the firm may try its service for nothing; they learn of it and what to expect."""

    kind: Literal["samples"] = "samples"
    summary: ClassVar[str] = "free samples for those who never bought"
    sources: ClassVar[tuple[str, ...]] = ("Bawa & Shoemaker 2004",)
    budget_levers: ClassVar[tuple[str, ...]] = ("reach",)
    one_at_a_time: ClassVar[bool] = True

    reach: float = parameter(
        1.0, meaning="rate at which those who never bought are given a sample", unit="per year", low=0, high=50
    )
    cost: float = parameter(
        1.0,
        meaning="cost of a sample",
        unit="currency",
        low=0,
        high=1e5,
        source="data of the firm; value an assumption",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A chance per period for each non-buyer."""
        start, stop = self.span(calendar)
        chance = float(1 - np.exp(-self.reach / calendar.periods_per_year))
        return Mechanics(
            levers=(
                LeverChange(
                    start,
                    stop,
                    fixed_cost=self.fixed_cents(calendar),
                    outreach={"sampling": chance},
                    outreach_costs={"samples": 100 * self.cost},
                ),
            )
        )
