"""Talk: who talks, and what is said."""

from __future__ import annotations

import numpy as np

from goodwill.engine.state import NEGATIVE_TALK, POSITIVE_TALK
from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import start
from goodwill.lab.evidence.worlds import town

MIDDLE = 0.5
"""Points around neutral that count as the middle of the scale."""


def u_shape(worlds: Worlds, seed: int) -> dict[str, float]:
    """T22: share of the buyers of a week who talk about the firm they bought from last, by their satisfaction with it."""
    world = worlds["town"]
    market = start(world, seed)
    market.advance(world.warm_up)
    neutral = world.behaviour.satisfaction.neutral
    talked, asked = np.zeros(3), np.zeros(3)
    everyone = np.arange(world.customers)
    while market.period < world.periods:
        t = market.period
        market.advance(1)
        c = market.population.customers
        last = np.maximum(c.last.astype(int), 0)
        shopped = (c.last >= 0) & (c.last_bought[last, everyone] == t) & (c.exit > t)
        gap = c.satisfaction[last, everyone] - neutral
        part = np.where(gap < -MIDDLE, 0, np.where(gap > MIDDLE, 2, 1))
        said = c.said[t % 2] != 0
        talked += np.bincount(part[shopped & said], minlength=3)
        asked += np.bincount(part[shopped], minlength=3)
    rate = talked / asked
    totals = market.totals.firms[world.warm_up :].sum(axis=(0, 1))
    return {
        "dissatisfied": float(rate[0]),
        "middle": float(rate[1]),
        "satisfied": float(rate[2]),
        "least_end_less_middle": float(min(rate[0], rate[2]) - rate[1]),
        "positive": float(totals[POSITIVE_TALK]),
        "negative": float(totals[NEGATIVE_TALK]),
    }


MEASUREMENTS = (Measurement("T22", lambda: {"town": town(1, None)}, u_shape),)
