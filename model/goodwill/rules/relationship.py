"""The life of a relationship: what comes to mind, what is forgotten, and when silence means that a customer has lapsed."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, exp32, log32


@rule
def forgetting_hazard(elapsed: np.float32, memory: np.float32, forgetting: np.float32) -> np.float32:
    """Hazard that a firm drops out of the set that comes to mind: ``forgetting * (1 - exp(-elapsed / memory))``.

    elapsed: periods since the last purchase from it. A purchase leaves a trace that fades with `memory`; accessible brands are the
    ones considered (Nedungadi 1990), and a set holds what is worth the effort of keeping it in mind (Hauser & Wernerfelt 1990;
    Roberts & Lattin 1991). The exponential trace is an assumption.
    """
    return forgetting * (ONE - exp32(-elapsed / memory))


@rule
def silence_probability(purchases: np.float32, span: np.float32, elapsed: np.float32) -> np.float32:
    """Chance of a silence at least so long at the customer's own pace: ``(span / (span + elapsed)) ** purchases``.

    The gamma-Poisson forecast after `purchases` within `span`, for one who has not dropped out (Schmittlein, Morrison & Colombo
    1987, the counting part). span: periods from the first purchase to the last, and one mean interval of his shopping before it.
    """
    return exp32(purchases * (log32(span) - log32(span + elapsed)))
