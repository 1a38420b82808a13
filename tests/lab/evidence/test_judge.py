"""Criteria on numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from goodwill.lab.evidence.judge import holds, judge, mean_interval, ratio_interval, verdict_of
from goodwill.lab.evidence.targets import Check, Target


def runs(*values: float) -> list[dict[str, float]]:
    return [{"x": value, "y": 2.0} for value in values]


def test_the_interval_is_students() -> None:
    mean, low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    assert mean == 2.0
    assert high - mean == pytest.approx(4.302653 * 1.0 / math.sqrt(3), rel=1e-6)
    assert mean - low == pytest.approx(high - mean)


def test_whole_interval_inside_passes() -> None:
    found = judge(Check("x", "", 1.0, 2.0), runs(1.4, 1.5, 1.6))
    assert (found.outcome, found.gap, found.runs) == ("pass", 0.0, 3)


def test_value_inside_but_interval_beyond_is_unclear() -> None:
    found = judge(Check("x", "", 1.0, 2.0), runs(1.0, 1.9, 1.1, 1.05))
    assert found.outcome == "unclear"
    assert found.gap == 0.0


def test_value_outside_is_a_miss_with_its_size() -> None:
    found = judge(Check("x", "", 1.0, 2.0), runs(2.4, 2.5, 2.6))
    assert found.outcome == "miss"
    assert found.gap == pytest.approx(0.5)


def test_an_effect_not_told_from_nothing_will_do_where_the_source_says_so() -> None:
    assert judge(Check("x", "", high=0.03, or_zero=True), runs(-0.5, 0.6, 0.2)).outcome == "pass"
    assert judge(Check("x", "", high=0.03), runs(-0.5, 0.6, 0.2)).outcome == "miss"


def test_a_ratio_is_of_means_and_not_a_mean_of_ratios() -> None:
    numbers = [{"x": 1.0, "y": 1.0}, {"x": 1.0, "y": 3.0}]
    found = judge(Check("x", "", over="y"), numbers)
    assert found.value == pytest.approx(0.5)
    assert found.check.name == "x / y"


def test_the_bootstrap_covers_the_ratio() -> None:
    rng = np.random.default_rng(1)
    top, bottom = rng.normal(3, 0.3, 40), rng.normal(2, 0.2, 40)
    value, low, high = ratio_interval(top, bottom)
    assert low < value < high
    assert low < 1.5 < high
    assert high - low < 0.2


def test_a_run_without_a_number_fails_the_check() -> None:
    assert judge(Check("x", ""), [*runs(1.0), {"x": math.nan}]).outcome == "failed"
    assert judge(Check("x", ""), [{}]).outcome == "failed"


def test_the_verdict_is_the_worst_of_the_checks_and_never_passes_over_a_failed_run() -> None:
    good, bad = judge(Check("x", "", 0, 9), runs(1.0, 1.1)), judge(Check("x", "", 5, 9), runs(1.0, 1.1))
    assert verdict_of([good, good], 0) == "pass"
    assert verdict_of([good, bad], 0) == "miss"
    assert verdict_of([good], 1) == "failed"
    assert verdict_of([], 0) == "not yet measurable"


def test_an_ablation_looks_at_values_only() -> None:
    target = Target("T", "", "", "", "", "", "emergent", "", "", (Check("x", "", 1.0, 2.0),))
    assert holds(target, runs(1.0, 1.9, 1.1, 1.05))
    assert not holds(target, runs(2.4, 2.5))
    assert not holds(target, [])
