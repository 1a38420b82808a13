"""BG/NBD and Pareto/NBD against published CDNOW results, numerical integration and simulated customers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from goodwill.measures.bgnbd import BGNBD, ParetoNBD

CDNOW_BG = BGNBD(0.243, 4.414, 0.793, 2.426)
CDNOW_PARETO = ParetoNBD(0.553, 10.578, 0.606, 11.669)

positive = st.floats(0.05, 5.0)


def _lifetimes_file(name: str) -> Path:
    """A data file of the wheel `lifetimes`, by path: importing the package fails with today's pandas."""
    found = importlib.util.find_spec("lifetimes")
    path = Path(found.origin).parent / "datasets" / name if found and found.origin else None
    if path is None or not path.exists():
        pytest.skip(f"needs {name} of the package `lifetimes` (extra [data])")
    return path


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """CDNOW's 1/10 sample: repeat purchases, recency and age in weeks 1 to 39."""
    table = pd.read_csv(_lifetimes_file("cdnow_customers_summary.csv"))
    return table["frequency"].to_numpy(), table["recency"].to_numpy(), table["T"].to_numpy()


@pytest.fixture(scope="module")
def others() -> pd.DataFrame:
    """Purchase days of the 21,213 customers who are not in the sample; one row per customer and day."""
    names = ["id", "date", "cds", "dollars"]
    master = pd.read_csv(_lifetimes_file("CDNOW_master.txt"), sep=r"\s+", header=0, names=names)
    drawn = pd.read_csv(_lifetimes_file("CDNOW_sample.txt"), sep=r"\s+", header=None, usecols=[0])[0]
    rest = master[~master["id"].isin(drawn)]
    day = (pd.to_datetime(rest["date"].astype(str)) - pd.Timestamp("1997-01-01")).dt.days
    return pd.DataFrame({"id": rest["id"], "day": day}).drop_duplicates()


