"""What an arm did to each single customer: known in a simulation, because everybody lives through every arm with the same luck."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.lab.statistics.intervals import LEVEL, interval

KEYS = ["point", "replicate", "customer"]


def customer_effects(customers: pd.DataFrame, baseline: str, measure: str = "visits") -> pd.DataFrame:
    """Each customer's own effect of each arm: his `measure` under the arm less that under the baseline, in the same world.

    customers: point, arm, replicate, customer, visits_before, member and the measure. Returns point, arm, replicate, customer,
    visits_before, member (under the arm), without (the measure under the baseline) and effect.

    The effect includes the customer's luck, though the same luck on both sides. Every replicate has people of its own: customer 7 of
    replicate 0 is not customer 7 of replicate 1, so effects are pooled over replicates and never averaged by number.
    `goodwill.lab.individuals` lives the same people's lives again with other luck.
    """
    alone = customers[customers["arm"] == baseline]
    without = alone[[*KEYS, "visits_before", measure]].rename(columns={measure: "without"})
    treated = customers[customers["arm"] != baseline]
    merged = treated[["arm", *KEYS, "member", measure]].merge(without, on=KEYS, validate="many_to_one")
    merged["effect"] = merged[measure].astype(float) - merged["without"]
    return merged[["point", "arm", "replicate", "customer", "visits_before", "member", "without", "effect"]]


def who_gains(effects: pd.DataFrame, level: float = LEVEL, top: float = 0.1) -> pd.DataFrame:
    """How the effect is spread over customers, by point and arm, with intervals over replicates.

    Returns point, arm, what, mean, low, high. what: `up`, `none`, `down` (shares of customers whose measure rose, stayed, fell);
    `mean` (per customer); `gained`, `lost` (sum of the rises and of the falls, per customer); `top` (share of all rises that
    came from the `top` of customers who rose most).
    """
    rows = []
    for (point, arm), found in effects.groupby(["point", "arm"], sort=False):
        by_world = pd.DataFrame([_spread(world.to_numpy(), top) for _, world in found.groupby("replicate")["effect"]])
        rows += [(point, arm, what, *interval(by_world[what].to_numpy(), level)) for what in by_world]
    return pd.DataFrame(rows, columns=["point", "arm", "what", "mean", "low", "high"])


def _spread(effect: np.ndarray, top: float) -> dict[str, float]:
    n = len(effect)
    rises, falls = np.maximum(effect, 0.0), np.minimum(effect, 0.0)
    first = np.sort(rises)[::-1][: max(1, round(top * n))]
    return {
        "up": float((effect > 0).mean()),
        "none": float((effect == 0).mean()),
        "down": float((effect < 0).mean()),
        "mean": float(effect.mean()),
        "gained": float(rises.mean()),
        "lost": float(-falls.mean()),
        "top": float(first.sum() / rises.sum()) if rises.any() else float("nan"),
    }
