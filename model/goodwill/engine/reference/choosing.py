"""Step 4b: from whom a customer buys on a trip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.engine.jit import interpreted
from goodwill.engine.maths import ONE, ZERO, exp32, log32
from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.person import Person

_exp, _log = interpreted(exp32), interpreted(log32)
NOT_THERE = np.float32(-1e30)  # utility of a firm that cannot be chosen
_BARELY = np.float32(-1e29)
NO_FIRM = -1


@dataclass(frozen=True)
class Choice:
    """How a customer chose: the firm (-1 none) and the utilities that led to it, by firm."""

    firm: int
    plain: list[np.float32]  # without programmes and luck
    full: list[np.float32]  # with both; NOT_THERE for firms that could not be chosen

    def possible(self, firm: int) -> bool:
        """Whether the firm could have been chosen."""
        return bool(self.full[firm] > _BARELY)


class Chooses(Person):
    """Utilities of the firms, and the choice among them."""

    def utilities(self, bonds: bool = True) -> list[np.float32]:
        """Utility of every firm without programmes and luck; `bonds`: with habit and commitment."""
        found = [self.utility(j, bonds) for j in self.world.firms]
        for j in self.world.firms:
            if self.world.levers.newcomer_discount[self.world.t, j] > ZERO:
                found[j] = found[j] + (self.welcome_price(j) if self.never_bought(j) else ZERO)
        return found

    def never_bought(self, j: int) -> bool:
        """Whether he has not bought from the firm yet, before the run or in it."""
        c, i = self.world.customers, self.index
        return bool(c.visits[j, i] == 0 and (c.history.shape[1] == 0 or c.history[j, i] == 0))

    def welcome_price(self, j: int) -> np.float32:
        """Utility of the lower price of a first purchase."""
        w, beta = self.world, self.world.customers.price_sensitivity[self.index]
        return w.rules.base_utility(ZERO, beta, _log(ONE - w.levers.newcomer_discount[w.t, j]))

    def trust_utility(self, j: int) -> np.float32:
        """What trust does for a firm."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        premium = ZERO
        if p.expectation_on:
            premium = r.risk_premium(c.uncertainty[j, i], p.expectation_risk, w.settled_uncertainty)
        return r.trust_utility(c.trust[j, i], p.trust_initial, p.trust_weight, premium, p.trust_relief)

    def utility(self, j: int, bonds: bool) -> np.float32:
        """Liking and price, and what experience, habit and hearsay have added."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        u = r.base_utility(c.taste[j, i], self.price_sensitivity_to(j), w.levers.log_price_ratio[w.t, j])
        if p.habit_on and bonds:
            u = u + r.habit_utility(c.habit[j, i], p.habit_strength)
        if p.satisfaction_on:
            u = u + r.satisfaction_utility(c.satisfaction[j, i], p.satisfaction_neutral, p.satisfaction_weight)
            if p.delight_on:
                u = u + self.delight(j)
        if p.expectation_on:
            u = u + r.expectation_utility(
                c.expectation[j, i], c.uncertainty[j, i], p.satisfaction_neutral,
                p.expectation_weight, p.expectation_risk, w.settled_uncertainty,
            )  # fmt: skip
        if p.commitment_on and bonds:
            u = u + r.relational_utility(c.commitment[j, i], p.commitment_weight)
        if p.talk_listened:
            u = u + r.opinion_utility(c.opinion[j, i], p.word_of_mouth_weight)
        if p.value_on:
            u = u + r.value_utility(c.delivered[j, i], p.value_weight, p.value_search)
        if p.trust_on:
            u = u + self.trust_utility(j)
        if p.fairness_on:
            u = u + r.unfairness_utility(c.unfairness[j, i], p.fairness_weight)
        if p.recovery_on:
            u = u + r.grievance_utility(c.grievance[j, i], p.recovery_weight)
        return u

    def delight(self, j: int) -> np.float32:
        """Utility of being more than satisfied with a firm."""
        c, p, i = self.world.customers, self.world.parameters, self.index
        return self.world.rules.delight_utility(
            c.satisfaction[j, i], p.satisfaction_neutral, p.delight_threshold, p.delight_weight
        )

    def price_sensitivity_to(self, j: int) -> np.float32:
        """His price sensitivity, less where he has a relationship."""
        c, p, i = self.world.customers, self.world.parameters, self.index
        if not p.spending_on:
            return c.price_sensitivity[i]
        strength = self.relationship_strength(j, np.float32(c.visits[j, i]))
        return self.world.rules.softened_sensitivity(c.price_sensitivity[i], strength, p.spending_price)

    def relationship_strength(self, j: int, purchases: np.float32) -> np.float32:
        """Strength of the relationship with a firm after so many purchases, 0 to 1."""
        c, p, i = self.world.customers, self.world.parameters, self.index
        pleasure = c.satisfaction[j, i] - p.satisfaction_neutral if p.satisfaction_on else ZERO
        bond = c.commitment[j, i] if p.commitment_on else ZERO
        return self.world.rules.relationship_strength(
            pleasure, bond, purchases, p.spending_satisfaction, p.spending_commitment, p.spending_tenure,
            p.spending_habituation,
        )  # fmt: skip

    def choose(self, trip: int, other_than: int | None = None) -> Choice:
        """The choice of a trip, or of its second brand, which is another one than the first."""
        w, p = self.world, self.world.parameters
        plain = self.utilities()
        full = list(plain)
        if p.programmes_on:
            for m in self.running():
                if m.is_member and m.engaged:
                    attention = w.customers.attention[self.index]
                    full[m.card.firm] = full[m.card.firm] + attention * self.programme_utility(m)
        if w.offers:
            full = [u + self.favour_and_offer(j) for j, u in enumerate(full)]
        if p.limits_choice:
            possible = self.possible_firms
            full = [u if j in possible else NOT_THERE for j, u in enumerate(full)]
        if other_than is not None:
            full[other_than] = NOT_THERE
        may_buy_nothing = bool(p.outside_on) and other_than is None
        inclusive = self.inclusive_value(full) if may_buy_nothing else ZERO
        full = [u + w.rules.gumbel(self.luck_of_firm(j, "a choice", trip)) for j, u in enumerate(full)]
        firm, best = NO_FIRM, _BARELY
        for j, u in enumerate(full):
            if u > best:
                firm, best = j, u
        if may_buy_nothing:
            chance = w.rules.buying_probability(inclusive, p.outside_utility, p.outside_nest)
            if not self.luck("buying nothing", trip) < chance:
                firm = NO_FIRM
        return Choice(firm, plain, full)

    def favour_and_offer(self, j: int) -> np.float32:
        """Passing favour, and what a coupon saves."""
        w, c, i = self.world, self.world.customers, self.index
        worth = ZERO
        if c.offer[j, i] > ZERO and c.offer_ends[j, i] >= w.t:
            worth = w.rules.offer_utility(c.price_sensitivity[i], c.offer[j, i])
        return c.favour[j, i] + worth

    def inclusive_value(self, utilities: list[np.float32]) -> np.float32:
        """``ln sum exp U``: what the nest of firms is worth before the luck of the trip."""
        best = NOT_THERE
        for u in utilities:
            best = max(best, u)
        total = ZERO
        for u in utilities:
            total = total + _exp(u - best)
        return best + _log(total)

    def belonging_utility(self, m: Membership) -> np.float32:
        """What membership is worth to one who uses his card whatever credits he holds: belonging, discount, tier."""
        return self.programme_utility(m, goal=False)

    def programme_utility(self, m: Membership, goal: bool = True) -> np.float32:
        """What one who uses his card sees in one more purchase: belonging, the way to the goal, discount, tier."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        card, beta = m.card, c.price_sensitivity[i]
        u = r.novelty(p.programmes_liking, np.float32(w.t - m.joined), p.programmes_novelty_half_life)
        if goal and card.has_goal and card.credit(w.levers.usual_spend[card.firm]) > ZERO:
            u = u + self.goal_utility(m)
        if goal and card.pay_value > ZERO:
            u = u + self.payment_utility(m)
        if card.discount > ZERO:
            u = u + beta * _log(ONE - card.discount)
        if card.liking != ZERO:
            u = u + card.liking
        if card.tier_row >= 0:
            liking = card.tier_liking[m.tier - 1] if m.tier > 0 else ZERO
            shift = w.members.tier_shift[card.tier_row, i]
            u = u + (liking + r.tier_shift_utility(shift, p.programmes_tier_gain, p.programmes_tier_loss))
        if card.tier_perks:
            off = card.tier_discount[m.tier - 1] if m.tier > 0 else ZERO
            u = u + beta * _log(ONE - off)
        return np.float32(u)

    def goal_utility(self, m: Membership) -> np.float32:
        """Money and pull of the next reward, one purchase nearer."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        card, balance, spend = m.card, m.shown_balance, w.levers.usual_spend[m.card.firm]
        step, credit = card.step_above(balance), card.credit(spend)
        goal = card.step_threshold[step]
        value = r.next_purchase_value(
            r.steps_left(balance, goal, credit), goal / credit, self.buying_rate(card.firm), p.programmes_discount,
            card.step_value[step],
        )  # fmt: skip
        money = r.money_utility(value, c.price_sensitivity[i], spend, p.programmes_points_value)
        pull = r.goal_pull(r.goal_proximity(balance, goal), p.programmes_pull)
        return money + pull

    def payment_utility(self, m: Membership) -> np.float32:
        """What credits at hand seem to save, and what those to be earned will pay for."""
        w, p, r, card = self.world, self.world.parameters, self.world.rules, m.card
        beta, spend = w.customers.price_sensitivity[self.index], w.levers.usual_spend[card.firm]
        kappa, curvature, balance = p.programmes_points_value, p.programmes_points_curvature, m.shown_balance
        most = ONE if card.load > 0 else r.painless_share(kappa, curvature)
        worth = balance * card.pay_value
        money = min(most * worth, spend)
        saved = r.perceived_saving(money, money / max(worth, ONE), kappa, curvature)
        if balance < np.float32(card.pay_minimum) or worth <= ZERO:
            saved = ZERO
        now = r.money_utility(saved, beta, spend, ONE)
        later = r.money_utility(card.credit(spend) * card.pay_value, beta, spend, kappa)
        return now + later

    def buying_rate(self, firm: int) -> np.float32:
        """Purchases per period he remembers making at the firm."""
        remembered, memory = self.world.customers.rate[firm, self.index], self.world.parameters.programmes_memory
        return self.world.rules.current_rate(remembered, self.periods_since(firm), memory)

    def periods_since(self, firm: int) -> np.float32:
        """Periods since his last purchase from the firm."""
        return np.float32(self.world.t - int(self.world.customers.last_bought[firm, self.index]))

    def wants_second_brand(self, trip: int) -> bool:
        """Whether he will bring home a second brand from this trip."""
        p = self.world.parameters
        return bool(self.luck("a second brand", trip) < p.incidence_extra_brand)
