"""The stamp card: buy N, get one free."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import Mechanics, Terms
from goodwill.scenario.declare import parameter


class StampCard(Programme):
    """A stamp for every purchase; a full card is worth a reward. Stamps given at the start count as progress."""

    kind: Literal["stamp_card"] = "stamp_card"
    summary: ClassVar[str] = "a stamp a purchase, a reward for a full card"
    sources: ClassVar[tuple[str, ...]] = ("Kivetz, Urminsky & Zheng 2006", "Nunes & Dreze 2006")
    budget_levers: ClassVar[tuple[str, ...]] = ("reward",)

    stamps: int = parameter(10, meaning="stamps on a full card", unit="stamps", low=1, high=1000)
    head_start: int = parameter(
        0,
        meaning="stamps given with the first card",
        unit="stamps",
        low=0,
        high=999,
        source="Nunes & Dreze 2006: 2 of 10",
    )
    reward: float = parameter(
        4.0,
        meaning="what a full card is worth to the customer",
        unit="currency",
        low=0,
        high=1e6,
    )
    cost_share: float = parameter(
        0.6,
        meaning="what a reward costs the firm, as a share of its worth to the customer",
        unit="share",
        low=0,
        high=1,
    )
    expiry: float | None = parameter(
        None,
        meaning="months without a purchase after which the card is void; empty: never",
        unit="months",
        low=0.25,
        high=240,
        source="data of the firm",
    )

    @model_validator(mode="after")
    def _head_start_is_less_than_a_card(self) -> StampCard:
        if self.head_start >= self.stamps:
            raise ValueError(f"head_start ({self.head_start}) must be smaller than stamps ({self.stamps})")
        return self

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Earn one credit a purchase, hold, burn at `stamps`; the whole card expires with inactivity."""
        start, stop = self.span(calendar)
        return Mechanics(
            terms=(
                Terms(
                    start=start,
                    stop=stop,
                    earn_purchase=1.0,
                    head_start=self.head_start,
                    threshold=self.stamps,
                    reward_value=100 * self.reward,
                    reward_cost=100 * self.reward * self.cost_share,
                    expiry=0 if self.expiry is None else calendar.periods_of(self.expiry),
                    expiry_by_inactivity=True,
                    can_be_abandoned=True,
                    fixed_cost=self.fixed_cents(calendar),
                ),
            )
        )
