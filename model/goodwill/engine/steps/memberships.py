"""Step 5: programmes at the end of the period - renewal, purchases from partners, expiry, credits that become usable, tier reviews,
programmes that stop; and, when everybody is done, households that pool.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PARTNERS, RENEWAL
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import DEMOTED, EXPIRED, FEES, PARTNER_EARNED, PROMOTED, TRANSFERRED
from goodwill.engine.steps.credits import balance_of, earning_lot, end_membership, lot_of
from goodwill.engine.steps.serve import benefit_per_purchase, qualifying_part, standing_benefit
from goodwill.programmes.terms import ANNIVERSARY, BY_AGE, BY_INACTIVITY, CALENDAR
from goodwill.rules.currency import events_of
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
    standing = standing_benefit(q, p, g, v)
    stream = np.uint32(RENEWAL + _BLOCK * np.uint32(g.stream[q]))
    for i in range(lo, lo + n):
        joined = np.int64(m.joined[q, i])
        paid_for = t + 1 - joined - g.trial[q]
        if joined >= 0 and paid_for >= 0 and t + 1 > joined and paid_for % g.fee_periods[q] == 0:
            elapsed = np.float32(t - c.last_bought[j, i])
            rate = current_rate(c.rate[j, i], elapsed, p.programmes_memory)
            benefit = np.float32(rate * per_year + standing)
            own = p.programmes_enrol_intercept + c.inclination[i]
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
            if uniform32(word) < renew_probability(benefit, fee, own, p.programmes_enrol_scale):
                a.programmes[row, q, FEES] += g.fee[q]
            else:
                end_membership(row, q, i, m, g, a)


@rule
def buy_from_partners(
    t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, g: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Members in the market who use their card earn at partners outside it."""
    stream = np.uint32(PARTNERS + _BLOCK * np.uint32(g.stream[q]))
    lot = earning_lot(q, t, g)
    for i in range(lo, lo + n):
        if m.joined[q, i] >= 0 and m.engaged[q, i] > 0 and c.arrival[i] <= t < c.exit[i]:
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
            credits = np.int64(events_of(g.partner_rate[q], uniform32(word))) * g.partner_credits[q]
            m.lots[lot, i] += credits
            a.programmes[row, q, PARTNER_EARNED] += credits


@rule
def empty(row: int, q: int, lot: int, lo: int, n: int, m: Any, a: Any) -> None:
    """Everything in one lot is gone."""
    for i in range(lo, lo + n):
        a.programmes[row, q, EXPIRED] += m.lots[lot, i]
        m.lots[lot, i] = 0


@rule
def expire(t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, g: Any, a: Any) -> None:
    """Credits too old, at their date, or held by one who has not bought for too long, are gone."""
    if g.expiry_rule[q] == BY_INACTIVITY:
        last_bought = c.last_bought[g.firm[q]]
        lot = g.lot_first[q]
        for i in range(lo, lo + n):
            if m.lots[lot, i] > 0 and t - last_bought[i] >= g.expiry[q]:
                a.programmes[row, q, EXPIRED] += m.lots[lot, i]
                m.lots[lot, i] = 0
    elif g.expiry_rule[q] == BY_AGE:
        # The lot that is about to be filled again holds what was earned a full round ago.
        if (t + 1) % g.lot_periods[q] == 0:
            empty(row, q, lot_of(q, t + 1, g), lo, n, m, a)
    elif (t + 1 - g.expiry_shift[q]) % g.expiry[q] == 0:
        empty(row, q, np.int64(g.lot_first[q]), lo, n, m, a)


@rule
def ripen(t: int, q: int, lo: int, n: int, m: Any, g: Any) -> None:
    """What was earned `pending` periods before the next one becomes usable in it."""
    waiting = earning_lot(q, t + 1, g)
    usable = lot_of(q, t + 1, g)
    for i in range(lo, lo + n):
        m.lots[usable, i] += m.lots[waiting, i]
        m.lots[waiting, i] = 0


@rule
def tier_reached(q: int, i: int, amount: Any, c: Any, m: Any, g: Any) -> int:
    """The tier that an amount earns, or keeps: less is needed for a tier that one has."""
    tier = np.int64(m.tier[g.tier_row[q], i])
    reached = 0
    for step in range(g.tier_count[q]):
        needed = g.tier_spend[q, step]
        if step < tier:
            needed = needed * g.tier_keep[q]
        if amount >= needed:
            reached = step + 1
    if g.lifetime_tier[q] > reached and np.float32(c.spent[g.firm[q], i]) >= g.lifetime_spend[q]:
        reached = np.int64(g.lifetime_tier[q])
    return reached


