"""Mystery shoppers: a few visits, each an experience like a customer's, rated (Wilson 1998)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.draws import STRATEGY
from goodwill.engine.sampling import normals_of
from goodwill.measures.instruments.base import Figure, Scene, mean_and_error
from goodwill.scenario.instruments import MysteryShopper


def mystery_shopper(scene: Scene, terms: MysteryShopper) -> list[Figure]:
    """Service level, points: mean of the visits made in the period before."""
    levers, last = scene.simulation.plan.levers, scene.period - 1
    level, spread = levers.service[last, scene.firm], levers.inconsistency[last, scene.firm]
    visits = np.arange(terms.visits, dtype=np.uint32)
    luck = scene.draws(visits, STRATEGY)[2]
    ratings = level - np.float32(terms.severity) + spread * normals_of(luck)
    mean, error = mean_and_error(ratings.astype(np.float64))
    return [Figure("service", mean, error, terms.visits, float(level), terms.cost * terms.visits)]
