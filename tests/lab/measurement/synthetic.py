"""Data sets written by hand, with a known effect on members and a known way into membership."""

from __future__ import annotations

from typing import Literal

import numpy as np

from goodwill.lab.measurement.data import Data, Windows

WINDOWS = Windows(begin=0, launch=12, follow=14, end=26, periods_per_year=12)
Selection = Literal["random", "level", "history", "trend", "shock"]


def made(
    seed: int,
    n: int = 800,
    *,
    effect: float = 3.0,
    selection: Selection = "random",
    strength: float = 1.0,
    spread: float = 2.0,
    holdout: float = 0.4,
    pull: float = 1.0,
    trend: float = 0.0,
) -> Data:
    """N customers with a level of their own (normal, sd `spread`, per year), noise, and an effect on members.

    Who wants to join is `strength` times a standard normal - the level ("level"), the purchases before ("history"), the own
    trend ("trend"), or the luck in the time before ("shock") - plus luck of its own and `-pull` times the way to the desk.
    The third with the strongest wish joins, unless held out.
    """
    rng = np.random.default_rng(seed)
    w = WINDOWS
    level = 20 + spread * rng.standard_normal(n)
    slope = rng.standard_normal(n)
    noise = rng.standard_normal((n, w.end)) * 3
    distance = rng.exponential(1.0, n)
    offered = rng.random(n) >= holdout
    yearly = level[:, None] + noise + trend * slope[:, None] * np.arange(w.end) / w.end
    before = yearly[:, : w.launch].mean(axis=1)
    luck = noise[:, : w.launch].mean(axis=1)
    wish = {
        "random": np.zeros(n),
        "level": (level - 20) / spread,
        "history": (before - 20) / before.std(),
        "trend": slope,
        "shock": luck / luck.std(),
    }[selection]
    score = strength * wish - pull * distance + rng.standard_normal(n)
    member = offered & (score > np.quantile(score, 2 / 3))
    yearly = yearly + effect * member[:, None] * (np.arange(w.end) >= w.follow)
    outcome = yearly / w.periods_per_year
    purchases = np.round(np.clip(outcome, 0, None) * 1000).astype(
        int
    )  # finer than people buy, so that history tells all
    return Data(
        customer=np.arange(n), outcome=outcome, purchases=purchases, spend=purchases.astype(float),
        joined=np.where(member, w.launch, -1), offered=offered, distance=distance, windows=w,
    )  # fmt: skip
