"""Credits as money: combined prices, saving up for a larger reward, money paid in before."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32, logistic32


@rule
def painless_share(mental_value: np.float32, curvature: np.float32) -> np.float32:
    """Share of the balance that is best used in a combined price: ``min(1, (mental_value * curvature)^(-1 / (curvature - 1)))``.

    It maximises `perceived_saving`. mental_value: pain of paying with the whole balance, against the same money, ratio;
    curvature above 1. Drèze & Nunes (2004): where the cost function of one currency is convex, a combined price hurts less than either
    pure one; the power form is an assumption.
    """
    return min(exp32(-log32(mental_value * curvature) / (curvature - ONE)), ONE)


@rule
def perceived_saving(
    money: np.float32, share: np.float32, mental_value: np.float32, curvature: np.float32
) -> np.float32:
    """Money that a payment with credits seems to save: ``money * (1 - mental_value * share^(curvature - 1))``.

    money: what the credits pay for; share: of the balance used. Money and points are valued by functions of their own
    (Drèze & Nunes 2004): money by its amount, points by the part of the balance one parts with, so a small part hardly hurts.
    """
    return money * (ONE - mental_value * exp32((curvature - ONE) * log32(max(share, np.float32(1e-6)))))


@rule
def waiting_for_more(proximity: np.float32, better: np.float32, patience: np.float32) -> np.float32:
    """Logits against redeeming now, when a larger reward is in sight: ``patience * better * proximity``.

    proximity: share of its threshold reached; better: by how much more a credit is worth there, as a share. Members look ahead
    (Lewis 2004); the form is an assumption.
    """
    return patience * better * proximity


@rule
def load_probability(bonus: np.float32, intercept: np.float32, slope: np.float32) -> np.float32:
    """Chance to load a stored-value card that does not cover a purchase: ``logistic(intercept + slope * bonus)``.

    bonus: share of the money loaded that is added. An assumption.
    """
    return logistic32(intercept + slope * bonus)


@rule
def events_of(rate: np.float32, luck: np.float32) -> np.float32:
    """Purchases from partners in a period, with the right mean and the least spread: ``floor(rate + luck)``; an assumption."""
    return np.float32(np.int32(rate + max(luck, ZERO)))
