"""Customer lifetime value: the formula, present values and elasticities against numbers worked out by hand."""

from __future__ import annotations

import pytest

from goodwill.measures.clv import base_value, elasticity, present_value, yearly_retention


def test_base_value_is_the_sum_of_the_series() -> None:
    series = sum(100 * 0.8**n / 1.1**n for n in range(1, 400))
    assert base_value(100, 0.8, 0.1) == pytest.approx(series)


def test_base_value_refuses_a_retention_that_never_ends() -> None:
    with pytest.raises(ValueError, match="retention"):
        base_value(100, 1.2, 0.1)


def test_present_value_by_month() -> None:
    assert present_value([0.0] * 11 + [112.0], 0.12, 12) == pytest.approx(100.0)


def test_yearly_retention_counts_whole_years() -> None:
    assert yearly_retention([100, 95, 90, 80, 72], 2) == pytest.approx((90 + 72) / (100 + 90))
    with pytest.raises(ValueError, match="year"):
        yearly_retention([100, 90], 12)


def test_elasticity_of_the_formula_to_retention() -> None:
    """(1 + i) / (1 + i - r): 3.5 at r = .8, i = .12 (Gupta, Lehmann & Stuart 2004 report 3 to 7)."""
    found = elasticity(base_value(1, 0.8, 0.12), base_value(1, 0.8008, 0.12), 0.8, 0.8008)
    assert found == pytest.approx(1.12 / 0.32, rel=0.01)
