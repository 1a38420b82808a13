"""Credits as money at the till: points as part of the price, and stored value that is paid in before."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import TENDER
from goodwill.engine.jit import rule
from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import CENTS, HERE, INSIDE, REDEEMED
from goodwill.engine.state import BOUGHT_CREDITS, GRANTED, LOADED, PAID_WITH_CREDITS, REDEEMED_CREDITS
from goodwill.engine.steps.credits import balance_of, lot_of, take_oldest
from goodwill.rules.currency import load_probability, painless_share
from goodwill.rules.programme import redeem_probability

_BLOCK = np.uint32(256)


@rule
def pay_with_credits(
    t: int, row: int, q: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, s: Any, a: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """The n members in HERE who use their card may pay with credits; points lower the price, stored value was paid before.

    Stored value pays whatever it covers, after it has perhaps been loaded; of points a part of the balance is used that does not hurt.
    """
    k, who = s.k, s.who
    totals = a.programmes[row, q]
    stored = g.load[q] > 0
    value = g.pay_value[q]
    share = ONE if stored else painless_share(p.programmes_points_value, p.programmes_points_curvature)
    loads = load_probability(g.load_bonus[q], p.programmes_load_intercept, p.programmes_load_slope)
    stream = np.uint32(TENDER + _BLOCK * np.uint32(g.stream[q]))
    lot = lot_of(q, t, g)
    for x in range(n):
        i = lo + np.int64(who[INSIDE + x])
        if m.engaged[q, i] == 0:
            continue
        b = who[HERE + x]
        balance = np.int64(balance_of(q, i, m, g))
        pays, loading, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1)
        if stored and np.float32(balance) * value < np.float32(k[CENTS + b]) and uniform32(loading) < loads:
            m.lots[lot, i] += g.load[q] + g.load_extra[q]
            balance += g.load[q] + g.load_extra[q]
            totals[BOUGHT_CREDITS] += g.load[q]
            totals[GRANTED] += g.load_extra[q]
            totals[LOADED] += np.int64(np.float32(g.load[q]) * value + HALF)
        if balance < max(g.pay_minimum[q], 1) or k[CENTS + b] <= 0:
            continue
        if not stored:
            chance = redeem_probability(
                np.float32(balance),
                np.float32(max(g.pay_minimum[q], 1)),
                ZERO,
                p.programmes_redeem_intercept,
                p.programmes_redeem_slope,
                c.redeem_hassle[i],
                p.programmes_expiry_pressure,
            )
            if not uniform32(pays) < chance:
                continue
        used = min(np.int64(np.float32(balance) * share), np.int64(np.float32(k[CENTS + b]) / value))
        off = np.int32(np.float32(used) * value + HALF)
        if used <= 0:
            continue
        take_oldest(q, i, t, used, m, g)
        totals[REDEEMED_CREDITS] += used
        totals[PAID_WITH_CREDITS] += off
        if not stored:
            k[CENTS + b] -= off
            k[REDEEMED + b] += 1
            m.worth[q, i] += off
