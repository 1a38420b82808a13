"""Referral: a reward for those who bring others, and perhaps for those they bring."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import Mechanics, Terms
from goodwill.scenario.declare import parameter


class Referral(Programme):
    """Members are rewarded for newcomers whom they recommended the firm to and who bought; two-sided, newcomers get something too.

    It needs `behaviour.referral.on`; customers also recommend without a reward.
    """

    kind: Literal["referral"] = "referral"
    summary: ClassVar[str] = "a reward for bringing others, and a welcome for them"
    sources: ClassVar[tuple[str, ...]] = (
        "Ryu & Feick 2007", "Kumar, Petersen & Leone 2007", "Schmitt, Skiera & Van den Bulte 2011",
    )  # fmt: skip
    budget_levers: ClassVar[tuple[str, ...]] = ("reward", "welcome")

    reward: float = parameter(
        5.0, meaning="worth of the reward for a newcomer who bought", unit="currency", low=0, high=1e5
    )
    welcome: float = parameter(
        0.0,
        meaning="money off the newcomer's first purchase; 0: one-sided (at most .9 of a usual purchase)",
        unit="currency",
        low=0,
        high=1e5,
    )
    valid: float = parameter(
        3.0, meaning="months for which that is valid", unit="months", low=0.2, high=120, source="data of the firm"
    )
    cost_share: float = parameter(
        0.8, meaning="what a reward costs the firm, as a share of its worth", unit="share", low=0, high=1
    )
    cap: int = parameter(
        5, meaning="most rewards of one member", unit="rewards", low=1, high=10_000, source="data of the firm"
    )
    automatic: bool = parameter(
        True,
        meaning="every buyer is a member; otherwise customers decide",
        unit="true/false",
        source="data of the firm",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Members who earn nothing but rewards for newcomers."""
        start, stop = self.span(calendar)
        return Mechanics(
            terms=(
                Terms(
                    start=start,
                    stop=stop,
                    automatic=self.automatic,
                    referral_reward=100 * self.reward,
                    referral_cost=100 * self.reward * self.cost_share,
                    referral_welcome=100 * self.welcome,
                    referral_valid=calendar.periods_of(self.valid),
                    referral_cap=self.cap,
                    fixed_cost=self.fixed_cents(calendar),
                ),
            )
        )
