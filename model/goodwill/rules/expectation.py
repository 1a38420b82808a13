"""What a customer expects of a firm (rule 6): learning from experience, promises and hearsay."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO


@rule
def kalman_gain(uncertainty: np.float32, noise: np.float32) -> np.float32:
    """``k = v / (v + sigma^2)``: weight of one experience; v and sigma^2 are variances in squared service points."""
    return uncertainty / (uncertainty + noise)


@rule
def update_expectation(expectation: np.float32, experience: np.float32, gain: np.float32) -> np.float32:
    """``E <- E + k (x - E)`` (Rust et al. 1999; Boulding, Kalra, Staelin & Zeithaml 1993, equation 1). Service points."""
    return expectation + gain * (experience - expectation)


@rule
def update_uncertainty(uncertainty: np.float32, gain: np.float32, drift: np.float32) -> np.float32:
    """``v <- (1 - k) v + q``: q keeps the belief open, because firms change (variance per experience)."""
    return (ONE - gain) * uncertainty + drift


@rule
def update_ideal(ideal: np.float32, experience: np.float32, drift: np.float32) -> np.float32:
    """``D <- D + drift * max(0, x - D)``: what is desired creeps towards the best seen and never falls.

    Desired service is the stable upper edge of the zone of tolerance (Zeithaml, Berry & Parasuraman 1993).
    """
    return ideal + drift * max(experience - ideal, ZERO)


@rule
def hear_promise(
    expectation: np.float32, promise: np.float32, pull: np.float32, experienced: np.float32, later: np.float32
) -> np.float32:
    """``E <- E + pull * c * (promise - E)``; c = 1 before the first purchase and `later` after it.

    pull: share of the gap closed in a period, 0 to 1. Promises shape expectation mostly before experience does
    (Zeithaml, Berry & Parasuraman 1993). experienced: 1 once the customer has bought from the firm.
    """
    c = ONE + experienced * (later - ONE)
    return expectation + pull * c * (promise - expectation)


@rule
def hear_opinion(
    expectation: np.float32, message: np.float32, pull: np.float32, experienced: np.float32, later: np.float32
) -> np.float32:
    """``E <- E + pull * c * message``; message is the net influence heard this period (log-odds), c as for promises."""
    c = ONE + experienced * (later - ONE)
    return expectation + pull * c * message
