"""Step 4d: the programmes at the till - joining, benefits, redeeming, earning, giving the card up - programme by programme.

HERE lists the buyers whom a loop is about (by buyer) and INSIDE their places in the tile; each loop over chances is
followed by one that
picks those who had the luck.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PROGRAMME, TENDER
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
    GOAL,
    HELD,
    HERE,
    INSIDE,
    LINE_CENTS,
    LUCK,
    MEMBER,
    PULL,
    REDEEMED,
    REMEMBERED,
    SPEND,
    STEP,
    TERM,
    UNIFORM,
    WORTH,
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
    MATCHED,
    MEMBER_PURCHASES,
    MEMBER_SALES,
    NEAR_GOAL,
    PARTNER_REDEEMED,
    PROGRAMME_PURCHASES,
    REDEEMED_CREDITS,
    REWARD_COST,
    REWARD_VALUE,
    REWARDS,
    TILE,
    TRIALS,
)
from goodwill.engine.steps.credits import (
    balance_of,
    campaigns_at,
    earning_lot,
    lot_of,
    set_goals,
    take_oldest,
)
from goodwill.engine.steps.tender import pay_with_credits
from goodwill.programmes.terms import BY_CREDITS, BY_SPEND, BY_VISITS, HELD_OUT, WAS_MEMBER
from goodwill.rules.bond import belong
from goodwill.rules.currency import waiting_for_more
from goodwill.rules.programme import abandon_probability, enrol_surplus, goal_proximity, redeem_probability

_BLOCK = np.uint32(256)
_HUNDRED = np.float32(100.0)
_NEAR = np.float32(0.8)
NO_PROGRAMME = np.int32(-1)


@rule
def benefit_per_purchase(q: int, p: Any, g: Any, v: Any) -> Any:
    """What membership brings with one usual purchase, as a share of it."""
    spend = v.usual_spend[g.firm[q]]
    credit = g.earn_purchase[q] + g.earn_money[q] * spend / _HUNDRED
    share = g.discount[q] + g.load_bonus[q]
    if g.holds[q]:
        share = share + p.programmes_points_value * g.credit_worth[q] * credit / spend
    return np.float32(share)


@rule
def standing_benefit(q: int, p: Any, g: Any, v: Any) -> Any:
    """What membership brings in a year without any purchase, in usual purchases."""
    return np.float32(p.periods_per_year * g.period_benefit[q] / v.usual_spend[g.firm[q]])


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
    t: int, q: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, k0: Any, k1: Any
) -> None:
    """For the n buyers in HERE: luck and chance to consider joining programme q (UNIFORM, MEMBER), and what speaks for it (TERM)."""
    f, who = s.f, s.who
    fee = g.yearly_fee[q] / v.usual_spend[g.firm[q]]
    per_year = p.periods_per_year * benefit_per_purchase(q, p, g, v)
    standing = standing_benefit(q, p, g, v)
    exposure = p.programmes_exposure * g.exposure[q]
    hassle, attention, inclination, joined = c.hassle[lo:], c.attention[lo:], c.inclination[lo:], m.joined[q, lo:]
    stream = np.uint32(PROGRAMME + _BLOCK * np.uint32(g.stream[q]))
    for x in range(n):
        i = lo + who[INSIDE + x]
        _, word, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), stream, k0, k1)
        f[UNIFORM + x] = uniform32(word)
    for x in range(n):
        place = who[INSIDE + x]
        f[PULL + x] = f[REMEMBERED + who[HERE + x]]  # already counts this purchase
        f[TERM + x] = hassle[place]
        noticed = exposure * attention[place]
        f[MEMBER + x] = noticed * g.holdout_exposure[q] if joined[place] == HELD_OUT else noticed
        f[BALANCE + x] = inclination[place]
        # A free trial can be ended before the first fee falls due.
        f[WORTH + x] = ZERO if (g.trial[q] > 0) & (joined[place] != WAS_MEMBER) else fee
    for x in range(n):
        f[TERM + x] = enrol_surplus(
            f[PULL + x] * per_year + standing,
            f[WORTH + x],
            f[TERM + x],
            f[BALANCE + x],
            p.programmes_enrol_intercept,
            p.programmes_enrol_scale,
        )


@rule
def match_status(row: int, q: int, i: int, c: Any, m: Any, g: Any, v: Any, a: Any) -> None:
    """A new member gets the tier that his buying in the whole category, as he can prove it, would have earned."""
    k = g.tier_row[q]
    each = ONE
    if g.tier_basis[q] == BY_SPEND:
        each = v.usual_spend[g.firm[q]]
    elif g.tier_basis[q] == BY_CREDITS:
        each = g.earn_purchase[q] + g.earn_money[q] * v.usual_spend[g.firm[q]] / _HUNDRED
    amount = c.need[i] * np.float32(g.tier_periods[q]) * each
    reached = 0
    for step in range(g.tier_count[q]):
        if amount >= g.tier_spend[q, step]:
            reached = step + 1
    if reached > 0:
        m.tier[k, i] = np.int8(reached)
        m.tier_shift[k, i] = np.float32(reached)
        a.programmes[row, q, MATCHED] += 1


@rule
def join(
    t: int, row: int, q: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Buyers who are no members yet may become it; the first fee falls due and stamps may be given, the first time."""
    f, who = s.f, s.who
    totals = a.programmes[row, q]
    joined, engaged = m.joined[q, lo:], m.engaged[q, lo:]
    found = find_buyers(np.int64(g.firm[q]), joined, False, n, s)
    if found == 0:
        return
    set_joining_chances(t, q, occasion, lo, padded(found), c, m, p, g, v, s, k0, k1)
    lot = m.lots[lot_of(q, t, g), lo:]
    for x in range(found):
        place = who[INSIDE + x]
        at_once = g.automatic[q] and joined[place] != HELD_OUT
        if at_once or (f[UNIFORM + x] < f[MEMBER + x] and f[TERM + x] > ZERO):
            first_time = joined[place] != WAS_MEMBER
            joined[place] = t
            engaged[place] = 1
            totals[JOINED] += 1
            totals[FEES] += g.first_fee[q] if first_time else g.later_fee[q]
            if first_time and g.trial[q] > 0:
                totals[TRIALS] += 1
            if first_time and g.head_start[q] > 0:
                lot[place] += g.head_start[q]
                totals[GRANTED] += g.head_start[q]
            if g.tier_match[q]:
                match_status(row, q, lo + place, c, m, g, v, a)


