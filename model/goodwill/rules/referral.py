"""Recommending a firm to others, with and without a reward (rule 12)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32


@rule
def intent_probability(
    satisfaction: np.float32, neutral: np.float32, base: np.float32, slope: np.float32
) -> np.float32:
    """Chance that one who is asked would recommend: ``logit P = logit base + slope * (S - S0)``.

    base: at neutral satisfaction; .68 of a financial firm's and .81 of an operator's customers said that they intended to (Kumar,
    Petersen & Leone 2007). Logistic form: an assumption.
    """
    odds = log32(base / (ONE - base)) + slope * (satisfaction - neutral)
    return ONE / (ONE + exp32(-odds))


@rule
def act_probability(
    base: np.float32, worth: np.float32, response: np.float32, standing: np.float32, weaker: np.float32
) -> np.float32:
    """Chance that it is done: ``logit P = logit base + response * worth * (1 + weaker * (1 - standing))``.

    base: without a reward; of those who intended to recommend, 33 of 68 (finance) and 30 of 81 (telecommunications) did (Kumar,
    Petersen & Leone 2007); for weak ties the chance to tell one of them. worth: the reward in usual purchases. A reward raises
    recommending most to weak ties and for weaker brands (Ryu & Feick 2007). standing: share of the firm over that of the largest.
    """
    odds = log32(base / (ONE - base)) + response * worth * (ONE + weaker * (ONE - standing))
    return ONE / (ONE + exp32(-odds))


@rule
def persuade_probability(base: np.float32, worth: np.float32, response: np.float32) -> np.float32:
    """Chance that one recommendation wins its listener: ``logit P = logit base + response * worth``.

    base: .13, so that with several people told .42 of those who recommend bring somebody (14 of 33, Kumar, Petersen & Leone
    2007). worth: what a two-sided programme gives the newcomer, in usual purchases; its effect is an assumption.
    """
    odds = log32(base / (ONE - base)) + response * worth
    return ONE / (ONE + exp32(-odds))


@rule
def share_taste(own: np.float32, theirs: np.float32, homophily: np.float32) -> np.float32:
    """``taste <- taste + homophily * max(0, theirs - taste)``: one who is won over is like the one who recommended.

    Ties are between like people (McPherson, Smith-Lovin & Cook 2001), so customers who were referred fit the firm better and stay
    longer (Schmitt, Skiera & Van den Bulte 2011). ln of a preference. Form an assumption.
    """
    return own + homophily * max(theirs - own, ZERO)
