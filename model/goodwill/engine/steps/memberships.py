"""Step 5: programmes at the end of the period - renewal of paid clubs, expiry, tier reviews, programmes that stop."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import RENEWAL
from goodwill.engine.jit import kernel, rule
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import DEMOTED, EXPIRED, FEES, PROMOTED
from goodwill.engine.steps.credits import end_membership
from goodwill.engine.steps.serve import benefit_per_purchase
from goodwill.rules.programme import current_rate, fade_shift, renew_probability

_BLOCK = np.uint32(256)


@rule
def renew(
    t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Memberships whose fee falls due next period are renewed or end."""
    j = g.firm[q]
    fee = g.yearly_fee[q] / v.usual_spend[j]
    per_year = p.periods_per_year * benefit_per_purchase(q, p, g, v)
    stream = np.uint32(RENEWAL + _BLOCK * np.uint32(g.stream[q]))
    for i in range(lo, lo + n):
        joined = np.int64(m.joined[q, i])
        if joined >= 0 and t + 1 > joined and (t + 1 - joined) % g.fee_periods[q] == 0:
            elapsed = np.float32(t - c.last_bought[j, i])
            rate = current_rate(c.rate[j, i], elapsed, p.programmes_memory)
            benefit = np.float32(rate * per_year)
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
            if uniform32(word) < renew_probability(
                benefit, fee, p.programmes_enrol_intercept, p.programmes_enrol_scale
            ):
                a.programmes[row, q, FEES] += g.fee[q]
            else:
                end_membership(row, q, i, m, g, a)


@rule
def expire(t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, g: Any, a: Any) -> None:
    """Credits too old, or held by one who has not bought for too long, are gone."""
    if g.expiry_by_inactivity[q]:
        last_bought = c.last_bought[g.firm[q]]
        lot = g.lot_first[q]
        for i in range(lo, lo + n):
            if m.lots[lot, i] > 0 and t - last_bought[i] >= g.expiry[q]:
                a.programmes[row, q, EXPIRED] += m.lots[lot, i]
                m.lots[lot, i] = 0
    elif (t + 1) % g.lot_periods[q] == 0:
        # The lot that is about to be filled again holds what was earned a full round ago.
        lot = g.lot_first[q] + ((t + 1) // g.lot_periods[q]) % g.lot_count[q]
        for i in range(lo, lo + n):
            a.programmes[row, q, EXPIRED] += m.lots[lot, i]
            m.lots[lot, i] = 0


@rule
def review_tiers(t: int, row: int, q: int, lo: int, n: int, m: Any, p: Any, g: Any, a: Any) -> None:
    """The feeling of a past change fades; at the end of a qualifying period tiers follow the spending in it."""
    k = g.tier_row[q]
    due = (t + 1 - g.start[q]) % g.tier_periods[q] == 0
    for i in range(lo, lo + n):
        m.tier_shift[k, i] = fade_shift(m.tier_shift[k, i], p.programmes_tier_fade)
        if due and m.joined[q, i] >= 0:
            reached = 0
            for step in range(g.tier_count[q]):
                if np.float32(m.tier_spend[k, i]) >= g.tier_spend[q, step]:
                    reached = step + 1
            change = reached - np.int64(m.tier[k, i])
            if change > 0:
                a.programmes[row, q, PROMOTED] += 1
            if change < 0:
                a.programmes[row, q, DEMOTED] += 1
            m.tier_shift[k, i] = m.tier_shift[k, i] + np.float32(change)
            m.tier[k, i] = np.int8(reached)
            m.tier_spend[k, i] = 0


@kernel
def end_of_period(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any
) -> None:
    """All of this step for all programmes that run."""
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        if g.fee_periods[q] > 0:
            renew(t, row, q, lo, n, c, m, p, g, v, a, k0, k1)
        if g.expiry[q] > 0 and g.threshold[q] > 0:
            expire(t, row, q, lo, n, c, m, g, a)
        if g.tier_row[q] >= 0:
            review_tiers(t, row, q, lo, n, m, p, g, a)
        if t + 1 == g.stop[q]:
            # A programme that ends takes its credits with it.
            for i in range(lo, lo + n):
                end_membership(row, q, i, m, g, a)
