"""Gifts: what surprises earns thanks, what is expected does not."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE


@rule
def gift_felt(worth: np.float32, awaited: np.float32) -> np.float32:
    """``worth * (1 - awaited)``: what a gift is beyond what was expected of it.

    worth: in usual purchases; awaited: 0 a surprise, 1 taken for granted. Disconfirmation is what counts (Oliver 1980); unexpected
    coupons raise spending (Heilman, Nakamoto & Rao 2002).
    """
    return worth * (ONE - awaited)


@rule
def await_gift(awaited: np.float32, adaptation: np.float32) -> np.float32:
    """``A <- A + adaptation * (1 - A)``: a gift that comes every year comes to be expected. Assumption on the form."""
    return awaited + adaptation * (ONE - awaited)
