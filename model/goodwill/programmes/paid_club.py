"""The paid club: a yearly fee for standing benefits."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.sections import Benefit, Fee, Join
from goodwill.programmes.short import ShortForm
from goodwill.scenario.declare import parameter


class PaidClub(ShortForm):
    """Members pay a fee and get a discount and better service; membership is renewed or ends when the fee falls due."""

    kind: Literal["paid_club"] = "paid_club"
    summary: ClassVar[str] = "a yearly fee for a discount and better service"
    sources: ClassVar[tuple[str, ...]] = (
        "Iyengar, Park & Yu 2022 (subscription programmes)",
        "Ashley, Noble, Donthu & Lemon 2011",
    )
    budget_levers: ClassVar[tuple[str, ...]] = ("discount",)

    fee: float = parameter(12.0, meaning="fee of one membership period", unit="currency", low=0, high=1e5)
    months: float = parameter(12.0, meaning="length of a membership period", unit="months", low=1, high=60)
    discount: float = parameter(
        0.1, meaning="discount on everything for members", unit="share of price", low=0, high=0.95
    )
    service_bonus: float = parameter(
        0.3,
        meaning="better service for members",
        unit="points",
        low=0,
        high=5,
    )
    member_cost: float = parameter(
        2.0,
        meaning="cost of a member (magazine, hotline, events)",
        unit="currency per year",
        low=0,
        high=1e5,
    )

    def in_full(self) -> LoyaltyProgramme:
        """Fee with renewal, discount and service; nothing is earned or held."""
        return LoyaltyProgramme(
            start=self.start,
            stop=self.stop,
            fixed_cost=self.fixed_cost,
            join=Join(holdout=self.holdout),
            benefit=Benefit(discount=self.discount, service=self.service_bonus, member_cost=self.member_cost),
            fee=Fee(amount=self.fee, months=self.months),
        )
