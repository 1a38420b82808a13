"""Satisfaction: what a visit above and below expectation does to it."""

from __future__ import annotations

import numpy as np

from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import Kept, ratio, start
from goodwill.lab.evidence.worlds import YEAR, operators, town
from goodwill.measures.satisfaction_curve import satisfaction_curve, slope, top_box
from goodwill.record import Record
from goodwill.sinks import MemorySink


def disconfirmation(worlds: Worlds, seed: int) -> dict[str, float]:
    """T21: change of satisfaction at a visit, regressed on how far the visit lay above and below expectation, in one year.

    Every customer and firm has its own mean, and the satisfaction before the visit is allowed for, since a high one can only fall.
    """
    world = worlds["town"]
    if not world.behaviour.satisfaction.on:
        return {"above": float("nan"), "below": float("nan")}
    market = start(world, seed)
    market.advance(world.warm_up)
    sink = Kept(("customer", "period", "trip", "firm", "experience", "expectation_before", "satisfaction_after"))
    market.advance(YEAR, sink=sink)
    rows = sink.table().sort_values(["customer", "firm", "period", "trip"], kind="stable")
    same = (rows[["customer", "firm"]].to_numpy()[1:] == rows[["customer", "firm"]].to_numpy()[:-1]).all(axis=1)
    after = rows["satisfaction_after"].to_numpy()
    gap = (rows["experience"] - rows["expectation_before"]).to_numpy()[1:][same]
    before = after[:-1][same]
    change = after[1:][same] - before
    design = np.column_stack([np.ones(gap.size), np.maximum(gap, 0), np.minimum(gap, 0), before - before.mean()])
    above, below = np.linalg.lstsq(design, change, rcond=None)[0][1:3]
    return {"above": float(above), "below": float(below)}


SHORT, LONG = 6, 24
"""Months: a new relationship, and an old one."""

MONTHS_LATER = 3
"""Within so many months a customer who leaves is counted as driven away."""


def failure_and_tenure(worlds: Worlds, seed: int) -> dict[str, float]:
    """T30: odds of leaving the provider within three months of a month with a failure against those of one without, by tenure.

    rise_new, rise_old: that odds ratio less 1, below six months with the provider and beyond twenty-four.
    """
    world = worlds["operators"]
    market = start(world, seed)
    sink = Kept(("customer", "period", "trip", "firm", "shortfall"))
    market.advance(world.periods, sink=sink)
    rows = sink.table()
    firm = np.full((world.periods, world.customers), -1, np.int8)
    failed = np.zeros((world.periods, world.customers), bool)
    place = (rows["period"].to_numpy(int), rows["customer"].to_numpy(int))
    firm[place] = rows["firm"].to_numpy(int)
    failed[place] = rows["shortfall"].to_numpy() > 0
    tenure = np.zeros(firm.shape, int)
    for t in range(1, world.periods):
        tenure[t] = np.where(firm[t] == firm[t - 1], tenure[t - 1] + 1, 0)
    last = world.periods - MONTHS_LATER
    seen = (slice(LONG + 1, last), slice(None))  # before, nobody can be known to have stayed long
    leaves = firm[LONG + 1 + MONTHS_LATER :] != firm[seen]
    served = firm[seen] >= 0
    found = {}
    for name, who in (("new", tenure[seen] < SHORT), ("old", tenure[seen] > LONG)):
        odds = []
        for failure in (True, False):
            group = served & who & (failed[seen] == failure)
            gone = int((group & leaves).sum())
            odds.append(ratio(gone, int(group.sum()) - gone))
        found[f"rise_{name}"] = ratio(odds[0], odds[1]) - 1
    return found


def curve(worlds: Worlds, seed: int) -> dict[str, float]:
    """T25: odds to buy again at the firm in the top box of five over those in the next, and the slope of the whole curve.

    Customers with at least five earlier purchases on record, so that the score is of a relationship.
    """
    found = {}
    for name, world in worlds.items():
        market = start(world, seed)
        sink = MemorySink()
        market.run(sink=sink)
        record = Record.of(market, purchases=sink)
        found[f"slope_{name}"] = slope(satisfaction_curve(record, established=5))
        if name == "free":
            found["top_to_next"] = top_box(satisfaction_curve(record, established=5, points=5))
    return found


FEEL = {"behaviour.match.on": True, "behaviour.delight.on": True}
"""Customers differ in how well a firm suits them, and delight counts for itself."""


def _markets() -> Worlds:
    """Jones & Sasser's two ends: many like firms and nothing that holds a customer; and a contract with switching costs."""
    free = {**FEEL, "population.loyalty_spread": 8.0, "behaviour.habit.on": False}
    return {
        "free": town(1, None, {**free, "customers": 4000}),
        "held": operators(3).with_({**FEEL, "customers": 4000}),
    }


def _failing() -> Worlds:
    world = operators(5).with_({"behaviour.recovery.on": True, "customers": 40_000})
    return {"operators": world}


MEASUREMENTS = (
    Measurement("T21", lambda: {"town": town(1, None)}, disconfirmation),
    Measurement("T25", _markets, curve),
    Measurement("T30", _failing, failure_and_tenure),
)
