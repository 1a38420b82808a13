"""Talking and listening (rule 11)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO


@rule
def talk_probability(
    satisfaction: np.float32,
    neutral: np.float32,
    base: np.float32,
    positive: np.float32,
    negative: np.float32,
    sociability: np.float32,
) -> np.float32:
    """Chance to tell one's ties about the firm last bought from, in a period after a purchase; at most 1.

    ``sociability * (base + positive * max(0, S - neutral) + negative * max(0, neutral - S))``: lowest in the middle, U-shaped, the
    dissatisfied somewhat more talkative (Anderson 1998). sociability: customer-specific, mean 1.
    """
    gap = satisfaction - neutral
    return min(sociability * (base + positive * max(gap, ZERO) - negative * min(gap, ZERO)), ONE)


@rule
def talkativeness(sociability: np.float32, company: np.float32, weight: np.float32) -> np.float32:
    """``sociability * (1 + weight * company)``: those who met others at the firm talk about it more (relate; Schmitt 1999)."""
    return sociability * (ONE + weight * company)


@rule
def fade_opinion(opinion: np.float32, retention: np.float32) -> np.float32:
    """``O <- retention * O``: what was heard is forgotten, per period."""
    return retention * opinion


@rule
def hear_messages(opinion: np.float32, message: np.float32) -> np.float32:
    """``O <- O + message``; message is the sum over ties of influence times valence (+1 or -1), in log-odds."""
    return opinion + message
