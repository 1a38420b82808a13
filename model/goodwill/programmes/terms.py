"""The primitive mechanics of a programme, as the engine reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

EXPERIENCE_KINDS = 5
MAX_TIERS = 3  # above the basic one
MAX_REWARDS = 4  # steps of a reward ladder
MAX_CAMPAIGNS = 3
ROLLING_PARTS = 4  # a rolling qualifying period moves on by a quarter of itself
PROGRAMMES_PER_FIRM = 32  # the names of their draws are built from firm and position

NO_EXPIRY, BY_AGE, BY_INACTIVITY, ON_A_DATE = 0, 1, 2, 3  # how credits expire
BY_SPEND, BY_VISITS, BY_CREDITS = 0, 1, 2  # what qualifies for a tier
CALENDAR, ANNIVERSARY, ROLLING = 0, 1, 2  # the period in which it qualifies
NEVER_MEMBER, WAS_MEMBER, HELD_OUT = -1, -2, -3  # instead of the period of joining; held out: never member either


@dataclass(frozen=True)
class Terms:
    """What members of one programme pay, earn, hold and get.

    Money in cents, time in periods, credits in points or stamps. A field left at its default is a mechanic that is not
    used. `threshold` 0 means there is no reward to redeem; the steps of a ladder above the first are in `ladder`.
    """

    start: int
    stop: int
    # join
    automatic: bool = False
    exposure: float = 1.0
    holdout: float = 0.0  # share of customers kept out at random
    holdout_exposure: float = 0.0  # what is left of `exposure` for them
    head_start: int = 0  # credits, once per customer
    term: int = 0  # periods for which a member is bound
    exit_fee: int = 0
    binding: bool = False  # while bound, nobody can leave for a rival
    # fee
    fee: int = 0
    fee_periods: int = 0
    yearly_fee: float = 0.0  # what the fees of a year come to
    trial: int = 0  # free periods of a first membership
    # earn
    earn_purchase: float = 0.0
    earn_money: float = 0.0
    earn_lines: float = 0.0  # credits per unit of currency paid for extra lines
    earn_cap: int = 0  # credits per purchase
    period_cap: int = 0  # credits per period
    velocity: int = 0  # purchases per period that count
    campaigns: tuple[tuple[int, int, int, float], ...] = ()  # first, length, every (0: once), factor; from `start` on
    # hold
    pending: int = 0
    household: int = 1
    load: int = 0  # cents paid in at a time; makes the credits stored value
    load_bonus: float = 0.0  # share of it added
    # expire
    expiry: int = 0
    expiry_rule: int = BY_AGE
    expiry_shift: int = 0  # periods by which the date of expiry follows the end of a round
    lot_periods: int = 1
    # burn
    threshold: int = 0
    reward_value: float = 0.0
    reward_cost: float = 0.0
    ladder: tuple[tuple[int, float, float], ...] = ()  # threshold, value and cost of the further rewards
    at_once: bool = False  # a reward is given as soon as it is earned
    pay_value: float = 0.0  # cents that one credit pays at the till
    pay_minimum: int = 0
    can_be_abandoned: bool = False
    # tier
    tier_periods: int = 0
    tier_window: int = CALENDAR
    tier_basis: int = BY_SPEND
    tier_spend: tuple[float, ...] = ()  # cents, visits or credits
    tier_earn: tuple[float, ...] = ()
    tier_liking: tuple[float, ...] = ()
    tier_service: tuple[float, ...] = ()
    tier_discount: tuple[float, ...] = ()
    tier_at_once: bool = False  # promotion in the period in which it is earned
    tier_one_down: bool = False  # demotion by one tier at a time
    tier_grace: int = 0  # reviews that may be failed
    tier_keep: float = 1.0  # share of the entry requirement that keeps a tier
    tier_match: bool = False
    lifetime_spend: float = 0.0  # cents
    lifetime_tier: int = 0
    # benefit
    discount: float = 0.0
    service_bonus: float = 0.0
    liking: float = 0.0
    community: float = 0.0
    experiences: tuple[float, ...] = ()  # points of sense, feel, think, act, relate at a member's visit
    period_benefit: float = 0.0  # cents of worth per period
    # partners
    partner_rate: float = 0.0  # purchases from partners per period
    partner_credits: int = 0  # for each
    partner_price: float = 0.0  # cents a partner pays for a credit issued
    partner_share: float = 0.0  # rewards that are taken at a partner
    partner_cost: float = 0.0  # cents paid for a credit redeemed there
    partner_fee: float = 0.0  # cents a partner pays per member and period
    # costs
    fixed_cost: float = 0.0  # cents per period
    member_cost: float = 0.0  # cents per member and period
    benefit_cost: float = 0.0  # cents per member's purchase
    gift_worth: float = 0.0  # cents
    gift_cost: float = 0.0  # cents
    gift_welcome: bool = False  # on joining
    gift_birthday: bool = False  # every year
    gift_surprise: float = 0.0  # chance per member and period
    referral_reward: float = 0.0  # cents of worth to the referrer for a newcomer who bought
    referral_cost: float = 0.0  # cents for each such reward
    referral_welcome: float = 0.0  # cents off the newcomer's first purchase
    referral_valid: int = 0  # periods for which that is valid
    referral_cap: int = 0  # most rewards of a member

    @property
    def rewards(self) -> tuple[tuple[int, float, float], ...]:
        """The whole ladder: threshold, value and cost of each reward, the smallest first."""
        return ((self.threshold, self.reward_value, self.reward_cost), *self.ladder) if self.threshold else ()

    @property
    def holds(self) -> bool:
        """Whether credits are of any use."""
        return self.threshold > 0 or self.pay_value > 0

    @property
    def lots(self) -> int:
        """Lots of usable credits that have to be kept apart: one unless credits expire by age."""
        if self.expiry == 0 or self.expiry_rule != BY_AGE or not self.holds:
            return 1
        return -(-self.expiry // self.lot_periods) + 1

    @property
    def limited(self) -> bool:
        """Whether what is earned in a period has to be counted."""
        return self.period_cap > 0 or self.velocity > 0

    @property
    def credit_worth(self) -> float:
        """Cents a credit is worth to a member at its best use."""
        return max([value / threshold for threshold, value, _ in self.rewards] + [self.pay_value])

    @property
    def cost_per_credit(self) -> float:
        """Cents a credit costs the firm at its dearest use; 0 when there is nothing to redeem."""
        return max([cost / threshold for threshold, _, cost in self.rewards] + [self.pay_value])


@dataclass(frozen=True)
class LeverChange:
    """A change of a firm's levers between two periods, felt by every customer."""

    start: int
    stop: int
    price_factor: float = 1.0
    service_gain: float = 0.0
    inconsistency_factor: float = 1.0
    fixed_cost: float = 0.0  # cents per period
    cost_per_purchase: float = 0.0  # cents
    value: tuple[float, ...] = ()  # points of the eight kinds of value and cost
    experiences: tuple[float, ...] = ()  # points of sense, feel, think, act, relate
    outreach: Mapping[str, float] = field(default_factory=dict)  # levers by name as in `Levers`, set in the span
    outreach_costs: Mapping[str, float] = field(default_factory=dict)  # cents for each of what the firms' totals count


