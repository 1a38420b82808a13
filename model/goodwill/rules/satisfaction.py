"""How an experience satisfies (rule 7): tolerance zone, loss aversion, and the memory of it."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, power32


@rule
def experience_level(level: np.float32, spread: np.float32, noise: np.float32) -> np.float32:
    """``x = level + spread * z``: what one visit delivers, in service points (0 to 10 scale, not clipped)."""
    return level + spread * noise


@rule
def outside_zone(experience: np.float32, expectation: np.float32, ideal: np.float32, width: np.float32) -> np.float32:
    """Distance by which an experience leaves the zone of tolerance, 0 inside; service points.

    Zone: from adequate ``E - width`` to desired ``max(D, E)`` (Zeithaml, Berry & Parasuraman 1993: what is predicted
    moves the adequate
    level, the desired level is stable). With width 0 and D <= E this is plain disconfirmation x - E.
    """
    above = experience - max(ideal, expectation)
    below = experience - (expectation - width)
    return max(above, ZERO) + min(below, ZERO)


@rule
def disconfirmation_value(gap: np.float32, loss_aversion: np.float32, curvature: np.float32) -> np.float32:
    """``z^a`` for a gain, ``-lambda |z|^a`` for a loss: diminishing, loss-averse (Tversky & Kahneman 1992, a = .88).

    lambda: 1.31 to 2.25 over meta-analyses (Brown, Imai, Vieider & Camerer 2024; Walasek, Mullett & Stewart 2024); for service,
    Anderson & Sullivan (1993) find negative disconfirmation the stronger.
    """
    size = power32(abs(gap), curvature)
    return size if gap >= ZERO else -loss_aversion * size


@rule
def transaction_satisfaction(
    experience: np.float32, value: np.float32, experience_weight: np.float32, neutral: np.float32, weight: np.float32
) -> np.float32:
    """Satisfaction with one visit: ``neutral + b_x (x - neutral) + b_d f``, f the value of the disconfirmation.

    Performance and disconfirmation both count (Oliver 1980; Anderson & Sullivan 1993). Service points.
    """
    return neutral + experience_weight * (experience - neutral) + weight * value


@rule
def learning_rate(visits: np.float32, first: np.float32, floor: np.float32, tenure: np.float32) -> np.float32:
    """Weight of the newest visit in cumulative satisfaction: ``floor + (first - floor) / (1 + visits / tenure)``.

    Falls with tenure (Bolton 1998: the longer the relationship, the less a new experience weighs). visits: purchases so
    far from this firm. The hyperbolic form is an assumption.
    """
    return floor + (first - floor) / (ONE + visits / tenure)


@rule
def update_satisfaction(satisfaction: np.float32, visit: np.float32, rate: np.float32) -> np.float32:
    """``S <- S + rate * (s - S)``: cumulative satisfaction (Bolton & Drew 1991; Johnson, Anderson & Fornell 1995)."""
    return satisfaction + rate * (visit - satisfaction)


@rule
def update_commitment(commitment: np.float32, value: np.float32, gain: np.float32, decay: np.float32) -> np.float32:
    """Affective commitment: ``C <- max(0, C + gain * f - decay * C)``, f the value of the disconfirmation at this visit.

    Delight raises it, failure lowers it, and it wears off a little at every visit that does not renew it (Garbarino
    & Johnson 1999; Verhoef 2003). 0 = none.
    """
    return max(commitment + gain * value - decay * commitment, ZERO)
