"""Exponential, logarithm and normal quantile in float32, the same bits compiled, interpreted and on any CPU.

A library's exp differs between machines and between a vectorised and a scalar call; results of goodwill must not.
These are polynomial approximations in IEEE single precision with no fused multiply-add and no table, so they also
vectorise. Accuracy, measured in the tests against 64-bit values: exp 2e-7 relative, log 2e-7 absolute or
relative, normal quantile 4e-6 absolute in the body.

Sources of the coefficients: exp and log are minimax polynomials of the Cephes single-precision family (Moshier
1992); the normal quantile is Wichura's algorithm AS 241, PPND7 (Applied Statistics 37, 1988).
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule

F = np.float32
ZERO, HALF, ONE, TWO = F(0.0), F(0.5), F(1.0), F(2.0)

_LOG2E = F(1.44269504088896341)
_LN2_HIGH, _LN2_LOW = F(0.693359375), F(-2.12194440e-4)
_ROUND = F(12582912.0)  # 1.5 * 2**23: adding and taking it away rounds to the nearest integer
_EXP_LOW, _EXP_HIGH = F(-87.0), F(88.0)
_E0, _E1, _E2 = F(1.9875691500e-4), F(1.3981999507e-3), F(8.3334519073e-3)
_E3, _E4, _E5 = F(4.1665795894e-2), F(1.6666665459e-1), F(5.0000001201e-1)

_TINY = F(1.17549435e-38)
_SQRT_HALF = F(0.707106781186547524)
_L0, _L1, _L2 = F(7.0376836292e-2), F(-1.1514610310e-1), F(1.1676998740e-1)
_L3, _L4, _L5 = F(-1.2420140846e-1), F(1.4249322787e-1), F(-1.6668057665e-1)
_L6, _L7, _L8 = F(2.0000714765e-1), F(-2.4999993993e-1), F(3.3333331174e-1)

_I23, _I126, _I127 = np.int32(23), np.int32(126), np.int32(127)
_MANTISSA, _HALF_BITS = np.int32(0x007FFFFF), np.int32(0x3F000000)

_Q_SPLIT, _Q_BODY, _Q_TAIL = F(0.425), F(0.180625), F(1.6)
_A0, _A1, _A2, _A3 = F(3.3871327179), F(50.434271938), F(159.29113202), F(59.109374720)
_B1, _B2, _B3 = F(17.895169469), F(78.757757664), F(67.187563600)
_C0, _C1, _C2, _C3 = F(1.4234372777), F(2.7568153900), F(1.3067284816), F(0.17023821103)
_D1, _D2 = F(0.73700164250), F(0.12021132975)


@rule
def exp32(x: np.float32) -> np.float32:
    """E to the x; x is clamped to [-87, 88] so that the result is finite and positive."""
    x = min(max(x, _EXP_LOW), _EXP_HIGH)
    k = (x * _LOG2E + _ROUND) - _ROUND
    r = x - k * _LN2_HIGH
    r = r - k * _LN2_LOW
    y = ((((_E0 * r + _E1) * r + _E2) * r + _E3) * r + _E4) * r + _E5
    y = y * (r * r) + r + ONE
    scale = np.int32((np.int32(k) + _I127) << _I23).view(np.float32)
    return y * scale


@rule
def log32(x: np.float32) -> np.float32:
    """Natural logarithm; x below the smallest normal number counts as that number (-87.3)."""
    bits = np.float32(max(x, _TINY)).view(np.int32)
    exponent = np.int32((bits >> _I23) - _I126)
    m = np.int32((bits & _MANTISSA) | _HALF_BITS).view(np.float32)
    low = m < _SQRT_HALF
    e = F(exponent) - (ONE if low else ZERO)
    m = m + (m if low else ZERO) - ONE
    z = m * m
    y = (((((((_L0 * m + _L1) * m + _L2) * m + _L3) * m + _L4) * m + _L5) * m + _L6) * m + _L7) * m + _L8
    y = y * m * z
    y = y + e * _LN2_LOW
    y = y - HALF * z
    return m + y + e * _LN2_HIGH


@rule
def normal_quantile32(u: np.float32) -> np.float32:
    """Standard normal quantile of u in (0, 1), without a branch: both the body and the tail are computed."""
    q = u - HALF
    r = _Q_BODY - q * q
    body = q * (((_A3 * r + _A2) * r + _A1) * r + _A0) / (((_B3 * r + _B2) * r + _B1) * r + ONE)
    smaller = min(u, ONE - u)
    t = np.sqrt(-log32(smaller)) - _Q_TAIL
    tail = (((_C3 * t + _C2) * t + _C1) * t + _C0) / ((_D2 * t + _D1) * t + ONE)
    tail = tail if q > ZERO else -tail
    return body if abs(q) <= _Q_SPLIT else tail


@rule
def logistic32(x: np.float32) -> np.float32:
    """1 / (1 + e^-x)."""
    return ONE / (ONE + exp32(-x))


@rule
def power32(x: np.float32, exponent: np.float32) -> np.float32:
    """X to the exponent for x >= 0; zero at zero."""
    return exp32(exponent * log32(x)) if x > ZERO else ZERO
