"""Intervals for means and ratios: worked examples, and how often they hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from goodwill.lab.statistics.intervals import bootstrap_interval, interval
from goodwill.lab.statistics.ratios import fieller_ratio, jackknife_ratio

# Student's own example (1908, Biometrika 6): additional hours of sleep with one drug less those with the other
SLEEP = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])


def test_students_example() -> None:
    mean, low, high = interval(SLEEP)
    assert mean == pytest.approx(1.58)
    assert (low, high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)  # as every statistics package gives it


def test_what_is_not_a_number_is_left_out() -> None:
    assert interval(np.array([1.0, np.nan, 3.0])) == interval(np.array([1.0, 3.0]))
    assert all(math.isnan(x) for x in interval(np.array([np.nan])))
    mean, low, high = interval(np.array([4.0]))
    assert mean == 4 and math.isnan(low) and math.isnan(high)


def test_the_bootstrap_follows_the_skew() -> None:
    values = np.random.default_rng(2).lognormal(0, 1, 40)
    mean, low, high = bootstrap_interval(values)
    assert high - mean > mean - low > 0
    assert bootstrap_interval(values) == (mean, low, high)  # seeded
    assert bootstrap_interval(np.full(5, 3.0)) == (3.0, 3.0, 3.0)


@pytest.mark.statistical
def test_coverage_of_the_bootstrap() -> None:
    """It beats t on skewed data and loses on few normal ones; neither reaches its level on few skewed data."""
    rng = np.random.default_rng(3)

    def held(draw: np.ndarray, truth: float) -> tuple[float, float]:
        t = [low <= truth <= high for _, low, high in map(interval, draw)]
        b = [low <= truth <= high for _, low, high in map(bootstrap_interval, draw)]
        return float(np.mean(t)), float(np.mean(b))

    t, b = held(rng.standard_normal((300, 8)), 0.0)
    assert t > b and 0.92 < t < 0.98 and b < 0.93
    t, b = held(rng.lognormal(0, 1, (300, 30)), math.exp(0.5))
    assert 0.84 < t < 0.93 and 0.86 < b < 0.95


def test_a_ratio_without_noise_below_is_a_mean() -> None:
    above, below = SLEEP, np.full(10, 2.0)
    expected = tuple(x / 2 for x in interval(above))
    assert jackknife_ratio(above, below) == pytest.approx(expected)
    assert fieller_ratio(above, below) == pytest.approx(expected)


def test_a_ratio_has_no_jackknife_where_one_replication_is_all_there_is_below() -> None:
    assert np.isnan(jackknife_ratio(np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 0.0]))).all()


def test_fieller_inverts_the_t_test() -> None:
    """At each end of the interval, the t-test that above - r * below has mean zero is just on its bar."""
    rng = np.random.default_rng(4)
    below = rng.normal(5, 1, 12)
    above = 2 * below + rng.normal(0, 3, 12)
    _, low, high = fieller_ratio(above, below)
    for end in (low, high):
        assert stats.ttest_1samp(above - end * below, 0.0).pvalue == pytest.approx(0.05, abs=1e-9)


def test_a_ratio_to_what_may_be_nothing_has_no_end() -> None:
    estimate, low, high = fieller_ratio(SLEEP, np.array([1.0, -1, 2, -2, 1, -1, 0.5, -1, 3, -2]))
    assert math.isfinite(estimate) and low == -math.inf and high == math.inf


@pytest.mark.statistical
def test_coverage_of_ratios() -> None:
    rng = np.random.default_rng(5)
    held = {jackknife_ratio: 0, fieller_ratio: 0}
    for _ in range(1500):
        below = rng.normal(4, 1, 15)
        above = 1.5 * below + rng.normal(0, 2, 15)
        for method in held:
            _, low, high = method(above, below)
            held[method] += low <= 1.5 <= high
    for count in held.values():
        assert 0.935 < count / 1500 < 0.968
