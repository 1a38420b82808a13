"""The primitive mechanics of a programme, as the engine reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

MAX_TIERS = 3  # above the basic one
PROGRAMMES_PER_FIRM = 32  # the names of their draws are built from firm and position


@dataclass(frozen=True)
class Terms:
    """What members of one programme pay, earn, hold and get.

    Money in cents, time in periods, credits in points or stamps. A field left at its default is a mechanic that is not
    used. `threshold` 0 means there is nothing to redeem; `expiry` 0 means that credits last for ever.
    """

    start: int
    stop: int
    automatic: bool = False
    exposure: float = 1.0
    fee: int = 0
    fee_periods: int = 0
    yearly_fee: float = 0.0  # what the fees of a year come to
    earn_purchase: float = 0.0
    earn_money: float = 0.0
    head_start: int = 0
    threshold: int = 0
    reward_value: float = 0.0
    reward_cost: float = 0.0
    expiry: int = 0
    expiry_by_inactivity: bool = False
    lot_periods: int = 1
    discount: float = 0.0
    service_bonus: float = 0.0
    can_be_abandoned: bool = False
    tier_periods: int = 0
    tier_spend: tuple[float, ...] = ()
    tier_earn: tuple[float, ...] = ()
    tier_liking: tuple[float, ...] = ()
    fixed_cost: float = 0.0  # cents per period
    member_cost: float = 0.0  # cents per member and period
    benefit_cost: float = 0.0  # cents per member's purchase

    @property
    def lots(self) -> int:
        """Lots that have to be kept apart: one unless credits expire by age."""
        if self.expiry == 0 or self.expiry_by_inactivity or self.threshold == 0:
            return 1
        return -(-self.expiry // self.lot_periods) + 1


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


@dataclass(frozen=True)
class Mechanics:
    """Everything one programme does: terms for members, changes of levers for everybody, or both."""

    terms: tuple[Terms, ...] = field(default=())
    levers: tuple[LeverChange, ...] = field(default=())


class TermsArrays(NamedTuple):
    """The terms of all programmes of a market, one row each (P rows); what the compiled engine is given."""

    firm: np.ndarray
    stream: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    automatic: np.ndarray
    exposure: np.ndarray
    fee: np.ndarray
    fee_periods: np.ndarray
    yearly_fee: np.ndarray
    earn_purchase: np.ndarray
    earn_money: np.ndarray
    head_start: np.ndarray
    threshold: np.ndarray
    reward_value: np.ndarray
    expiry: np.ndarray
    expiry_by_inactivity: np.ndarray
    lot_periods: np.ndarray
    lot_first: np.ndarray
    lot_count: np.ndarray
    discount: np.ndarray
    service_bonus: np.ndarray
    can_be_abandoned: np.ndarray
    tier_row: np.ndarray
    tier_count: np.ndarray
    tier_periods: np.ndarray
    tier_spend: np.ndarray
    tier_earn: np.ndarray
    tier_liking: np.ndarray


_INTEGERS = (
    "start", "stop", "automatic", "fee", "fee_periods", "head_start", "threshold", "expiry", "expiry_by_inactivity",
    "lot_periods", "can_be_abandoned", "tier_periods",
)  # fmt: skip
_FLOATS = ("exposure", "yearly_fee", "earn_purchase", "earn_money", "reward_value", "discount", "service_bonus")


def stack_terms(terms: list[tuple[int, int, Terms]]) -> TermsArrays:
    """Arrays of (firm, position within the firm, terms) rows; integers are int32, numbers float32."""
    rows = [t for _, _, t in terms]
    columns: dict[str, np.ndarray] = {
        "firm": np.array([firm for firm, _, _ in terms], np.int32),
        # A draw is named by firm and position in it, so a programme added elsewhere changes nobody's luck.
        "stream": np.array([firm * PROGRAMMES_PER_FIRM + k for firm, k, _ in terms], np.int32),
    }
    for name in _INTEGERS:
        columns[name] = np.array([getattr(t, name) for t in rows], np.int32)
    for name in _FLOATS:
        columns[name] = np.array([getattr(t, name) for t in rows], np.float32)
    columns["lot_count"] = np.array([t.lots for t in rows], np.int32)
    columns["lot_first"] = np.concatenate([[0], np.cumsum(columns["lot_count"])[:-1]]).astype(np.int32)[: len(rows)]
    has_tiers = np.array([len(t.tier_spend) > 0 for t in rows], bool)
    columns["tier_row"] = np.where(has_tiers, np.cumsum(has_tiers) - 1, -1).astype(np.int32)
    columns["tier_count"] = np.array([len(t.tier_spend) for t in rows], np.int32)

    def padded(name: str, fill: float) -> np.ndarray:
        table = np.full((len(rows), MAX_TIERS), fill, np.float32)
        for p, t in enumerate(rows):
            values = getattr(t, name)
            table[p, : len(values)] = values
        return table

    columns["tier_spend"] = padded("tier_spend", np.inf)
    columns["tier_earn"] = padded("tier_earn", 1.0)
    columns["tier_liking"] = padded("tier_liking", 0.0)
    return TermsArrays(**columns)
