"""The programme in full: nine sections that can be combined at will; every other programme for members is a short form of it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.sections import Benefit, Burn, Earn, Expire, Fee, Hold, Join, Partners, Tier
from goodwill.programmes.terms import (
    ANNIVERSARY,
    BY_AGE,
    BY_CREDITS,
    BY_INACTIVITY,
    BY_SPEND,
    BY_VISITS,
    CALENDAR,
    NO_EXPIRY,
    ON_A_DATE,
    ROLLING,
    ROLLING_PARTS,
    Mechanics,
    Terms,
)
from goodwill.scenario.declare import section

_EXPIRY = {"never": NO_EXPIRY, "age": BY_AGE, "inactivity": BY_INACTIVITY, "date": ON_A_DATE}
_BASIS = {"spend": BY_SPEND, "visits": BY_VISITS, "credits": BY_CREDITS}
_WINDOW = {"calendar": CALENDAR, "anniversary": ANNIVERSARY, "rolling": ROLLING}


class LoyaltyProgramme(Programme):
    """Any combination of joining, earning, holding, expiry, burning, tiers, benefits, fees and partners."""

    kind: Literal["programme"] = "programme"
    summary: ClassVar[str] = (
        "the language: join, earn, hold, expire, burn, tier, benefit, fee, partners in any combination"
    )
    sources: ClassVar[tuple[str, ...]] = ("Lewis 2004", "Stourm, Bradlow & Fader 2015", "Dreze & Nunes 2004; 2009")
    budget_levers: ClassVar[tuple[str, ...]] = ("burn.rewards", "burn.credit_value", "benefit.discount")

    join: Join = section(Join, "how one becomes a member, and what binds one")
    earn: Earn = section(Earn, "what earns credits")
    hold: Hold = section(Hold, "how credits are held")
    expire: Expire = section(Expire, "when they are lost")
    burn: Burn = section(Burn, "what they can be used for")
    tier: Tier = section(Tier, "status")
    benefit: Benefit = section(Benefit, "what members get besides")
    fee: Fee = section(Fee, "what membership costs")
    partners: Partners = section(Partners, "earning and redeeming elsewhere")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        rewards, earn, hold = self.burn.rewards, self.earn, self.hold
        if rewards and self.join.welcome >= rewards[0].credits and self.burn.card:
            raise ValueError(
                f"join.welcome ({self.join.welcome}) must be smaller than the credits of a full card ({rewards[0].credits})"
            )
        earns = earn.per_currency > 0 or earn.per_purchase > 0 or self.partners.credits > 0 or hold.load > 0
        if (rewards or self.burn.credit_value > 0) and not (earns or self.join.welcome):
            raise ValueError("burn: nothing earns credits; set earn.per_currency or earn.per_purchase")
        if hold.load > 0 and (rewards or self.partners.credits or earn.per_currency or earn.per_purchase):
            raise ValueError("hold.load: stored value is money, not points; give points by a second programme")
        if self.join.binding and self.join.term is None:
            raise ValueError("join.binding: give the minimum term (join.term)")
        if self.join.exit_fee > 0 and self.join.term is None:
            raise ValueError("join.exit_fee: give the minimum term (join.term)")
        if hold.bonus > 0 and hold.load == 0:
            raise ValueError("hold.bonus: give what is paid in at a time (hold.load)")
        return self

    def scaled(self, factor: float) -> LoyaltyProgramme:
        """The same with what members get, rewards or else the discount, multiplied."""
        content: dict[str, Any] = self.model_dump()
        for reward in content["burn"]["rewards"]:
            reward["value"] *= factor
        if self.hold.load == 0:
            content["burn"]["credit_value"] *= factor
        content["benefit"]["discount"] *= factor
        return type(self).model_validate(content)

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """The sections as primitive mechanics; money in cents, time in periods."""
        start, stop = self.span(calendar)
        terms = Terms(
            start=start,
            stop=stop,
            fixed_cost=self.fixed_cents(calendar),
            **self._joining(calendar),
            **self._earning(calendar),
            **self._holding(calendar),
            **self._burning(),
            **self._tiers(calendar),
            **self._benefits(calendar),
            **self._partners(calendar),
        )
        return Mechanics(terms=(terms,))

    def _joining(self, calendar: Calendar) -> dict[str, Any]:
        join, fee = self.join, self.fee
        paid = fee.amount > 0
        return {
            "automatic": join.automatic,
            "exposure": join.visibility,
            "holdout": join.holdout,
            "holdout_exposure": join.holdout_visibility,
            "head_start": join.welcome,
            "term": 0 if join.term is None else calendar.periods_of(join.term),
            "exit_fee": round(100 * join.exit_fee),
            "binding": join.binding,
            "fee": round(100 * fee.amount),
            "fee_periods": calendar.periods_of(fee.months) if paid else 0,
            "yearly_fee": 100 * fee.amount * 12 / fee.months,
            "trial": calendar.periods_of(fee.trial) if paid and fee.trial > 0 else 0,
        }

    def _earning(self, calendar: Calendar) -> dict[str, Any]:
        earn = self.earn
        campaigns = tuple(
            (
                round(c.after * calendar.periods_per_year / 12),
                calendar.periods_of(c.months),
                0 if c.every is None else calendar.periods_of(c.every),
                c.factor,
            )
            for c in earn.campaigns
        )
        return {
            "earn_purchase": earn.per_purchase,
            "earn_money": earn.per_currency,
            "earn_lines": earn.per_currency * earn.extra_lines,
            "earn_cap": earn.cap_per_purchase or 0,
            "period_cap": earn.cap_per_period or 0,
            "velocity": earn.velocity or 0,
            "campaigns": campaigns,
        }

    def _holding(self, calendar: Calendar) -> dict[str, Any]:
        hold, expire = self.hold, self.expire
        rule = _EXPIRY[expire.rule]
        return {
            "pending": calendar.periods_of(hold.pending) if hold.pending > 0 else 0,
            "household": hold.household,
            "load": round(100 * hold.load),
            "load_bonus": hold.bonus,
            "expiry": 0 if rule == NO_EXPIRY else calendar.periods_of(expire.months),
            "expiry_rule": rule,
            "expiry_shift": round(expire.shift * calendar.periods_per_year / 12),
            "lot_periods": calendar.periods_of(expire.lot) if rule == BY_AGE else 1,
        }

    def _burning(self) -> dict[str, Any]:
        burn = self.burn
        ladder = tuple((r.credits, 100 * r.value, 100 * r.value * r.cost_share) for r in burn.rewards)
        first = ladder[0] if ladder else (0, 0.0, 0.0)
        stored = self.hold.load > 0
        return {
            "threshold": first[0],
            "reward_value": first[1],
            "reward_cost": first[2],
            "ladder": ladder[1:],
            "at_once": burn.automatic,
            "pay_value": 1.0 if stored else 100 * burn.credit_value,  # stored value is held in cents
            "pay_minimum": 1 if stored else burn.minimum,
            "can_be_abandoned": burn.card,
        }

    def _tiers(self, calendar: Calendar) -> dict[str, Any]:
        tier = self.tier
        if not tier.levels:
            return {}
        unit = 100 if tier.by == "spend" else 1
        periods = calendar.periods_of(tier.months)
        rolling = tier.window == "rolling"
        return {
            # A rolling period has parts of equal length.
            "tier_periods": max(1, round(periods / ROLLING_PARTS)) * ROLLING_PARTS if rolling else periods,
            "tier_window": _WINDOW[tier.window],
            "tier_basis": _BASIS[tier.by],
            "tier_spend": tuple(unit * level.reach for level in tier.levels),
            "tier_earn": tuple(level.earn for level in tier.levels),
            "tier_liking": tuple(level.liking for level in tier.levels),
            "tier_service": tuple(level.service for level in tier.levels),
            "tier_discount": tuple(level.discount for level in tier.levels),
            "tier_at_once": tier.at_once,
            "tier_one_down": tier.fall == "one",
            "tier_grace": tier.grace,
            "tier_keep": tier.keep,
            "tier_match": tier.match,
            "lifetime_spend": 0.0 if tier.lifetime is None else 100 * tier.lifetime,
            "lifetime_tier": 0 if tier.lifetime is None else tier.lifetime_level,
        }

    def _benefits(self, calendar: Calendar) -> dict[str, Any]:
        benefit = self.benefit
        return {
            "discount": benefit.discount,
            "service_bonus": benefit.service,
            "liking": benefit.liking,
            "community": benefit.community,
            "period_benefit": 100 * benefit.per_month * 12 / calendar.periods_per_year,
            "member_cost": 100 * benefit.member_cost / calendar.periods_per_year,
            "benefit_cost": 100 * benefit.purchase_cost,
        }

    def _partners(self, calendar: Calendar) -> dict[str, Any]:
        partners = self.partners
        return {
            "partner_rate": partners.purchases * 12 / calendar.periods_per_year if partners.credits else 0.0,
            "partner_credits": partners.credits,
            "partner_price": 100 * partners.pays,
            "partner_share": partners.redeem_share,
            "partner_cost": 100 * partners.is_paid,
            "partner_fee": 100 * partners.member_fee / calendar.periods_per_year,
        }
