"""A survey of the firm's customers: satisfaction, and the net promoter score.

Who is asked is a simple random sample; whether he answers depends on his satisfaction, so the mean is too rosy when the
dissatisfied do not bother (Peterson & Wilson 1992). NPS is the share who would recommend with 9 or 10 less the share
with 6 or less (Reichheld 2003).
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.draws import SURVEY
from goodwill.engine.sampling import logistics_of, normals_of
from goodwill.measures.instruments.base import Figure, Scene, mean_and_error, sample
from goodwill.scenario.instruments import Survey


def survey(scene: Scene, terms: Survey) -> list[Figure]:
    """Satisfaction (points) and net promoter score (-100 to 100), measured, and true for all customers of the firm."""
    who = scene.own
    felt = scene.customers.satisfaction[scene.firm, who]
    order, answering, noise, recommending = scene.draws(who, SURVEY)
    asked = sample(order, terms.sample)
    odds = np.float32(np.log(terms.response / (1 - terms.response)))
    neutral = scene.simulation.parameters.satisfaction_neutral
    chance = logistics_of(odds + np.float32(terms.selectivity) * (felt[asked] - neutral))
    who_answers = asked[answering[asked] < chance]
    kind = felt + np.float32(terms.courtesy)
    said = np.clip(kind + np.float32(terms.noise) * normals_of(noise), 0, 10)[who_answers]
    spread = np.float32(terms.recommend_noise) * normals_of(recommending)
    would = np.rint(np.clip(kind + spread, 0, 10))[who_answers]
    true_would = np.rint(np.clip(felt + spread, 0, 10))
    cost = terms.cost * asked.size
    mean, error = mean_and_error(said.astype(np.float64))
    truth = float(felt.mean(dtype=np.float64)) if felt.size else float("nan")
    score, score_error = mean_and_error(_promoting(would))
    return [
        Figure("satisfaction", mean, error, int(said.size), truth, cost),
        Figure("nps", score, score_error, int(would.size), mean_and_error(_promoting(true_would))[0], 0.0),
    ]


def _promoting(answers: np.ndarray) -> np.ndarray:
    """100 for a promoter, -100 for a detractor, 0 for those between."""
    return 100.0 * ((answers >= 9).astype(np.float64) - (answers <= 6))
