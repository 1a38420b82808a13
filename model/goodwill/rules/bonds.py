"""Trust, fairness and the upkeep of commitment (rule 9)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO


@rule
def trust_after_visit(
    trust: np.float32, gap: np.float32, gain: np.float32, loss: np.float32, harm: np.float32
) -> np.float32:
    """``T <- (T + gain (1 - T)) k`` when the promise was kept, ``T (1 - min(loss |gap|, 1)) k`` when broken; ``k = 1 - min(harm, 1)``.

    Kept promises build trust slowly, broken ones and failures destroy it fast (Slovic 1993; Sirdeshmukh, Singh & Sabol
    2002). gap: experience above what was promised less a tolerance, points; harm: share
    destroyed by failure and unfair treatment. 0 to 1.
    """
    kept = trust + gain * (ONE - trust)
    broken = trust * (ONE - min(loss * -gap, ONE))
    return (kept if gap >= ZERO else broken) * (ONE - min(harm, ONE))


@rule
def risk_premium(uncertainty: np.float32, risk: np.float32, usual: np.float32) -> np.float32:
    """``max(0, risk (v - usual v))``: utility lost for not knowing a firm as well as one one knows for long (Rust et al. 1999)."""
    return max(risk * (uncertainty - usual), ZERO)


@rule
def trust_utility(
    trust: np.float32, usual: np.float32, weight: np.float32, premium: np.float32, relief: np.float32
) -> np.float32:
    """``weight (T - usual) + relief * T * premium``: trust lowers the risk one perceives (Morgan & Hunt 1994).

    premium: utility lost for not knowing the firm, at least 0; full trust takes the share `relief` of it away.
    """
    return weight * (trust - usual) + relief * trust * premium


@rule
def resent(unfairness: np.float32, step: np.float32) -> np.float32:
    """``U <- U + step``: what was seen at a visit adds to the unfairness felt (Feinberg, Krishna & Zhang 2002). 0 = none."""
    return unfairness + step


@rule
def fade_unfairness(unfairness: np.float32, retention: np.float32) -> np.float32:
    """``U <- retention * U``, per period: forgotten in time."""
    return retention * unfairness


@rule
def unfairness_utility(unfairness: np.float32, weight: np.float32) -> np.float32:
    """``-weight * U`` (Xia, Monroe & Cox 2004: unfairness leads to leaving)."""
    return -(weight * unfairness)


@rule
def feed_commitment(commitment: np.float32, fed: np.float32, harm: np.float32) -> np.float32:
    """``C <- max(0, C + fed - harm)``: recognition, feelings and company feed it, failure and unfairness wear it (Verhoef 2003)."""
    return max(commitment + fed - harm, ZERO)


@rule
def neglect(commitment: np.float32, share: np.float32) -> np.float32:
    """``C <- (1 - share) C`` in a period without a visit: bonds that nobody keeps up loosen."""
    return commitment - share * commitment


@rule
def make_sure(uncertainty: np.float32, thought: np.float32) -> np.float32:
    """``v <- v / (1 + thought)``: what one has thought through one holds with more certainty; precision is the inverse of v."""
    return uncertainty / (ONE + thought)


@rule
def involve(habit: np.float32, share: np.float32) -> np.float32:
    """``H <- H + share (1 - H)``: doing binds (act)."""
    return habit + share * (ONE - habit)
