"""A household panel: where a sample of the whole market bought last; the firms' shares of it."""

from __future__ import annotations

import numpy as np

from goodwill.engine.draws import LOST
from goodwill.measures.instruments.base import Figure, Scene, sample
from goodwill.scenario.instruments import Panel


def panel(scene: Scene, terms: Panel) -> list[Figure]:
    """Share of every firm among the last purchases of the households."""
    who = np.flatnonzero(scene.present & (scene.customers.last >= 0)).astype(np.uint32)
    last = scene.customers.last[who]
    drawn = sample(scene.draws(who, LOST)[3], terms.sample)
    figures = []
    for j, firm in enumerate(scene.simulation.scenario.firms):
        share = float((last[drawn] == j).mean()) if drawn.size else float("nan")
        error = float(np.sqrt(share * (1 - share) / drawn.size)) if drawn.size else float("nan")
        truth = float((last == j).mean()) if last.size else float("nan")
        figures.append(
            Figure(
                f"share {firm.name}", share, error, int(drawn.size), truth, terms.cost * drawn.size if j == 0 else 0.0
            )
        )
    return figures