@dataclass(frozen=True)
class Mechanics:
    """Everything one programme does: terms for members, changes of levers for everybody, or both."""

    terms: tuple[Terms, ...] = field(default=())
    levers: tuple[LeverChange, ...] = field(default=())


class TermsArrays(NamedTuple):
    """The terms of all programmes of a market, one row each (P rows); what the compiled engine is given.

    The `..._row` columns say which row of an array of `Members` belongs to the programme, -1 for none.
    """

    firm: np.ndarray
    stream: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    automatic: np.ndarray
    exposure: np.ndarray
    holdout: np.ndarray
    holdout_exposure: np.ndarray
    head_start: np.ndarray
    term: np.ndarray
    exit_fee: np.ndarray
    binding: np.ndarray
    bond_row: np.ndarray
    fee: np.ndarray
    first_fee: np.ndarray  # fee on joining, and on joining again
    later_fee: np.ndarray
    fee_periods: np.ndarray
    yearly_fee: np.ndarray
    trial: np.ndarray
    earn_purchase: np.ndarray
    earn_money: np.ndarray
    earn_lines: np.ndarray
    earn_cap: np.ndarray
    period_cap: np.ndarray
    velocity: np.ndarray
    limit_row: np.ndarray
    campaign_first: np.ndarray  # [P, MAX_CAMPAIGNS]
    campaign_length: np.ndarray
    campaign_every: np.ndarray
    campaign_factor: np.ndarray
    pending: np.ndarray
    household: np.ndarray
    pool_row: np.ndarray
    load: np.ndarray  # credits
    load_bonus: np.ndarray
    load_extra: np.ndarray  # credits
    expiry: np.ndarray
    expiry_rule: np.ndarray
    expiry_shift: np.ndarray
    lot_periods: np.ndarray
    lot_first: np.ndarray
    lot_count: np.ndarray
    holds: np.ndarray
    threshold: np.ndarray
    reward_value: np.ndarray
    rewards: np.ndarray  # number of steps of the ladder
    step_threshold: np.ndarray  # [P, MAX_REWARDS]
    step_value: np.ndarray
    step_cents: np.ndarray  # value and cost in whole cents
    step_cost: np.ndarray
    step_better: np.ndarray  # by how much a credit is worth more one step further on, as a share
    at_once: np.ndarray
    pay_value: np.ndarray
    pay_minimum: np.ndarray
    credit_worth: np.ndarray
    can_be_abandoned: np.ndarray
    tier_row: np.ndarray
    tier_count: np.ndarray
    tier_first: np.ndarray  # its first row of qualifying amounts
    tier_parts: np.ndarray  # and how many it has
    tier_periods: np.ndarray
    tier_window: np.ndarray
    tier_basis: np.ndarray
    tier_perks: np.ndarray  # 1: tiers bring service or a discount
    tier_at_once: np.ndarray
    tier_one_down: np.ndarray
    tier_grace: np.ndarray
    tier_keep: np.ndarray
    tier_match: np.ndarray
    lifetime_spend: np.ndarray
    lifetime_tier: np.ndarray
    tier_spend: np.ndarray  # [P, MAX_TIERS]
    tier_earn: np.ndarray
    tier_liking: np.ndarray
    tier_service: np.ndarray
    tier_discount: np.ndarray
    discount: np.ndarray
    service_bonus: np.ndarray
    liking: np.ndarray
    community: np.ndarray
    experiences: np.ndarray  # [P, 5]
    stages: np.ndarray  # 1: any of them is staged
    period_benefit: np.ndarray
    partner_rate: np.ndarray
    partner_credits: np.ndarray
    partner_share: np.ndarray
    gift_worth: np.ndarray
    gift_welcome: np.ndarray
    gift_birthday: np.ndarray
    gift_surprise: np.ndarray
    referral_reward: np.ndarray
    referral_welcome: np.ndarray
    referral_valid: np.ndarray
    referral_cap: np.ndarray


