"""Step 4c: the purchase itself - experience, expectation, satisfaction, habit, spend - for the buyers of a tile."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.draws import PURCHASE
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import HALF, ONE, ZERO, exp32, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BONUS,
    BOUGHT,
    BUYER,
    CENTS,
    CHOSEN,
    COMMITTED,
    DELIVERED,
    DROP_LUCK,
    ELAPSED,
    EXPECTED,
    EXPERIENCE,
    FIRM,
    GAIN,
    IDEAL,
    LANE,
    LAPSE_LUCK,
    MILLI,
    NOISE,
    PREVIOUS,
    QUANTITY,
    REMEMBERED,
    SATISFIED,
    SPEND,
    UNCERTAIN,
    VALUE,
    VISIT,
    VISITS,
    padded,
)
from goodwill.engine.scratch import TERM as TENURE
from goodwill.engine.state import (
    BUYERS,
    EXPECTATION_SUM,
    EXPERIENCE_SUM,
    NEW_BUYERS,
    PURCHASES,
    REPEAT_BASE,
    REPEATS,
    SALES,
    SATISFACTION_SUM,
)
from goodwill.engine.state import QUANTITY as QUANTITY_SUM
from goodwill.engine.steps.choose import never_bought
from goodwill.rules.choice import update_habit
from goodwill.rules.expectation import kalman_gain, update_expectation, update_ideal, update_uncertainty
from goodwill.rules.programme import remember_purchase
from goodwill.rules.satisfaction import (
    disconfirmation_value,
    experience_level,
    learning_rate,
    outside_zone,
    transaction_satisfaction,
    update_commitment,
    update_satisfaction,
)

_THOUSAND = np.float32(1000.0)
_MAX_VISITS = 32767
_MAX_CENTS = 2**31 - 1


@rule
def collect_buyers(n: int, s: Any) -> int:
    """Buyers are the lanes with a chosen firm: BUYER is their place in the tile, FIRM the firm. Returns how many."""
    k, who = s.k, s.who
    buyers = 0
    for l in range(n):
        who[BUYER + buyers] = who[LANE + l]
        k[FIRM + buyers] = k[CHOSEN + l]
        buyers += 1 if k[CHOSEN + l] >= 0 else 0
    for b in range(buyers, padded(buyers)):
        who[BUYER + b] = 0
        k[FIRM + b] = 0
    return buyers


@rule
def point_at_firms(lo: int, n: int, c: Any, s: Any) -> None:
    """Let `s.at` point, for each of the n buyers, at the state that belongs to him and the firm he buys from."""
    k, who, at = s.k, s.who, s.at
    customers = c.need.shape[0]
    for b in range(padded(n)):
        at[b] = np.uint64(np.int64(k[FIRM + b]) * customers + lo + who[BUYER + b])


@kernel
def draw_purchases(t: int, occasion: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, k0: Any, k1: Any) -> None:
    """Luck of the purchase, and how much is bought: MILLI thousandths of a unit, CENTS to pay before member discounts."""
    f, k, who, at = s.f, s.k, s.who, s.at
    sd = p.basket_sd
    w = padded(n)
    for b in range(w):
        i = lo + who[BUYER + b]
        w0, w1, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), PURCHASE, k0, k1)
        f[NOISE + b] = uniform32(w0)
        f[QUANTITY + b] = uniform32(w1)
        f[DROP_LUCK + b] = uniform32(w2)
        f[LAPSE_LUCK + b] = uniform32(w3)
    if p.experience_on:
        for b in range(w):
            f[NOISE + b] = normal_quantile32(f[NOISE + b])
    if sd > ZERO:
        for b in range(w):
            f[QUANTITY + b] = normal_quantile32(f[QUANTITY + b])
    visits, log_basket = flat(c.visits), c.log_basket[lo:]
    for b in range(w):
        f[VISITS + b] = np.float32(visits[at[b]])
        f[SPEND + b] = log_basket[who[BUYER + b]]
    for b in range(w):
        f[QUANTITY + b] = exp32(f[SPEND + b] + sd * f[QUANTITY + b] - HALF * sd * sd)
        f[BONUS + b] = ZERO
    for b in range(w):
        k[MILLI + b] = np.int32(f[QUANTITY + b] * _THOUSAND + HALF)
    price = v.price[t]
    for b in range(w):
        f[SPEND + b] = price[k[FIRM + b]]
    for b in range(w):
        k[CENTS + b] = np.int32(np.float32(k[MILLI + b]) * f[SPEND + b] / _THOUSAND + HALF)
    for j in range(c.taste.shape[0]):
        discount = v.newcomer_discount[t, j]
        if discount > ZERO:
            for b in range(n):
                if k[FIRM + b] == j and never_bought(j, lo + np.int64(who[BUYER + b]), c):
                    k[CENTS + b] = np.int32(np.float32(k[CENTS + b]) * (ONE - discount) + HALF)


@kernel
def suit(n: int, c: Any, s: Any) -> None:
    """What a firm delivers suits the buyer better or worse than others: BONUS."""
    f, at = s.f, s.at
    match = flat(c.match)
    for b in range(n):
        f[BONUS + b] = f[BONUS + b] + match[at[b]]


@kernel
def experience(t: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """What the visit delivers, and what it does to expectation, satisfaction and commitment."""
    f, k, at = s.f, s.k, s.at
    w = padded(n)
    level, spread = v.service[t], v.inconsistency[t]
    # Until the visit is over, EXPECTED and GAIN hold what the firm delivers on average, and its inconsistency.
    for b in range(w):
        j = k[FIRM + b]
        f[EXPECTED + b] = level[j]
        f[GAIN + b] = spread[j]
    if p.value_on:
        for b in range(w):
            f[EXPECTED + b] = f[EXPECTED + b] + f[DELIVERED + b]
    for b in range(w):
        f[EXPERIENCE + b] = experience_level(f[EXPECTED + b] + f[BONUS + b], f[GAIN + b], f[NOISE + b])
    # Without learning everybody knows what the firm delivers on average.
    if p.expectation_on:
        expectation, uncertainty = flat(c.expectation), flat(c.uncertainty)
        for b in range(w):
            f[EXPECTED + b] = expectation[at[b]]
            f[UNCERTAIN + b] = uncertainty[at[b]]
    width = p.zone_width if p.zone_on else ZERO
    if p.zone_on:
        ideal = flat(c.ideal)
        for b in range(w):
            f[IDEAL + b] = ideal[at[b]]
    else:
        for b in range(w):
            f[IDEAL + b] = f[EXPECTED + b]
    for b in range(w):
        gap = outside_zone(f[EXPERIENCE + b], f[EXPECTED + b], f[IDEAL + b], width)
        f[VALUE + b] = disconfirmation_value(gap, p.satisfaction_loss_aversion, p.satisfaction_curvature)
    if p.zone_on:
        for b in range(w):
            f[IDEAL + b] = update_ideal(f[IDEAL + b], f[EXPERIENCE + b], p.zone_ideal_drift)
        ideal = flat(c.ideal)
        for b in range(n):
            ideal[at[b]] = f[IDEAL + b]
    if p.satisfaction_on:
        satisfaction = flat(c.satisfaction)
        for b in range(w):
            f[SATISFIED + b] = satisfaction[at[b]]
        for b in range(w):
            f[VISIT + b] = transaction_satisfaction(
                f[EXPERIENCE + b],
                f[VALUE + b],
                p.satisfaction_experience_weight,
                p.satisfaction_neutral,
                p.satisfaction_disconfirmation_weight,
            )
        history = flat(c.history)
        for b in range(w):
            f[TENURE + b] = f[VISITS + b] + np.float32(history[at[b]])
        for b in range(w):
            rate = learning_rate(
                f[TENURE + b], p.satisfaction_first_rate, p.satisfaction_last_rate, p.satisfaction_tenure
            )
            f[SATISFIED + b] = update_satisfaction(f[SATISFIED + b], f[VISIT + b], rate)
        for b in range(n):
            satisfaction[at[b]] = f[SATISFIED + b]
    if p.expectation_on:
        # EXPECTED keeps the expectation before the visit for the record; GAIN becomes the one after it.
        for b in range(w):
            f[GAIN + b] = kalman_gain(f[UNCERTAIN + b], p.expectation_noise)
            f[UNCERTAIN + b] = update_uncertainty(f[UNCERTAIN + b], f[GAIN + b], p.expectation_drift)
            f[GAIN + b] = update_expectation(f[EXPECTED + b], f[EXPERIENCE + b], f[GAIN + b])
        expectation, uncertainty = flat(c.expectation), flat(c.uncertainty)
        for b in range(n):
            expectation[at[b]] = f[GAIN + b]
            uncertainty[at[b]] = f[UNCERTAIN + b]
    if p.commitment_on:
        commitment = flat(c.commitment)
        for b in range(w):
            f[COMMITTED + b] = commitment[at[b]]
        for b in range(w):
            f[COMMITTED + b] = update_commitment(f[COMMITTED + b], f[VALUE + b], p.commitment_gain, p.commitment_decay)
        for b in range(n):
            commitment[at[b]] = f[COMMITTED + b]


@kernel
def form_habits(lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """Habit grows for the firm bought from and fades for the others."""
    k, who = s.k, s.who
    for j in range(c.habit.shape[0]):
        habit = c.habit[j, lo:]
        for b in range(n):
            place = who[BUYER + b]
            bought = ONE if k[FIRM + b] == j else ZERO
            habit[place] = update_habit(habit[place], bought, p.habit_retention)


@kernel
def remember(t: int, n: int, c: Any, p: Any, s: Any) -> None:
    """The customer's own buying rate at the firm, as he remembers it, where there are programmes to judge by it."""
    f, at = s.f, s.at
    w = padded(n)
    rate, last_bought = flat(c.rate), flat(c.last_bought)
    for b in range(w):
        f[ELAPSED + b] = np.float32(t - last_bought[at[b]])
        f[REMEMBERED + b] = rate[at[b]]
    for b in range(w):
        f[REMEMBERED + b] = remember_purchase(f[REMEMBERED + b], f[ELAPSED + b], p.programmes_memory)
    for b in range(n):
        rate[at[b]] = f[REMEMBERED + b]


