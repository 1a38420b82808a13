"""How many replications: textbook numbers, and whether the plan keeps its promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from goodwill.lab.statistics.planning import (
    for_half_width,
    for_power,
    power_of,
    replications_for_half_width,
    replications_for_power,
    spread_interval,
)


@pytest.mark.parametrize(
    ("effect", "power", "n"),
    # paired two-sided t-test at 5 %: Cohen (1988) and G*Power (Faul et al. 2007)
    [(0.2, 0.80, 199), (0.5, 0.80, 34), (0.8, 0.80, 15), (0.5, 0.95, 54), (0.5, 0.90, 44)],
)
def test_textbook_power(effect: float, power: float, n: int) -> None:
    assert replications_for_power(1.0, effect, power) == n
    assert replications_for_power(10.0, -10 * effect, power) == n
    assert power_of(n, 1.0, effect) >= power > power_of(n - 1, 1.0, effect)


def test_power_without_an_effect_is_the_error_of_the_test() -> None:
    assert power_of(20, 1.0, 0.0) == pytest.approx(0.05)


def test_power_far_out() -> None:
    assert power_of(100_000, 1.0, 0.5) == pytest.approx(1.0)
    assert replications_for_power(1000.0, 1.0) == pytest.approx((1.959964 + 0.841621) ** 2 * 1e6, rel=1e-4)


@pytest.mark.parametrize(("half", "n"), [(0.5, 18), (1.0, 7), (0.1, 387)])
def test_half_width(half: float, n: int) -> None:
    assert replications_for_half_width(1.0, half) == n
    width = [stats.t.ppf(0.975, k - 1) / math.sqrt(k) for k in (n - 1, n)]
    assert width[0] > half >= width[1]


def test_spread_of_a_pilot() -> None:
    """The chi-square interval of the variance: 10 values with s = 2 give 1.376 to 3.651."""
    values = np.array([-1.0, 1.0] * 5)
    values *= 2 / values.std(ddof=1)
    assert spread_interval(values) == pytest.approx((2.0, 1.37567, 3.65121), abs=1e-4)


def test_the_plan_tells_how_uncertain_it_is() -> None:
    pilot = np.random.default_rng(11).normal(3, 10, 12)
    for plan in (for_half_width(pilot, 2.0), for_power(pilot, 5.0)):
        assert plan.low < plan.replications < plan.high and plan.pilot == 12
    longer = for_half_width(np.random.default_rng(11).normal(3, 10, 500), 2.0)
    assert longer.high / longer.low < 1.4 < plan.high / plan.low


@pytest.mark.statistical
def test_the_interval_of_the_plan_holds_the_true_number() -> None:
    rng = np.random.default_rng(12)
    truth = replications_for_half_width(1.0, 0.3)
    plans = [for_half_width(rng.standard_normal(10), 0.3) for _ in range(600)]
    assert 0.93 < np.mean([plan.low <= truth <= plan.high for plan in plans]) < 0.97


@pytest.mark.statistical
def test_the_power_is_kept() -> None:
    n = replications_for_power(1.0, 0.7, 0.9)
    draws = np.random.default_rng(13).normal(0.7, 1.0, (20_000, n))
    assert np.mean(stats.ttest_1samp(draws, 0.0, axis=1).pvalue < 0.05) == pytest.approx(power_of(n, 1, 0.7), abs=0.008)


def test_bad_wishes() -> None:
    pilot = np.arange(5.0)
    with pytest.raises(ValueError, match="half_width"):
        for_half_width(pilot, 0.0)
    with pytest.raises(ValueError, match="effect"):
        for_power(pilot, 0.0)
    with pytest.raises(ValueError, match="power"):
        for_power(pilot, 1.0, power=0.01)
    with pytest.raises(ValueError, match="pilot"):
        for_half_width(pilot[:1], 1.0)
    with pytest.raises(ValueError, match="ask for less"):
        for_half_width(pilot, 1e-9)
