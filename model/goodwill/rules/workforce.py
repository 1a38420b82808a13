"""The people who serve (rule 14): their satisfaction, their leaving, their skill, and what customers notice of it.

All of it is per firm and period, between the customers' periods. Points are on the scale of service, 0 to 10; five is usual.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32

_USUAL = np.float32(5.0)


@rule
def employment_received(
    pay: np.float32,
    climate: np.float32,
    attitude: np.float32,
    pay_weight: np.float32,
    climate_weight: np.float32,
    attitude_weight: np.float32,
) -> np.float32:
    """What employees receive, points: ``5 + w_p ln(pay) + w_c (climate - 5) + w_a attitude``.

    The sources' Q = f(pay, relations, customers' attitude). pay: relative to the market's; climate: points; attitude: by how much
    customers are more satisfied than the neutral point. In logs, because pay satisfaction follows ratios (Judge et al. 2010 find a
    small effect of pay: r = .15).
    """
    return _USUAL + pay_weight * log32(pay) + climate_weight * (climate - _USUAL) + attitude_weight * attitude


@rule
def employee_satisfaction(
    satisfaction: np.float32, received: np.float32, expected: np.float32, weight: np.float32, rate: np.float32
) -> np.float32:
    """``Q <- Q + rate * (received + weight * (received - expected) - Q)``; the surplus (received - expected) counts besides the level.

    rate: share of the gap closed per period.
    """
    return satisfaction + rate * (received + weight * (received - expected) - satisfaction)


@rule
def employment_expected(expected: np.float32, received: np.float32, rate: np.float32) -> np.float32:
    """``X <- X + rate * (received - X)``: what is received comes to be expected (adaptation level, Helson 1964)."""
    return expected + rate * (received - expected)


@rule
def turnover_share(base: np.float32, slope: np.float32, satisfaction: np.float32) -> np.float32:
    """Share of employees who leave in a period: ``1 - exp(-base * exp(slope * (5 - Q)))``; base: hazard per period at Q = 5.

    Dissatisfied employees leave sooner (Griffeth, Hom & Gaertner 2000: r = -.19 between job satisfaction and turnover).
    """
    return ONE - exp32(-base * exp32(slope * (_USUAL - satisfaction)))


@rule
def workforce_skill(
    skill: np.float32,
    leaving: np.float32,
    novice: np.float32,
    training: np.float32,
    learning: np.float32,
    lost: np.float32,
) -> np.float32:
    """``K <- K - leaving (K - novice) + (1 - K) learning training - lost K``, 0 to 1: novices replace leavers, training raises it.

    training: spending relative to the usual, with diminishing returns already taken (square root); lost: share forgotten a period.
    """
    after = skill - leaving * (skill - novice) + (ONE - skill) * learning * training - lost * skill
    return min(max(after, ZERO), ONE)


@rule
def service_by_workforce(
    satisfaction: np.float32, skill: np.float32, usual_skill: np.float32, link: np.float32, skill_weight: np.float32
) -> np.float32:
    """Points by which service departs from its planned level: ``link (Q - 5) + w (K - K usual)``, felt in the next period.

    link: points of service per point of employee satisfaction; across units r is .2 to .3 (Brown & Lam 2008, meta-analysis).
    """
    return link * (satisfaction - _USUAL) + skill_weight * (skill - usual_skill)


@rule
def spread_by_workforce(skill: np.float32, usual_skill: np.float32, weight: np.float32) -> np.float32:
    """Factor on the inconsistency of service: ``exp(-w (K - K usual))``: the skilled serve more evenly."""
    return exp32(-weight * (skill - usual_skill))
