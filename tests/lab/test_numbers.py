"""Intervals, ratios and shares against known answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.lab.outcomes import OUTCOMES, FirmResult, anyway_share
from goodwill.lab.statistics.intervals import interval
from goodwill.scenario.scenario import Scenario

EXACT = 1e-12


class TestInterval:
    def test_known_answer(self) -> None:
        # mean 3, s.d. sqrt(2.5), t(.975, 4) = 2.776445: half-width 1.963243
        assert interval(np.array([1.0, 2, 3, 4, 5])) == pytest.approx((3, 1.036757, 4.963243), abs=1e-6)

    def test_it_is_scipys(self) -> None:
        values = np.random.default_rng(1).normal(size=17)
        ends = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert interval(values)[1:] == pytest.approx(tuple(ends), abs=EXACT)

    def test_missing_values_are_left_out(self) -> None:
        assert interval(np.array([1, np.nan, 3.0])) == interval(np.array([1, 3.0]))
        assert np.isnan(interval(np.array([np.nan]))).all()
        assert interval(np.array([2.0]))[0] == 2
        assert np.isnan(interval(np.array([2.0]))[1:]).all()

    def test_it_covers_as_often_as_it_says(self) -> None:
        rng = np.random.default_rng(3)
        inside = 0
        for _ in range(2000):
            _, low, high = interval(rng.normal(size=6))
            inside += low < 0 < high
        assert inside / 2000 == pytest.approx(0.95, abs=0.015)


def result(visits: list[int], benefits: list[float] | None = None) -> FirmResult:
    return FirmResult({}, {}, np.array(visits), None if benefits is None else np.array(benefits))


class TestAnyway:
    @pytest.mark.parametrize(
        ("with_it", "benefits", "without", "share"),
        [
            ([4, 4], [2.0, 2.0], [4, 4], 1.0),  # nobody bought more
            ([4, 4], [2.0, 2.0], [0, 0], 0.0),  # nobody would have bought
            ([4, 4], [3.0, 1.0], [2, 4], (3 * 0.5 + 1) / 4),
            ([4, 4], [0.0, 1.0], [4, 2], 0.5),  # only who was given something counts
            ([2], [1.0], [5], 1.0),  # bought less than without: all of it was for nothing
            ([6, 2], None, [3, 2], 5 / 8),  # a price cut goes to every purchase
        ],
    )
    def test_known_answers(
        self, with_it: list[int], benefits: list[float] | None, without: list[int], share: float
    ) -> None:
        assert anyway_share(result(with_it, benefits), result(without)) == pytest.approx(share, abs=EXACT)

    def test_nothing_given(self) -> None:
        assert np.isnan(anyway_share(result([3], [0.0]), result([3])))


def made(scenario: Scenario, profit: dict[str, list[float]], cost: dict[str, list[float]]) -> Comparison:
    """A comparison with these profits and costs; every other outcome is 1."""
    arms = list(profit)

    def one(arm: str, r: int) -> dict[str, Any]:
        outcomes = {
            **dict.fromkeys(OUTCOMES, 1.0),
            "anyway": 0.5,
            "profit": profit[arm][r],
            "programme_cost": cost[arm][r],
        }
        return {"outcomes": outcomes, "accounts": {}, "series": {}}

    worlds = [{"replicate": r, "arms": {arm: one(arm, r) for arm in arms}} for r in range(len(profit[arms[0]]))]
    inputs = {
        "scenario": scenario.to_dict(), "arms": {arm: {} for arm in arms}, "firm": 0, "baseline": arms[0], "budget": None,
        "scaled": {}, "provenance": {},
    }  # fmt: skip
    return Comparison.of(inputs, worlds)


def test_incremental_profit_is_paired(small: Scenario) -> None:
    base = [100.0, 200.0, 300.0, 400.0, 500.0]
    found = made(
        small,
        {"a": base, "b": [x + d for x, d in zip(base, [1, 2, 3, 4, 5], strict=True)]},
        {"a": [0.0] * 5, "b": [1.0] * 5},
    )
    gain = [found.value("b", "incremental_profit", column) for column in ("mean", "low", "high")]
    assert gain == pytest.approx([3, 1.036757, 4.963243], abs=1e-6)
    # variances: 25000 and 25502.5 unpaired (b: 101, 202, ...), 2.5 paired
    assert found.variance_ratio("b") == pytest.approx((25000 + np.var([101, 202, 303, 404, 505], ddof=1)) / 2.5)


def test_roi_and_its_jackknife(small: Scenario) -> None:
    gain, cost = np.array([10.0, 14, 9, 12, 15, 11]), np.array([20.0, 25, 18, 26, 24, 19])
    found = made(small, {"a": [0.0] * 6, "b": list(gain)}, {"a": [0.0] * 6, "b": list(cost)})
    estimate, low, high = (found.value("b", "roi", column) for column in ("mean", "low", "high"))
    assert estimate == pytest.approx(gain.mean() / cost.mean())
    left = np.array([np.delete(gain, x).sum() / np.delete(cost, x).sum() for x in range(6)])
    error = np.sqrt(5 / 6 * np.sum((left - left.mean()) ** 2))
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 5) * error)
    # for a ratio the jackknife is close to the delta method
    residual = gain - estimate * cost
    assert error == pytest.approx(residual.std(ddof=1) / np.sqrt(6) / cost.mean(), rel=0.1)


def test_roi_of_what_costs_nothing_is_not_a_number(small: Scenario) -> None:
    found = made(small, {"a": [0.0, 0], "b": [1.0, 2]}, {"a": [0.0, 0], "b": [-1.0, -2]})
    assert np.isnan(found.value("b", "roi"))


def test_the_best_arm_may_be_the_baseline(small: Scenario) -> None:
    assert made(small, {"a": [5.0, 6], "b": [1.0, 2]}, {"a": [0.0, 0], "b": [1.0, 1]}).best == "a"


def test_pairing_saves(small: Scenario) -> None:
    found = compare(small, {"card": {"programmes": [{"kind": "stamp_card", "stamps": 6}]}}, replications=8, workers=1)
    assert found.variance_ratio("card") > 3
    # and shuffled worlds show that it is the pairing that saves
    nothing = found.replications
    mixed = [
        {**world, "arms": {**world["arms"], "nothing": nothing[(x + 1) % 8]["arms"]["nothing"]}}
        for x, world in enumerate(found.replications)
    ]
    unpaired = replace(found, replications=mixed)
    assert unpaired.variance_ratio("card") < found.variance_ratio("card") / 2
