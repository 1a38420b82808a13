"""What the relationship does to a purchase: fuller baskets, extra lines, irritation by pushy selling, and the cost to serve."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import ACROSS
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import HALF, ONE, ZERO, exp32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import BONUS, BUYER, CENTS, FIRM, LINE_CENTS, MILLI, QUANTITY, VISITS
from goodwill.engine.state import LINE_SALES, LINES, SERVICE_COST
from goodwill.engine.steps.choose import never_bought
from goodwill.engine.steps.strength import strength_of
from goodwill.rules.spending import (
    cost_to_serve,
    expected_lines,
    fuller_basket,
    irritation,
)

_THOUSAND = np.float32(1000.0)
_MOST_LINES = 30
_MOST_CENTS = 2**31 - 1


@rule
def few_events(mean: np.float32, luck: np.float32) -> int:
    """A Poisson count by inversion, at most 30."""
    term = exp32(-mean)
    cumulative = term
    events = 0
    while luck > cumulative and events < _MOST_LINES:
        events += 1
        term = term * (mean / np.float32(events))
        cumulative = cumulative + term
    return events


@kernel
def fill_baskets(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """The quantity of each buyer rises with the relationship; pushy selling takes from his experience."""
    f, k, who, at = s.f, s.k, s.who, s.at
    for b in range(n):
        j = np.int64(k[FIRM + b])
        strength = strength_of(at[b], f[VISITS + b], c, p)
        f[QUANTITY + b] = fuller_basket(f[QUANTITY + b], strength, p.spending_basket)
        k[MILLI + b] = np.int32(f[QUANTITY + b] * _THOUSAND + HALF)
        k[CENTS + b] = np.int32(np.float32(k[MILLI + b]) * v.price[t, j] / _THOUSAND + HALF)
        discount = v.newcomer_discount[t, j]
        if discount > ZERO and never_bought(j, lo + np.int64(who[BUYER + b]), c):
            k[CENTS + b] = np.int32(np.float32(k[CENTS + b]) * (ONE - discount) + HALF)
        f[BONUS + b] = f[BONUS + b] - irritation(v.suggestion[t, j], p.spending_tolerated, p.spending_irritation)


@kernel
def add_lines(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Extra lines bought along with the purchases, what serving them costs, and each customer's contribution so far."""
    f, k, who, at = s.f, s.k, s.who, s.at
    for b in range(n):
        i = lo + who[BUYER + b]
        j = np.int64(k[FIRM + b])
        lines = 0
        if v.line_price[t, j] > ZERO:
            strength = strength_of(at[b], f[VISITS + b], c, p)
            mean = expected_lines(
                c.breadth[i], strength, v.suggestion[t, j], p.spending_lines, p.spending_across, p.spending_impulse
            )
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), ACROSS, k0, k1)
            lines = few_events(mean, uniform32(word))
        sales = np.int64(np.float32(lines) * v.line_price[t, j] + HALF)
        k[LINE_CENTS + b] = np.int32(sales)
        cost = cost_to_serve(
            v.service_cost[t, j], c.demand[i], f[VISITS + b], p.spending_served_floor, p.spending_habituation
        )
        served = np.int64(cost + HALF)
        goods = np.float32(k[MILLI + b]) * v.unit_cost[j] / _THOUSAND + np.float32(lines) * v.line_cost[j]
        margin = k[CENTS + b] + sales - np.int64(goods + HALF)
        if c.visits[j, i] == 1:
            c.first_bought[j, i] = np.int16(t)
        c.lines[j, i] += np.int32(lines)
        c.served[j, i] = np.int32(min(c.served[j, i] + served, _MOST_CENTS))
        c.margin[j, i] = np.int32(max(min(c.margin[j, i] + margin, _MOST_CENTS), -_MOST_CENTS))
        a.firms[row, j, LINES] += lines
        a.firms[row, j, LINE_SALES] += sales
        a.firms[row, j, SERVICE_COST] += served
