"""Whether a lost customer comes back when he is asked to, and in what mind."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32


@rule
def win_back_probability(base: np.float32, worth: np.float32, response: np.float32, fit: np.float32) -> np.float32:
    """Chance that a lost customer accepts: ``logit P = logit base + response * fit * worth``.

    base: chance when he is merely asked, by the cause for which he left: those who moved away or were pushed out hardly ever return,
    those who were bought away or treated badly may (Stauss & Friege 1999). worth: money off or repair, as a share of a usual purchase.
    fit: 1 when the offer answers the cause, the customer's `mismatch` (0 to 1) when it does not. A lower price of
    reacquisition raises acceptance (Thomas, Blattberg & Fox 2004); a just recovery revives the relationship (Homburg, Hoyer
    & Stock 2007). The logistic form is an assumption.
    """
    odds = log32(base / (ONE - base)) + response * fit * worth
    return ONE / (ONE + exp32(-odds))


@rule
def forgive(satisfaction: np.float32, neutral: np.float32, forgiven: np.float32) -> np.float32:
    """``S <- S + forgiven * max(0, neutral - S)``: an apology and repair take back a part of what went wrong (Homburg et al. 2007)."""
    return satisfaction + forgiven * max(neutral - satisfaction, ZERO)


@rule
def reset_expectation(expectation: np.float32, promise: np.float32, share: np.float32) -> np.float32:
    """``E <- E + share * (promise - E)``: one who returns gives the firm a second chance to be believed. Assumption."""
    return expectation + share * (promise - expectation)
