"""What customers bring to encounters: the weights of the kinds of value, and trust; and what the offers mean to them at the start."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import hand
from goodwill.engine.draws import VALUE_BENEFITS, VALUE_COSTS
from goodwill.engine.jit import entry, rule
from goodwill.engine.maths import HALF, ZERO, exp32, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.rules.value import component_value


@rule
def value_weight(mean: np.float32, spread: np.float32, word: np.uint32) -> np.float32:
    """A lognormal weight of this mean."""
    return mean * exp32(np.float32(spread * normal_quantile32(uniform32(word)) - HALF * spread * spread))


@entry
def start_encounters(first: int, last: int, c: Any, p: Any, v: Any, k0: Any, k1: Any) -> None:
    """Customers first..last-1: weights are drawn, and what they know or believe of a firm includes the value of its offer."""
    c, p, v = hand(c), hand(p), hand(v)
    firms = c.taste.shape[0]
    for i in range(first, last):
        if p.trust_on:
            for j in range(firms):
                c.trust[j, i] = p.trust_initial
        if not p.value_on:
            continue
        a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), VALUE_BENEFITS, k0, k1)
        c.value_weight[0, i] = value_weight(p.value_product, p.value_spread, a)
        c.value_weight[1, i] = value_weight(p.value_service, p.value_spread, b)
        c.value_weight[2, i] = value_weight(p.value_personnel, p.value_spread, e)
        c.value_weight[3, i] = value_weight(p.value_image, p.value_spread, f)
        a, b, e, f = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), VALUE_COSTS, k0, k1)
        c.value_weight[4, i] = value_weight(p.value_money, p.value_spread, a)
        c.value_weight[5, i] = value_weight(p.value_time, p.value_spread, b)
        c.value_weight[6, i] = value_weight(p.value_energy, p.value_spread, e)
        c.value_weight[7, i] = value_weight(p.value_psychic, p.value_spread, f)
        for j in range(firms):
            delivered = ZERO
            for kind in range(8):
                delivered += component_value(c.value_weight[kind, i], v.value[kind, 0, j])
            c.delivered[j, i] = delivered
            if p.expectation_on:
                c.expectation[j, i] += delivered
            if p.zone_on:
                c.ideal[j, i] += delivered
            if p.satisfaction_on:
                c.satisfaction[j, i] += p.satisfaction_experience_weight * delivered
