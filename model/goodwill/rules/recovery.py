"""Failure, complaint and recovery (rule 8)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32

_THREE = np.float32(3.0)


@rule
def failure_severity(
    a: np.float32, b: np.float32, c: np.float32, d: np.float32, e: np.float32, f: np.float32
) -> np.float32:
    """Beta(2, 5) draw, 0 to 1, mean 2/7: the second smallest of six uniform draws (an order statistic is exactly that).

    Most failures are slight, few are grave; the shape is an assumption.
    """
    lowest, second = min(a, b), max(a, b)
    second, lowest = min(second, max(lowest, c)), min(lowest, c)
    second, lowest = min(second, max(lowest, d)), min(lowest, d)
    second, lowest = min(second, max(lowest, e)), min(lowest, e)
    return min(second, max(lowest, f))


@rule
def complaint_probability(
    severity: np.float32, commitment: np.float32, ease: np.float32, low: np.float32, high: np.float32
) -> np.float32:
    """``low + (high - low) * (severity + min(C, 1) + ease) / 3``: chance that an unhappy customer complains.

    5 to 30 % do (TARP 1979; Goodman 2006). The bound speak up rather than leave (Hirschman 1970); grave failures and
    easy channels bring complaints (Fornell & Wernerfelt 1987). Equal weights are an assumption. severity, ease: 0 to 1.
    """
    return low + (high - low) * ((severity + min(commitment, ONE) + ease) / _THREE)


@rule
def restored_share(generosity: np.float32, earlier: np.float32, paradox: np.float32, later: np.float32) -> np.float32:
    """Share of what was lost that redress gives back: ``min(generosity, paradox)`` once, ``min(generosity, later)`` after that.

    Above 1 the customer ends happier than without a failure: the recovery paradox, seen after a first failure only (de Matos,
    Henrique & Rossi 2007; Maxham & Netemeyer 2002). earlier: failures before this one.
    """
    return min(generosity, paradox if earlier <= ZERO else later)


@rule
def fresh_grievance(
    lost: np.float32, trust: np.float32, forgiveness: np.float32, visits: np.float32, tenure: np.float32
) -> np.float32:
    """``lost (1 - forgiveness T) / (1 + visits / tenure)``: grievance a failure leaves, points.

    Trust eases it (Tax, Brown & Chandrashekaran 1998); in a long relationship a loss weighs less (Bolton 1998). The hyperbolic form is
    an assumption. visits: purchases from the firm so far.
    """
    return lost * (ONE - forgiveness * trust) / (ONE + visits / tenure)


@rule
def grievance_utility(grievance: np.float32, weight: np.float32) -> np.float32:
    """``-weight * G``: an unsettled score repels."""
    return -(weight * grievance)


@rule
def grievance_hazard(grievance: np.float32, sensitivity: np.float32, cost: np.float32) -> np.float32:
    """``sensitivity * G * exp(-cost)``: hazard, per period, of leaving for good over an unsettled failure (cause: fault).

    cost: of switching, in utility, under contract (Jones, Mothersbaugh & Beatty 2000); 0 without one.
    """
    return sensitivity * grievance * exp32(-cost)


@rule
def voiced_satisfaction(satisfaction: np.float32, grievance: np.float32, weight: np.float32) -> np.float32:
    """``S - weight * G``: as satisfied as one talks; the unhappy tell many (TARP 1979)."""
    return satisfaction - weight * grievance


@rule
def fade_grievance(grievance: np.float32, retention: np.float32) -> np.float32:
    """``G <- retention * G``, per period: forgotten in time."""
    return retention * grievance