@kernel
def before_paying(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any,
    recording: bool, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Joining, better service, the members' discount and payment with credits; CREDITS and REDEEMED are set for the record."""
    f, k, who = s.f, s.k, s.who
    for b in range(n):
        k[CREDITS + b] = NO_PROGRAMME
        k[REDEEMED + b] = 0
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        join(t, row, q, occasion, lo, n, c, m, p, g, v, s, a, k0, k1)
        gives = g.service_bonus[q] != ZERO or g.discount[q] > ZERO or g.tier_perks[q] or g.pay_value[q] > ZERO
        if not (recording or gives):
            continue
        found = find_buyers(np.int64(g.firm[q]), m.joined[q, lo:], True, n, s)
        off_all = 0
        for x in range(found):
            b = who[HERE + x]
            service, discount = g.service_bonus[q], g.discount[q]
            if g.tier_perks[q]:
                level = np.int64(m.tier[g.tier_row[q], lo + who[INSIDE + x]])
                if level > 0:
                    service = service + g.tier_service[q, level - 1]
                    discount = discount + g.tier_discount[q, level - 1]
            f[BONUS + b] = f[BONUS + b] + service
            if recording and k[CREDITS + b] < 0:
                k[CREDITS + b] = np.int32(balance_of(q, lo + who[INSIDE + x], m, g))
            if discount > ZERO:
                off = np.int32(np.float32(k[CENTS + b]) * discount + HALF)
                k[CENTS + b] -= off
                off_all += off
        a.programmes[row, q, DISCOUNT] += off_all
        if g.pay_value[q] > ZERO:
            pay_with_credits(t, row, q, occasion, lo, found, c, m, p, g, s, a, k0, k1)


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
def qualifying_part(q: int, t: int, g: Any) -> Any:
    """Row of the part of the qualifying period that period t belongs to."""
    length = max(g.tier_periods[q] // g.tier_parts[q], 1)
    return np.int64(g.tier_first[q] + (t // length) % g.tier_parts[q])


@rule
def choose_step(q: int, n: int, p: Any, g: Any, s: Any) -> None:
    """For n members: the dearest reward they can afford (STEP, GOAL); one who sees a better one ahead minds redeeming (TERM)."""
    f, k = s.f, s.k
    threshold, better = g.step_threshold[q], g.step_better[q]
    last = g.rewards[q] - 1
    for x in range(n):
        k[STEP + x] = 0
        f[GOAL + x] = threshold[0]
    for step in range(1, last + 1):
        for x in range(n):
            affordable = f[BALANCE + x] >= threshold[step]
            k[STEP + x] = np.int32(step) if affordable else k[STEP + x]
            f[GOAL + x] = threshold[step] if affordable else f[GOAL + x]
    if last > 0:
        for x in range(n):
            step = np.int64(k[STEP + x])
            ahead = goal_proximity(f[BALANCE + x], threshold[min(step + 1, last)])
            f[TERM + x] = f[TERM + x] + waiting_for_more(ahead, better[step], p.programmes_patience)


@rule
def redeem(
    t: int, row: int, q: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, s: Any, a: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Members in HERE may take a reward for their credits; HELD is what they hold before it and then after it."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    totals = a.programmes[row, q]
    first, count = g.lot_first[q], g.lot_count[q]
    for x in range(w):
        k[HELD + x] = 0
    for lot in range(first, first + count):
        held = m.lots[lot, lo:]
        for x in range(w):
            k[HELD + x] += held[who[INSIDE + x]]
    if g.rewards[q] == 0:
        return
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
    choose_step(q, w, p, g, s)
    if g.at_once[q]:
        for x in range(w):
            f[TERM + x] = ONE if f[BALANCE + x] >= f[GOAL + x] else ZERO
    else:
        for x in range(w):
            f[TERM + x] = redeem_probability(
                f[BALANCE + x],
                f[GOAL + x],
                f[EXPIRING + x],
                p.programmes_redeem_intercept,
                p.programmes_redeem_slope,
                f[TERM + x],
                p.programmes_expiry_pressure,
            )
    rewards, worth = m.rewards[q, lo:], m.worth[q, lo:]
    stream = np.uint32(TENDER + _BLOCK * np.uint32(g.stream[q]))
    for x in range(n):
        if f[LUCK + x] < f[TERM + x]:
            place = who[INSIDE + x]
            step = np.int64(k[STEP + x])
            credits = np.int64(g.step_threshold[q, step])
            take_oldest(q, lo + place, t, credits, m, g)
            rewards[place] += 1
            worth[place] += g.step_cents[q, step]
            totals[REDEEMED_CREDITS] += credits
            totals[REWARDS] += 1
            totals[REWARD_VALUE] += g.step_cents[q, step]
            at_partner = False
            if g.partner_share[q] > ZERO:
                i = np.uint32(lo + place)
                _, _, word, _ = philox4x32(i, np.uint32(t), np.uint32(occasion), stream, k0, k1)
                at_partner = uniform32(word) < g.partner_share[q]
            if at_partner:
                totals[PARTNER_REDEEMED] += credits
            else:
                totals[REWARD_COST] += g.step_cost[q, step]
            k[REDEEMED + who[HERE + x]] += 1
            k[HELD + x] -= np.int32(credits)


@rule
def limit_credits(q: int, lo: int, n: int, m: Any, g: Any, s: Any) -> None:
    """Caps on what a purchase and a period earn, and on the purchases of a period that count, applied to ADDED."""
    k, who = s.k, s.who
    if g.earn_cap[q] > 0:
        for x in range(n):
            k[ADDED + x] = min(k[ADDED + x], np.int32(g.earn_cap[q]))
    if g.limit_row[q] >= 0:
        counted, so_far = m.counted[g.limit_row[q], lo:], m.period_credits[g.limit_row[q], lo:]
        for x in range(n):
            place = who[INSIDE + x]
            counted[place] += 1
            if g.velocity[q] > 0 and counted[place] > g.velocity[q]:
                k[ADDED + x] = 0
            if g.period_cap[q] > 0:
                k[ADDED + x] = np.int32(min(np.int64(k[ADDED + x]), np.int64(g.period_cap[q]) - so_far[place]))
            so_far[place] += k[ADDED + x]


@rule
def earn(t: int, row: int, q: int, lo: int, n: int, m: Any, g: Any, s: Any, a: Any) -> None:
    """Members in HERE get credits for their purchase: ADDED, and in HELD."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    totals = a.programmes[row, q]
    tiers = g.tier_row[q]
    campaign = campaigns_at(q, t, g)
    for x in range(w):
        f[SPEND + x] = np.float32(k[CENTS + who[HERE + x]])
        f[TERM + x] = campaign
    if tiers >= 0:
        tier = m.tier[tiers, lo:]
        for x in range(w):
            level = np.int64(tier[who[INSIDE + x]])
            f[TERM + x] = campaign * (g.tier_earn[q, level - 1] if level > 0 else ONE)
    for x in range(w):
        credit = g.earn_purchase[q] + g.earn_money[q] * f[SPEND + x] / _HUNDRED
        k[ADDED + x] = np.int32(f[TERM + x] * credit + HALF)
    if g.earn_lines[q] > ZERO:
        for x in range(n):
            bought_along = g.earn_lines[q] * np.float32(k[LINE_CENTS + who[HERE + x]]) / _HUNDRED
            k[ADDED + x] += np.int32(f[TERM + x] * bought_along + HALF)
    limit_credits(q, lo, n, m, g, s)
    lot = m.lots[earning_lot(q, t, g), lo:]
    earned, near = 0, 0
    if g.rewards[q] > 0:
        for x in range(w):
            f[BALANCE + x] = np.float32(k[HELD + x])
        set_goals(q, w, g, s)
        for x in range(n):
            near += goal_proximity(f[BALANCE + x], f[GOAL + x]) >= _NEAR
    for x in range(n):
        earned += k[ADDED + x]
        k[HELD + x] += k[ADDED + x]
    for x in range(n):
        lot[who[INSIDE + x]] += k[ADDED + x]
    if tiers >= 0 and g.tier_basis[q] == BY_CREDITS:
        qualifies = m.tier_spend[qualifying_part(q, t, g), lo:]
        for x in range(n):
            qualifies[who[INSIDE + x]] += k[ADDED + x]
    totals[EARNED] += earned
    totals[NEAR_GOAL] += near


@rule
def give_up(row: int, q: int, lo: int, n: int, m: Any, p: Any, g: Any, s: Any, a: Any) -> None:
    """Members in HERE may give their card up, the likelier the further the goal still is."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    for x in range(w):
        f[BALANCE + x] = np.float32(k[HELD + x])
    set_goals(q, w, g, s)
    for x in range(w):
        near = goal_proximity(f[BALANCE + x], f[GOAL + x])
        step = np.float32(k[ADDED + x]) / f[GOAL + x]
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
        if g.tier_row[q] >= 0 and g.tier_basis[q] != BY_CREDITS:
            qualifies = m.tier_spend[qualifying_part(q, t, g), lo:]
            for x in range(found):
                amount = np.int32(1) if g.tier_basis[q] == BY_VISITS else k[CENTS + who[HERE + x]]
                qualifies[who[INSIDE + x]] += amount
        if g.community[q] > ZERO and p.commitment_on:
            commitment = c.commitment[j, lo:]
            for x in range(found):
                place = who[INSIDE + x]
                commitment[place] = belong(commitment[place], g.community[q])
        if not g.holds[q]:
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
        redeem(t, row, q, occasion, lo, using, c, m, p, g, s, a, k0, k1)
        earn(t, row, q, lo, using, m, g, s, a)
        if g.can_be_abandoned[q] and g.rewards[q] > 0 and p.programmes_abandonment > ZERO:
            give_up(row, q, lo, using, m, p, g, s, a)
