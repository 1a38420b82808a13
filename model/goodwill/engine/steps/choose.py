"""Step 4b: from whom. Utilities of the firms for the lanes of a tile that are shopping, and the choice among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.draws import CHOICE, TRIP
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ONE, TWO, ZERO, exp32, log32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BALANCE,
    BEST,
    BETA,
    CHOSEN,
    CUMULATIVE,
    ELAPSED,
    EVERYBODY,
    GATHERED,
    GOAL,
    HERE,
    INSIDE,
    LANE,
    LUCK,
    MEMBER,
    POSSIBLE,
    PREVIOUS,
    PULL,
    RATE_HERE,
    RATE_WEIGHT,
    RATIO,
    SECOND,
    SECOND_GATHERED,
    SENSITIVITY,
    TERM,
    WORTH,
    padded,
)
from goodwill.engine.state import TILE
from goodwill.engine.steps.credits import set_goals
from goodwill.engine.steps.strength import sensitivity_of
from goodwill.rules.bonds import risk_premium, trust_utility, unfairness_utility
from goodwill.rules.choice import (
    base_utility,
    buying_probability,
    delight_utility,
    expectation_utility,
    gumbel,
    habit_utility,
    opinion_utility,
    relational_utility,
    satisfaction_utility,
)
from goodwill.rules.currency import painless_share, perceived_saving
from goodwill.rules.offers import offer_utility
from goodwill.rules.programme import (
    current_rate,
    goal_proximity,
    goal_pull,
    money_utility,
    next_purchase_value,
    novelty,
    steps_left,
    tier_shift_utility,
)
from goodwill.rules.recovery import grievance_utility
from goodwill.rules.value import value_utility

UNAVAILABLE = np.float32(-1e30)
BARELY = np.float32(-1e29)
_BLOCK = np.uint32(256)


@rule
def settled_uncertainty(p: Any) -> Any:
    """Variance of the belief about a firm known for long: the fixed point of the Kalman update."""
    q, noise = p.expectation_drift, p.expectation_noise
    return np.float32((q + np.sqrt(q * q + np.float32(4.0) * q * noise)) / TWO)


@rule
def look_up(states: Any, start: int, n: int, room: int, s: Any) -> Any:
    """States of n (firm, customer) pairs: those in a row from `start` on or, below 0, those in `s.at`, gathered into `room`."""
    if start >= 0:
        return states[start : start + n]
    f, at = s.f, s.at
    for l in range(n):
        f[room + l] = states[at[l]]
    return f[room : room + n]


@kernel
def add_up_utility(start: int, n: int, out: Any, c: Any, p: Any, s: Any) -> None:
    """Utility of n (firm, customer) pairs, without luck and programmes, into `out`; see `look_up` for which pairs.

    BETA and RATIO hold the customers' price sensitivities and the firms' price ratios. Under contract habit and commitment are no
    part of it: there they are costs of switching.
    """
    f = s.f
    bonds = not p.contract
    taste = look_up(flat(c.taste), start, n, GATHERED, s)
    if p.spending_on:
        for l in range(n):
            x = np.uint64(start + l) if start >= 0 else s.at[l]
            out[l] = base_utility(taste[l], sensitivity_of(x, f[BETA + l], c, p), f[RATIO + l])
    else:
        for l in range(n):
            out[l] = base_utility(taste[l], f[BETA + l], f[RATIO + l])
    if p.habit_on and bonds:
        habit = look_up(flat(c.habit), start, n, GATHERED, s)
        for l in range(n):
            out[l] += habit_utility(habit[l], p.habit_strength)
    if p.satisfaction_on:
        satisfaction = look_up(flat(c.satisfaction), start, n, GATHERED, s)
        for l in range(n):
            out[l] += satisfaction_utility(satisfaction[l], p.satisfaction_neutral, p.satisfaction_weight)
        if p.delight_on:
            for l in range(n):
                out[l] += delight_utility(
                    satisfaction[l], p.satisfaction_neutral, p.delight_threshold, p.delight_weight
                )
    if p.expectation_on:
        usual = settled_uncertainty(p)
        expectation = look_up(flat(c.expectation), start, n, GATHERED, s)
        uncertainty = look_up(flat(c.uncertainty), start, n, SECOND_GATHERED, s)
        for l in range(n):
            out[l] += expectation_utility(
                expectation[l],
                uncertainty[l],
                p.satisfaction_neutral,
                p.expectation_weight,
                p.expectation_risk,
                usual,
            )
    if p.commitment_on and bonds:
        commitment = look_up(flat(c.commitment), start, n, GATHERED, s)
        for l in range(n):
            out[l] += relational_utility(commitment[l], p.commitment_weight)
    if p.talk_listened:
        opinion = look_up(flat(c.opinion), start, n, GATHERED, s)
        for l in range(n):
            out[l] += opinion_utility(opinion[l], p.word_of_mouth_weight)
    if p.value_on:
        delivered = look_up(flat(c.delivered), start, n, GATHERED, s)
        for l in range(n):
            out[l] += value_utility(delivered[l], p.value_weight, p.value_search)
    if p.trust_on:
        trust = look_up(flat(c.trust), start, n, GATHERED, s)
        if p.expectation_on:
            usual = settled_uncertainty(p)
            uncertainty = look_up(flat(c.uncertainty), start, n, SECOND_GATHERED, s)
            for l in range(n):
                f[TERM + l] = risk_premium(uncertainty[l], p.expectation_risk, usual)
        else:
            for l in range(n):
                f[TERM + l] = ZERO
        for l in range(n):
            out[l] += trust_utility(trust[l], p.trust_initial, p.trust_weight, f[TERM + l], p.trust_relief)
    if p.fairness_on:
        unfairness = look_up(flat(c.unfairness), start, n, GATHERED, s)
        for l in range(n):
            out[l] += unfairness_utility(unfairness[l], p.fairness_weight)
    if p.recovery_on:
        grievance = look_up(flat(c.grievance), start, n, GATHERED, s)
        for l in range(n):
            out[l] += grievance_utility(grievance[l], p.recovery_weight)


@kernel
def set_utilities(t: int, lanes: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """Utility of every firm, without luck and programmes, for n customers, by lane.

    lanes: row of scratch that says where in the tile they are, or EVERYBODY: then nothing is to be gathered, which is
    faster from an eighth of the tile on.
    """
    f, at = s.f, s.at
    customers = c.need.shape[0]
    sensitivity = c.price_sensitivity[lo:]
    if lanes == EVERYBODY:
        for l in range(n):
            f[BETA + l] = sensitivity[l]
    else:
        who = s.who[lanes : lanes + TILE]
        for l in range(n):
            f[BETA + l] = sensitivity[who[l]]
    for j in range(c.taste.shape[0]):
        ratio = v.log_price_ratio[t, j]
        for l in range(n):
            f[RATIO + l] = ratio
        start = j * customers + lo
        if lanes != EVERYBODY:
            who = s.who[lanes : lanes + TILE]
            for l in range(n):
                at[l] = np.uint64(start + who[l])
            start = -1
        add_up_utility(start, n, s.u[j], c, p, s)


@kernel
def keep_lanes(n: int, firms: int, s: Any) -> None:
    """From utilities of everybody to those of the n lanes: what stood by place in the tile stands by lane."""
    f, u = s.f, s.u
    who = s.who[LANE : LANE + TILE]
    for l in range(n):
        f[BETA + l] = f[BETA + who[l]]  # a lane's place is never before it, so nothing is overwritten too early
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            mine[l] = mine[who[l]]


@rule
def possible_firms(aware: Any, gone: Any, considered: Any) -> Any:
    """Bits of the firms that can be chosen: known, not left for good, and in mind - or, with none of these in mind, all of them."""
    known = aware & ~gone
    in_mind = known & considered
    return in_mind if in_mind != 0 else known


@rule
def never_bought(j: int, i: int, c: Any) -> bool:
    """Whether customer i has not bought from firm j yet, before the run or in it."""
    return c.visits[j, i] == 0 and (c.history.shape[1] == 0 or c.history[j, i] == 0)


@kernel
def add_welcome_prices(t: int, lanes: int, lo: int, n: int, c: Any, v: Any, s: Any) -> None:
    """Who has never bought from a firm may see a lower price there; lanes as for `set_utilities`, BETA by lane."""
    f, u, who = s.f, s.u, s.who
    for j in range(c.taste.shape[0]):
        discount = v.newcomer_discount[t, j]
        if discount <= ZERO:
            continue
        log_price = log32(ONE - discount)
        mine = u[j]
        for l in range(n):
            place = np.int64(l) if lanes == EVERYBODY else np.int64(who[lanes + l])
            mine[l] += base_utility(ZERO, f[BETA + l], log_price) if never_bought(j, lo + place, c) else ZERO


@kernel
def forbid_firms(lanes: int, lo: int, n: int, c: Any, s: Any) -> None:
    """Firms a customer does not know of, does not think of, or has left for good, cannot be chosen; lanes as for `set_utilities`."""
    k, u = s.k, s.u
    aware, gone = c.aware[lo:], c.gone[lo:]
    if c.considered.shape[0] > 0:
        considered = c.considered[lo:]
        for l in range(n):
            place = np.int64(l if lanes == EVERYBODY else s.who[lanes + l])
            k[POSSIBLE + l] = possible_firms(aware[place], gone[place], considered[place])
    elif lanes == EVERYBODY:
        for l in range(n):
            k[POSSIBLE + l] = aware[l] & ~gone[l]
    else:
        who = s.who[lanes : lanes + TILE]
        for l in range(n):
            k[POSSIBLE + l] = aware[who[l]] & ~gone[who[l]]
    for j in range(c.taste.shape[0]):
        mine = u[j]
        bit = np.int32(1 << j)
        for l in range(n):
            mine[l] = mine[l] if (k[POSSIBLE + l] & bit) != 0 else UNAVAILABLE


@rule
def find_members(q: int, lo: int, n: int, c: Any, m: Any, s: Any) -> int:
    """Lanes whose customers hold card q, use it and take notice of it, into HERE, their places into INSIDE; how many."""
    who = s.who
    joined, engaged, attention = m.joined[q, lo:], m.engaged[q, lo:], c.attention[lo:]
    found = 0
    for l in range(n):
        place = who[LANE + l]
        who[HERE + found] = np.uint32(l)
        who[INSIDE + found] = place
        found += 1 if (joined[place] >= 0) & (engaged[place] > 0) & (attention[place] > ZERO) else 0
    for x in range(found, padded(found)):
        who[HERE + x] = 0
        who[INSIDE + x] = 0
    return found


@rule
def see_balance(q: int, lo: int, n: int, m: Any, g: Any, s: Any) -> None:
    """BALANCE of the n members in HERE: credits they can use, and those of their household short of the last reward."""
    f, who = s.f, s.who
    for x in range(n):
        f[BALANCE + x] = ZERO
    for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q]):
        held = m.lots[lot, lo:]
        for x in range(n):
            f[BALANCE + x] += np.float32(held[who[INSIDE + x]])
    if g.pool_row[q] >= 0 and g.rewards[q] > 0:
        pooled = m.pooled[g.pool_row[q], lo:]
        most = g.step_threshold[q, g.rewards[q] - 1] - ONE
        for x in range(n):
            together = min(f[BALANCE + x] + np.float32(pooled[who[INSIDE + x]]), most)
            f[BALANCE + x] = max(f[BALANCE + x], together)


@rule
def add_reward_in_sight(t: int, q: int, lo: int, n: int, c: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """The worth of one more purchase on the way to the reward, and the pull of the goal, into PULL of the n members."""
    f, who = s.f, s.who
    j = np.int64(g.firm[q])
    spend = v.usual_spend[j]
    credit = g.earn_purchase[q] + g.earn_money[q] * spend / np.float32(100.0)
    if g.rewards[q] == 0 or g.reward_value[q] <= ZERO or credit <= ZERO:
        return
    set_goals(q, n, g, s)
    rate, last_bought = c.rate[j, lo:], c.last_bought[j, lo:]
    for x in range(n):
        place = who[INSIDE + x]
        f[ELAPSED + x] = np.float32(t - last_bought[place])
        f[RATE_HERE + x] = rate[place]
    for x in range(n):
        f[RATE_WEIGHT + x] = current_rate(f[RATE_HERE + x], f[ELAPSED + x], p.programmes_memory)
    for x in range(n):
        goal = f[GOAL + x]
        left = steps_left(f[BALANCE + x], goal, credit)
        value = next_purchase_value(left, goal / credit, f[RATE_WEIGHT + x], p.programmes_discount, f[WORTH + x])
        pull = goal_pull(goal_proximity(f[BALANCE + x], goal), p.programmes_pull)
        money = money_utility(value, f[SENSITIVITY + x], spend, p.programmes_points_value)
        f[PULL + x] = f[PULL + x] + (money + pull)


@rule
def add_means_of_payment(q: int, n: int, p: Any, g: Any, v: Any, s: Any) -> None:
    """What credits at hand seem to save, and what those to be earned will pay for, into PULL of the n members."""
    f = s.f
    spend = v.usual_spend[g.firm[q]]
    value, minimum = g.pay_value[q], np.float32(g.pay_minimum[q])
    kappa, curvature = p.programmes_points_value, p.programmes_points_curvature
    most = ONE if g.load[q] > 0 else painless_share(kappa, curvature)
    credit = g.earn_purchase[q] + g.earn_money[q] * spend / np.float32(100.0)
    for x in range(n):
        worth = f[BALANCE + x] * value
        money = min(most * worth, spend)
        share = money / max(worth, ONE)
        saved = perceived_saving(money, share, kappa, curvature)
        saved = saved if (f[BALANCE + x] >= minimum) & (worth > ZERO) else ZERO
        now = money_utility(saved, f[SENSITIVITY + x], spend, ONE)
        later = money_utility(credit * value, f[SENSITIVITY + x], spend, kappa)
        f[PULL + x] = f[PULL + x] + (now + later)


@rule
def add_benefits(q: int, lo: int, n: int, m: Any, p: Any, g: Any, s: Any) -> None:
    """Discounts, standing benefits and the tier, into PULL of the n members."""
    f, who = s.f, s.who
    if g.discount[q] > ZERO:
        off = log32(ONE - g.discount[q])
        for x in range(n):
            f[PULL + x] = f[PULL + x] + f[SENSITIVITY + x] * off
    if g.liking[q] != ZERO:
        for x in range(n):
            f[PULL + x] = f[PULL + x] + g.liking[q]
    if g.tier_row[q] >= 0:
        tier, shift = m.tier[g.tier_row[q], lo:], m.tier_shift[g.tier_row[q], lo:]
        for x in range(n):
            place = who[INSIDE + x]
            level = np.int64(tier[place])
            liking = g.tier_liking[q, level - 1] if level > 0 else ZERO
            felt = tier_shift_utility(shift[place], p.programmes_tier_gain, p.programmes_tier_loss)
            f[PULL + x] = f[PULL + x] + (liking + felt)
    if g.tier_perks[q]:
        tier = m.tier[g.tier_row[q], lo:]
        for x in range(n):
            level = np.int64(tier[who[INSIDE + x]])
            off = g.tier_discount[q, level - 1] if level > 0 else ZERO
            f[PULL + x] = f[PULL + x] + f[SENSITIVITY + x] * log32(ONE - off)


@kernel
def add_programmes(t: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """What members who use their card see in one more purchase from its firm."""
    f, who = s.f, s.who
    for q in range(g.firm.shape[0]):
        if not g.start[q] <= t < g.stop[q]:
            continue
        found = find_members(q, lo, n, c, m, s)
        if found == 0:
            continue
        w = padded(found)
        joined, attention = m.joined[q, lo:], c.attention[lo:]
        for x in range(w):
            place = who[INSIDE + x]
            f[MEMBER + x] = attention[place]
            f[ELAPSED + x] = np.float32(t - joined[place])
            f[SENSITIVITY + x] = f[BETA + who[HERE + x]]
        for x in range(w):
            f[PULL + x] = novelty(p.programmes_liking, f[ELAPSED + x], p.programmes_novelty_half_life)
        if g.holds[q]:
            see_balance(q, lo, w, m, g, s)
            add_reward_in_sight(t, q, lo, w, c, p, g, v, s)
        if g.pay_value[q] > ZERO:
            add_means_of_payment(q, w, p, g, v, s)
        add_benefits(q, lo, w, m, p, g, s)
        mine = s.u[np.int64(g.firm[q])]
        for x in range(found):
            mine[who[HERE + x]] += f[MEMBER + x] * f[PULL + x]


@kernel
def add_offers(t: int, lanes: int, n: int, lo: int, c: Any, s: Any) -> None:
    """Favour, and what a coupon saves, are part of the firms' utilities; lanes as for `set_utilities`, BETA by lane."""
    f, u = s.f, s.u
    for j in range(c.favour.shape[0]):
        mine = u[j]
        favour, offer, ends = c.favour[j, lo:], c.offer[j, lo:], c.offer_ends[j, lo:]
        for l in range(n):
            place = np.int64(l) if lanes == EVERYBODY else np.int64(s.who[lanes + l])
            worth = ZERO
            if offer[place] > ZERO and ends[place] >= t:
                worth = offer_utility(f[BETA + l], offer[place])
            mine[l] += favour[place] + worth