# Columns taken over from the fields of `Terms` as they are.
_INTEGERS = (
    "start", "stop", "automatic", "head_start", "term", "exit_fee", "binding", "fee", "fee_periods", "trial", "earn_cap",
    "period_cap", "velocity", "pending", "household", "expiry", "expiry_rule", "expiry_shift", "lot_periods", "holds",
    "threshold", "at_once", "pay_minimum", "can_be_abandoned", "tier_periods", "tier_window", "tier_basis", "tier_at_once",
    "tier_one_down", "tier_grace", "tier_match", "lifetime_tier", "partner_credits",
    "gift_welcome", "gift_birthday", "referral_valid", "referral_cap",
)  # fmt: skip
_FLOATS = (
    "exposure", "holdout", "holdout_exposure", "yearly_fee", "earn_purchase", "earn_money", "earn_lines", "load_bonus",
    "reward_value", "pay_value", "credit_worth",
    "tier_keep", "lifetime_spend", "discount", "service_bonus", "liking", "community", "period_benefit", "partner_rate",
    "partner_share", "gift_worth", "gift_surprise", "referral_reward", "referral_welcome",
)  # fmt: skip


def _rows(wanted: list[bool]) -> np.ndarray:
    """Numbers 0, 1, ... for those wanted, -1 for the others."""
    mask = np.array(wanted, bool)
    return np.where(mask, np.cumsum(mask) - 1, -1).astype(np.int32)


def _starts(counts: list[int]) -> np.ndarray:
    """Where each begins when they lie one after the other."""
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)[: len(counts)]


def _table(rows: list[list[float]], width: int, fill: float, kind: type = np.float32) -> np.ndarray:
    """A table with a row for each list, filled up to the width."""
    table: np.ndarray = np.full((len(rows), width), fill, kind)
    for x, row in enumerate(rows):
        table[x, : len(row)] = row
    return table


