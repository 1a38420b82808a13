"""Step 5: memberships at the end of a period - renewal, expiry, tier reviews, programmes that stop."""

from __future__ import annotations

import numpy as np

from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.paying import Pays


class Keeps(Pays):
    """What the end of a period does to a customer's memberships."""

    def review_memberships(self) -> None:
        """All programmes that run, one after the other."""
        for m in self.running():
            if m.card.fee_periods > 0:
                self.renew(m)
            if m.card.expiry > 0 and m.card.threshold > 0:
                self.expire(m)
            if m.card.tier_row >= 0:
                self.review_tier(m)
            if self.world.t + 1 == m.card.stop:
                m.end()  # a programme that ends takes its credits with it

    def renew(self, m: Membership) -> None:
        """A membership whose fee falls due next period is renewed, or it ends."""
        w, p, card = self.world, self.world.parameters, m.card
        age = w.t + 1 - m.joined
        if not m.is_member or age <= 0 or age % card.fee_periods:
            return
        chance = w.rules.renew_probability(
            self.buying_rate(card.firm) * self.yearly_benefit(card), self.relative_fee(card),
            p.programmes_enrol_intercept, p.programmes_enrol_scale,
        )  # fmt: skip
        if self.luck("renew a paid membership", block=card.stream) < chance:
            w.count_programme(card, "fees", card.fee)
        else:
            m.end()

    def expire(self, m: Membership) -> None:
        """Credits too old, or held by one who has not bought for too long, are gone."""
        w, card = self.world, m.card
        expired = 0
        if card.expiry_by_inactivity:
            if w.t - int(w.customers.last_bought[card.firm, self.index]) >= card.expiry:
                expired = m.empty_lot(card.lot_first)
        elif (w.t + 1) % card.lot_periods == 0:
            # The lot that is about to be filled again holds what was earned a full round ago.
            expired = m.empty_lot(card.lot_of(w.t + 1))
        w.count_programme(card, "expired", expired)

    def review_tier(self, m: Membership) -> None:
        """The feeling of a past change fades; at the end of a qualifying period the tier follows the spending in it."""
        w, members, card, i = self.world, self.world.members, m.card, self.index
        row = card.tier_row
        members.tier_shift[row, i] = w.rules.fade_shift(members.tier_shift[row, i], w.parameters.programmes_tier_fade)
        if (w.t + 1 - card.start) % card.tier_periods or not m.is_member:
            return
        spent = np.float32(members.tier_spend[row, i])
        reached = 0
        for step in range(card.tier_count):
            if spent >= card.tier_spend[step]:
                reached = step + 1
        change = reached - m.tier
        w.count_programme(card, "promoted", int(change > 0))
        w.count_programme(card, "demoted", int(change < 0))
        members.tier_shift[row, i] = members.tier_shift[row, i] + np.float32(change)
        members.tier[row, i] = reached
        members.tier_spend[row, i] = 0
