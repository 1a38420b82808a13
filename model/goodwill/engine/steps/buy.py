"""Step 4c: the purchase itself - experience, expectation, satisfaction, habit, spend - for the buyers of a tile."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PURCHASE
from goodwill.engine.borrow import take
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
    k = s.k
    buyers = 0
    for l in range(n):
        k[BUYER + buyers] = k[LANE + l]
        k[FIRM + buyers] = k[CHOSEN + l]
        buyers += 1 if k[CHOSEN + l] >= 0 else 0
    for b in range(buyers, padded(buyers)):
        k[BUYER + b] = 0
        k[FIRM + b] = 0
    return buyers


@kernel
def draw_purchases(t: int, occasion: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, k0: Any, k1: Any) -> None:
    """Luck of the purchase, and how much is bought: MILLI thousandths of a unit, CENTS to pay before member discounts."""
    c, p, v, s = take(c), take(p), take(v), take(s)
    f, k = s.f, s.k
    sd = p.basket_sd
    w = padded(n)
    for b in range(w):
        i = lo + k[BUYER + b]
        w0, w1, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), PURCHASE, k0, k1)
        f[NOISE + b] = normal_quantile32(uniform32(w0))
        f[QUANTITY + b] = normal_quantile32(uniform32(w1))
        f[DROP_LUCK + b] = uniform32(w2)
        f[LAPSE_LUCK + b] = uniform32(w3)
    log_basket, visits = c.log_basket, c.visits
    for b in range(w):
        f[VISITS + b] = np.float32(visits[k[FIRM + b], lo + k[BUYER + b]])
    for b in range(w):
        f[SPEND + b] = log_basket[lo + k[BUYER + b]]
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


@kernel
def experience(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """What the visit delivers, and what it does to expectation, satisfaction and commitment."""
    c, p, v, s = take(c), take(p), take(v), take(s)
    f, k = s.f, s.k
    w = padded(n)
    level, spread = v.service[t], v.inconsistency[t]
    for b in range(w):
        j = k[FIRM + b]
        f[EXPERIENCE + b] = experience_level(level[j] + f[BONUS + b], spread[j], f[NOISE + b])
    if p.expectation_on:
        for b in range(w):
            f[EXPECTED + b] = c.expectation[k[FIRM + b], lo + k[BUYER + b]]
            f[UNCERTAIN + b] = c.uncertainty[k[FIRM + b], lo + k[BUYER + b]]
    else:
        # Without learning everybody knows what the firm delivers on average.
        for b in range(w):
            f[EXPECTED + b] = level[k[FIRM + b]]
    width = p.zone_width if p.zone_on else ZERO
    if p.zone_on:
        for b in range(w):
            f[IDEAL + b] = c.ideal[k[FIRM + b], lo + k[BUYER + b]]
    else:
        for b in range(w):
            f[IDEAL + b] = f[EXPECTED + b]
    for b in range(w):
        gap = outside_zone(f[EXPERIENCE + b], f[EXPECTED + b], f[IDEAL + b], width)
        f[VALUE + b] = disconfirmation_value(gap, p.satisfaction_loss_aversion, p.satisfaction_curvature)
    if p.zone_on:
        for b in range(n):
            ideal = update_ideal(f[IDEAL + b], f[EXPERIENCE + b], p.zone_ideal_drift)
            c.ideal[k[FIRM + b], lo + k[BUYER + b]] = ideal
    if p.satisfaction_on:
        for b in range(w):
            f[SATISFIED + b] = c.satisfaction[k[FIRM + b], lo + k[BUYER + b]]
        for b in range(w):
            f[VISIT + b] = transaction_satisfaction(
                f[EXPERIENCE + b],
                f[VALUE + b],
                p.satisfaction_experience_weight,
                p.satisfaction_neutral,
                p.satisfaction_disconfirmation_weight,
            )
        for b in range(w):
            rate = learning_rate(
                f[VISITS + b], p.satisfaction_first_rate, p.satisfaction_last_rate, p.satisfaction_tenure
            )
            f[SATISFIED + b] = update_satisfaction(f[SATISFIED + b], f[VISIT + b], rate)
        for b in range(n):
            c.satisfaction[k[FIRM + b], lo + k[BUYER + b]] = f[SATISFIED + b]
    if p.expectation_on:
        # EXPECTED keeps the expectation before the visit for the record; GAIN becomes the one after it.
        for b in range(w):
            f[GAIN + b] = kalman_gain(f[UNCERTAIN + b], p.expectation_noise)
            f[UNCERTAIN + b] = update_uncertainty(f[UNCERTAIN + b], f[GAIN + b], p.expectation_drift)
            f[GAIN + b] = update_expectation(f[EXPECTED + b], f[EXPERIENCE + b], f[GAIN + b])
        for b in range(n):
            c.expectation[k[FIRM + b], lo + k[BUYER + b]] = f[GAIN + b]
            c.uncertainty[k[FIRM + b], lo + k[BUYER + b]] = f[UNCERTAIN + b]
    if p.commitment_on:
        for b in range(w):
            f[COMMITTED + b] = c.commitment[k[FIRM + b], lo + k[BUYER + b]]
        for b in range(w):
            f[COMMITTED + b] = update_commitment(
                f[COMMITTED + b], f[VALUE + b], p.commitment_gain, p.commitment_decay
            )
        for b in range(n):
            c.commitment[k[FIRM + b], lo + k[BUYER + b]] = f[COMMITTED + b]


@kernel
def form_habits(lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """Habit grows for the firm bought from and fades for the others."""
    c, p, s = take(c), take(p), take(s)
    k = s.k
    for j in range(c.habit.shape[0]):
        habit = c.habit[j]
        for b in range(n):
            i = lo + k[BUYER + b]
            bought = ONE if k[FIRM + b] == j else ZERO
            habit[i] = update_habit(habit[i], bought, p.habit_retention)


@kernel
def remember(t: int, lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """The customer's own buying rate at the firm, as he remembers it, and when he was there last."""
    c, p, s = take(c), take(p), take(s)
    f, k = s.f, s.k
    if c.rate.shape[1] > 0:
        for b in range(n):
            i = lo + k[BUYER + b]
            f[ELAPSED + b] = np.float32(t - c.last_bought[k[FIRM + b], i])
            f[REMEMBERED + b] = c.rate[k[FIRM + b], i]
        for b in range(padded(n)):
            f[REMEMBERED + b] = remember_purchase(f[REMEMBERED + b], f[ELAPSED + b], p.programmes_memory)
        for b in range(n):
            c.rate[k[FIRM + b], lo + k[BUYER + b]] = f[REMEMBERED + b]


