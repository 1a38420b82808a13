"""What a relationship does to spending: its strength, extra lines, price sensitivity, and the cost to serve."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32


@rule
def relationship_strength(
    pleasure: np.float32,
    commitment: np.float32,
    purchases: np.float32,
    satisfaction_weight: np.float32,
    commitment_weight: np.float32,
    tenure_weight: np.float32,
    habituation: np.float32,
) -> np.float32:
    """``G = 1 - exp(-(w_S max(0, S - S0) + w_C C + w_T n / (n + n0)))``, 0 (a stranger) to 1.

    Garbarino & Johnson (1999) and Verhoef (2003) for satisfaction and commitment as what a relationship is made of; length counts
    little by itself (Reinartz & Kumar 2002). The form is an assumption.
    """
    length = purchases / (purchases + habituation)
    sum_of_bonds = satisfaction_weight * max(pleasure, ZERO) + commitment_weight * commitment + tenure_weight * length
    return ONE - exp32(-sum_of_bonds)


@rule
def softened_sensitivity(price_sensitivity: np.float32, strength: np.float32, softening: np.float32) -> np.float32:
    """Price sensitivity within a relationship: ``beta * (1 - softening * G)`` (Krishnamurthi & Raj 1991)."""
    return price_sensitivity * (ONE - softening * strength)


@rule
def fuller_basket(quantity: np.float32, strength: np.float32, rise: np.float32) -> np.float32:
    """Quantity within a relationship: ``quantity * exp(rise * G)``."""
    return quantity * exp32(rise * strength)


@rule
def expected_lines(
    inclination: np.float32,
    strength: np.float32,
    suggestion: np.float32,
    base: np.float32,
    across: np.float32,
    impulse: np.float32,
) -> np.float32:
    """Mean number of extra lines with a purchase: ``h * (base + across * G + impulse * s)``; they are Poisson.

    h: the customer's inclination, mean 1; s: intensity of suggestions, 0 to 1.
    """
    return inclination * (base + across * strength + impulse * suggestion)


@rule
def irritation(suggestion: np.float32, tolerated: np.float32, weight: np.float32) -> np.float32:
    """Points of experience lost to pushy selling: ``weight * max(0, s - tolerated)``."""
    return weight * max(suggestion - tolerated, ZERO)


@rule
def cost_to_serve(
    cost: np.float32, demand: np.float32, purchases: np.float32, floor: np.float32, habituation: np.float32
) -> np.float32:
    """Cost of serving one purchase: ``cost * d * (floor + (1 - floor) / (1 + n / n0))``, cents.

    d: service the customer asks for, mean 1. That those who know the firm cost less is Reichheld & Sasser's (1990) claim, which
    Reinartz & Kumar (2002) hardly find; customers differ far more among each other.
    """
    return cost * demand * (floor + (ONE - floor) / (ONE + purchases / habituation))
