"""The stamp card: buy N, get one free."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.sections import Burn, Earn, Expire, Join, Reward
from goodwill.programmes.short import ShortForm
from goodwill.scenario.declare import parameter


class StampCard(ShortForm):
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

    def in_full(self) -> LoyaltyProgramme:
        """Earn one credit a purchase, burn them for a full card, which expires with inactivity and may be given up."""
        return LoyaltyProgramme(
            start=self.start,
            stop=self.stop,
            fixed_cost=self.fixed_cost,
            join=Join(welcome=self.head_start, holdout=self.holdout),
            earn=Earn(per_purchase=1.0),
            expire=Expire() if self.expiry is None else Expire(rule="inactivity", months=self.expiry),
            burn=Burn(rewards=(Reward(credits=self.stamps, value=self.reward, cost_share=self.cost_share),), card=True),
        )
