"""Step 4d: the programmes at the till - joining, discount, redeeming, earning, giving the card up - programme by programme.

HERE lists the buyers whom a loop is about (by buyer) and INSIDE their places in the tile; each loop over chances is
followed by one that
picks those who had the luck.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PROGRAMME
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import HALF, ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    ADDED,
    BALANCE,
    BONUS,
    BUYER,
    CENTS,
    CREDITS,
    EXPIRING,
    FIRM,
    HELD,
    HERE,
    INSIDE,
    LUCK,
    MEMBER,
    PULL,
    REDEEMED,
    REMEMBERED,
    SPEND,
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
    TILE,
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
def find_buyers(j: int, joined: Any, member: bool, n: int, s: Any) -> int:
    """Buyers of firm j, of n, who are members of its programme or are not; into HERE and INSIDE. Returns how many."""
    k, who = s.k, s.who
    found = 0
    for b in range(n):
        place = who[BUYER + b]
        who[HERE + found] = np.uint32(b)
        who[INSIDE + found] = place
        found += 1 if (k[FIRM + b] == j) & ((joined[place] >= 0) == member) else 0
    for x in range(found, padded(found)):
        who[HERE + x] = 0
        who[INSIDE + x] = 0
    return found


@rule
def set_joining_chances(
    t: int, q: int, occasion: int, lo: int, n: int, c: Any, p: Any, g: Any, v: Any, s: Any, k0: Any, k1: Any
) -> None:
    """For the n buyers in HERE: the luck and the chance to join programme q, into UNIFORM and TERM."""
    f, who = s.f, s.who
    fee = g.yearly_fee[q] / v.usual_spend[g.firm[q]]
    per_year = p.periods_per_year * benefit_per_purchase(q, p, g, v)
    exposure = p.programmes_exposure * g.exposure[q]
    hassle, attention = c.hassle[lo:], c.attention[lo:]
    stream = np.uint32(PROGRAMME + _BLOCK * np.uint32(g.stream[q]))
    for x in range(n):
        i = lo + who[INSIDE + x]
        _, word, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1)
        f[UNIFORM + x] = uniform32(word)
    for x in range(n):
        place = who[INSIDE + x]
        f[PULL + x] = f[REMEMBERED + who[HERE + x]]  # already counts this purchase
        f[TERM + x] = hassle[place]
        f[MEMBER + x] = attention[place]
    for x in range(n):
        f[TERM + x] = enrol_probability(
            f[PULL + x] * per_year,
            fee,
            f[TERM + x],
            p.programmes_enrol_intercept,
            p.programmes_enrol_scale,
            exposure * f[MEMBER + x],
        )


@rule
def join(
    t: int, row: int, q: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Buyers who are no members yet may become it; the first fee falls due and stamps may be given."""
    f, who = s.f, s.who
    totals = a.programmes[row, q]
    joined, engaged = m.joined[q, lo:], m.engaged[q, lo:]
    found = find_buyers(np.int64(g.firm[q]), joined, False, n, s)
    if found == 0:
        return
    set_joining_chances(t, q, occasion, lo, padded(found), c, p, g, v, s, k0, k1)
    lot = m.lots[g.lot_first[q] + (t // g.lot_periods[q]) % g.lot_count[q], lo:]
    for x in range(found):
        if g.automatic[q] or f[UNIFORM + x] < f[TERM + x]:
            place = who[INSIDE + x]
            joined[place] = t
            engaged[place] = 1
            totals[JOINED] += 1
            totals[FEES] += g.fee[q]
            if g.head_start[q] > 0:
                lot[place] += g.head_start[q]
                totals[GRANTED] += g.head_start[q]


@kernel
def before_paying(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any,
    recording: bool, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Joining, better service and the members' discount; CREDITS and REDEEMED are set for the record."""
    f, k, who = s.f, s.k, s.who
    for b in range(n):
        k[CREDITS + b] = NO_PROGRAMME
        k[REDEEMED + b] = 0
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        join(t, row, q, occasion, lo, n, c, m, p, g, v, s, a, k0, k1)
        if not (recording or g.service_bonus[q] != ZERO or g.discount[q] > ZERO):
            continue
        found = find_buyers(np.int64(g.firm[q]), m.joined[q, lo:], True, n, s)
        off_all = 0
        for x in range(found):
            b = who[HERE + x]
            f[BONUS + b] = f[BONUS + b] + g.service_bonus[q]
            if recording and k[CREDITS + b] < 0:
                k[CREDITS + b] = np.int32(balance_of(q, lo + who[INSIDE + x], m, g))
            if g.discount[q] > ZERO:
                off = np.int32(np.float32(k[CENTS + b]) * g.discount[q] + HALF)
                k[CENTS + b] -= off
                off_all += off
        a.programmes[row, q, DISCOUNT] += off_all


@rule
def take_up_again(t: int, q: int, lo: int, n: int, m: Any, p: Any, s: Any) -> int:
    """Of the n members in HERE, those who use their card, some of them again; HERE, INSIDE and LUCK shrink to them."""
    f, who = s.f, s.who
    engaged = m.engaged[q, lo:]
    found = 0
    for x in range(n):
        place = who[INSIDE + x]
        uses = (engaged[place] > 0) | (f[LUCK + 3 * TILE + x] < p.programmes_reengagement)
        engaged[place] = np.int8(uses)
        who[HERE + found] = who[HERE + x]
        who[INSIDE + found] = place
        f[LUCK + found] = f[LUCK + x]
        f[LUCK + 2 * TILE + found] = f[LUCK + 2 * TILE + x]
        found += 1 if uses else 0
    for x in range(found, padded(found)):
        who[HERE + x] = 0
        who[INSIDE + x] = 0
    return found


@rule
def redeem(t: int, row: int, q: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, s: Any, a: Any) -> None:
    """Members in HERE may take a reward for their credits; HELD is what they hold before it and then after it."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    totals = a.programmes[row, q]
    first, count = g.lot_first[q], g.lot_count[q]
    threshold = np.float32(g.threshold[q])
    for x in range(w):
        k[HELD + x] = 0
    for lot in range(first, first + count):
        held = m.lots[lot, lo:]
        for x in range(w):
            k[HELD + x] += held[who[INSIDE + x]]
    for x in range(w):
        f[BALANCE + x] = np.float32(k[HELD + x])
        f[EXPIRING + x] = ZERO
    if g.expiry[q] > 0 and count > 1:
        next_to_expire = m.lots[first + (t // g.lot_periods[q] + 1) % count, lo:]
        for x in range(w):
            f[EXPIRING + x] = np.float32(next_to_expire[who[INSIDE + x]])
        for x in range(w):
            f[EXPIRING + x] = f[EXPIRING + x] / f[BALANCE + x] if k[HELD + x] > 0 else ZERO
    hassle = c.redeem_hassle[lo:]
    for x in range(w):
        f[TERM + x] = hassle[who[INSIDE + x]]
    for x in range(w):
        f[TERM + x] = redeem_probability(
            f[BALANCE + x],
            threshold,
            f[EXPIRING + x],
            p.programmes_redeem_intercept,
            p.programmes_redeem_slope,
            f[TERM + x],
            p.programmes_expiry_pressure,
        )
    rewards = m.rewards[q, lo:]
    for x in range(n):
        if f[LUCK + x] < f[TERM + x]:
            place = who[INSIDE + x]
            take_oldest(q, lo + place, t, np.int64(g.threshold[q]), m, g)
            rewards[place] += 1
            totals[REDEEMED_CREDITS] += g.threshold[q]
            totals[REWARDS] += 1
            k[REDEEMED + who[HERE + x]] += 1
            k[HELD + x] -= g.threshold[q]


@rule
def earn(t: int, row: int, q: int, lo: int, n: int, m: Any, g: Any, s: Any, a: Any) -> None:
    """Members in HERE get credits for their purchase: ADDED, and in HELD."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    totals = a.programmes[row, q]
    tiers = g.tier_row[q]
    for x in range(w):
        f[SPEND + x] = np.float32(k[CENTS + who[HERE + x]])
        f[TERM + x] = ONE
    if tiers >= 0:
        tier = m.tier[tiers, lo:]
        for x in range(w):
            level = np.int64(tier[who[INSIDE + x]])
            f[TERM + x] = g.tier_earn[q, level - 1] if level > 0 else ONE
    for x in range(w):
        credit = g.earn_purchase[q] + g.earn_money[q] * f[SPEND + x] / _HUNDRED
        k[ADDED + x] = np.int32(f[TERM + x] * credit + HALF)
    lot = m.lots[g.lot_first[q] + (t // g.lot_periods[q]) % g.lot_count[q], lo:]
    earned, near = 0, 0
    threshold = np.float32(g.threshold[q])
    for x in range(n):
        earned += k[ADDED + x]
        near += goal_proximity(np.float32(k[HELD + x]), threshold) >= _NEAR
        k[HELD + x] += k[ADDED + x]
    for x in range(n):
        lot[who[INSIDE + x]] += k[ADDED + x]
    totals[EARNED] += earned
    totals[NEAR_GOAL] += near


@rule
def give_up(row: int, q: int, lo: int, n: int, m: Any, p: Any, g: Any, s: Any, a: Any) -> None:
    """Members in HERE may give their card up, the likelier the further the goal still is."""
    f, k, who = s.f, s.k, s.who
    threshold = np.float32(g.threshold[q])
    for x in range(padded(n)):
        near = goal_proximity(np.float32(k[HELD + x]), threshold)
        step = np.float32(k[ADDED + x]) / threshold
        f[TERM + x] = abandon_probability(near, step, p.programmes_abandonment)
    engaged = m.engaged[q, lo:]
    for x in range(n):
        if f[LUCK + 2 * TILE + x] < f[TERM + x]:
            engaged[who[INSIDE + x]] = 0
            a.programmes[row, q, ABANDONED] += 1


@kernel
def after_paying(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Redeeming, earning, giving the card up and taking it up again."""
    f, k, who = s.f, s.k, s.who
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        j = np.int64(g.firm[q])
        totals, firm = a.programmes[row, q], a.firms[row, j]
        found = find_buyers(j, m.joined[q, lo:], True, n, s)
        if found == 0:
            continue
        paid = 0
        for x in range(found):
            paid += k[CENTS + who[HERE + x]]
        totals[PROGRAMME_PURCHASES] += found
        firm[MEMBER_PURCHASES] += found
        firm[MEMBER_SALES] += paid
        if g.tier_row[q] >= 0:
            spent = m.tier_spend[g.tier_row[q], lo:]
            for x in range(found):
                spent[who[INSIDE + x]] += k[CENTS + who[HERE + x]]
        if g.threshold[q] == 0:
            totals[ACTIVE] += found
            continue
        stream = np.uint32(PROGRAMME + _BLOCK * np.uint32(g.stream[q]))
        for x in range(padded(found)):
            i = lo + who[INSIDE + x]
            w0, _, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1)
            f[LUCK + x] = uniform32(w0)
            f[LUCK + 2 * TILE + x] = uniform32(w2)
            f[LUCK + 3 * TILE + x] = uniform32(w3)
        using = take_up_again(t, q, lo, found, m, p, s)
        totals[ACTIVE] += using
        redeem(t, row, q, lo, using, c, m, p, g, s, a)
        earn(t, row, q, lo, using, m, g, s, a)
        if g.can_be_abandoned[q] and p.programmes_abandonment > ZERO:
            give_up(row, q, lo, using, m, p, g, s, a)
