"""The terms of one programme, as a customer's card states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.engine.maths import ZERO
from goodwill.programmes.terms import TermsArrays

_HUNDRED = np.float32(100.0)


@dataclass(frozen=True)
class Card:
    """One row of the market's terms. Money in cents, time in periods, credits in points or stamps; see `Terms`."""

    row: int  # place among the programmes of the market
    firm: int
    stream: int  # names its draws
    start: int
    stop: int
    automatic: int
    exposure: np.float32
    fee: int
    fee_periods: int
    yearly_fee: np.float32
    earn_purchase: np.float32
    earn_money: np.float32
    head_start: int
    threshold: int
    reward_value: np.float32
    expiry: int
    expiry_by_inactivity: int
    lot_periods: int
    lot_first: int
    lot_count: int
    discount: np.float32
    service_bonus: np.float32
    can_be_abandoned: int
    tier_row: int
    tier_count: int
    tier_periods: int
    tier_spend: np.ndarray
    tier_earn: np.ndarray
    tier_liking: np.ndarray

    def runs(self, t: int) -> bool:
        """Whether the programme runs in period t."""
        return self.start <= t < self.stop

    @property
    def has_goal(self) -> bool:
        """Whether there is a reward worth having to save for."""
        return self.threshold > 0 and bool(self.reward_value > ZERO)

    def lot_of(self, t: int) -> int:
        """The lot in which what is earned in period t is kept; lots are used in turn."""
        return self.lot_first + (t // self.lot_periods) % self.lot_count

    @property
    def lots(self) -> range:
        """Its lots among those of the market."""
        return range(self.lot_first, self.lot_first + self.lot_count)

    def credit(self, cents: np.float32) -> np.float32:
        """Credits, not yet rounded, for a purchase of so many cents in the basic tier."""
        return self.earn_purchase + self.earn_money * cents / _HUNDRED

    def benefit_per_purchase(self, usual_spend: np.float32, points_value: np.float32) -> np.float32:
        """What membership brings with one usual purchase, as a share of it."""
        share = self.discount
        if self.threshold > 0:
            worth = points_value * self.reward_value / usual_spend
            share = share + worth * (self.credit(usual_spend) / np.float32(self.threshold))
        return np.float32(share)


def cards_of(terms: TermsArrays) -> list[Card]:
    """One card for each programme of a market."""

    def entry(column: np.ndarray, q: int) -> Any:
        return int(column[q]) if column.dtype.kind == "i" else column[q]

    columns = terms._asdict()
    return [Card(row=q, **{name: entry(a, q) for name, a in columns.items()}) for q in range(len(terms.firm))]
