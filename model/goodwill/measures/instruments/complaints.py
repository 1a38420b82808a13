"""Complaints since the last wave, beside the failures that made customers unhappy: most of these never complain."""

from __future__ import annotations

from goodwill.engine.state import COMPLAINTS, UNHAPPY
from goodwill.measures.instruments.base import Figure, Scene


def complaints(scene: Scene, since: int) -> list[Figure]:
    """Complaints per purchase-spoiling failure cannot be seen: only complaints are counted, without error and without cost."""
    counts = scene.simulation.totals.firms[since : scene.period, scene.firm]
    came = int(counts[:, COMPLAINTS].sum())
    return [Figure("complaints", float(came), 0.0, came, float(counts[:, UNHAPPY].sum()), 0.0)]