@pytest.mark.data
class TestCdnow:
    def test_log_likelihood(self, sample: tuple[np.ndarray, ...]) -> None:
        assert CDNOW_BG.log_likelihood(*sample).sum() == pytest.approx(-9582.4, abs=0.05)
        assert CDNOW_PARETO.log_likelihood(*sample).sum() == pytest.approx(-9595.0, abs=0.05)

    def test_bgnbd_fit(self, sample: tuple[np.ndarray, ...]) -> None:
        fitted = BGNBD.fit(*sample)
        assert (fitted.r, fitted.alpha) == pytest.approx((0.243, 4.414), abs=0.001)
        assert (fitted.a, fitted.b) == pytest.approx((0.793, 2.426), abs=0.001)

    def test_pareto_fit(self, sample: tuple[np.ndarray, ...]) -> None:
        fitted = ParetoNBD.fit(*sample)
        assert (fitted.r, fitted.s) == pytest.approx((0.553, 0.606), abs=0.001)
        assert (fitted.alpha, fitted.beta) == pytest.approx((10.58, 11.67), abs=0.005)

    def test_zero_repeat_share(self, sample: tuple[np.ndarray, ...]) -> None:
        frequency, _, age = sample
        assert (frequency == 0).mean() == pytest.approx(0.598642, abs=1e-6)
        assert CDNOW_BG.zero_repeat_share(age).mean() == pytest.approx(0.599, abs=0.02)
        assert CDNOW_PARETO.zero_repeat_share(age).mean() == pytest.approx(0.599, abs=0.02)

    @pytest.mark.parametrize(
        ("kind", "cumulative", "since_39", "mae"),
        [(BGNBD, 0.027, 0.131, 0.82), (ParetoNBD, 0.019, 0.100, 0.79)],
    )
    def test_holdout(
        self,
        sample: tuple[np.ndarray, ...],
        others: pd.DataFrame,
        kind: type[BGNBD] | type[ParetoNBD],
        cumulative: float,
        since_39: float,
        mae: float,
    ) -> None:
        """Fitted on the sample, tried on all other customers in weeks 40 to 78."""
        model = kind.fit(*sample)
        first = others.groupby("id")["day"].min()
        assert len(first) == 21_213
        repeats = others[others["day"] > others["id"].map(first)]
        counted = np.cumsum(np.bincount(repeats["day"] // 7, minlength=78))[:78]
        expected = model.cohort_repeats(first / 7, np.arange(1, 79))
        error = np.abs(expected / counted - 1)[39:]
        assert error.mean() == pytest.approx(cumulative, abs=0.0006)
        # repeat purchases since the end of week 39, read every week
        later = (expected[39:] - expected[38]) / (counted[39:] - counted[38])
        assert np.abs(later - 1).mean() == pytest.approx(since_39, abs=0.0006)

        known = others[others["day"] < 273].groupby("id")["day"].agg(["size", "max", "min"])
        history = (known["size"] - 1, (known["max"] - known["min"]) / 7, (272 - known["min"]) / 7)
        forecast = model.conditional_expectation(39.0, *history)
        bought = others[others["day"] >= 273].groupby("id").size().reindex(known.index, fill_value=0)
        assert np.corrcoef(forecast, bought)[0, 1] == pytest.approx(0.67, abs=0.006)
        assert np.abs(forecast - bought).mean() == pytest.approx(mae, abs=0.005)


class TestBgnbd:
    def test_expected_purchases_by_integration(self) -> None:
        # given rate l and dropout p, E[X(t)] = (1 - exp(-l p t)) / p; over the gamma that has a closed form
        leave = stats.beta(1.5, 2.0)

        def term(p: float) -> float:
            return (1 - (3.0 / (3.0 + p * 20.0)) ** 1.2) / p * leave.pdf(p)

        value, _ = integrate.quad(term, 0, 1)
        assert BGNBD(1.2, 3.0, 1.5, 2.0).expected_purchases(20.0) == pytest.approx(value, rel=1e-7)

    @settings(max_examples=40, deadline=None)
    @given(positive, positive, positive, positive, st.floats(0.1, 20.0))
    def test_the_count_distribution_is_one(self, r: float, alpha: float, a: float, b: float, t: float) -> None:
        model = BGNBD(r, alpha, a, b)
        counts = np.arange(6000)
        chance = model.probability_of(counts, t)
        if chance[-1] < 1e-14:
            assert chance.sum() == pytest.approx(1.0, abs=1e-7)
            assert chance @ counts == pytest.approx(float(model.expected_purchases(t)), rel=1e-5, abs=1e-7)
        assert chance[0] == pytest.approx(float(model.zero_repeat_share(t)))

    @settings(max_examples=40, deadline=None)
    @given(positive, positive, positive, positive)
    def test_expected_purchases_grow_from_zero(self, r: float, alpha: float, a: float, b: float) -> None:
        curve = BGNBD(r, alpha, a, b).expected_purchases(np.linspace(0, 50, 60))
        assert curve[0] == pytest.approx(0.0, abs=1e-9)
        assert (np.diff(curve) > -1e-9).all()
        assert (np.diff(curve, 2) < 1e-6).all()

    @pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (0.4, 0.6)])
    def test_the_closed_form_s_poles_are_removable(self, a: float, b: float) -> None:
        times = np.array([0.0, 1.0, 30.0])
        at, near = BGNBD(0.5, 4.0, a, b), BGNBD(0.5, 4.0, a, b + 0.001)
        beside = BGNBD(0.5, 4.0, a + 0.0005, b)
        np.testing.assert_allclose(at.expected_purchases(times), near.expected_purchases(times), rtol=2e-3)
        np.testing.assert_allclose(at.expected_purchases(times), beside.expected_purchases(times), rtol=2e-3)
        ahead = (10.0, 0, 0.0, 20.0)
        assert at.conditional_expectation(*ahead) == pytest.approx(beside.conditional_expectation(*ahead), rel=2e-3)

    def test_conditional_expectation_averages_to_the_unconditional(self) -> None:
        # law of total expectation, over simulated histories
        first, last, count, later = _simulate_bgnbd(CDNOW_BG, 60_000, 39.0, 39.0, seed=5)
        assert (first == 0).all()
        forecast = CDNOW_BG.conditional_expectation(39.0, count, last, 39.0)
        gained = CDNOW_BG.expected_purchases(78.0) - CDNOW_BG.expected_purchases(39.0)
        assert forecast.mean() == pytest.approx(float(gained), rel=0.05)
        assert forecast.mean() == pytest.approx(later.mean(), rel=0.06)

    @pytest.mark.statistical
    def test_against_simulated_customers(self) -> None:
        _, last, count, _ = _simulate_bgnbd(CDNOW_BG, 60_000, 39.0, 0.0, seed=6)
        assert count.mean() == pytest.approx(float(CDNOW_BG.expected_purchases(39.0)), rel=0.04)
        np.testing.assert_allclose(
            np.bincount(count)[:5] / count.size, CDNOW_BG.probability_of(np.arange(5), 39.0), atol=0.008
        )
        fitted = BGNBD.fit(count, last, np.full(count.size, 39.0))
        assert fitted.r == pytest.approx(CDNOW_BG.r, rel=0.05)
        assert fitted.a / (fitted.a + fitted.b) == pytest.approx(0.793 / (0.793 + 2.426), rel=0.1)

    def test_alive(self) -> None:
        assert CDNOW_BG.probability_alive(0, 0.0, 39.0) == 1.0
        recent, long_ago = CDNOW_BG.probability_alive(5, [38.0, 5.0], 39.0)
        assert 0 < long_ago < recent < 1

    def test_the_unit_of_time_does_not_matter(self) -> None:
        _, last, count, _ = _simulate_bgnbd(CDNOW_BG, 3000, 39.0, 0.0, seed=7)
        weeks = BGNBD.fit(count, last, np.full(count.size, 39.0))
        days = BGNBD.fit(count, 7 * last, np.full(count.size, 273.0))
        assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-3)
        assert (days.r, days.a, days.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-3)

    def test_staggered_cohort(self) -> None:
        one = CDNOW_BG.expected_purchases(np.array([9.0, 4.0]))
        total = CDNOW_BG.cohort_repeats([1.0, 6.0, 6.0, 12.0], [0.0, 10.0])
        np.testing.assert_allclose(total, [0.0, one[0] + 2 * one[1]], atol=1e-12)


