"""Gifts: welcome, birthday, surprise."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import Mechanics, Terms
from goodwill.scenario.declare import parameter


class Gifts(Programme):
    """Gifts to members on joining, on birthdays and out of the blue; what comes every year loses its surprise."""

    kind: Literal["gifts"] = "gifts"
    summary: ClassVar[str] = "welcome, birthday and surprise gifts"
    sources: ClassVar[tuple[str, ...]] = ("Heilman, Nakamoto & Rao 2002", "Palmatier et al. 2009")
    budget_levers: ClassVar[tuple[str, ...]] = ("worth",)

    worth: float = parameter(2.0, meaning="what a gift is worth to the customer", unit="currency", low=0, high=1e5)
    cost_share: float = parameter(
        0.6, meaning="what a gift costs the firm, as a share of its worth to the customer", unit="share", low=0, high=1
    )
    welcome: bool = parameter(True, meaning="a gift on joining", unit="true/false", source="data of the firm")
    birthday: bool = parameter(True, meaning="a gift on every birthday", unit="true/false", source="data of the firm")
    surprises: float = parameter(
        0.0, meaning="surprise gifts to a member", unit="per year", low=0, high=50, source="data of the firm"
    )
    automatic: bool = parameter(
        True,
        meaning="every buyer is a member; otherwise customers decide",
        unit="true/false",
        source="data of the firm",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Members who earn nothing but gifts."""
        start, stop = self.span(calendar)
        return Mechanics(
            terms=(
                Terms(
                    start=start,
                    stop=stop,
                    automatic=self.automatic,
                    gift_worth=100 * self.worth,
                    gift_cost=100 * self.worth * self.cost_share,
                    gift_welcome=self.welcome,
                    gift_birthday=self.birthday,
                    gift_surprise=float(1 - np.exp(-self.surprises / calendar.periods_per_year)),
                    fixed_cost=self.fixed_cents(calendar),
                ),
            )
        )
