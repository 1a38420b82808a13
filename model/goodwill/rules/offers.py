"""What a firm sends to single customers: offers, samples, the answer to an early warning, and what thanks they earn."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, log32


@rule
def offer_utility(price_sensitivity: np.float32, depth: np.float32) -> np.float32:
    """``price_sensitivity * ln(1 - depth)``: a coupon is a lower price for the one who holds it.

    depth: share of the next purchase's price that the coupon saves, 0 to below 1. The same response as to a shelf price (Bijmolt, van
    Heerde & Pieters 2005), for as long as the coupon is valid.
    """
    return price_sensitivity * log32(ONE - depth)


@rule
def fade_favour(favour: np.float32, retention: np.float32) -> np.float32:
    """``G <- retention * G`` per period: favour (gratitude, curiosity) is a passing utility.

    Gratitude drives purchases at once and is short-lived (Palmatier, Jarvis, Bechkoff & Kardes 2009). Utility.
    """
    return retention * favour


@rule
def pace_kept(rate: np.float32, elapsed: np.float32) -> np.float32:
    """``1 / (rate * elapsed)``: the buying rate that the present pause allows, as a share of the customer's own pace.

    rate: purchases per period remembered at the last purchase; elapsed: periods since then. Below the share that a firm sets, the
    customer is held to be slackening: hazard of inactivity rises with the pause measured in the customer's own intervals (Schmittlein,
    Morrison & Colombo 1987). 1 and more: nothing to worry about.
    """
    pauses = rate * elapsed
    return ONE / pauses if pauses > ONE else ONE
