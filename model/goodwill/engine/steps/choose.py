"""Step 4b: from whom. Utilities of the firms for the lanes of a tile that are shopping, and the choice among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import CHOICE, TRIP
from goodwill.engine.borrow import take
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
    LANE,
    LUCK,
    MEMBER,
    PREVIOUS,
    PULL,
    RATE_WEIGHT,
    REMEMBERED,
    SECOND,
    TERM,
)
from goodwill.engine.state import TILE
from goodwill.rules.choice import (
    base_utility,
    buying_probability,
    expectation_utility,
    gumbel,
    habit_utility,
    opinion_utility,
    relational_utility,
    satisfaction_utility,
)
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

UNAVAILABLE = np.float32(-1e30)
BARELY = np.float32(-1e29)
_BLOCK = np.uint32(256)


@rule
def settled_uncertainty(p: Any) -> Any:
    """Variance of the belief about a firm known for long: the fixed point of the Kalman update."""
    q, noise = p.expectation_drift, p.expectation_noise
    return np.float32((q + np.sqrt(q * q + np.float32(4.0) * q * noise)) / TWO)


@kernel
def set_utilities(t: int, lanes: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, bonds: bool) -> None:
    """Utility of every firm, without luck and programmes, for n customers.

    lanes: row of scratch that says where in the tile they are (LANE or BUYER). bonds: with habit and commitment.
    """
    c, p, v, s = take(c), take(p), take(v), take(s)
    f, u = s.f, s.u
    who = s.k[lanes : lanes + TILE]
    usual = settled_uncertainty(p)
    sensitivity = c.price_sensitivity
    for l in range(n):
        f[BETA + l] = sensitivity[lo + who[l]]
    for j in range(c.taste.shape[0]):
        mine = u[j]
        ratio = v.log_price_ratio[t, j]
        taste = c.taste[j]
        for l in range(n):
            mine[l] = base_utility(taste[lo + who[l]], f[BETA + l], ratio)
        if p.habit_on and bonds:
            habit = c.habit[j]
            for l in range(n):
                mine[l] += habit_utility(habit[lo + who[l]], p.habit_strength)
        if p.satisfaction_on:
            satisfaction = c.satisfaction[j]
            for l in range(n):
                mine[l] += satisfaction_utility(
                    satisfaction[lo + who[l]], p.satisfaction_neutral, p.satisfaction_weight
                )
        if p.expectation_on:
            expectation, uncertainty = c.expectation[j], c.uncertainty[j]
            for l in range(n):
                i = lo + who[l]
                mine[l] += expectation_utility(
                    expectation[i], uncertainty[i], p.satisfaction_neutral, p.expectation_weight, p.expectation_risk, usual
                )
        if p.commitment_on and bonds:
            commitment = c.commitment[j]
            for l in range(n):
                mine[l] += relational_utility(commitment[lo + who[l]], p.commitment_weight)
        if p.talk_listened:
            opinion = c.opinion[j]
            for l in range(n):
                mine[l] += opinion_utility(opinion[lo + who[l]], p.word_of_mouth_weight)


@kernel
def forbid_firms(lo: int, n: int, c: Any, s: Any) -> None:
    """Firms a customer does not know of, or has left for good, cannot be chosen."""
    c, s = take(c), take(s)
    k, u = s.k, s.u
    aware, gone = c.aware, c.gone
    for j in range(c.taste.shape[0]):
        mine = u[j]
        for l in range(n):
            i = lo + k[LANE + l]
            possible = ((aware[i] & ~gone[i]) >> j) & 1
            mine[l] = mine[l] if possible else UNAVAILABLE


@kernel
def add_programmes(t: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """What members who use their card see in one more purchase from its firm."""
    c, m, p, g, v, s = take(c), take(m), take(p), take(g), take(v), take(s)
    f, k, u = s.f, s.k, s.u
    for q in range(g.firm.shape[0]):
        if g.start[q] <= t < g.stop[q]:
            j = np.int64(g.firm[q])
            mine = u[j]
            spend = v.usual_spend[j]
            threshold = np.float32(g.threshold[q])
            reward = g.reward_value[q]
            base_credit = g.earn_purchase[q] + g.earn_money[q] * spend / np.float32(100.0)
            first, count = np.int64(g.lot_first[q]), np.int64(g.lot_count[q])
            joined, engaged = m.joined[q], m.engaged[q]
            for l in range(n):
                i = lo + k[LANE + l]
                using = (joined[i] >= 0) & (engaged[i] > 0)
                f[MEMBER + l] = c.attention[i] if using else ZERO
                f[ELAPSED + l] = np.float32(t - joined[i])
            for l in range(n):
                f[PULL + l] = novelty(p.programmes_liking, f[ELAPSED + l], p.programmes_novelty_half_life)
            if g.threshold[q] > 0 and reward > ZERO and base_credit > ZERO:
                for l in range(n):
                    f[BALANCE + l] = ZERO
                for lot in range(first, first + count):
                    held = m.lots[lot]
                    for l in range(n):
                        f[BALANCE + l] += np.float32(held[lo + k[LANE + l]])
                rate, last_bought = c.rate[j], c.last_bought[j]
                for l in range(n):
                    i = lo + k[LANE + l]
                    f[ELAPSED + l] = np.float32(t - last_bought[i])
                    f[REMEMBERED + l] = rate[i]
                for l in range(n):
                    f[RATE_WEIGHT + l] = current_rate(f[REMEMBERED + l], f[ELAPSED + l], p.programmes_memory)
                length = threshold / base_credit
                for l in range(n):
                    left = steps_left(f[BALANCE + l], threshold, base_credit)
                    value = next_purchase_value(left, length, f[RATE_WEIGHT + l], p.programmes_discount, reward)
                    pull = goal_pull(goal_proximity(f[BALANCE + l], threshold), p.programmes_pull)
                    money = money_utility(value, f[BETA + l], spend, p.programmes_points_value)
                    f[PULL + l] = f[PULL + l] + (money + pull)
            if g.discount[q] > ZERO:
                off = log32(ONE - g.discount[q])
                for l in range(n):
                    f[PULL + l] = f[PULL + l] + f[BETA + l] * off
            if g.tier_row[q] >= 0:
                tier, shift = m.tier[g.tier_row[q]], m.tier_shift[g.tier_row[q]]
                for l in range(n):
                    i = lo + k[LANE + l]
                    level = np.int64(tier[i])
                    liking = g.tier_liking[q, level - 1] if level > 0 else ZERO
                    felt = tier_shift_utility(shift[i], p.programmes_tier_gain, p.programmes_tier_loss)
                    f[PULL + l] = f[PULL + l] + (liking + felt)
            for l in range(n):
                mine[l] += f[MEMBER + l] * f[PULL + l]


@kernel
def pick_firms(t: int, trip: int, lo: int, n: int, firms: int, s: Any, k0: Any, k1: Any) -> None:
    """Luck is added and the best firm is taken; CHOSEN is -1 where no firm can be chosen."""
    s = take(s)
    f, k, u = s.f, s.k, s.u
    for block in range((firms + 3) // 4):
        stream = np.uint32(CHOICE + _BLOCK * np.uint32(block))
        for l in range(n):
            a, b, e, d = philox4x32(np.uint32(lo + k[LANE + l]), np.uint32(t), np.uint32(trip), stream, k0, k1)
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
    s = take(s)
    k, u = s.k, s.u
    for j in range(firms):
        mine = u[j]
        for l in range(n):
            mine[l] = UNAVAILABLE if k[PREVIOUS + l] == j else mine[l]


@kernel
def set_inclusive_values(n: int, firms: int, s: Any) -> None:
    """ln sum exp U over the firms, into TERM; before luck is added."""
    s = take(s)
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
    p, s = take(p), take(s)
    f, k = s.f, s.k
    for l in range(n):
        word, _, _, _ = philox4x32(np.uint32(lo + k[LANE + l]), np.uint32(t), np.uint32(trip), TRIP, k0, k1)
        buys = uniform32(word) < buying_probability(f[TERM + l], p.outside_utility, p.outside_nest)
        k[CHOSEN + l] = k[CHOSEN + l] if buys else np.int32(-1)


@kernel
def want_second_brand(t: int, trip: int, lo: int, n: int, p: Any, s: Any, k0: Any, k1: Any) -> None:
    """SECOND is 1 for the lanes that will bring home a second brand from this trip."""
    p, s = take(p), take(s)
    k = s.k
    for l in range(n):
        _, word, _, _ = philox4x32(np.uint32(lo + k[LANE + l]), np.uint32(t), np.uint32(trip), TRIP, k0, k1)
        wants = uniform32(word) < p.incidence_extra_brand
        k[SECOND + l] = np.int32(1) if wants and k[CHOSEN + l] >= 0 else np.int32(0)
