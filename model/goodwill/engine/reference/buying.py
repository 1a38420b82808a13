"""Step 4c: the purchase - quantity, money, the experience and what it does, habit, the customer's history."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from goodwill.engine.jit import interpreted
from goodwill.engine.maths import HALF, ONE, ZERO, exp32, normal_quantile32
from goodwill.engine.reference.choosing import Chooses

_exp, _normal = interpreted(exp32), interpreted(normal_quantile32)
_THOUSAND = np.float32(1000.0)
_MOST_VISITS, _MOST_CENTS = 32767, 2**31 - 1


@dataclass
class Purchase:
    """One purchase while it happens. Quantity in thousandths of a unit, money in cents, experience in service points."""

    trip: int
    occasion: int  # 2 * trip, plus one for its second brand
    firm: int
    milli: int
    cents: int
    visits_before: np.float32
    line_cents: int = 0  # paid for extra lines
    quantity: np.float32 = ZERO  # units, not rounded yet
    bonus: np.float32 = ZERO  # by how much what is delivered is better than usual: for members, for whom it suits
    credits_before: int | None = None  # None: not a member
    redeemed: int = 0
    experience: np.float32 = ZERO
    expected: np.float32 = ZERO
    value: np.float32 = ZERO  # of the disconfirmation
    satisfied: np.float32 = ZERO  # cumulative satisfaction after it
    delivered: np.float32 = ZERO  # value of the offer
    channels: list[np.float32] = field(default_factory=lambda: [ZERO] * 5)  # sense, feel, think, act, relate
    surprised: np.float32 = ZERO
    shortfall: np.float32 = ZERO  # lost to a failure
    lost: np.float32 = ZERO  # of it, after redress
    complaint: int = 0  # what became of a failure that made unhappy
    value_held_by: int = 0  # kinds of value without which he would have gone elsewhere


class Buys(Chooses):
    """What a purchase does to the customer."""

    bought = 0  # in this period, a bit per firm

    def start_purchase(self, trip: int, occasion: int, firm: int) -> Purchase:
        """How much is bought, and what it costs before members' discounts; the customer remembers that he was there."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        noise, sd = _normal(self.luck("quantity", occasion)), p.basket_sd
        quantity = _exp(c.log_basket[i] + sd * noise - HALF * sd * sd)
        milli = int(quantity * _THOUSAND + HALF)
        cents = int(np.float32(milli) * w.levers.price[w.t, firm] / _THOUSAND + HALF)
        cents = self.less_welcome(firm, cents)
        if c.rate.size:
            c.rate[firm, i] = w.rules.remember_purchase(c.rate[firm, i], self.periods_since(firm), p.programmes_memory)
        return Purchase(
            trip, occasion, firm, milli, cents, visits_before=np.float32(c.visits[firm, i]), quantity=quantity
        )

    def less_welcome(self, firm: int, cents: int) -> int:
        """What is to pay, less the welcome discount of a first purchase."""
        discount = self.world.levers.newcomer_discount[self.world.t, firm]
        return (
            int(np.float32(cents) * (ONE - discount) + HALF) if discount > ZERO and self.never_bought(firm) else cents
        )

    def experience_visit(self, buy: Purchase) -> None:
        """What the visit delivers, and what it does to the ideal, satisfaction, expectation and commitment."""
        w, c, p, r = self.world, self.world.customers, self.world.parameters, self.world.rules
        i, j = self.index, buy.firm
        level, spread = w.levers.service[w.t, j], w.levers.inconsistency[w.t, j]
        if p.value_on:
            level = level + buy.delivered
        noise = _normal(self.luck("experience", buy.occasion))
        buy.experience = r.experience_level(level + buy.bonus, spread, noise)
        # Without learning everybody knows what the firm delivers on average.
        buy.expected = c.expectation[j, i] if p.expectation_on else level
        ideal = c.ideal[j, i] if p.zone_on else buy.expected
        gap = r.outside_zone(buy.experience, buy.expected, ideal, p.zone_width if p.zone_on else ZERO)
        buy.value = r.disconfirmation_value(gap, p.satisfaction_loss_aversion, p.satisfaction_curvature)
        if p.zone_on:
            c.ideal[j, i] = r.update_ideal(ideal, buy.experience, p.zone_ideal_drift)
        if p.satisfaction_on:
            self.be_satisfied(buy)
        if p.expectation_on:
            gain = r.kalman_gain(c.uncertainty[j, i], p.expectation_noise)
            c.uncertainty[j, i] = r.update_uncertainty(c.uncertainty[j, i], gain, p.expectation_drift)
            c.expectation[j, i] = r.update_expectation(buy.expected, buy.experience, gain)
        if p.commitment_on:
            c.commitment[j, i] = r.update_commitment(
                c.commitment[j, i], buy.value, p.commitment_gain, p.commitment_decay
            )

    def be_satisfied(self, buy: Purchase) -> None:
        """Satisfaction with the visit moves cumulative satisfaction, the less the longer the relationship."""
        c, p, r, i = self.world.customers, self.world.parameters, self.world.rules, self.index
        visit = r.transaction_satisfaction(
            buy.experience, buy.value, p.satisfaction_experience_weight, p.satisfaction_neutral,
            p.satisfaction_disconfirmation_weight,
        )  # fmt: skip
        tenure = buy.visits_before + np.float32(c.history[buy.firm, i])
        rate = r.learning_rate(tenure, p.satisfaction_first_rate, p.satisfaction_last_rate, p.satisfaction_tenure)
        buy.satisfied = r.update_satisfaction(c.satisfaction[buy.firm, i], visit, rate)
        c.satisfaction[buy.firm, i] = buy.satisfied

    def form_habits(self, firm: int) -> None:
        """Habit grows for the firm bought from and fades for the others."""
        w, habit, i = self.world, self.world.customers.habit, self.index
        for j in w.firms:
            bought = ONE if j == firm else ZERO
            habit[j, i] = w.rules.update_habit(habit[j, i], bought, w.parameters.habit_retention)

    def enter_purchase(self, buy: Purchase) -> None:
        """Enter the purchase in his own history and in the firm's totals."""
        w, c, p, i, j = self.world, self.world.customers, self.world.parameters, self.index, buy.firm
        before, bit = int(c.last[i]), 1 << buy.firm
        if before >= 0:
            w.count_firm(before, "repeat_base")
            w.count_firm(j, "repeats", int(before == j))
        w.count_firm(j, "purchases")
        w.count_firm(j, "buyers", int(not self.bought & bit))
        w.count_firm(j, "new_buyers", int(c.visits[j, i] == 0))
        w.count_firm(j, "quantity", buy.milli)
        w.count_firm(j, "sales", buy.cents)
        if p.experience_on:
            w.count_firm(j, "experience", int(buy.experience * _THOUSAND))
            w.count_firm(j, "expectation", int(buy.expected * _THOUSAND))
        if p.satisfaction_on:
            w.count_firm(j, "satisfaction", int(buy.satisfied * _THOUSAND))
        self.bought |= bit
        c.window[0, i] |= bit
        c.last[i] = j
        c.visits[j, i] = min(int(c.visits[j, i]) + 1, _MOST_VISITS)
        c.last_bought[j, i] = w.t
        c.spent[j, i] = min(int(c.spent[j, i]) + buy.cents, _MOST_CENTS)
