"""Credits as money at the till: points as part of the price, and stored value that is paid in before; and notes on every card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.reference.buying import Buys, Purchase
from goodwill.engine.reference.membership import Membership


class Note(NamedTuple):
    """What a rule of a programme did, or did not do; credits below 0 were taken away."""

    period: int
    programme: int
    occasion: int  # of the purchase; -1 at the end of the period
    cents: int
    event: str
    credits: int
    balance: int
    why: str


class Tenders(Buys):
    """A customer who may pay with credits."""

    def note(self, m: Membership, buy: Purchase | None, event: str, credits: int = 0, why: Sequence[str] = ()) -> None:
        """Tell whoever traces this customer what happened to his card, at a purchase or at the end of the period."""
        w = self.world
        if w.notes is not None:
            occasion, cents = (-1, 0) if buy is None else (buy.occasion, buy.cents)
            w.notes(Note(w.t, m.card.row, occasion, cents, event, credits, m.balance, "; ".join(why)))

    def pay_with_credits(self, m: Membership, buy: Purchase) -> None:
        """Stored value pays whatever it covers, after it has perhaps been loaded; of points a part that does not hurt."""
        w, p, r, card = self.world, self.world.parameters, self.world.rules, m.card
        stored, minimum = card.load > 0, max(card.pay_minimum, 1)
        if stored and np.float32(m.balance) * card.pay_value < np.float32(buy.cents):
            self.perhaps_load(m, buy)
        balance = m.balance
        if balance < minimum or buy.cents <= 0:
            return
        if not stored:
            chance = r.redeem_probability(
                np.float32(balance), np.float32(minimum), ZERO, p.programmes_redeem_intercept,
                p.programmes_redeem_slope, w.customers.redeem_hassle[self.index], p.programmes_expiry_pressure,
            )  # fmt: skip
            if not self.luck("pay with credits", buy.occasion, card.stream) < chance:
                return
        share = ONE if stored else r.painless_share(p.programmes_points_value, p.programmes_points_curvature)
        used = min(int(np.float32(balance) * share), int(np.float32(buy.cents) / card.pay_value))
        if used <= 0:
            return
        off = int(np.float32(used) * card.pay_value + HALF)
        m.take(used)
        m.count("paid_with_credits", off)
        if not stored:
            buy.cents -= off
            buy.redeemed += 1
            w.members.worth[card.row, self.index] += off
        self.note(m, buy, "paid with credits", -used)

    def perhaps_load(self, m: Membership, buy: Purchase) -> None:
        """Pay money in; the firm adds its bonus."""
        p, card = self.world.parameters, m.card
        chance = self.world.rules.load_probability(
            card.load_bonus, p.programmes_load_intercept, p.programmes_load_slope
        )
        if not self.luck("load money", buy.occasion, card.stream) < chance:
            return
        credits = card.load + card.load_extra
        self.world.members.lots[card.lot_of(self.world.t), self.index] += credits
        m.count("bought", card.load)
        m.count("granted", card.load_extra)
        m.count("loaded", int(np.float32(card.load) * card.pay_value + HALF))
        self.note(m, buy, "loaded money", credits)
