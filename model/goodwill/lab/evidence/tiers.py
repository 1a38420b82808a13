"""Status: what rising to a tier and falling from it do to buying."""

from __future__ import annotations

import numpy as np

from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import ratio, start
from goodwill.lab.evidence.worlds import FIRM, YEAR, town
from goodwill.simulation import Simulation

TIERS = {"kind": "tiers"}
"""The tier programme with all its defaults: two tiers, reviewed every twelve months by spending."""

FLAT = {"kind": "points", "expiry": 24.0}
"""The same points without tiers: the control for those who were never elevated."""

SPAN = 13
"""Weeks after a review in which purchases are compared."""

BINS = 4
"""Groups of like spending in the year before the review, within which the demoted meet the never elevated."""


def _visits(market: Simulation) -> np.ndarray:
    return np.asarray(market.population.customers.visits[FIRM], dtype=float)


def _bought_after(market: Simulation) -> np.ndarray:
    """Purchases of every customer in the next weeks; the market itself stays where it is."""
    ahead = market.copy()
    ahead.advance(SPAN)
    return _visits(ahead) - _visits(market)


def _undone(market: Simulation, before: np.ndarray, who: np.ndarray) -> Simulation:
    """The same moment with the change of tier of some customers undone, and the feeling of it."""
    other = market.copy()
    members = other.population.members
    members.tier_shift[0, who] -= (members.tier[0] - before)[who]
    members.tier[0, who] = before[who]
    return other


def demotion(worlds: Worlds, seed: int) -> dict[str, float]:
    """T19: purchases in the quarter after the second and the third review, against the same moment with the change undone.

    The demoted meet never elevated members who spent as much in the year before the review, both against the world without tiers.
    """
    world = worlds["tiers"]
    market, flat = start(world, seed), start(worlds["flat"], seed)
    sums = {kind: np.zeros(2) for kind in ("promoted", "demoted")}
    after_bins = np.zeros((2, BINS, 2))  # demoted and never elevated; bins; with tiers and without
    elevated = np.zeros(world.customers, bool)
    for year in (1, 2, 3):
        review = world.warm_up + year * YEAR
        market.advance(review - YEAR - market.period)
        spent = market.population.customers.spent[FIRM].astype(float)
        market.advance(review - 1 - market.period)
        before = market.population.members.tier[0].astype(np.int8)
        elevated |= before > 0
        market.advance(1)  # the review is at the end of this period
        flat.advance(review - flat.period)
        if year == 1:
            continue
        spent = market.population.customers.spent[FIRM] - spent
        now = market.population.members.tier[0]
        member = (market.population.members.joined[0] >= 0) & (market.population.members.joined[0] < review - YEAR)
        up, down = member & (before == 0) & (now > 0), member & (before > 0) & (now == 0)
        as_is, undone = _bought_after(market), _bought_after(_undone(market, before, up | down))
        for kind, who in (("promoted", up), ("demoted", down)):
            sums[kind] += as_is[who].sum(), undone[who].sum()
        flat_bought = _bought_after(flat)
        edges = np.quantile(spent[down], np.linspace(0, 1, BINS + 1)[1:-1]) if down.any() else np.zeros(BINS - 1)
        low, high = (spent[down].min(), spent[down].max()) if down.any() else (0.0, 0.0)
        never = member & ~elevated & (now == 0) & (spent >= low) & (spent <= high)
        for row, who in enumerate((down, never)):
            place = np.searchsorted(edges, spent[who])
            after_bins[row, :, 0] += np.bincount(place, as_is[who], BINS)
            after_bins[row, :, 1] += np.bincount(place, flat_bought[who], BINS)
    up_ratio, down_ratio = ratio(*sums["promoted"]), ratio(*sums["demoted"])
    bought, control = after_bins[:, :, 0], after_bins[:, :, 1]
    met = (control > 0).all(axis=0)  # bins with both kinds
    lift = bought[:, met] / control[:, met] - 1
    apart = np.average(lift[0] - lift[1], weights=control[0, met]) if met.any() else float("nan")
    return {
        "gain_of_promotion": up_ratio - 1,
        "loss_of_demotion": 1 - down_ratio,
        "loss_less_gain": 2 - down_ratio - up_ratio,
        "demoted_less_never_elevated": float(apart),
    }


def _worlds() -> Worlds:
    return {"tiers": town(4, TIERS), "flat": town(4, FLAT)}


MEASUREMENTS = (Measurement("T19", _worlds, demotion),)
