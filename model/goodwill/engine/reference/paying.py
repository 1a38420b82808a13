"""Step 4d: the programmes at the till - joining, benefits, redeeming, earning, giving the card up and taking it up again."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.reference.buying import Purchase
from goodwill.engine.reference.card import Card
from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.tendering import Tenders
from goodwill.programmes.terms import BY_CREDITS, BY_SPEND, BY_VISITS

_NEAR = np.float32(0.8)  # share of the goal from which a purchase counts as near it
_HUNDRED = np.float32(100.0)


class Pays(Tenders):
    """What a customer does with his cards when he pays."""

    def before_paying(self, buy: Purchase) -> None:
        """Joining; then better service, the discount of members and payment with credits."""
        for m in self.running(buy.firm):
            at_once = m.card.automatic and not m.is_held_out
            if not m.is_member and (at_once or self.wants_to_join(m, buy)):
                self.join(m)
                self.note(m, buy, "joined", m.card.head_start)
            if m.is_member:
                self.enjoy_benefits(m, buy)
                if m.card.pay_value > ZERO and m.engaged:
                    self.pay_with_credits(m, buy)

    def join(self, m: Membership) -> None:
        """Become a member, with the status that his buying in the whole category would have earned."""
        m.join()
        if m.card.tier_match:
            self.match_status(m)

    def match_status(self, m: Membership) -> None:
        """The tier that he can prove to be worth."""
        w, card, i = self.world, m.card, self.index
        each = ONE
        if card.tier_basis == BY_SPEND:
            each = w.levers.usual_spend[card.firm]
        elif card.tier_basis == BY_CREDITS:
            each = card.credit(w.levers.usual_spend[card.firm])
        amount = w.customers.need[i] * np.float32(card.tier_periods) * each
        reached = 0
        for step in range(card.tier_count):
            if amount >= card.tier_spend[step]:
                reached = step + 1
        if reached > 0:
            w.members.tier[card.tier_row, i] = reached
            w.members.tier_shift[card.tier_row, i] = np.float32(reached)
            m.count("matched")

    def enjoy_benefits(self, m: Membership, buy: Purchase) -> None:
        """Better service and the discount, of the programme and of the tier."""
        card, service, discount = m.card, m.card.service_bonus, m.card.discount
        if card.tier_perks and m.tier > 0:
            service = service + card.tier_service[m.tier - 1]
            discount = discount + card.tier_discount[m.tier - 1]
        buy.bonus = buy.bonus + service
        if buy.credits_before is None:
            buy.credits_before = m.balance
        if discount > ZERO:
            off = int(np.float32(buy.cents) * discount + HALF)
            buy.cents -= off
            m.count("discount", off)

    def wants_to_join(self, m: Membership, buy: Purchase) -> bool:
        """Whether he considers joining at this purchase, and finds that it pays."""
        w, c, p, i, card = self.world, self.world.customers, self.world.parameters, self.index, m.card
        exposure = p.programmes_exposure * card.exposure
        surplus = w.rules.enrol_surplus(
            # His rate counts this purchase already.
            c.rate[card.firm, i] * self.yearly_benefit(card) + self.standing_benefit(card),
            ZERO if card.trial > 0 and m.is_new else self.relative_fee(card),
            c.hassle[i], c.inclination[i], p.programmes_enrol_intercept, p.programmes_enrol_scale,
        )  # fmt: skip
        noticed = exposure * c.attention[i]
        chance = noticed * card.holdout_exposure if m.is_held_out else noticed
        considers = self.luck("join", buy.occasion, card.stream) < chance
        if not (considers and surplus > ZERO):
            self.note(m, buy, "does not want the card" if considers else "not asked to join")
        return bool(considers and surplus > ZERO)

    def yearly_benefit(self, card: Card) -> np.float32:
        """What membership brings in a year to one who buys once a period, in usual purchases."""
        w, p = self.world, self.world.parameters
        usual_spend = w.levers.usual_spend[card.firm]
        return p.periods_per_year * card.benefit_per_purchase(usual_spend, p.programmes_points_value)

    def standing_benefit(self, card: Card) -> np.float32:
        """What membership brings in a year without any purchase, in usual purchases."""
        w = self.world
        return np.float32(w.parameters.periods_per_year * card.period_benefit / w.levers.usual_spend[card.firm])

    def relative_fee(self, card: Card) -> np.float32:
        """The fees of a year in usual purchases."""
        return np.float32(card.yearly_fee / self.world.levers.usual_spend[card.firm])

    def after_paying(self, buy: Purchase) -> None:
        """Everything a member's purchase does on his card."""
        w, commitment = self.world, self.world.customers.commitment
        for m in self.running(buy.firm):
            card = m.card
            if not m.is_member:
                continue
            m.count("purchases")
            w.count_firm(buy.firm, "member_purchases")
            w.count_firm(buy.firm, "member_sales", buy.cents)
            if card.tier_row >= 0 and card.tier_basis != BY_CREDITS:
                m.qualify(1 if card.tier_basis == BY_VISITS else buy.cents)
            if card.community > ZERO and w.parameters.commitment_on:
                commitment[buy.firm, self.index] = w.rules.belong(commitment[buy.firm, self.index], card.community)
            if not card.holds:
                m.count("active")
                continue
            if not m.engaged and self.luck("take the card up again", buy.occasion, card.stream) < (
                w.parameters.programmes_reengagement
            ):
                m.engaged = True
                self.note(m, buy, "took the card up again")
            if m.engaged:
                m.count("active")
                self.use_card(m, buy)
            else:
                self.note(m, buy, "has given the card up")

    def use_card(self, m: Membership, buy: Purchase) -> None:
        """Redeem if he likes, earn, and perhaps lose heart."""
        w, card = self.world, m.card
        if card.rewards > 0:
            self.perhaps_redeem(m, buy)
            near = w.rules.goal_proximity(np.float32(m.balance), card.goal_above(m.balance))
            m.count("purchases_near_goal", int(near >= _NEAR))
        held = m.balance
        earned = self.earn(m, buy)
        hazard = w.parameters.programmes_abandonment
        if card.can_be_abandoned and card.rewards > 0 and hazard > ZERO:
            goal = card.goal_above(held + earned)
            near = w.rules.goal_proximity(np.float32(held + earned), goal)
            chance = w.rules.abandon_probability(near, np.float32(earned) / goal, hazard)
            if self.luck("give the card up", buy.occasion, card.stream) < chance:
                m.engaged = False
                m.count("abandoned")
                self.note(m, buy, "gave the card up")

    def perhaps_redeem(self, m: Membership, buy: Purchase) -> None:
        """Take the dearest reward he can afford, or wait for a better one."""
        card, step = m.card, self.affordable_step(m)
        if not self.luck("redeem", buy.occasion, card.stream) < self.redeeming_chance(m, step):
            return
        credits = m.redeem(step)
        buy.redeemed += 1
        self.note(m, buy, "redeemed", -credits)
        at_partner = card.partner_share > ZERO and bool(
            self.luck("redeem at a partner", buy.occasion, card.stream) < card.partner_share
        )
        if at_partner:
            m.count("partner_redeemed", credits)
        else:
            m.count("reward_cost", int(card.step_cost[step]))

    def affordable_step(self, m: Membership) -> int:
        """The dearest reward that the balance covers; the first when it covers none."""
        balance = np.float32(m.balance)
        return max((step for step in range(m.card.rewards) if balance >= m.card.step_threshold[step]), default=0)

    def earn(self, m: Membership, buy: Purchase) -> int:
        """Credits for the purchase, within the limits; returns how many."""
        w, card, i = self.world, m.card, self.index
        campaign = card.campaign_factor(w.t)
        multiplier = campaign * (card.tier_earn[m.tier - 1] if m.tier > 0 else ONE)
        full = int(multiplier * card.credit(np.float32(buy.cents)) + HALF)
        why = []
        if card.earn_lines > ZERO:
            along = int(multiplier * np.float32(card.earn_lines * np.float32(buy.line_cents) / _HUNDRED) + HALF)
            full += along
            why.append(f"{along} of them for what was bought along")
        earned = full
        if m.tier > 0:
            why.append(f"tier {m.tier} times {float(card.tier_earn[m.tier - 1]):g}")
        if campaign != ONE:
            why.append(f"campaign times {float(campaign):g}")
        if 0 < card.earn_cap < earned:
            earned = card.earn_cap
            why.append(f"capped at {earned} of {full} a purchase")
        if card.limit_row >= 0:
            counted, so_far = w.members.counted[card.limit_row], w.members.period_credits[card.limit_row]
            counted[i] += 1
            if 0 < card.velocity < counted[i]:
                earned = 0
                why.append(f"purchase {counted[i]} of the period; only {card.velocity} count")
            if card.period_cap > 0:
                room = card.period_cap - int(so_far[i])
                if room < earned:
                    why.append(f"capped at {card.period_cap} a period")
                earned = min(earned, room)
            so_far[i] += earned
        if card.pending > 0:
            why.append(f"usable from period {w.t + card.pending} on")
        m.add(earned)
        if card.tier_row >= 0 and card.tier_basis == BY_CREDITS:
            m.qualify(earned)
        m.count("earned", earned)
        self.note(m, buy, "earned", earned, why)
        return earned

    def redeeming_chance(self, m: Membership, step: int) -> np.float32:
        """Chance to redeem at this purchase; higher when much of the balance expires next, lower with a better reward in sight."""
        w, p, card, balance = self.world, self.world.parameters, m.card, np.float32(m.balance)
        threshold = card.step_threshold[step]
        if card.at_once:
            return ONE if balance >= threshold else ZERO
        expiring = ZERO
        if card.expiry > 0 and card.lot_count > 1 and m.balance > 0:
            # Lots are used in turn: the one after this period's is the oldest.
            oldest = card.lot_of(w.t + card.lot_periods)
            expiring = np.float32(w.members.lots[oldest, self.index]) / balance
        minds = w.customers.redeem_hassle[self.index]
        if card.rewards > 1:
            ahead = w.rules.goal_proximity(balance, card.step_threshold[min(step + 1, card.rewards - 1)])
            minds = minds + w.rules.waiting_for_more(ahead, card.step_better[step], p.programmes_patience)
        chance = w.rules.redeem_probability(
            balance, threshold, expiring, p.programmes_redeem_intercept,
            p.programmes_redeem_slope, minds, p.programmes_expiry_pressure,
        )  # fmt: skip
        return np.float32(chance)
