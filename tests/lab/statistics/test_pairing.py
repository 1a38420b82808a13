"""The variance that pairing saves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from goodwill.lab.statistics.pairing import pairing


def test_a_worked_example() -> None:
    found = pairing(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.5, 2.5, 4.0]))
    # var a = 5/3, var b = 1.5, differences 0, -.5, .5, 0 with variance 1/6
    assert found.ratio == pytest.approx((5 / 3 + 1.5) * 6)
    assert found.correlation == pytest.approx(1.5 / math.sqrt(5 / 3 * 1.5))
    assert found.unpaired == pytest.approx(4 * found.ratio)
    assert found.low < found.ratio < found.high


def test_what_cannot_be_judged() -> None:
    same = pairing(np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0, 3.0]))
    assert math.isinf(same.ratio) and same.correlation == 1
    assert math.isnan(pairing(np.full(4, 1.0), np.full(4, 2.0)).ratio)
    assert math.isnan(pairing(np.array([1.0]), np.array([2.0])).ratio)
    assert pairing(np.array([1, np.nan, 2, 4.0]), np.array([1, 2, 2, 3.0])).replications == 3


@pytest.mark.statistical
@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.95])
def test_coverage_for_normal_outcomes(correlation: float) -> None:
    rng = np.random.default_rng(6)
    draws = rng.multivariate_normal([0, 0], [[1, 1.5 * correlation], [1.5 * correlation, 2.25]], (2000, 12))
    truth = (1 + 2.25) / (1 + 2.25 - 3 * correlation)
    found = [pairing(draw[:, 0], draw[:, 1]) for draw in draws]
    assert 0.938 < np.mean([x.low <= truth <= x.high for x in found]) < 0.962
