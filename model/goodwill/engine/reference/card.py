"""The terms of one programme, as a customer's card states them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.programmes.terms import TermsArrays

_HUNDRED = np.float32(100.0)


class Card:
    """One row of the market's terms; its attributes are the columns of `TermsArrays`: whole numbers, numbers or rows of numbers.

    Money in cents, time in periods, credits in points or stamps; `Terms` says what each is.
    """

    def __init__(self, row: int, terms: TermsArrays) -> None:
        self.row = row  # place among the programmes of the market
        self._terms = terms

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        column = getattr(self._terms, name)
        # Read each time: a firm may change its terms from one period to the next.
        return int(column[self.row]) if column.dtype.kind == "i" and column.ndim == 1 else column[self.row]

    def runs(self, t: int) -> bool:
        """Whether the programme runs in period t."""
        return bool(self.start <= t < self.stop)

    @property
    def has_goal(self) -> bool:
        """Whether there is a reward worth having to save for."""
        return self.threshold > 0 and bool(self.reward_value > ZERO)

    def step_above(self, balance: np.float32) -> int:
        """Number of the next reward above a balance, or of the last of the ladder."""
        steps = (step for step in range(self.rewards - 1) if balance < self.step_threshold[step])
        return next(steps, self.rewards - 1)

    def goal_above(self, balance: int) -> np.float32:
        """What that reward takes."""
        return np.float32(self.step_threshold[self.step_above(np.float32(balance))])

    def lot_of(self, t: int) -> int:
        """The lot of usable credits of period t; lots are used in turn."""
        return int(self.lot_first + (t // self.lot_periods) % self.lot_count)

    def earning_lot(self, t: int) -> int:
        """The lot into which goes what is earned in period t: a pending one, where credits are not usable at once."""
        if self.pending > 0:
            return int(self.lot_first + self.lot_count + t % self.pending)
        return self.lot_of(t)

    @cached_property
    def lots(self) -> range:
        """Its lots of usable credits among those of the market."""
        return range(self.lot_first, self.lot_first + self.lot_count)

    @cached_property
    def all_lots(self) -> range:
        """Those and its lots of pending credits."""
        return range(self.lot_first, self.lot_first + self.lot_count + self.pending)

    @property
    def part_periods(self) -> int:
        """Length of one part of the qualifying period of its tiers."""
        return max(self.tier_periods // self.tier_parts, 1)

    def qualifying_part(self, t: int) -> int:
        """Row of the part of the qualifying period that period t belongs to."""
        return int(self.tier_first + (t // self.part_periods) % self.tier_parts)

    @property
    def qualifying_parts(self) -> range:
        """All of these rows."""
        return range(self.tier_first, self.tier_first + self.tier_parts)

    def campaign_factor(self, t: int) -> np.float32:
        """Product of the factors of all campaigns that run in period t."""
        factor = ONE
        for first, length, every, times in zip(
            self.campaign_first, self.campaign_length, self.campaign_every, self.campaign_factors, strict=True
        ):
            since = t - self.start - int(first)
            if since >= 0 and every > 0:
                since %= int(every)
            if 0 <= since < length:
                factor = factor * times
        return factor

    @property
    def campaign_factors(self) -> np.ndarray:
        """Factor of each campaign."""
        factors: np.ndarray = self._terms.campaign_factor[self.row]
        return factors

    def credit(self, cents: np.float32) -> np.float32:
        """Credits, not yet rounded, for a purchase of so many cents in the basic tier."""
        return np.float32(self.earn_purchase + self.earn_money * cents / _HUNDRED)

    def benefit_per_purchase(self, usual_spend: np.float32, points_value: np.float32) -> np.float32:
        """What membership brings with one usual purchase, as a share of it."""
        share = self.discount + self.load_bonus
        if self.holds:
            share = share + points_value * self.credit_worth * self.credit(usual_spend) / usual_spend
        return np.float32(share)


def cards_of(terms: TermsArrays) -> list[Card]:
    """One card for each programme of a market."""
    return [Card(q, terms) for q in range(len(terms.firm))]
