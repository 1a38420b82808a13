"""What a firm posts to many: who reads it, and whether it pleases."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32


@rule
def reading_probability(posts: np.float32, attention: np.float32) -> np.float32:
    """``1 - exp(-attention * posts)``: chance that a follower reads at least one of the period's posts; diminishing returns."""
    return ONE - exp32(-attention * posts)


@rule
def post_value(
    commercial: np.float32,
    monthly: np.float32,
    right: np.float32,
    repelling: np.float32,
    often: np.float32,
    tiring: np.float32,
    floor: np.float32,
) -> np.float32:
    """How a period's posts please: ``max(floor, 1 - ((s - right) / (repelling - right))^2 - tiring * max(0, m - often))``.

    s: share of commercial content; best at `right` (.04), nil at `repelling` (.10), negative beyond: an inverted U, as practitioners
    report (3 to 5 % is right, above 10 % repels). m: posts a month; more than `often` tire. Persuasive content lowers engagement,
    content with brand personality raises it (Lee, Hosanagar & Nair 2018); the quadratic form is an assumption.
    """
    distance = (commercial - right) / (repelling - right)
    return max(ONE - distance * distance - tiring * max(monthly - often, ZERO), floor)
