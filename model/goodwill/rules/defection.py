"""Leaving (rule 10): competing hazards, one for each cause, in contracts and without them.

The hazards add, so the chance to leave is ``1 - exp(-sum)`` and the cause is drawn in proportion (competing risks, Kalbfleisch &
Prentice 2002, chapter 8). Causes: natural, malicious (ended by the firm), competitive, fault.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32


@rule
def leave_probability(hazard: np.float32) -> np.float32:
    """``1 - exp(-hazard)``, hazard >= 0 over one decision."""
    return ONE - exp32(-hazard)


@rule
def fault_hazard(value: np.float32, sensitivity: np.float32) -> np.float32:
    """Hazard after one disappointing visit: ``sensitivity * max(0, -f)``, f the value of the disconfirmation."""
    return sensitivity * max(-value, ZERO)


@rule
def lapse_hazard(advantage: np.float32, sensitivity: np.float32) -> np.float32:
    """Competitive lapse without a contract: ``sensitivity * max(0, advantage)`` for the firm left out at a purchase.

    advantage: by how much the chosen rival's utility, without the luck of the occasion, exceeds the firm's.
    """
    return sensitivity * max(advantage, ZERO)


@rule
def switching_cost(procedural: np.float32, financial: np.float32, relational: np.float32) -> np.float32:
    """Sum of the three kinds of switching cost, in utility (Burnham, Frels & Mahajan 2003)."""
    return procedural + financial + relational


@rule
def competitive_hazard(base: np.float32, advantage: np.float32, cost: np.float32) -> np.float32:
    """Under contract: ``base * exp(advantage - cost)``; advantage of the best rival in utility, cost of switching.

    A proportional hazard (Bolton 1998). base: per period, gamma distributed over customers.
    """
    return base * exp32(advantage - cost)


@rule
def dissatisfaction_hazard(
    base: np.float32,
    satisfaction: np.float32,
    neutral: np.float32,
    weight: np.float32,
    opinion: np.float32,
    cost: np.float32,
) -> np.float32:
    """Under contract: ``base * exp(weight * (neutral - S) - min(opinion, 0) - cost)``: leaving out of discontent.

    Negative word of mouth adds to it; switching costs hold the discontented as well (Jones, Mothersbaugh & Beatty 2000).
    """
    return base * exp32(weight * (neutral - satisfaction) - min(opinion, ZERO) - cost)
