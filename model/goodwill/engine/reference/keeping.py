"""Step 5: memberships at the end of a period - renewal, partners, expiry, tier reviews, programmes that stop; households that pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.paying import Pays
from goodwill.engine.reference.world import World
from goodwill.engine.state import TILE
from goodwill.programmes.terms import ANNIVERSARY, BY_AGE, BY_INACTIVITY, CALENDAR


class Keeps(Pays):
    """What the end of a period does to a customer's memberships."""

    def review_memberships(self) -> None:
        """All programmes that run, one after the other."""
        members, i, t = self.world.members, self.index, self.world.t
        for m in self.running():
            card = m.card
            if card.fee_periods > 0:
                self.renew(m)
            if card.partner_rate > 0:
                self.buy_from_partners(m)
            if card.expiry > 0 and card.holds:
                self.expire(m)
            if card.pending > 0:
                # What was earned `pending` periods before the next one becomes usable in it.
                members.lots[card.lot_of(t + 1), i] += m.empty_lot(card.earning_lot(t + 1))
            if card.tier_row >= 0:
                self.review_tier(m)
            if card.limit_row >= 0:
                members.counted[card.limit_row, i] = members.period_credits[card.limit_row, i] = 0
            if t + 1 == card.stop:
                m.end()  # a programme that ends takes its credits with it

    def renew(self, m: Membership) -> None:
        """A membership whose fee falls due next period is renewed, or it ends."""
        w, p, card = self.world, self.world.parameters, m.card
        age = w.t + 1 - m.joined
        if not m.is_member or age <= 0 or age < card.trial or (age - card.trial) % card.fee_periods:
            return
        chance = w.rules.renew_probability(
            self.buying_rate(card.firm) * self.yearly_benefit(card) + self.standing_benefit(card),
            self.relative_fee(card),
            p.programmes_enrol_intercept + w.customers.inclination[self.index], p.programmes_enrol_scale,
        )  # fmt: skip
        if self.luck("renew a paid membership", block=card.stream) < chance:
            m.count("fees", card.fee)
            self.note(m, None, "renewed")
        else:
            self.note(m, None, "did not renew")
            m.end()

    def buy_from_partners(self, m: Membership) -> None:
        """A member in the market who uses his card earns at partners outside it."""
        card = m.card
        if m.is_member and m.engaged and self.present:
            luck = self.luck("purchases from partners", block=card.stream)
            credits = int(self.world.rules.events_of(card.partner_rate, luck)) * card.partner_credits
            m.add(credits)
            m.count("partner_earned", credits)
            if credits:
                self.note(m, None, "earned at partners", credits)

    def expire(self, m: Membership) -> None:
        """Credits too old, at their date, or held by one who has not bought for too long, are gone."""
        w, card = self.world, m.card
        expired = 0
        if card.expiry_rule == BY_INACTIVITY:
            if w.t - int(w.customers.last_bought[card.firm, self.index]) >= card.expiry:
                expired = m.empty_lot(card.lot_first)
        elif card.expiry_rule == BY_AGE:
            if (w.t + 1) % card.lot_periods == 0:
                # The lot that is about to be filled again holds what was earned a full round ago.
                expired = m.empty_lot(card.lot_of(w.t + 1))
        elif (w.t + 1 - card.expiry_shift) % card.expiry == 0:
            expired = m.empty_lot(card.lot_first)
        m.count("expired", expired)
        if expired:
            why = {BY_INACTIVITY: "he had not bought for too long", BY_AGE: "too old"}
            self.note(m, None, "expired", -expired, [why.get(card.expiry_rule, "their date had come")])

    def tier_reached(self, m: Membership, amount: np.float32) -> int:
        """The tier that an amount earns, or keeps: less is needed for a tier that one has."""
        w, card, reached = self.world, m.card, 0
        for step in range(card.tier_count):
            needed = card.tier_spend[step]
            if step < m.tier:
                needed = needed * card.tier_keep
            if amount >= needed:
                reached = step + 1
        spent = np.float32(w.customers.spent[card.firm, self.index])
        if card.lifetime_tier > reached and spent >= card.lifetime_spend:
            return int(card.lifetime_tier)
        return reached

    def review_tier(self, m: Membership) -> None:
        """The feeling of a past change fades; at the end of a qualifying period the tier follows what was bought in it."""
        w, members, card, i = self.world, self.world.members, m.card, self.index
        row, after = card.tier_row, w.t + 1
        members.tier_shift[row, i] = w.rules.fade_shift(members.tier_shift[row, i], w.parameters.programmes_tier_fade)
        if m.is_member:
            if card.tier_window == CALENDAR:
                due = (after - card.start) % card.tier_periods == 0
            elif card.tier_window == ANNIVERSARY:
                due = (after - m.joined) % card.tier_periods == 0
            else:
                due = after % card.part_periods == 0
            if due or card.tier_at_once:
                self.set_tier(m, due)
        if card.tier_parts > 1 and after % card.part_periods == 0:
            members.tier_spend[card.qualifying_part(after), i] = 0

    def set_tier(self, m: Membership, due: bool) -> None:
        """Promotion; and, where a review is due, demotion, with grace and perhaps by one tier only."""
        members, card, i = self.world.members, m.card, self.index
        row, tier = card.tier_row, m.tier
        reached = self.tier_reached(m, np.float32(sum(int(members.tier_spend[k, i]) for k in card.qualifying_parts)))
        if reached < tier:
            if not due:
                reached = tier
            elif members.missed[row, i] < card.tier_grace:
                members.missed[row, i] += 1
                reached = tier
            elif card.tier_one_down:
                reached = tier - 1
        elif due:
            members.missed[row, i] = 0
        change = reached - tier
        m.count("promoted", int(change > 0))
        m.count("demoted", int(change < 0))
        if change < 0:
            members.missed[row, i] = 0
        members.tier_shift[row, i] = members.tier_shift[row, i] + np.float32(change)
        members.tier[row, i] = reached
        if change:
            self.note(m, None, "rose" if change > 0 else "fell", why=[str(reached)])
        if due and card.tier_parts == 1:
            members.tier_spend[card.tier_first, i] = 0


def pool_credits(world: World) -> None:
    """When everybody's period is over, households pool: neighbours in a tile, as many as the programme allows."""
    customers = len(world.customers.need)
    for card in world.cards:
        if card.pool_row < 0 or not card.runs(world.t):
            continue
        for tile in range(0, customers, TILE):
            end = min(tile + TILE, customers)
            for first in range(tile, end, card.household):
                last = min(first + card.household, end)
                _pool_household([Membership(world, card, i) for i in range(first, last)])


def _pool_household(household: Sequence[Membership]) -> None:
    """The member who holds most gets what the others hold, and they know of it."""
    world, card = household[0].world, household[0].card
    lots, pooled = world.members.lots, world.members.pooled[card.pool_row]
    members = [m for m in household if m.is_member]
    main = max(members, key=lambda m: m.balance, default=None)  # the first of several
    for m in household:
        pooled[m.index] = 0
        if m.is_member and main is not None and m is not main:
            for lot in card.lots:
                m.count("transferred", int(lots[lot, m.index]))
                lots[lot, main.index] += lots[lot, m.index]
                lots[lot, m.index] = 0
    for m in members:
        if main is not None and m is not main:
            pooled[m.index] = main.balance
