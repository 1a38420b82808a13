"""Being bound: contracts with a minimum term, belonging to a club."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32


@rule
def resentment(satisfaction: np.float32, lead: np.float32, strength: np.float32) -> np.float32:
    """Satisfaction of one who would rather leave and may not: ``max(0, S - strength * (1 - exp(-lead)))``, per period.

    lead: by how much a rival's utility is ahead, above 0; strength in points. Being kept against one's will breeds resentment, which
    comes out when the bond ends (Jones, Reynolds, Mothersbaugh & Beatty 2007: costs of switching that are felt as a constraint
    lower affect); the form is an assumption.
    """
    return max(satisfaction - strength * (ONE - exp32(-max(lead, ZERO))), ZERO)


@rule
def belong(commitment: np.float32, community: np.float32) -> np.float32:
    """Commitment after a purchase as a member of a community: ``C + community * max(0, 1 - C)``.

    A brand community adds to affective commitment up to a ceiling (Algesheimer, Dholakia & Herrmann 2005; form an assumption).
    """
    return commitment + community * max(ONE - commitment, ZERO)