@kernel
def pick_firms(t: int, trip: int, lo: int, n: int, firms: int, s: Any, k0: Any, k1: Any) -> None:
    """Luck is added and the best firm is taken; CHOSEN is -1 where no firm can be chosen."""
    f, k, u, who = s.f, s.k, s.u, s.who
    for block in range((firms + 3) // 4):
        stream = np.uint32(CHOICE + _BLOCK * np.uint32(block))
        for l in range(n):
            a, b, e, d = philox4x32(np.uint32(lo + who[LANE + l]), np.uint32(t), np.uint32(trip), stream, k0, k1)
            f[LUCK + l] = uniform32(a)
            f[LUCK + TILE + l] = uniform32(b)
            f[LUCK + 2 * TILE + l] = uniform32(e)
            f[LUCK + 3 * TILE + l] = uniform32(d)
        for j in range(4 * block, min(4 * block + 4, firms)):
            mine = u[j]
            luck = f[LUCK + (j - 4 * block) * TILE : LUCK + (j - 4 * block + 1) * TILE]
            for l in range(n):
                mine[l] += gumbel(luck[l])
    for l in range(n):
        f[BEST + l] = BARELY
        k[CHOSEN + l] = -1
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            better = mine[l] > f[BEST + l]
            f[BEST + l] = mine[l] if better else f[BEST + l]
            k[CHOSEN + l] = np.int32(j) if better else k[CHOSEN + l]


@kernel
def exclude_first_choice(n: int, firms: int, s: Any) -> None:
    """The second brand of a trip is another one: the first, by lane in PREVIOUS, cannot be chosen again."""
    k, u = s.k, s.u
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            mine[l] = UNAVAILABLE if k[PREVIOUS + l] == j else mine[l]


@kernel
def set_inclusive_values(n: int, firms: int, s: Any) -> None:
    """Ln sum exp U over the firms, into TERM; before luck is added."""
    f, u = s.f, s.u
    for l in range(n):
        f[BEST + l] = UNAVAILABLE
        f[CUMULATIVE + l] = ZERO
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            f[BEST + l] = max(f[BEST + l], mine[l])
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            f[CUMULATIVE + l] = f[CUMULATIVE + l] + exp32(mine[l] - f[BEST + l])
    for l in range(n):
        f[TERM + l] = f[BEST + l] + log32(f[CUMULATIVE + l])


@kernel
def buy_nothing(t: int, trip: int, lo: int, n: int, p: Any, s: Any, k0: Any, k1: Any) -> None:
    """The outside option, decided from the inclusive values in TERM: CHOSEN becomes -1 where it wins."""
    f, k, who = s.f, s.k, s.who
    for l in range(n):
        word, _, _, _ = philox4x32(np.uint32(lo + who[LANE + l]), np.uint32(t), np.uint32(trip), TRIP, k0, k1)
        buys = uniform32(word) < buying_probability(f[TERM + l], p.outside_utility, p.outside_nest)
        k[CHOSEN + l] = k[CHOSEN + l] if buys else np.int32(-1)


@kernel
def want_second_brand(t: int, trip: int, lo: int, n: int, p: Any, s: Any, k0: Any, k1: Any) -> None:
    """SECOND is 1 for the lanes that will bring home a second brand from this trip."""
    k, who = s.k, s.who
    for l in range(n):
        _, word, _, _ = philox4x32(np.uint32(lo + who[LANE + l]), np.uint32(t), np.uint32(trip), TRIP, k0, k1)
        wants = uniform32(word) < p.incidence_extra_brand
        k[SECOND + l] = np.int32(1) if wants and k[CHOSEN + l] >= 0 else np.int32(0)
