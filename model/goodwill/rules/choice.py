"""From whom a customer buys (rule 2): utilities, the outside option, and the habit that choosing builds."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32


@rule
def base_utility(taste: np.float32, price_sensitivity: np.float32, log_price_ratio: np.float32) -> np.float32:
    """Liking plus price: ``taste + price_sensitivity * ln(price / usual price)``.

    taste: ln of a Dirichlet draw, so that with nothing else switched on choice is Dirichlet-multinomial (Goodhardt, Ehrenberg &
    Chatfield 1984). price_sensitivity: negative; with a logit the own-price elasticity is about
    price_sensitivity * (1 - share); Bijmolt, van Heerde & Pieters (2005) average -2.62 over 1,851 elasticities.
    """
    return taste + price_sensitivity * log_price_ratio


@rule
def habit_utility(habit: np.float32, strength: np.float32) -> np.float32:
    """Procedural switching cost: ``strength * habit`` (Burnham, Frels & Mahajan 2003; Dube, Hitsch & Rossi 2010)."""
    return strength * habit


@rule
def update_habit(habit: np.float32, bought: np.float32, retention: np.float32) -> np.float32:
    """Decaying stock of past choices: ``H <- retention * H + (1 - retention) * bought``.

    bought: 1 for the firm bought from, 0 for the others. retention: share kept at each purchase in the category, 0 to 1; 0 is
    the last-purchase dummy, which real panels reject (excess repeat at lags 1, 2 and 4). The form is that of Guadagni
    & Little (1983), equation 3, there called the loyalty variable.
    """
    return retention * habit + (ONE - retention) * bought


@rule
def satisfaction_utility(satisfaction: np.float32, neutral: np.float32, weight: np.float32) -> np.float32:
    """``weight * (satisfaction - neutral)``: cumulative satisfaction as a driver of choice (Bolton & Drew 1991)."""
    return weight * (satisfaction - neutral)


@rule
def delight_utility(
    satisfaction: np.float32, neutral: np.float32, threshold: np.float32, weight: np.float32
) -> np.float32:
    """``weight * max(0, S - neutral - threshold)``: delight counts beyond mere satisfaction.

    Behaviour rises faster than satisfaction at its upper end: increasing returns in repurchase (Mittal & Kamakura 2001), totally
    satisfied customers who stay where merely satisfied ones leave (Jones & Sasser 1995), delight as a state of its own (Oliver, Rust
    & Varki 1997). The piecewise linear form is an assumption.
    """
    return weight * max(satisfaction - neutral - threshold, ZERO)


@rule
def expectation_utility(
    expectation: np.float32,
    uncertainty: np.float32,
    neutral: np.float32,
    weight: np.float32,
    risk_weight: np.float32,
    usual_uncertainty: np.float32,
) -> np.float32:
    """``weight * (E - neutral) - risk_weight * (v - usual v)``: expected quality less a premium for not knowing it.

    v is the variance of the belief. Because an experience that merely confirms shrinks v, confirmation by itself raises preference
    (Rust, Inman, Jia & Zahorik 1999). Measured from the usual variance so that the term is nil for a well-known offer.
    """
    return weight * (expectation - neutral) - risk_weight * (uncertainty - usual_uncertainty)


@rule
def relational_utility(commitment: np.float32, weight: np.float32) -> np.float32:
    """Relational switching cost: ``weight * commitment`` (Burnham, Frels & Mahajan 2003)."""
    return weight * commitment


@rule
def opinion_utility(opinion: np.float32, weight: np.float32) -> np.float32:
    """``weight * opinion``: word of mouth heard lately, in log-odds."""
    return weight * opinion


@rule
def gumbel(u: np.float32) -> np.float32:
    """Standard Gumbel draw ``-ln(-ln u)`` for u in (0, 1): the random part of a logit's utility (McFadden 1974)."""
    return -log32(-log32(u))


@rule
def buying_probability(inclusive_value: np.float32, outside_utility: np.float32, nest: np.float32) -> np.float32:
    """Chance that a shopping trip ends in a purchase when there is an outside option.

    ``1 / (1 + exp(outside_utility - nest * inclusive_value))`` with inclusive_value = ln sum exp(U_j): the upper
    level of a nested logit
    (McFadden 1978). nest: dissimilarity parameter in (0, 1]; 1 is the multinomial logit.
    """
    return ONE / (ONE + exp32(outside_utility - nest * inclusive_value))