def _better(terms: Terms) -> list[float]:
    worth = [value / threshold for threshold, value, _ in terms.rewards]
    return [max(0.0, after / now - 1) if now > 0 else 0.0 for now, after in zip(worth, [*worth[1:], 0.0], strict=False)]


def stack_terms(terms: list[tuple[int, int, Terms]]) -> TermsArrays:
    """Arrays of (firm, position within the firm, terms) rows; integers are int32, numbers float32."""
    rows = [t for _, _, t in terms]

    def integers(values: list[int]) -> np.ndarray:
        return np.array(values, np.int32)

    columns: dict[str, np.ndarray] = {
        "firm": integers([firm for firm, _, _ in terms]),
        # A draw is named by firm and position in it, so a programme added elsewhere changes nobody's luck.
        "stream": integers([firm * PROGRAMMES_PER_FIRM + k for firm, k, _ in terms]),
    }
    for name in _INTEGERS:
        columns[name] = integers([int(getattr(t, name)) for t in rows])
    for name in _FLOATS:
        columns[name] = np.array([getattr(t, name) for t in rows], np.float32)
    trial_part = [round(t.fee * t.trial / t.fee_periods) if t.trial and t.fee_periods else t.fee for t in rows]
    columns["first_fee"] = integers([0 if t.trial else t.fee for t in rows])
    columns["later_fee"] = integers(trial_part)
    columns["bond_row"] = _rows([t.binding and t.term > 0 for t in rows])
    columns["limit_row"] = _rows([t.limited for t in rows])
    columns["pool_row"] = _rows([t.household > 1 and t.holds for t in rows])
    columns["load"] = integers([round(t.load / t.pay_value) if t.pay_value else 0 for t in rows])
    columns["load_extra"] = integers([round(t.load * t.load_bonus / t.pay_value) if t.pay_value else 0 for t in rows])
    columns["lot_count"] = integers([t.lots for t in rows])
    columns["lot_first"] = _starts([t.lots + t.pending for t in rows])
    columns["rewards"] = integers([len(t.rewards) for t in rows])
    columns["step_threshold"] = _table([[s[0] for s in t.rewards] for t in rows], MAX_REWARDS, np.inf)
    columns["step_value"] = _table([[s[1] for s in t.rewards] for t in rows], MAX_REWARDS, 0.0)
    columns["step_cents"] = _table([[round(s[1]) for s in t.rewards] for t in rows], MAX_REWARDS, 0, np.int32)
    columns["step_cost"] = _table([[round(s[2]) for s in t.rewards] for t in rows], MAX_REWARDS, 0, np.int32)
    columns["step_better"] = _table([_better(t) for t in rows], MAX_REWARDS, 0.0)
    for x, (name, fill) in enumerate((("first", 0), ("length", 0), ("every", 0))):
        columns[f"campaign_{name}"] = _table([[c[x] for c in t.campaigns] for t in rows], MAX_CAMPAIGNS, fill, np.int32)
    columns["campaign_factor"] = _table([[c[3] for c in t.campaigns] for t in rows], MAX_CAMPAIGNS, 1.0)
    parts = [(ROLLING_PARTS if t.tier_window == ROLLING else 1) if t.tier_spend else 0 for t in rows]
    columns["tier_row"] = _rows([len(t.tier_spend) > 0 for t in rows])
    columns["tier_count"] = integers([len(t.tier_spend) for t in rows])
    columns["tier_parts"] = integers(parts)
    columns["tier_first"] = _starts(parts)
    columns["tier_perks"] = integers([int(any((*t.tier_service, *t.tier_discount))) for t in rows])
    columns["tier_spend"] = _table([list(t.tier_spend) for t in rows], MAX_TIERS, np.inf)
    columns["tier_earn"] = _table([list(t.tier_earn) for t in rows], MAX_TIERS, 1.0)
    for name in ("tier_liking", "tier_service", "tier_discount"):
        columns[name] = _table([list(getattr(t, name)) for t in rows], MAX_TIERS, 0.0)
    columns["experiences"] = _table([list(t.experiences) for t in rows], EXPERIENCE_KINDS, 0.0)
    columns["stages"] = integers([int(any(t.experiences)) for t in rows])
    return TermsArrays(**columns)
