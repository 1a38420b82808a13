"""Step 4d: the programmes at the till - joining, discount, redeeming, earning, giving the card up and taking it up again."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.reference.buying import Buys, Purchase
from goodwill.engine.reference.card import Card
from goodwill.engine.reference.membership import Membership

_NEAR = np.float32(0.8)  # share of the goal from which a purchase counts as near it


class Pays(Buys):
    """What a customer does with his cards when he pays."""

    def before_paying(self, buy: Purchase) -> None:
        """Joining; then better service and the discount of members."""
        w = self.world
        for m in self.running(buy.firm):
            card = m.card
            if not m.is_member and (card.automatic or self.wants_to_join(card, buy)):
                m.join()
            if m.is_member:
                buy.bonus = buy.bonus + card.service_bonus
                if buy.credits_before is None:
                    buy.credits_before = m.balance
                if card.discount > ZERO:
                    off = int(np.float32(buy.cents) * card.discount + HALF)
                    buy.cents -= off
                    w.count_programme(card, "discount", off)

    def wants_to_join(self, card: Card, buy: Purchase) -> bool:
        """Whether he considers joining at this purchase, and does."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        exposure = p.programmes_exposure * card.exposure
        chance = w.rules.enrol_probability(
            c.rate[card.firm, i] * self.yearly_benefit(card),  # his rate counts this purchase already
            self.relative_fee(card), c.hassle[i], p.programmes_enrol_intercept, p.programmes_enrol_scale,
            exposure * c.attention[i],
        )  # fmt: skip
        return bool(self.luck("join", buy.occasion, card.stream) < chance)

    def yearly_benefit(self, card: Card) -> np.float32:
        """What membership brings in a year to one who buys once a period, in usual purchases."""
        w, p = self.world, self.world.parameters
        usual_spend = w.levers.usual_spend[card.firm]
        return p.periods_per_year * card.benefit_per_purchase(usual_spend, p.programmes_points_value)

    def relative_fee(self, card: Card) -> np.float32:
        """The fees of a year in usual purchases."""
        return card.yearly_fee / self.world.levers.usual_spend[card.firm]

    def after_paying(self, buy: Purchase) -> None:
        """Everything a member's purchase does on his card."""
        w = self.world
        for m in self.running(buy.firm):
            if not m.is_member:
                continue
            w.count_programme(m.card, "purchases")
            w.count_firm(buy.firm, "member_purchases")
            w.count_firm(buy.firm, "member_sales", buy.cents)
            if m.card.tier_row >= 0:
                m.spend_on_tier(buy.cents)
            if m.card.threshold == 0:
                w.count_programme(m.card, "active")
                continue
            if not m.engaged and self.luck("take the card up again", buy.occasion, m.card.stream) < (
                w.parameters.programmes_reengagement
            ):
                m.engaged = True
            if m.engaged:
                w.count_programme(m.card, "active")
                self.use_card(m, buy)

    def use_card(self, m: Membership, buy: Purchase) -> None:
        """Redeem if he likes, earn, and perhaps lose heart."""
        w, card, goal = self.world, m.card, np.float32(m.card.threshold)
        if self.luck("redeem", buy.occasion, card.stream) < self.redeeming_chance(m):
            m.redeem()
            buy.redeemed += 1
        near = w.rules.goal_proximity(np.float32(m.balance), goal)
        w.count_programme(card, "purchases_near_goal", int(near >= _NEAR))
        multiplier = card.tier_earn[m.tier - 1] if m.tier > 0 else ONE
        earned = int(multiplier * card.credit(np.float32(buy.cents)) + HALF)
        m.add(earned)
        w.count_programme(card, "earned", earned)
        hazard = w.parameters.programmes_abandonment
        if card.can_be_abandoned and hazard > ZERO:
            near = w.rules.goal_proximity(np.float32(m.balance), goal)
            chance = w.rules.abandon_probability(near, np.float32(earned) / goal, hazard)
            if self.luck("give the card up", buy.occasion, card.stream) < chance:
                m.engaged = False
                w.count_programme(card, "abandoned")

    def redeeming_chance(self, m: Membership) -> np.float32:
        """Chance to redeem at this purchase; higher when much of the balance expires next."""
        w, p, card, balance = self.world, self.world.parameters, m.card, m.balance
        expiring = ZERO
        if card.expiry > 0 and card.lot_count > 1 and balance > 0:
            # Lots are used in turn: the one after this period's is the oldest.
            oldest = card.lot_first + (w.t // card.lot_periods + 1) % card.lot_count
            expiring = np.float32(w.members.lots[oldest, self.index]) / np.float32(balance)
        return w.rules.redeem_probability(
            np.float32(balance), np.float32(card.threshold), expiring, p.programmes_redeem_intercept,
            p.programmes_redeem_slope, w.customers.redeem_hassle[self.index], p.programmes_expiry_pressure,
        )  # fmt: skip
