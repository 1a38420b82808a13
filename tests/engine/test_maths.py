"""Our float32 functions: near the 64-bit values, and the same bits compiled and interpreted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from goodwill.engine.jit import interpreted
from goodwill.engine.maths import exp32, log32, logistic32, normal_quantile32, power32

_RNG = np.random.default_rng(1)
_REALS = np.concatenate([_RNG.normal(0, 8, 2000), np.linspace(-86, 87, 500)]).astype(np.float32)
_POSITIVE = np.exp(_RNG.uniform(-80, 80, 2500)).astype(np.float32)
_SHARES = np.concatenate([_RNG.uniform(0, 1, 2000), 10.0 ** _RNG.uniform(-7, -1, 500)]).astype(np.float32)
_SHARES = _SHARES[(_SHARES > 0) & (_SHARES < 1)]


def test_exp_is_within_its_stated_error() -> None:
    exact = np.exp(_REALS.astype(np.float64))
    assert (abs(np.array([exp32(x) for x in _REALS]) - exact) / exact).max() < 2e-7


def test_exp_is_clamped_to_finite_positive_numbers() -> None:
    assert np.isfinite(exp32(np.float32(1e9)))
    assert exp32(np.float32(-1e9)) > 0
    assert exp32(np.float32(0)) == 1


def test_log_is_within_its_stated_error() -> None:
    exact = np.log(_POSITIVE.astype(np.float64))
    assert (abs(np.array([log32(x) for x in _POSITIVE]) - exact) / np.maximum(abs(exact), 1)).max() < 2e-7
    assert log32(np.float32(1)) == 0
    assert np.isfinite(log32(np.float32(0)))


def test_normal_quantile_is_within_its_stated_error() -> None:
    exact = norm.ppf(_SHARES.astype(np.float64))
    error = abs(np.array([normal_quantile32(x) for x in _SHARES]) - exact)
    assert error.max() < 4e-6
    assert normal_quantile32(np.float32(0.5)) == 0


def test_logistic_and_power() -> None:
    assert logistic32(np.float32(0)) == 0.5
    assert power32(np.float32(0), np.float32(0.88)) == 0
    assert power32(np.float32(4), np.float32(0.5)) == pytest.approx(2, rel=1e-6)


@pytest.mark.parametrize(
    ("function", "values"), [(exp32, _REALS), (log32, _POSITIVE), (normal_quantile32, _SHARES), (logistic32, _REALS)]
)
def test_interpreted_and_compiled_give_the_same_bits(function, values) -> None:  # type: ignore[no-untyped-def]
    plain = interpreted(function)
    for x in values[::5]:
        assert plain(x) == np.float32(function(x))
