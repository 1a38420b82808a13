"""Status tiers by spending."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.sections import Benefit, Burn, Earn, Expire, Join, Level, Reward, Tier
from goodwill.programmes.short import ShortForm
from goodwill.programmes.terms import MAX_TIERS
from goodwill.scenario.declare import parameter


class Tiers(ShortForm):
    """Members rise and fall between tiers by spending in a qualifying period; high tiers earn faster and are liked."""

    kind: Literal["tiers"] = "tiers"
    summary: ClassVar[str] = "status tiers by spending, with points that earn faster"
    sources: ClassVar[tuple[str, ...]] = ("Wagner, Hennig-Thurau & Rudolph 2009", "Dreze & Nunes 2009")
    budget_levers: ClassVar[tuple[str, ...]] = ("reward",)

    spend: tuple[float, ...] = parameter(
        (100.0, 300.0), meaning="spending that reaches tier 1, 2, ... in a qualifying period", unit="currency"
    )
    earn: tuple[float, ...] = parameter(
        (1.25, 1.5), meaning="multiplier of points in each of these tiers", unit="ratio"
    )
    liking: tuple[float, ...] = parameter(
        (0.1, 0.25), meaning="standing utility of each of these tiers", unit="utility"
    )
    months: float = parameter(12.0, meaning="qualifying period", unit="months", low=1, high=60)
    per_currency: float = parameter(
        1.0,
        meaning="points for each unit of currency paid, in the basic tier",
        unit="points per currency",
        low=0,
        high=10_000,
    )
    threshold: int = parameter(100, meaning="points that buy one reward", unit="points", low=1, high=10_000_000)
    reward: float = parameter(5.0, meaning="what a reward is worth to the customer", unit="currency", low=0, high=1e6)
    cost_share: float = parameter(
        0.8,
        meaning="what a reward costs the firm, as a share of its worth to the customer",
        unit="share",
        low=0,
        high=1,
    )
    expiry: float | None = parameter(
        24.0,
        meaning="months for which points are valid; empty: for ever",
        unit="months",
        low=0.25,
        high=240,
        source="data of the firm",
    )
    member_cost: float = parameter(0.0, meaning="cost of a member", unit="currency per year", low=0, high=1e5)

    @model_validator(mode="after")
    def _tiers_match(self) -> Tiers:
        if not 1 <= len(self.spend) <= MAX_TIERS:
            raise ValueError(f"spend: {len(self.spend)} tiers given; between 1 and {MAX_TIERS} are possible")
        if not len(self.spend) == len(self.earn) == len(self.liking):
            raise ValueError("spend, earn and liking must have one entry for each tier")
        if list(self.spend) != sorted(self.spend) or min(self.spend) <= 0:
            raise ValueError(f"spend {list(self.spend)}: must be positive and rise from tier to tier")
        if min(self.earn) < 0 or min(self.liking) < 0:
            raise ValueError("earn and liking must not be negative")
        return self

    def in_full(self) -> LoyaltyProgramme:
        """Points as in a points programme, with tiers that multiply earning and are liked for themselves."""
        return LoyaltyProgramme(
            start=self.start,
            stop=self.stop,
            fixed_cost=self.fixed_cost,
            join=Join(holdout=self.holdout),
            earn=Earn(per_currency=self.per_currency),
            expire=Expire() if self.expiry is None else Expire(rule="age", months=self.expiry),
            burn=Burn(rewards=(Reward(credits=self.threshold, value=self.reward, cost_share=self.cost_share),)),
            tier=Tier(
                levels=tuple(
                    Level(reach=reach, earn=earn, liking=liking)
                    for reach, earn, liking in zip(self.spend, self.earn, self.liking, strict=True)
                ),
                months=self.months,
            ),
            benefit=Benefit(member_cost=self.member_cost),
        )
