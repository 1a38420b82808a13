"""Estimators on data with a known effect: right where their assumption holds, wrong by a known amount where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.lab.measurement.synthetic import WINDOWS, Selection, made

from goodwill.errors import StudyError
from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, methods_of
from goodwill.lab.measurement.estimators import METHODS
from goodwill.lab.measurement.estimators.adjusted import propensity, strata_of
from goodwill.lab.measurement.estimators.differences import blocks_of, equal_trends, event_study
from goodwill.lab.measurement.estimators.randomised import two_stage

EFFECT = 3.0
SEEDS = 200


def trial(name: str, selection: Selection, **options: float) -> tuple[float, float, float]:
    """Mean error of an estimator, its standard error, and the coverage of its interval, over made data sets."""
    errors, covered = [], 0
    for seed in range(SEEDS):
        data = made(seed, selection=selection, effect=EFFECT, **options)  # type: ignore[arg-type]
        found = METHODS[name].estimate(data)
        truth = EFFECT if METHODS[name].estimand == "att" else EFFECT * data.member[data.offered].mean()
        errors.append(found.value - truth)
        covered += found.low <= truth <= found.high
    return float(np.mean(errors)), float(np.std(errors, ddof=1) / np.sqrt(SEEDS)), covered / SEEDS


def right(name: str, selection: Selection, **options: float) -> None:
    """No bias within four standard errors, and a coverage that 95 % can show in so many trials."""
    bias, error, coverage = trial(name, selection, **options)
    low, high = stats.binom.interval(0.9999, SEEDS, 0.95)
    assert abs(bias) < 4 * error, (name, bias, error)
    assert low / SEEDS <= coverage <= high / SEEDS, (name, coverage)


@pytest.mark.parametrize("name", ["naive", "before_after", "matched", "matched_active", "weighted", "differences"])
def test_who_joins_by_chance_is_measured_right(name: str) -> None:
    right(name, "random", pull=0.0)


@pytest.mark.parametrize("name", ["offer", "holdout", "holdout_adjusted", "instrument"])
@pytest.mark.parametrize("selection", ["random", "level", "shock"])
def test_what_chance_decides_is_right_whoever_joins(name: str, selection: Selection) -> None:
    right(name, selection)


def test_the_bias_of_the_naive_estimate_is_that_of_theory() -> None:
    """The wish is a sum of two normals; of the third where it is strongest, the mean level is sd * rho * phi(z) / (1/3)."""
    bias, error, coverage = trial("naive", "level", pull=0.0, holdout=0.0)
    z = stats.norm.ppf(2 / 3)
    gap = 2.0 * np.sqrt(0.5) * stats.norm.pdf(z) * (3 + 3 / 2)
    assert abs(bias - gap) < 4 * error + 0.02
    assert coverage < 0.05


def test_regression_to_the_mean_fools_before_after() -> None:
    """Who joins after a lucky time was above his own average then: the effect is understated by just that."""
    bias, error, _ = trial("before_after", "shock", pull=0.0, holdout=0.0)
    expected = -3 / np.sqrt(12) * np.sqrt(0.5) * stats.norm.pdf(stats.norm.ppf(2 / 3)) * 3
    assert abs(bias - expected) < 4 * error + 0.01


def test_differences_need_parallel_trends() -> None:
    right("differences", "level", pull=0.0)
    bias, error, coverage = trial("differences", "trend", pull=0.0, holdout=0.0, trend=4.0)
    # From the middle of the time before (5.5) to that of the follow-up (19.5) a slope of 4 in 26 periods makes 4 * 14 / 26.
    expected = 4 * 14 / 26 * np.sqrt(0.5) * stats.norm.pdf(stats.norm.ppf(2 / 3)) * (3 + 3 / 2)
    assert abs(bias - expected) < 4 * error + 0.02
    assert coverage < 0.05


def test_matching_removes_selection_on_history_and_not_on_what_is_unseen() -> None:
    naive, _, _ = trial("naive", "history", pull=0.0)
    for name in ("matched", "weighted"):
        bias, error, _ = trial(name, "history", pull=0.0)
        assert abs(bias) < 0.12 * naive + 4 * error, (name, bias, naive)
    unseen, error, _ = trial("matched", "level", pull=0.0, spread=1.0)
    assert unseen > 6 * error


def test_a_landmark_removes_those_who_left_before_they_were_asked() -> None:
    """A fifth of all customers leave at the launch; they are non-members by that alone, and buy nothing more."""
    errors = {"matched": [], "matched_active": []}  # type: dict[str, list[float]]
    for seed in range(60):
        data = made(seed, effect=EFFECT, pull=0.0)
        gone = np.random.default_rng([seed, 1]).random(data.customer.size) < 0.2
        stays = ~gone[:, None] | (np.arange(WINDOWS.end) < WINDOWS.launch)
        left = replace(
            data, outcome=data.outcome * stays, purchases=data.purchases * stays, joined=np.where(gone, -1, data.joined)
        )
        for name, found in errors.items():
            found.append(METHODS[name].estimate(left).value - EFFECT)
    assert np.mean(errors["matched"]) > 3
    assert abs(np.mean(errors["matched_active"])) < 4 * np.std(errors["matched_active"]) / np.sqrt(60)


def test_the_check_of_trends_has_its_size_and_power() -> None:
    same = [equal_trends(made(s, selection="level", holdout=0.0)) < 0.05 for s in range(SEEDS)]
    apart = [equal_trends(made(s, selection="trend", strength=3, holdout=0.0, trend=12.0)) < 0.05 for s in range(60)]
    low, high = stats.binom.interval(0.9999, SEEDS, 0.05)
    assert low <= sum(same) <= high
    assert np.mean(apart) > 0.9


def test_two_stage_by_hand() -> None:
    """A binary instrument gives the Wald estimator: (12 - 9) / (2/3 - 0)."""
    y = np.array([10.0, 12.0, 14.0, 8.0, 9.0, 10.0])
    z = np.array([1, 1, 1, 0, 0, 0])
    treated = np.array([0, 1, 1, 0, 0, 0])
    assert two_stage(y, treated, z, []).value == pytest.approx(3.0 / (2 / 3))


def test_a_weak_instrument_shows_in_its_f() -> None:
    strong, weak = (METHODS["instrument"].estimate(made(1, pull=pull)) for pull in (1.5, 0.0))
    assert strong.notes["first_stage"] > 30 > 10 > weak.notes["first_stage"]


@pytest.mark.parametrize("name", ["naive", "matched", "weighted", "differences", "holdout", "instrument"])
def test_without_members_or_without_others_the_estimate_is_missing(name: str) -> None:
    data = made(3)
    assert np.isnan(METHODS[name].estimate(data.where(~data.member)).value)
    assert np.isnan(METHODS[name].estimate(data.where(data.member)).value)


def test_strata_hold_customers_alike() -> None:
    data = made(4)
    strata = strata_of(data)
    within = sum(data.frequency[strata == s].var() * (strata == s).sum() for s in np.unique(strata)) / strata.size
    assert within < 0.1 * data.frequency.var()


def test_the_logit_finds_its_coefficients() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(20_000), rng.standard_normal(20_000)])
    p = 1 / (1 + np.exp(-(x @ [-1.0, 0.7])))
    assert np.abs(propensity(x, rng.random(20_000) < p) - p).max() < 0.03


def test_event_study_is_nil_before_and_the_effect_after() -> None:
    data = made(5, n=6000, selection="level")
    table = event_study(data)
    assert list(table["first"]) == [first - WINDOWS.launch for first, _ in blocks_of(data)]
    early, late = table[table["last"] < 0], table[table["first"] >= 2]
    assert (early["value"].abs() < 0.6).all()
    assert early["value"].iloc[-1] == 0
    assert ((late["value"] - EFFECT).abs() < 0.6).all()


def test_a_users_own_estimator_is_as_good_as_ours() -> None:
    def medians(data: Data) -> Estimate:
        """difference of the medians"""
        return Estimate.normal(float(np.median(data.after[data.member]) - np.median(data.after[~data.member])), 1.0)

    found = methods_of({"mine": medians, "naive": None})
    assert (found["mine"].summary, found["mine"].estimand) == ("difference of the medians", "att")
    with pytest.raises(StudyError, match="did you mean 'naive'"):
        methods_of({"naiv": None})
    medians.estimand = "late"  # type: ignore[attr-defined]
    with pytest.raises(StudyError, match="one of att, ate"):
        methods_of({"mine": medians})
