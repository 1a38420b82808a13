"""Step 4d: the programmes at the till - joining, discount, redeeming, earning, giving the card up - buyer by buyer.

Few lanes come here (buyers of a firm that runs a programme), so this loop is scalar.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PROGRAMME
from goodwill.engine.borrow import take
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BONUS,
    BUYER,
    CENTS,
    CREDITS,
    FIRM,
    HERE,
    MEMBER,
    PULL,
    REDEEMED,
    REMEMBERED,
    TERM,
    UNIFORM,
    padded,
)
from goodwill.engine.state import (
    ABANDONED,
    ACTIVE,
    DISCOUNT,
    EARNED,
    FEES,
    GRANTED,
    JOINED,
    MEMBER_PURCHASES,
    MEMBER_SALES,
    NEAR_GOAL,
    PROGRAMME_PURCHASES,
    REDEEMED_CREDITS,
    REWARDS,
)
from goodwill.engine.steps.credits import balance_of, take_oldest
from goodwill.rules.programme import abandon_probability, enrol_probability, goal_proximity, redeem_probability

_BLOCK = np.uint32(256)
_HUNDRED = np.float32(100.0)
_NEAR = np.float32(0.8)
NO_PROGRAMME = np.int32(-1)


@rule
def benefit_per_purchase(q: int, p: Any, g: Any, v: Any) -> Any:
    """What membership brings with one usual purchase, as a share of it."""
    spend = v.usual_spend[g.firm[q]]
    credit = g.earn_purchase[q] + g.earn_money[q] * spend / _HUNDRED
    share = g.discount[q]
    if g.threshold[q] > 0:
        worth = p.programmes_points_value * g.reward_value[q] / spend
        share = share + worth * (credit / np.float32(g.threshold[q]))
    return np.float32(share)


@rule
def find_customers(j: int, n: int, s: Any) -> int:
    """Buyers of firm j among the n buyers, into the row HERE; returns how many."""
    k = s.k
    found = 0
    for b in range(n):
        k[HERE + found] = np.int32(b)
        found += 1 if k[FIRM + b] == j else 0
    for x in range(found, padded(found)):
        k[HERE + x] = 0
    return found


@rule
def set_joining_chances(
    t: int, q: int, occasion: int, lo: int, n: int, c: Any, p: Any, g: Any, v: Any, s: Any, k0: Any, k1: Any
) -> None:
    """For the n buyers in HERE: the luck and the chance to join programme q, into UNIFORM and TERM."""
    f, k = s.f, s.k
    j = g.firm[q]
    w = padded(n)
    fee = np.float32(g.fee[q]) / v.usual_spend[j]
    per_year = p.periods_per_year * benefit_per_purchase(q, p, g, v)
    exposure = p.programmes_exposure * g.exposure[q]
    hassle, attention = c.hassle, c.attention
    stream = np.uint32(PROGRAMME + _BLOCK * np.uint32(g.stream[q]))
    for x in range(w):
        i = lo + k[BUYER + k[HERE + x]]
        _, word, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1)
        f[UNIFORM + x] = uniform32(word)
    for x in range(w):
        b = k[HERE + x]
        i = lo + k[BUYER + b]
        f[PULL + x] = f[REMEMBERED + b]  # already counts this purchase
        f[TERM + x] = hassle[i]
        f[MEMBER + x] = attention[i]
    for x in range(w):
        f[TERM + x] = enrol_probability(
            f[PULL + x] * per_year,
            fee,
            f[TERM + x],
            p.programmes_enrol_intercept,
            p.programmes_enrol_scale,
            exposure * f[MEMBER + x],
        )


@kernel
def before_paying(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Joining, better service and the members' discount; CREDITS and REDEEMED are set for the record."""
    c, m, p, g, v, s, a = take(c), take(m), take(p), take(g), take(v), take(s), take(a)
    f, k = s.f, s.k
    for b in range(n):
        k[CREDITS + b] = NO_PROGRAMME
        k[REDEEMED + b] = 0
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        totals = a.programmes[row, q]
        found = find_customers(np.int64(g.firm[q]), n, s)
        set_joining_chances(t, q, occasion, lo, found, c, p, g, v, s, k0, k1)
        for x in range(found):
            b = k[HERE + x]
            i = lo + k[BUYER + b]
            if m.joined[q, i] < 0 and (g.automatic[q] or f[UNIFORM + x] < f[TERM + x]):
                m.joined[q, i] = t
                m.engaged[q, i] = 1
                totals[JOINED] += 1
                totals[FEES] += g.fee[q]
                if g.head_start[q] > 0:
                    m.lots[g.lot_first[q] + (t // g.lot_periods[q]) % g.lot_count[q], i] += g.head_start[q]
                    totals[GRANTED] += g.head_start[q]
            if m.joined[q, i] >= 0:
                f[BONUS + b] = f[BONUS + b] + g.service_bonus[q]
                if k[CREDITS + b] < 0:
                    k[CREDITS + b] = np.int32(balance_of(q, i, m, g))
                if g.discount[q] > ZERO:
                    off = np.int32(np.float32(k[CENTS + b]) * g.discount[q] + HALF)
                    k[CENTS + b] -= off
                    totals[DISCOUNT] += off


@kernel
def after_paying(t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any) -> None:
    """Redeeming, earning, giving the card up and taking it up again."""
    c, m, p, g, v, s, a = take(c), take(m), take(p), take(g), take(v), take(s), take(a)
    k = s.k
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        j = np.int64(g.firm[q])
        totals = a.programmes[row, q]
        found = find_customers(j, n, s)
        stream = np.uint32(PROGRAMME + _BLOCK * np.uint32(g.stream[q]))
        first, count = g.lot_first[q], g.lot_count[q]
        slot = first + (t // g.lot_periods[q]) % count
        next_to_expire = first + (t // g.lot_periods[q] + 1) % count
        threshold = np.float32(g.threshold[q])
        tiers = g.tier_row[q]
        for x in range(found):
            b = k[HERE + x]
            i = lo + k[BUYER + b]
            if m.joined[q, i] < 0:
                continue
            totals[PROGRAMME_PURCHASES] += 1
            a.firms[row, j, MEMBER_PURCHASES] += 1
            a.firms[row, j, MEMBER_SALES] += k[CENTS + b]
            if tiers >= 0:
                m.tier_spend[tiers, i] += k[CENTS + b]
            if g.threshold[q] == 0:
                totals[ACTIVE] += 1
                continue
            redeem, _, give_up, take_up = philox4x32(
                np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1
            )
            if m.engaged[q, i] == 0:
                if uniform32(take_up) < p.programmes_reengagement:
                    m.engaged[q, i] = 1
                else:
                    continue
            totals[ACTIVE] += 1
            balance = balance_of(q, i, m, g)
            expiring = ZERO
            if g.expiry[q] > 0 and count > 1 and balance > 0:
                expiring = np.float32(m.lots[next_to_expire, i]) / np.float32(balance)
            chance = redeem_probability(
                np.float32(balance),
                threshold,
                expiring,
                p.programmes_redeem_intercept,
                p.programmes_redeem_slope,
                c.redeem_hassle[i],
                p.programmes_expiry_pressure,
            )
            if uniform32(redeem) < chance:
                take_oldest(q, i, t, np.int64(g.threshold[q]), m, g)
                m.rewards[q, i] += 1
                totals[REDEEMED_CREDITS] += g.threshold[q]
                totals[REWARDS] += 1
                k[REDEEMED + b] += 1
                balance -= g.threshold[q]
            if goal_proximity(np.float32(balance), threshold) >= _NEAR:
                totals[NEAR_GOAL] += 1
            multiplier = ONE
            if tiers >= 0 and m.tier[tiers, i] > 0:
                multiplier = g.tier_earn[q, m.tier[tiers, i] - 1]
            credit = g.earn_purchase[q] + g.earn_money[q] * np.float32(k[CENTS + b]) / _HUNDRED
            earned = np.int32(multiplier * credit + HALF)
            m.lots[slot, i] += earned
            totals[EARNED] += earned
            balance += earned
            if g.can_be_abandoned[q] and p.programmes_abandonment > ZERO:
                near = goal_proximity(np.float32(balance), threshold)
                step = np.float32(earned) / threshold
                if uniform32(give_up) < abandon_probability(near, step, p.programmes_abandonment):
                    m.engaged[q, i] = 0
                    totals[ABANDONED] += 1
