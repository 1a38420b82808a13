"""Status: what rising to a tier and falling from it do to buying, against the world without tiers."""

from __future__ import annotations

import numpy as np

from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import start
from goodwill.lab.evidence.worlds import FIRM, YEAR, town
from goodwill.scenario.scenario import Scenario

TIERS = {"kind": "tiers"}
"""The tier programme with all its defaults: two tiers, reviewed every twelve months by spending."""

FLAT = {"kind": "points", "expiry": 24.0}
"""The same points without tiers: the control."""

SPAN = 13
"""Weeks before and after a review in which purchases are compared."""


def _visits(world: Scenario, seed: int, at: tuple[int, ...]) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Purchases so far and tiers (0 without tiers) of every customer at the start of these periods; period of joining."""
    market = start(world, seed)
    visits, tiers = [], []
    for period in at:
        market.advance(period - market.period)
        visits.append(market.population.customers.visits[FIRM].astype(float))
        rows = market.population.members.tier
        tiers.append(rows[0].astype(int) if len(rows) else np.zeros(world.customers, int))
    return visits, tiers, market.population.members.joined[0].astype(int)


def demotion(worlds: Worlds, seed: int) -> dict[str, float]:
    """T19: lift of purchases by tiers, in the quarter before and the one after the second and the third review.

    promoted: no tier before, some tier after the review. demoted: the reverse. steady: no tier at either. The lift compares the same
    customers in both worlds, so that luck, taste and regression to the mean are alike.
    """
    world = worlds["tiers"]
    sums = {kind: np.zeros(4) for kind in ("promoted", "demoted", "steady")}
    for year in (2, 3):
        review = world.warm_up + year * YEAR  # the tier changes at the end of the period before
        at = (review - SPAN, review, review + SPAN)
        visits, tiers, joined = _visits(world, seed, at)
        flat, _, joined_flat = _visits(worlds["flat"], seed, at)
        member = (joined >= 0) & (joined < review - YEAR) & (joined_flat >= 0) & (joined_flat < review - YEAR)
        before, after = tiers[0] > 0, tiers[1] > 0
        groups = {
            "promoted": member & ~before & after,
            "demoted": member & before & ~after,
            "steady": member & ~before & ~after,
        }
        for kind, who in groups.items():
            for part, (one, two) in enumerate(((0, 1), (1, 2))):
                sums[kind][2 * part] += (visits[two] - visits[one])[who].sum()
                sums[kind][2 * part + 1] += (flat[two] - flat[one])[who].sum()
    lift = {kind: (total[0] / total[1] - 1, total[2] / total[3] - 1) for kind, total in sums.items()}
    rise = lift["promoted"][1] - lift["promoted"][0]
    fall = lift["demoted"][0] - lift["demoted"][1]
    return {
        "gain_of_promotion": float(rise),
        "loss_of_demotion": float(fall),
        "loss_less_gain": float(fall - rise),
        "demoted_less_never_elevated": float(lift["demoted"][1] - lift["steady"][1]),
    }


def _worlds() -> Worlds:
    return {"tiers": town(4, TIERS), "flat": town(4, FLAT)}


MEASUREMENTS = (Measurement("T19", _worlds, demotion),)
