"""Satisfaction: what a visit above and below expectation does to it."""

from __future__ import annotations

import numpy as np

from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import Kept, start
from goodwill.lab.evidence.worlds import YEAR, town


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


MEASUREMENTS = (Measurement("T21", lambda: {"town": town(1, None)}, disconfirmation),)
