"""Step 4a: how many shopping trips each customer of the tile makes."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PERIOD
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ONE, ZERO, exp32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    CUMULATIVE,
    END_LUCK,
    EXIT_LUCK,
    PROXIMITY,
    RATE,
    TALK_LUCK,
    TERM,
    TRIPS,
    UNIFORM,
)
from goodwill.engine.steps.credits import goal_above
from goodwill.rules.incidence import purchase_rate
from goodwill.rules.programme import goal_proximity

_NEGLIGIBLE = np.float32(1e-9)
MAX_TRIPS = 100  # trips in one period; scenarios keep the mean at twenty or below


@kernel
def draw_luck(t: int, lo: int, n: int, s: Any, k0: Any, k1: Any) -> None:
    """The luck of the period: of shopping, of leaving the market, of talking and of being left by the firm."""
    f = s.f
    for l in range(n):
        w0, w1, w2, w3 = philox4x32(np.uint32(lo + l), np.uint32(t), np.uint32(0), PERIOD, k0, k1)
        f[UNIFORM + l] = uniform32(w0)
        f[EXIT_LUCK + l] = uniform32(w1)
        f[TALK_LUCK + l] = uniform32(w2)
        f[END_LUCK + l] = uniform32(w3)


@kernel
def nearest_goals(t: int, lo: int, n: int, c: Any, m: Any, g: Any, s: Any) -> None:
    """Strongest goal proximity of each customer over the cards he uses."""
    f = s.f
    for l in range(n):
        f[PROXIMITY + l] = ZERO
    for q in range(g.firm.shape[0]):
        if g.start[q] <= t < g.stop[q] and g.threshold[q] > 0 and g.reward_value[q] > ZERO:
            first, count = g.lot_first[q], g.lot_count[q]
            joined, engaged = m.joined[q, lo : lo + n], m.engaged[q, lo : lo + n]
            for l in range(n):
                if joined[l] >= 0 and engaged[l] > 0:
                    balance = 0
                    for lot in range(first, first + count):
                        balance += m.lots[lot, lo + l]
                    near = c.attention[lo + l] * goal_proximity(np.float32(balance), goal_above(q, balance, g))
                    f[PROXIMITY + l] = max(f[PROXIMITY + l], near)


@kernel
def draw_trips(t: int, lo: int, n: int, c: Any, p: Any, goals: bool, s: Any) -> None:
    """Number of trips by inversion of the Poisson distribution; Erlang intervals count every k-th event."""
    f, k = s.f, s.k
    order = np.float32(p.incidence_erlang)
    here = slice(lo, lo + n)
    need, arrival, leaving, phase = c.need[here], c.arrival[here], c.exit[here], c.phase[here]
    if goals:
        for l in range(n):
            f[RATE + l] = order * purchase_rate(need[l], f[PROXIMITY + l], p.programmes_acceleration)
    else:
        for l in range(n):
            f[RATE + l] = order * need[l]
    for l in range(n):
        present = (arrival[l] <= t) & (leaving[l] > t)
        f[RATE + l] = f[RATE + l] if present else ZERO
    for l in range(n):
        f[TERM + l] = exp32(-f[RATE + l])
        f[CUMULATIVE + l] = f[TERM + l]
        k[TRIPS + l] = 0
    events = 0
    waiting = 1
    while waiting > 0 and events < MAX_TRIPS:
        events += 1
        inverse = ONE / np.float32(events)
        waiting = 0
        for l in range(n):
            # The sum of float32 terms may stop short of the largest uniform; a negligible term ends the search.
            open_end = (f[TERM + l] > _NEGLIGIBLE) | (np.float32(events) <= f[RATE + l])
            more = np.int32(1) if (f[UNIFORM + l] > f[CUMULATIVE + l]) & open_end else np.int32(0)
            k[TRIPS + l] += more
            f[TERM + l] = f[TERM + l] * (f[RATE + l] * inverse)
            f[CUMULATIVE + l] = f[CUMULATIVE + l] + f[TERM + l]
            waiting += more
    if p.incidence_erlang > 1:
        for l in range(n):
            total = k[TRIPS + l] + phase[l]
            k[TRIPS + l] = total // p.incidence_erlang
            phase[l] = np.int8(total % p.incidence_erlang)


@kernel
def contract_trips(t: int, lo: int, n: int, c: Any, s: Any) -> None:
    """Under contract every customer with a provider is served once a period."""
    for l in range(n):
        i = lo + l
        s.k[TRIPS + l] = 1 if c.arrival[i] <= t < c.exit[i] and c.last[i] >= 0 else 0


@kernel
def first_purchase_trips(t: int, lo: int, n: int, c: Any, s: Any) -> None:
    """Newcomers of a cohort make one sure trip in the period of their arrival, and no other."""
    for l in range(n):
        if c.arrival[lo + l] == t:
            s.k[TRIPS + l] = 1
