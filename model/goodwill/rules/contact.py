"""How close a firm keeps to its customers, and how close they want it."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ZERO


@rule
def keep_contact(
    commitment: np.float32,
    level: np.float32,
    wanted: np.float32,
    bond: np.float32,
    pace: np.float32,
    intrusion: np.float32,
) -> np.float32:
    """``C <- max(0, C + pace * max(0, bond * min(L, W) - C) - intrusion * max(0, L - W))`` per period.

    L: level of contact, 0 basic to 4 partnership (Kotler); W: the level the customer wants. Being recognised binds up to what is
    wanted (Verhoef 2003: relationship instruments raise affective commitment) and no further; contact beyond it annoys: response to
    contacts is an inverted U (Godfrey, Seiders & Voss 2011). bond: commitment per level. The piecewise linear form is an assumption.
    """
    lift = bond * min(level, wanted) - commitment
    return max(commitment + pace * max(lift, ZERO) - intrusion * max(level - wanted, ZERO), ZERO)