class TestParetoNbd:
    def test_expected_purchases_by_integration(self) -> None:
        # E[X(t)] = mean rate times the expected time alive within t
        model = ParetoNBD(0.8, 5.0, 1.4, 7.0)
        alive, _ = integrate.quad(lambda u: (7.0 / (7.0 + u)) ** 1.4, 0, 30)
        assert model.expected_purchases(30.0) == pytest.approx(0.8 / 5.0 * alive)

    @settings(max_examples=40, deadline=None)
    @given(positive, positive, positive, positive, st.floats(0.1, 50.0))
    def test_zero_repeats_by_integration(self, r: float, alpha: float, s: float, beta: float, t: float) -> None:
        def still_silent(u: float) -> float:  # leaving at u without purchase
            return (alpha / (alpha + u)) ** r * s / beta * (beta / (beta + u)) ** (s + 1)

        left, _ = integrate.quad(still_silent, 0, t)
        stayed = (alpha / (alpha + t)) ** r * (beta / (beta + t)) ** s
        assert ParetoNBD(r, alpha, s, beta).zero_repeat_share(t) == pytest.approx(left + stayed, rel=1e-6)

    def test_the_limit_at_s_of_one(self) -> None:
        at, near = ParetoNBD(0.8, 5.0, 1.0, 7.0), ParetoNBD(0.8, 5.0, 1.0 + 1e-9, 7.0)
        assert at.expected_purchases(30.0) == pytest.approx(float(near.expected_purchases(30.0)))

    def test_conditional_expectation_of_a_new_customer(self) -> None:
        # with no time observed nothing is known: back to the unconditional expectation
        new = CDNOW_PARETO.conditional_expectation(26.0, 0, 0.0, 0.0)
        assert new == pytest.approx(float(CDNOW_PARETO.expected_purchases(26.0)))

    def test_alive(self) -> None:
        recent, long_ago = CDNOW_PARETO.probability_alive(5, [38.0, 5.0], 39.0)
        assert 0 < long_ago < recent < 1
        assert CDNOW_PARETO.probability_alive(3, 39.0, 39.0) == pytest.approx(1.0)


@pytest.mark.parametrize("model", [CDNOW_BG, CDNOW_PARETO])
class TestImpossibleHistories:
    @pytest.mark.parametrize("history", [(-1, 0.0, 1.0), (1, 2.0, 1.0), (0, 1.0, 2.0)])
    def test_are_rejected(self, model: BGNBD | ParetoNBD, history: tuple[float, float, float]) -> None:
        with pytest.raises(ValueError, match="recency"):
            model.log_likelihood(*history)

    def test_nobody_to_fit(self, model: BGNBD | ParetoNBD) -> None:
        with pytest.raises(ValueError, match="at least one"):
            type(model).fit([], [], [])


@pytest.mark.parametrize("kind", [BGNBD, ParetoNBD])
def test_parameters_are_positive(kind: type) -> None:
    with pytest.raises(ValueError, match="positive"):
        kind(0.0, 1.0, 1.0, 1.0)


def _simulate_bgnbd(
    model: BGNBD, people: int, until: float, ahead: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """First purchase (0), last repeat and repeats before `until`, and repeats in the `ahead` after it."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha, people)
    leave = rng.beta(model.a, model.b, people)
    clock = np.zeros(people)
    last, count, later = np.zeros(people), np.zeros(people, dtype=int), np.zeros(people, dtype=int)
    active = np.arange(people)
    while active.size:
        with np.errstate(over="ignore", divide="ignore"):
            clock[active] += rng.exponential(size=active.size) / rate[active]
        active = active[clock[active] <= until + ahead]
        seen = active[clock[active] <= until]
        count[seen] += 1
        last[seen] = clock[seen]
        later[active[clock[active] > until]] += 1
        active = active[rng.random(active.size) >= leave[active]]
    return np.zeros(people), last, count, later