@rule
def review_tiers(t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, a: Any) -> None:
    """The feeling of a past change fades; at the end of a qualifying period tiers follow what was bought in it."""
    k = g.tier_row[q]
    first, parts = g.tier_first[q], g.tier_parts[q]
    length = max(g.tier_periods[q] // parts, 1)
    due = (t + 1 - g.start[q]) % g.tier_periods[q] == 0 if g.tier_window[q] == CALENDAR else (t + 1) % length == 0
    for i in range(lo, lo + n):
        m.tier_shift[k, i] = fade_shift(m.tier_shift[k, i], p.programmes_tier_fade)
        joined = np.int64(m.joined[q, i])
        if g.tier_window[q] == ANNIVERSARY:
            due = (t + 1 - joined) % g.tier_periods[q] == 0
        if joined < 0 or not (due or g.tier_at_once[q]):
            continue
        amount = 0
        for part in range(first, first + parts):
            amount += m.tier_spend[part, i]
        tier = np.int64(m.tier[k, i])
        reached = tier_reached(q, i, np.float32(amount), c, m, g)
        if reached < tier:
            if not due:
                reached = tier
            elif m.missed[k, i] < g.tier_grace[q]:
                m.missed[k, i] += 1
                reached = tier
            elif g.tier_one_down[q]:
                reached = tier - 1
        elif due:
            m.missed[k, i] = 0
        change = reached - tier
        if change > 0:
            a.programmes[row, q, PROMOTED] += 1
        if change < 0:
            a.programmes[row, q, DEMOTED] += 1
            m.missed[k, i] = 0
        m.tier_shift[k, i] = m.tier_shift[k, i] + np.float32(change)
        m.tier[k, i] = np.int8(reached)
        if due and parts == 1:
            m.tier_spend[first, i] = 0
    if parts > 1 and (t + 1) % length == 0:
        oldest = qualifying_part(q, t + 1, g)
        for i in range(lo, lo + n):
            m.tier_spend[oldest, i] = 0


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
        if g.partner_rate[q] > ZERO:
            buy_from_partners(t, row, q, lo, n, c, m, g, a, k0, k1)
        if g.expiry[q] > 0 and g.holds[q]:
            expire(t, row, q, lo, n, c, m, g, a)
        if g.pending[q] > 0:
            ripen(t, q, lo, n, m, g)
        if g.tier_row[q] >= 0:
            review_tiers(t, row, q, lo, n, c, m, p, g, a)
        if g.limit_row[q] >= 0:
            m.counted[g.limit_row[q], lo : lo + n] = 0
            m.period_credits[g.limit_row[q], lo : lo + n] = 0
        if t + 1 == g.stop[q]:
            # A programme that ends takes its credits with it.
            for i in range(lo, lo + n):
                end_membership(row, q, i, m, g, a)


@rule
def pool_household(row: int, q: int, first: int, last: int, m: Any, g: Any, a: Any) -> None:
    """Members first..last-1 live together: the one who holds most gets what the others hold, and they know of it."""
    main, most = -1, -1
    for i in range(first, last):
        if m.joined[q, i] >= 0:
            held = np.int64(balance_of(q, i, m, g))
            if held > most:
                main, most = i, held
    pooled = m.pooled[g.pool_row[q]]
    for i in range(first, last):
        pooled[i] = 0
        if m.joined[q, i] >= 0 and i != main:
            for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q]):
                a.programmes[row, q, TRANSFERRED] += m.lots[lot, i]
                m.lots[lot, main] += m.lots[lot, i]
                m.lots[lot, i] = 0
    for i in range(first, last):
        if m.joined[q, i] >= 0 and i != main:
            pooled[i] = balance_of(q, main, m, g)


@kernel
def pool_credits(t: int, row: int, lo: int, n: int, m: Any, g: Any, a: Any) -> None:
    """When everybody's period is over, households pool: neighbours in the tile, as many as the programme allows."""
    for q in range(g.firm.shape[0]):
        if g.pool_row[q] >= 0 and g.start[q] <= t < g.stop[q]:
            for first in range(lo, lo + n, g.household[q]):
                pool_household(row, q, first, min(first + g.household[q], lo + n), m, g, a)
