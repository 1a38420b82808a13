from __future__ import annotations

import numpy as np
from scipy.special import polygamma

from goodwill.lab.understand.noise import _trigamma_inverse, noise_of


def test_trigamma_inverse() -> None:
    for x in (0.05, 0.7, 3.0, 90.0):
        assert np.isclose(_trigamma_inverse(float(polygamma(1, x))), x)


def test_equal_variances_are_pooled_and_unequal_ones_kept() -> None:
    rng = np.random.default_rng(2)
    same = noise_of(rng.normal(0, 3, (200, 4)))
    assert same.freedom > 30
    assert np.allclose(same.errors, 1.5, rtol=0.2)
    sizes = np.repeat([1.0, 30.0], 100)
    apart = noise_of(rng.normal(0, 1, (200, 12)) * sizes[:, None])
    assert apart.freedom < 20
    assert np.isclose(np.median(apart.errors[100:]) / np.median(apart.errors[:100]), 30, rtol=0.2)


def test_intervals_cover_with_three_replicates() -> None:
    rng = np.random.default_rng(3)
    sizes = np.sqrt(8 / rng.chisquare(8, 2000))  # as the method assumes: scaled inverse chi-squared variances
    values = rng.normal(0, 1, (2000, 3)) * sizes[:, None]
    noise = noise_of(values)
    assert np.isclose(np.mean(np.abs(values.mean(axis=1)) <= noise.half_widths(0.95)), 0.95, atol=0.015)
    assert noise.half_widths(0.95).mean() < 0.75 * 4.303 * values.std(axis=1, ddof=1).mean() / np.sqrt(3)


def test_probability_below_a_limit() -> None:
    values = np.array([[-5.0, -4, -6], [-1, 1, 0], [4, 6, 5]])
    p = noise_of(values).probability_below(values.mean(axis=1), 0.0)
    assert p[0] > 0.99 and p[1] == 0.5 and p[2] < 0.01


def test_without_luck_a_point_is_certain() -> None:
    one = noise_of(np.array([[-1.0], [0.0], [2.0]]))
    assert one.probability_below(np.array([-1.0, 0.0, 2.0]), 0.0).tolist() == [1, 0, 0]
    equal = noise_of(np.zeros((4, 3)))
    assert equal.probability_below(np.zeros(4), 0.0).tolist() == [0, 0, 0, 0]