@kernel
def enter_purchases(t: int, lo: int, n: int, c: Any, s: Any) -> None:
    """The purchase is entered in the customer's own history; PREVIOUS becomes the firm he bought from before, -1 none."""
    f, k, who, at = s.f, s.k, s.who, s.at
    last, last_bought, visits, spent = c.last[lo:], flat(c.last_bought), flat(c.visits), flat(c.spent)
    for b in range(n):
        place = who[BUYER + b]
        j = k[FIRM + b]
        k[PREVIOUS + b] = last[place]
        last[place] = np.int8(j)
        k[BOUGHT + place] |= np.int32(1 << j)
    for b in range(n):
        x = at[b]
        last_bought[x] = t
        visits[x] = min(np.int64(f[VISITS + b]) + 1, _MAX_VISITS)
        spent[x] = min(np.int64(spent[x]) + k[CENTS + b], _MAX_CENTS)


@kernel
def count_purchases(row: int, n: int, p: Any, s: Any, a: Any) -> None:
    """The purchases are counted in the firms' totals."""
    f, k = s.f, s.k
    w = padded(n)
    for j in range(a.firms.shape[1]):
        firm = a.firms[row, j]
        purchases, base, repeats, new, milli, cents = 0, 0, 0, 0, 0, 0
        for b in range(w):
            here = (k[FIRM + b] == j) & (b < n)
            was_here = (k[PREVIOUS + b] == j) & (b < n)
            purchases += here
            base += was_here
            repeats += here & was_here
            new += here & (f[VISITS + b] == ZERO)
            milli += k[MILLI + b] if here else 0
            cents += k[CENTS + b] if here else 0
        firm[PURCHASES] += purchases
        firm[REPEAT_BASE] += base
        firm[REPEATS] += repeats
        firm[NEW_BUYERS] += new
        firm[QUANTITY_SUM] += milli
        firm[SALES] += cents
        if p.experience_on:
            met, expected = 0, 0
            for b in range(w):
                here = (k[FIRM + b] == j) & (b < n)
                met += np.int64(f[EXPERIENCE + b] * _THOUSAND) if here else 0
                expected += np.int64(f[EXPECTED + b] * _THOUSAND) if here else 0
            firm[EXPERIENCE_SUM] += met
            firm[EXPECTATION_SUM] += expected
        if p.satisfaction_on:
            satisfied = 0
            for b in range(w):
                here = (k[FIRM + b] == j) & (b < n)
                satisfied += np.int64(f[SATISFIED + b] * _THOUSAND) if here else 0
            firm[SATISFACTION_SUM] += satisfied


@kernel
def count_buyers(row: int, lo: int, n: int, c: Any, s: Any, a: Any) -> None:
    """At the end of a period, who has bought from whom in it is counted and kept for the measuring window."""
    k = s.k
    window = c.window[0, lo : lo + n]
    for l in range(n):
        window[l] |= k[BOUGHT + l]
    for j in range(a.firms.shape[1]):
        bit = np.int32(1 << j)
        buyers = 0
        for l in range(n):
            buyers += (k[BOUGHT + l] & bit) != 0
        a.firms[row, j, BUYERS] += buyers
