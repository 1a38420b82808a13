"""Drawing the customers: traits, tastes, ties and the state at the start, each customer from his own draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import hand
from goodwill.engine.draws import (
    AWARENESS,
    DROPOUT_A,
    DROPOUT_B,
    HISTORY,
    INCLINATION,
    MATCH,
    NEED,
    PROVIDER,
    SPENDER,
    TASTE,
    TIE,
    TOUCH,
    TRAITS,
    TRAITS_2,
    TRAITS_3,
)
from goodwill.engine.jit import entry, rule
from goodwill.engine.maths import HALF, ONE, ZERO, exp32, log32, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import LONG_AGO, NEVER
from goodwill.rules.choice import gumbel

_THIRD, _NINE = np.float32(1.0 / 3.0), np.float32(9.0)
_BLOCK = np.uint32(256)
# Low enough not to be seen: with -7 (.0009) a brand of 2 % where S = .3 would have a quarter more buyers than the Dirichlet.
_TASTE_FLOOR = np.float32(-16.0)
_ATTEMPTS = 64
_MOST_VISITS = np.float32(32767.0)


@rule
def log_gamma_draw(shape: np.float32, i: int, stream: int, k0: np.uint32, k1: np.uint32) -> np.float32:
    """Logarithm of a gamma(shape, 1) draw (Marsaglia & Tsang 2000; shapes below one through shape + 1 and a power of u).

    In logarithms, because a Dirichlet with small parameters has draws far below the smallest float.
    """
    small = shape < ONE
    d = (shape + ONE if small else shape) - _THIRD
    c = ONE / np.sqrt(_NINE * d)
    value = log32(d)
    boost = ZERO
    for attempt in range(_ATTEMPTS):
        a, b, e, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(attempt), np.uint32(stream), k0, k1)
        z = normal_quantile32(uniform32(a))
        w = ONE + c * z
        if attempt == 0:
            boost = log32(uniform32(e)) / shape if small else ZERO
        if w > ZERO:
            v = w * w * w
            if log32(uniform32(b)) < HALF * z * z + d - d * v + d * log32(v):
                value = log32(d) + log32(v)
                break
    return value + boost


@entry
def draw_traits(
    first: int, last: int, c: Any, p: Any, shares: Any, aware_share: Any, pop: Any, periods: int, k0: Any, k1: Any
) -> None:
    """Fill traits and tastes of customers first..last-1 in place.

    pop: float32 vector: mean trips per period, shape, S, basket mean, basket spread, attention, sociability sd, newcomers, arrival
    periods, first purchase on arrival (0/1).
    """
    c, p = hand(c), hand(p)
    firms = shares.shape[0]
    logs = np.empty(firms, np.float32)
    for i in range(first, last):
        total_max = np.float32(-1e30)
        for j in range(firms):
            logs[j] = log_gamma_draw(np.float32(pop[2] * shares[j]), i, TASTE + _BLOCK * np.uint32(j), k0, k1)
            total_max = max(total_max, logs[j])
        total = ZERO
        for j in range(firms):
            total += exp32(np.float32(logs[j] - total_max))
        log_total = np.float32(log32(total) + total_max)
        for j in range(firms):
            c.taste[j, i] = max(np.float32(logs[j] - log_total), _TASTE_FLOOR)
        rate = exp32(log_gamma_draw(pop[1], i, NEED, k0, k1)) / pop[1]
        c.need[i] = ONE if p.contract else pop[0] * np.float32(rate)

        a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), TRAITS, k0, k1)
        spread = pop[4]
        c.log_basket[i] = log32(pop[3]) + spread * normal_quantile32(uniform32(a)) - HALF * spread * spread
        sd = p.choice_price_sensitivity_sd
        c.price_sensitivity[i] = p.choice_price_sensitivity * exp32(
            np.float32(sd * normal_quantile32(uniform32(b)) - HALF * sd * sd)
        )
        c.attention[i] = ONE if uniform32(e) < pop[5] else ZERO
        c.redeem_hassle[i] = p.programmes_redeem_hassle_sd * normal_quantile32(uniform32(f))
        a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), TRAITS_2, k0, k1)
        c.hassle[i] = -p.programmes_hassle * log32(uniform32(a))  # exponential: many hardly mind, some mind a lot
        c.sociability[i] = exp32(np.float32(pop[6] * normal_quantile32(uniform32(b)) - HALF * pop[6] * pop[6]))
        c.phase[i] = np.int8(np.int32(uniform32(f) * np.float32(p.incidence_erlang)))
        if c.inclination.shape[0] > 0:
            h, _, _, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), INCLINATION, k0, k1)
            u = uniform32(h)
            c.inclination[i] = log32(u) - log32(ONE - u)
        g, _, _, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), TRAITS_3, k0, k1)
        newcomer = uniform32(g) < pop[7]
        span = pop[8] if pop[8] > ZERO else np.float32(periods)
        c.arrival[i] = np.int32(uniform32(e) * span) if newcomer else 0
        c.exit[i] = NEVER
        c.gone[i] = 0
        c.last[i] = -1
        aware = 0
        for j in range(firms):
            h, _, _, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), AWARENESS + _BLOCK * np.uint32(j), k0, k1)
            if uniform32(h) < aware_share[j]:
                aware |= 1 << j
        c.aware[i] = aware
        if p.consideration_on:
            c.considered[i] = aware
        if p.spending_on:
            a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), SPENDER, k0, k1)
            sd = p.spending_lines_spread
            c.breadth[i] = exp32(np.float32(sd * normal_quantile32(uniform32(a)) - HALF * sd * sd))
            sd = p.spending_served_spread
            c.demand[i] = exp32(np.float32(sd * normal_quantile32(uniform32(b)) - HALF * sd * sd))
        if p.match_on:
            for j in range(firms):
                a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), MATCH + _BLOCK * np.uint32(j), k0, k1)
                c.match[j, i] = p.match_sd * normal_quantile32(uniform32(a))
        if p.defection_on:
            if p.contract:
                log_share = log_gamma_draw(p.defection_spread, i, DROPOUT_A, k0, k1)
                c.dropout[i] = exp32(np.float32(log_share)) / p.defection_spread
            else:
                # A Beta draw q = A / (A + B) as a hazard: -ln(1 - q) = ln(A + B) - ln(B).
                log_a = np.float32(log_gamma_draw(p.defection_dropout_a, i, DROPOUT_A, k0, k1))
                log_b = np.float32(log_gamma_draw(p.defection_dropout_b, i, DROPOUT_B, k0, k1))
                odds = exp32(np.float32(log_a - log_b))
                c.dropout[i] = log32(ONE + odds)
        else:
            c.dropout[i] = ZERO


@entry
def draw_touch(first: int, last: int, c: Any, p: Any, k0: Any, k1: Any) -> None:
    """Fill what decides how customers first..last-1 take what firms send them, where it is used."""
    c, p = hand(c), hand(p)
    year = np.int64(p.periods_per_year)
    for i in range(first, last):
        a, b, e, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), TOUCH, k0, k1)
        if c.contact_wanted.shape[0] > 0:
            wanted = p.contact_wanted + p.contact_wanted_sd * normal_quantile32(uniform32(a))
            c.contact_wanted[i] = max(wanted, ZERO)
        if c.discomfort.shape[0] > 0:
            c.discomfort[i] = -p.personal_discomfort * log32(uniform32(b))  # exponential: some mind a lot
        if c.birthday.shape[0] > 0:
            c.birthday[i] = min(np.int64(uniform32(e) * p.periods_per_year), year - 1)


@entry
def set_start(
    first: int, last: int, c: Any, p: Any, v: Any, m: Any, fresh: int, past: np.float32, k0: Any, k1: Any
) -> None:
    """State of customers first..last-1 at the start: those there from the beginning know the firms, newcomers do not.

    fresh: 1 when newcomers have no history at all and arrive with their first purchase. past: periods before the run that count.
    """
    c, p, v, m = hand(c), hand(p), hand(v), hand(m)
    firms = c.taste.shape[0]
    noise, prior, drift = p.expectation_noise, p.expectation_prior, p.expectation_drift
    settled = HALF * (drift + np.sqrt(drift * drift + np.float32(4.0) * drift * noise))  # fixed point of the update
    for i in range(first, last):
        is_new = c.arrival[i] > 0 or fresh
        if p.contract:
            best = np.float32(-1e30)
            provider = -1
            for j in range(firms):
                a, b, e, f = philox4x32(
                    np.uint32(i), np.uint32(0), np.uint32(0), PROVIDER + _BLOCK * np.uint32(j // 4), k0, k1
                )
                word = a if j % 4 == 0 else (b if j % 4 == 1 else (e if j % 4 == 2 else f))
                u = np.float32(c.taste[j, i] + gumbel(uniform32(word)))
                if (c.aware[i] >> j) & 1 and u > best:
                    best = u
                    provider = j
            c.last[i] = provider
        for j in range(firms):
            share = exp32(c.taste[j, i])
            rate = c.need[i] * share
            if p.contract:
                rate = ONE if c.last[i] == j else ZERO
            elif is_new:
                rate = ZERO
            c.last_bought[j, i] = LONG_AGO if is_new else 0
            if c.rate.shape[1] > 0:
                c.rate[j, i] = rate
            if c.history.shape[1] > 0 and not is_new and (c.aware[i] >> j) & 1:
                h, _, _, _ = philox4x32(
                    np.uint32(i), np.uint32(0), np.uint32(0), HISTORY + _BLOCK * np.uint32(j), k0, k1
                )
                # The purchases to be expected, rounded up or down at random so that their mean is kept.
                c.history[j, i] = np.int16(min(np.float32(rate * past) + uniform32(h), _MOST_VISITS))
            if p.habit_on:
                if p.contract:
                    c.habit[j, i] = ONE if c.last[i] == j else ZERO
                else:
                    c.habit[j, i] = ZERO if is_new else share
            delivered = v.service[0, j]
            if p.match_on:
                delivered = delivered + c.match[j, i]
            if p.expectation_on:
                c.expectation[j, i] = v.promise[0, j] if is_new else delivered
                c.uncertainty[j, i] = prior if is_new else settled
            if p.zone_on:
                c.ideal[j, i] = delivered + p.zone_ideal_gap
            if p.satisfaction_on:
                c.satisfaction[j, i] = p.satisfaction_neutral + p.satisfaction_experience_weight * (
                    (v.service[0, j] if is_new else delivered) - p.satisfaction_neutral
                )
        for q in range(m.joined.shape[0]):
            m.joined[q, i] = -1


@entry
def draw_ties(first: int, last: int, ties: Any, strong: int, rewiring: Any, k0: Any, k1: Any) -> None:
    """Fill the ties of customers first..last-1: a ring of acquaintance with shortcuts, and weak ties to anybody.

    A tie to anybody is drawn below the next power of two and again when there is no such customer (three tries a block). One more
    customer thus changes only the ties that lead to him and those around the closing of the ring, unless the number of customers
    passes a power of two: then about half of the ties to anybody are drawn anew.
    """
    customers = ties.shape[1]
    mask = 1
    while mask < customers:
        mask *= 2
    mask -= 1
    for i in range(first, last):
        for k in range(ties.shape[0]):
            step = k // 2 + 1
            target = i + step if k % 2 == 0 else i - step
            if target >= customers:
                target -= customers
            if target < 0:
                target += customers
            a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), TIE + _BLOCK * np.uint32(k), k0, k1)
            if k >= strong or uniform32(a) < rewiring:
                attempt = 0
                while True:
                    tried = np.int64(b) & mask
                    if tried >= customers or tried == i:
                        tried = np.int64(e) & mask
                    if tried >= customers or tried == i:
                        tried = np.int64(f) & mask
                    if tried < customers and tried != i:
                        target = tried
                        break
                    attempt += 1
                    if attempt == _ATTEMPTS:
                        break
                    _, b, e, f = philox4x32(
                        np.uint32(i), np.uint32(0), np.uint32(attempt), TIE + _BLOCK * np.uint32(k), k0, k1
                    )
            ties[k, i] = min(max(target, 0), customers - 1)
