"""Points on spending, with a threshold below which they are worth nothing yet."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.sections import Burn, Earn, Expire, Join, Reward
from goodwill.programmes.short import ShortForm
from goodwill.scenario.declare import parameter


class Points(ShortForm):
    """Points for money spent; at the threshold they buy a reward; they expire by age, oldest first."""

    kind: Literal["points"] = "points"
    summary: ClassVar[str] = "points for money, a reward at a threshold, expiry by age"
    sources: ClassVar[tuple[str, ...]] = ("Lewis 2004", "Stourm, Bradlow & Fader 2015", "Dreze & Nunes 2004")
    budget_levers: ClassVar[tuple[str, ...]] = ("reward",)

    per_currency: float = parameter(
        1.0, meaning="points for each unit of currency paid", unit="points per currency", low=0, high=10_000
    )
    per_purchase: float = parameter(0.0, meaning="points for each purchase", unit="points", low=0, high=100_000)
    threshold: int = parameter(100, meaning="points that buy one reward", unit="points", low=1, high=10_000_000)
    welcome: int = parameter(0, meaning="points given on joining", unit="points", low=0, high=10_000_000)
    reward: float = parameter(5.0, meaning="what a reward is worth to the customer", unit="currency", low=0, high=1e6)
    cost_share: float = parameter(
        0.8,
        meaning="what a reward costs the firm, as a share of its worth to the customer",
        unit="share",
        low=0,
        high=1,
    )
    expiry: float | None = parameter(
        12.0,
        meaning="months for which points are valid; empty: for ever",
        unit="months",
        low=0.25,
        high=240,
        source="data of the firm",
    )
    lot: float = parameter(
        1.0,
        meaning="months of earning that expire together (end-of-month expiry)",
        unit="months",
        low=0.25,
        high=24,
    )
    automatic: bool = parameter(
        False,
        meaning="every buyer is a member from his first purchase on",
        unit="true/false",
        source="data of the firm",
    )

    def in_full(self) -> LoyaltyProgramme:
        """Earn by money and purchase, expire by age, burn at the threshold."""
        return LoyaltyProgramme(
            start=self.start,
            stop=self.stop,
            fixed_cost=self.fixed_cost,
            join=Join(automatic=self.automatic, welcome=self.welcome, holdout=self.holdout),
            earn=Earn(per_currency=self.per_currency, per_purchase=self.per_purchase),
            expire=Expire() if self.expiry is None else Expire(rule="age", months=self.expiry, lot=self.lot),
            burn=Burn(rewards=(Reward(credits=self.threshold, value=self.reward, cost_share=self.cost_share),)),
        )
