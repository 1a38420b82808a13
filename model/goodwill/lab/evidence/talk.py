"""Talk: who talks, and what is said."""

from __future__ import annotations

import numpy as np

from goodwill.engine.state import NEGATIVE_TALK, POSITIVE_TALK
from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import ratio, start
from goodwill.lab.evidence.worlds import operators, town
from goodwill.measures.referrals import referral_table
from goodwill.record import Record

MIDDLE = 0.5
"""Points around neutral that count as the middle of the scale."""


def u_shape(worlds: Worlds, seed: int) -> dict[str, float]:
    """T22: share of the buyers of a week who talk about the firm they bought from last, by their satisfaction with it."""
    world = worlds["town"]
    names = ("dissatisfied", "middle", "satisfied", "least_end_less_middle", "positive", "negative")
    if not (world.behaviour.satisfaction.on and world.behaviour.word_of_mouth.on):
        return dict.fromkeys(names, float("nan"))  # nobody talks, or there is no scale
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
    rate = [ratio(*pair) for pair in zip(talked, asked, strict=True)]
    totals = market.totals.firms[world.warm_up :].sum(axis=(0, 1))
    values = (*rate, min(rate[0], rate[2]) - rate[1], totals[POSITIVE_TALK], totals[NEGATIVE_TALK])
    return dict(zip(names, map(float, values), strict=True))


def funnel(worlds: Worlds, seed: int) -> dict[str, float]:
    """T28: of the customers with an occasion to recommend, those who mean to, do, and bring somebody."""
    market = start(worlds["operators"], seed)
    market.run()
    total = referral_table(Record.of(market))[["asked", "intended", "acted", "converted"]].sum()
    shares = {step: ratio(total[step], total["asked"]) for step in ("intended", "acted", "converted")}
    return {
        **shares,
        "intended_less_acted": shares["intended"] - shares["acted"],
        "acted_less_converted": shares["acted"] - shares["converted"],
    }


MEASUREMENTS = (
    Measurement("T22", lambda: {"town": town(1, None)}, u_shape),
    Measurement("T28", lambda: {"operators": operators(4, {"behaviour.referral.on": True})}, funnel),
)
