"""The sections of the programme language: what members join, earn, hold, lose, burn, are ranked by, get and pay."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from goodwill.programmes.terms import MAX_CAMPAIGNS, MAX_REWARDS, MAX_TIERS
from goodwill.scenario.declare import Section, parameter

_FIRM = "data of the firm"


class Join(Section):
    """How one becomes a member, and what binds one to stay."""

    automatic: bool = parameter(
        False, meaning="every buyer is a member from his first purchase on", unit="true/false", source=_FIRM
    )
    visibility: float = parameter(
        1.0, meaning="multiplier of the chance that a purchase makes one consider joining", unit="ratio", low=0, high=4
    )
    holdout: float = parameter(
        0.0,
        meaning="share of customers, drawn at random, who are kept out, so that the effect can be measured",
        unit="share",
        low=0,
        high=1,
        source="data of the firm",
    )
    holdout_visibility: float = parameter(
        0.0,
        meaning="what is left of the visibility for these; 0: they cannot join; above 0: the others are merely encouraged",
        unit="ratio",
        low=0,
        high=1,
        source="data of the firm",
    )
    welcome: int = parameter(
        0,
        meaning="credits given on joining, once per customer",
        unit="credits",
        low=0,
        high=10_000_000,
        source="Nunes & Dreze 2006: 2 stamps of 10",
    )
    term: float | None = parameter(
        None, meaning="minimum term of a membership; empty: none", unit="months", low=0.25, high=120, source=_FIRM
    )
    exit_fee: float = parameter(
        0.0, meaning="fee for leaving before the end of it", unit="currency", low=0, high=1e5, source=_FIRM
    )
    binding: bool = parameter(
        False, meaning="until then nobody can leave for a rival at all", unit="true/false", source=_FIRM
    )


class Campaign(Section):
    """A time in which more is earned."""

    after: float = parameter(0.0, meaning="begin, after the start of the programme", unit="months", low=0, high=240)
    months: float = parameter(1.0, meaning="length", unit="months", low=0.25, high=240)
    every: float | None = parameter(
        None, meaning="comes again after so long; empty: never", unit="months", low=0.25, high=240
    )
    factor: float = parameter(2.0, meaning="multiplier of what is earned", unit="ratio", low=0, high=100)


class Earn(Section):
    """What earns credits, and the limits to it."""

    per_currency: float = parameter(
        0.0, meaning="credits for each unit of currency paid", unit="credits per currency", low=0, high=10_000
    )
    per_purchase: float = parameter(0.0, meaning="credits for each purchase", unit="credits", low=0, high=100_000)
    extra_lines: float = parameter(
        0.0,
        meaning="what a unit of currency earns that is paid for extra lines (behaviour.spending), against one in the category",
        unit="ratio",
        low=0,
        high=100,
        source=_FIRM,
    )
    cap_per_purchase: int | None = parameter(
        None, meaning="most credits for one purchase; empty: no limit", unit="credits", low=1, high=10_000_000
    )
    cap_per_period: int | None = parameter(
        None, meaning="most credits in a period; empty: no limit", unit="credits", low=1, high=10_000_000
    )
    velocity: int | None = parameter(
        None,
        meaning="purchases of a period that count, against fraud; empty: all",
        unit="purchases",
        low=1,
        high=1000,
        source=_FIRM,
    )
    campaigns: tuple[Campaign, ...] = Field(
        default=(), description="times in which more is earned", max_length=MAX_CAMPAIGNS
    )


class Hold(Section):
    """How credits are held."""

    pending: float = parameter(
        0.0, meaning="time before credits can be used", unit="months", low=0, high=24, source=_FIRM
    )
    household: int = parameter(
        1, meaning="customers of a household who pool their credits; 1: nobody pools", unit="customers", low=1, high=8
    )
    load: float = parameter(
        0.0,
        meaning="money paid in at a time, which the credits then are (stored value); 0: they are points",
        unit="currency",
        low=0,
        high=1e5,
        source=_FIRM,
    )
    bonus: float = parameter(0.0, meaning="added to money paid in", unit="share", low=0, high=1, source=_FIRM)


class Expire(Section):
    """When credits are lost."""

    rule: Literal["never", "age", "inactivity", "date"] = parameter(
        "never",
        meaning="never; by age, oldest lots first; all after a time without a purchase; or all at one date",
        source=_FIRM,
    )
    months: float = parameter(
        12.0,
        meaning="age, time without a purchase, or time between dates",
        unit="months",
        low=0.25,
        high=240,
        source=_FIRM,
    )
    lot: float = parameter(
        1.0, meaning="months of earning that expire together, by age", unit="months", low=0.25, high=24
    )
    shift: float = parameter(
        0.0,
        meaning="by how much the date follows the end of a round of so many months from the first period on",
        unit="months",
        low=0,
        high=240,
        source=_FIRM,
    )


class Reward(Section):
    """One step of the reward ladder."""

    credits: int = parameter(meaning="credits it takes", unit="credits", low=1, high=10_000_000, source=_FIRM)
    value: float = parameter(meaning="worth to the customer", unit="currency", low=0, high=1e6, source=_FIRM)
    cost_share: float = parameter(
        0.8, meaning="cost to the firm, as a share of its worth to the customer", unit="share", low=0, high=1
    )


class Burn(Section):
    """What credits can be used for."""

    rewards: tuple[Reward, ...] = Field(
        default=(), description="the reward ladder, the smallest reward first", max_length=MAX_REWARDS
    )
    automatic: bool = parameter(
        False, meaning="a voucher comes as soon as it is earned; nobody has to ask", unit="true/false", source=_FIRM
    )
    credit_value: float = parameter(
        0.0,
        meaning="what one credit pays at the till, as part of a price; 0: credits are no means of payment",
        unit="currency",
        low=0,
        high=1000,
        source=_FIRM,
    )
    minimum: int = parameter(
        1, meaning="credits one must have to pay with them", unit="credits", low=1, high=10_000_000, source=_FIRM
    )
    card: bool = parameter(
        False, meaning="the card is a piece of paper that one may stop carrying far from the goal", unit="true/false"
    )

    @model_validator(mode="after")
    def _rises(self) -> Burn:
        steps = [reward.credits for reward in self.rewards]
        if any(one >= other for one, other in zip(steps, steps[1:], strict=False)):
            raise ValueError(f"rewards: credits {steps} must rise from reward to reward")
        return self


class Level(Section):
    """One tier above the basic one."""

    reach: float = parameter(
        meaning="what reaches it in a qualifying period", unit="currency, purchases or credits", low=0.01, high=1e9,
        source=_FIRM,
    )  # fmt: skip
    earn: float = parameter(1.0, meaning="multiplier of credits", unit="ratio", low=0, high=100)
    liking: float = parameter(0.0, meaning="standing utility", unit="utility", low=0, high=5)
    service: float = parameter(0.0, meaning="better service", unit="points", low=0, high=5)
    discount: float = parameter(0.0, meaning="discount on everything", unit="share of price", low=0, high=0.9)


class Tier(Section):
    """Status: how it is earned, kept and lost."""

    levels: tuple[Level, ...] = Field(default=(), description="the tiers above the basic one", max_length=MAX_TIERS)
    by: Literal["spend", "visits", "credits"] = parameter("spend", meaning="what qualifies", source=_FIRM)
    months: float = parameter(12.0, meaning="qualifying period", unit="months", low=1, high=60, source=_FIRM)
    window: Literal["calendar", "anniversary", "rolling"] = parameter(
        "calendar",
        meaning="qualifying period: from the start of the programme, from joining, or the last months, by quarters of it",
        source=_FIRM,
    )
    at_once: bool = parameter(
        False,
        meaning="promotion in the period in which it is earned, not at the review",
        unit="true/false",
        source=_FIRM,
    )
    fall: Literal["earned", "one"] = parameter(
        "earned", meaning="demotion to the tier that was earned, or by one at a time (soft landing)", source=_FIRM
    )
    grace: int = parameter(
        0, meaning="reviews in a row that may be failed before demotion", unit="reviews", low=0, high=20, source=_FIRM
    )
    keep: float = parameter(
        1.0, meaning="share of what reaches a tier that is enough to keep it", unit="share", low=0, high=1, source=_FIRM
    )
    match: bool = parameter(
        False,
        meaning="new members get the tier that their buying in the whole category would have earned",
        unit="true/false",
        source=_FIRM,
    )
    lifetime: float | None = parameter(
        None,
        meaning="spending in all from which a tier is kept for life; empty: none is",
        unit="currency",
        low=0,
        high=1e7,
        source=_FIRM,
    )
    lifetime_level: int = parameter(1, meaning="the tier that is kept then", unit="tier", low=1, high=3, source=_FIRM)

    @model_validator(mode="after")
    def _rises(self) -> Tier:
        reach = [level.reach for level in self.levels]
        if any(one >= other for one, other in zip(reach, reach[1:], strict=False)):
            raise ValueError(f"levels: reach {reach} must rise from tier to tier")
        if self.lifetime is not None and self.lifetime_level > len(self.levels):
            raise ValueError(f"lifetime_level ({self.lifetime_level}): there are {len(self.levels)} levels")
        return self


class Benefit(Section):
    """What members get besides credits, and what it costs."""

    discount: float = parameter(0.0, meaning="discount on everything", unit="share of price", low=0, high=0.95)
    service: float = parameter(0.0, meaning="better service", unit="points", low=0, high=5)
    liking: float = parameter(0.0, meaning="standing utility (magazine, status symbol)", unit="utility", low=0, high=5)
    community: float = parameter(
        0.0,
        meaning="share of the way to full commitment that a purchase as a member makes (events, community); needs "
        "commitment to be on",
        unit="per purchase",
        low=0,
        high=1,
        source="Algesheimer, Dholakia & Herrmann 2005 (sign); value an assumption",
    )
    per_month: float = parameter(
        0.0, meaning="worth of what members get without buying (a box, streaming)", unit="currency", low=0, high=1e5
    )
    member_cost: float = parameter(
        0.0, meaning="cost of a member (magazine, hotline, events, boxes)", unit="currency per year", low=0, high=1e5,
        source=_FIRM,
    )  # fmt: skip
    purchase_cost: float = parameter(
        0.0,
        meaning="cost of a member's purchase (free delivery, service)",
        unit="currency",
        low=0,
        high=1e5,
        source=_FIRM,
    )


class Fee(Section):
    """What membership costs."""

    amount: float = parameter(
        0.0, meaning="fee of one membership period", unit="currency", low=0, high=1e5, source=_FIRM
    )
    months: float = parameter(
        12.0, meaning="length of a membership period", unit="months", low=0.25, high=60, source=_FIRM
    )
    trial: float = parameter(
        0.0, meaning="free time at the beginning of the first membership", unit="months", low=0, high=60, source=_FIRM
    )


class Partners(Section):
    """Earning and redeeming at partners outside the market, and the settlement with them."""

    purchases: float = parameter(
        0.0, meaning="purchases of a member from partners", unit="per month", low=0, high=100, source=_FIRM
    )
    credits: int = parameter(0, meaning="credits for each", unit="credits", low=0, high=1_000_000, source=_FIRM)
    pays: float = parameter(
        0.0, meaning="what partners pay the firm for a credit issued", unit="currency", low=0, high=1000, source=_FIRM
    )
    redeem_share: float = parameter(
        0.0, meaning="share of rewards that members take at partners", unit="share", low=0, high=1, source=_FIRM
    )
    is_paid: float = parameter(
        0.0,
        meaning="what the firm pays partners for a credit redeemed",
        unit="currency",
        low=0,
        high=1000,
        source=_FIRM,
    )
    member_fee: float = parameter(
        0.0,
        meaning="what a co-branding partner pays for a member",
        unit="currency per year",
        low=0,
        high=1e5,
        source=_FIRM,
    )