@kernel
def count_purchases(t: int, row: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, a: Any) -> None:
    """The purchase is entered in the customer's own history and in the firm's totals."""
    c, p, v, s, a = take(c), take(p), take(v), take(s), take(a)
    f, k = s.f, s.k
    firms = a.firms[row]
    for b in range(n):
        l = k[BUYER + b]
        i = lo + l
        j = k[FIRM + b]
        bit = np.int32(1 << j)
        before = c.last[i]
        if before >= 0:
            firms[before, REPEAT_BASE] += 1
            if before == j:
                firms[j, REPEATS] += 1
        c.last[i] = np.int8(j)
        firms[j, PURCHASES] += 1
        if not k[BOUGHT + l] & bit:
            k[BOUGHT + l] |= bit
            firms[j, BUYERS] += 1
        c.window[0, i] |= bit
        if c.visits[j, i] == 0:
            firms[j, NEW_BUYERS] += 1
        c.visits[j, i] = min(c.visits[j, i] + 1, _MAX_VISITS)
        c.last_bought[j, i] = t
        c.spent[j, i] = min(np.int64(c.spent[j, i]) + k[CENTS + b], _MAX_CENTS)
        firms[j, QUANTITY_SUM] += k[MILLI + b]
        firms[j, SALES] += k[CENTS + b]
        if p.satisfaction_on or p.expectation_on:
            firms[j, EXPERIENCE_SUM] += np.int64(f[EXPERIENCE + b] * _THOUSAND)
            firms[j, EXPECTATION_SUM] += np.int64(f[EXPECTED + b] * _THOUSAND)
        if p.satisfaction_on:
            firms[j, SATISFACTION_SUM] += np.int64(f[SATISFIED + b] * _THOUSAND)
