"""The NBD-Dirichlet against published norms, identities, limits and samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodwill.measures.dirichlet import Dirichlet, nbd_shape, nbd_shape_from_zeros, origin_slope
from goodwill.measures.repeat_buying import brand_performance, duplication_coefficient, duplication_table

# UK toothpaste, first quarter of 1973, AGB panel: Goodhardt, Ehrenberg & Chatfield (1984), section 3.
TOOTHPASTE_SHARES = np.array([0.25, 0.19, 0.10, 0.10, 0.09, 0.08, 0.03, 0.02])
TOOTHPASTE_PENETRATIONS = np.array([0.20, 0.17, 0.09, 0.08, 0.08, 0.07, 0.03, 0.02])


@st.composite
def markets(draw: st.DrawFn) -> Dirichlet:
    """Markets of two to six brands that together are the whole category."""
    weights = np.array(draw(st.lists(st.floats(0.02, 1.0), min_size=2, max_size=6)))
    return Dirichlet(
        mean=draw(st.floats(0.1, 20.0)),
        k=draw(st.floats(0.1, 20.0)),
        strength=draw(st.floats(0.05, 50.0)),
        shares=weights / weights.sum(),
    )


class TestPublishedToothpaste:
    def test_parameters(self) -> None:
        fitted = Dirichlet.from_norms(0.56, 2.6, TOOTHPASTE_SHARES, TOOTHPASTE_PENETRATIONS)
        assert fitted.mean == pytest.approx(1.456)
        assert fitted.k == pytest.approx(0.78, abs=0.005)
        assert fitted.strength == pytest.approx(1.55, abs=0.005)

    def test_norms_of_the_r_package(self) -> None:
        # Printed in the user guide of the R package NBDdirichlet, which finds S = 1.3 on the same data.
        market = Dirichlet(1.456, 0.7788, 1.3, TOOTHPASTE_SHARES)
        w = [1.82, 1.76, 1.68, 1.68, 1.67, 1.66, 1.62, 1.61]
        wcat = [3.16, 3.22, 3.30, 3.30, 3.31, 3.32, 3.37, 3.38]
        pen = [0.20, 0.16, 0.09, 0.09, 0.08, 0.07, 0.03, 0.02]
        assert market.category_penetration() == pytest.approx(0.56, abs=0.0005)
        np.testing.assert_allclose(market.penetration(), pen, atol=0.0051)
        np.testing.assert_allclose(market.purchases_per_buyer(), w, atol=0.0051)
        np.testing.assert_allclose(market.category_rate_of_buyers(), wcat, atol=0.0051)
        also = [1.0, 0.19, 0.10, 0.10, 0.09, 0.08, 0.03, 0.02]
        np.testing.assert_allclose(market.duplication()[0], also, atol=0.0051)


class TestIdentities:
    @settings(max_examples=30, deadline=None)
    @given(markets())
    def test_purchases_add_up(self, market: Dirichlet) -> None:
        bought = market.penetration() * market.purchases_per_buyer()
        np.testing.assert_allclose(bought, market.mean * market.shares, rtol=1e-9)
        assert bought.sum() == pytest.approx(market.mean)

    @settings(max_examples=30, deadline=None)
    @given(markets())
    def test_norms_are_probabilities_in_order(self, market: Dirichlet) -> None:
        pen, sole = market.penetration(), market.sole_buyers()
        assert ((pen > 0) & (pen <= market.category_penetration() + 1e-12)).all()
        assert ((sole >= 0) & (sole <= 1 + 1e-9)).all()
        assert (market.purchases_per_buyer() >= 1 - 1e-9).all()
        assert (market.category_rate_of_buyers() >= market.purchases_per_buyer() - 1e-9).all()
        # sole buyers of all brands and buyers of several make up the category's buyers
        assert pen @ sole <= market.category_penetration() + 1e-9

    @settings(max_examples=30, deadline=None)
    @given(markets())
    def test_double_jeopardy(self, market: Dirichlet) -> None:
        order = np.argsort(market.shares)
        for norm in (market.penetration(), market.purchases_per_buyer(), market.repeat_rate()):
            assert (np.diff(norm[order]) >= -1e-9).all()

    @settings(max_examples=30, deadline=None)
    @given(markets())
    def test_duplication_is_symmetric_in_numbers_of_people(self, market: Dirichlet) -> None:
        both = market.duplication() * market.penetration()[:, None]
        np.testing.assert_allclose(both, both.T, rtol=1e-7, atol=1e-10)

    @settings(max_examples=20, deadline=None)
    @given(markets())
    def test_longer_periods_reach_more_people(self, market: Dirichlet) -> None:
        longer = market.scaled(3.0)
        assert longer.mean == pytest.approx(3 * market.mean)
        assert (longer.penetration() > market.penetration()).all()
        repeat = market.period_repeat_rate()
        assert ((repeat > 0) & (repeat < 1 + 1e-9)).all()

    def test_two_brands_leave_sole_buyers_and_buyers_of_both(self) -> None:
        market = Dirichlet(3.0, 0.8, 1.2, np.array([0.7, 0.3]))
        pen, sole = market.penetration(), market.sole_buyers()
        both = pen.sum() - market.category_penetration()
        np.testing.assert_allclose(pen * (1 - sole), both, rtol=1e-9)
        assert market.duplication()[0, 1] == pytest.approx(both / pen[0])

    def test_a_brand_that_is_the_category(self) -> None:
        market = Dirichlet(2.0, 1.0, 1.5, np.array([1.0]))
        assert market.penetration()[0] == pytest.approx(market.category_penetration())
        assert market.sole_buyers()[0] == pytest.approx(1.0)
        assert market.repeat_rate()[0] == pytest.approx(1.0)
        # the NBD's own period-to-period repeat rate
        zero = (1 + 2.0) ** -1.0
        assert market.period_repeat_rate()[0] == pytest.approx(1 - (zero - (1 + 4.0) ** -1.0) / (1 - zero))

    def test_unnamed_brands_may_be_left_out(self) -> None:
        whole = Dirichlet(3.0, 0.7, 1.4, np.array([0.5, 0.3, 0.2]))
        part = Dirichlet(3.0, 0.7, 1.4, np.array([0.5, 0.3]))
        np.testing.assert_allclose(part.sole_buyers(), whole.sole_buyers()[:2])
        np.testing.assert_allclose(part.duplication(), whole.duplication()[:2, :2])

    def test_a_brand_without_sales(self) -> None:
        market = Dirichlet(3.0, 0.7, 1.4, np.array([1.0, 0.0]))
        assert market.penetration()[1] == 0
        assert np.isnan(market.purchases_per_buyer()[1])


class TestLimits:
    def test_strong_strength_is_independent_buying(self) -> None:
        shares = np.array([0.6, 0.4])
        near, limit = (Dirichlet(2.0, 0.5, s, shares) for s in (1e8, np.inf))
        # then brand purchases are NBD with the category's shape
        np.testing.assert_allclose(limit.penetration(), 1 - (1 + 2.0 * shares / 0.5) ** -0.5, rtol=1e-9)
        np.testing.assert_allclose(near.penetration(), limit.penetration(), rtol=1e-6)
        np.testing.assert_allclose(limit.repeat_rate(), shares)
        assert limit.agreement() == pytest.approx((shares**2).sum())

    def test_weak_strength_is_total_loyalty(self) -> None:
        market = Dirichlet(2.0, 0.5, 1e-8, np.array([0.6, 0.4]))
        np.testing.assert_allclose(market.penetration(), market.category_penetration() * market.shares, rtol=1e-6)
        np.testing.assert_allclose(market.sole_buyers(), 1.0, rtol=1e-6)
        np.testing.assert_allclose(market.share_of_requirements(), 1.0, rtol=1e-6)
        np.testing.assert_allclose(market.repeat_rate(), 1.0, rtol=1e-6)

    def test_large_shape_is_poisson(self) -> None:
        shares = np.array([0.6, 0.4])
        near, limit = (Dirichlet(2.0, k, 1.3, shares) for k in (1e7, np.inf))
        assert limit.zero_purchase_share() == pytest.approx(np.exp(-2.0))
        np.testing.assert_allclose(near.penetration(), limit.penetration(), rtol=1e-5)


class TestNbdShape:
    def test_mean_and_zeros(self) -> None:
        assert nbd_shape_from_zeros(2.0, (1 + 2.0 / 0.7) ** -0.7) == pytest.approx(0.7)
        assert nbd_shape_from_zeros(1.0, 0.3) == np.inf

    @pytest.mark.parametrize("zeros", [0.0, 1.0, -0.1])
    def test_impossible_zeros(self, zeros: float) -> None:
        with pytest.raises(ValueError, match="non-buyers"):
            nbd_shape_from_zeros(1.0, zeros)

    def test_recovers_its_own_frequencies(self) -> None:
        # expected frequencies of NBD(mean 2, k .5): then the likelihood is greatest at .5
        expected = Dirichlet(2.0, 0.5, 1.0, np.array([1.0]))._category()
        assert nbd_shape(expected) == pytest.approx(0.5, rel=1e-6)

    def test_no_more_variable_than_poisson(self) -> None:
        assert nbd_shape([0, 10]) == np.inf
        assert np.isnan(nbd_shape([10]))


class TestFit:
    @pytest.mark.statistical
    @pytest.mark.parametrize("method", ["likelihood", "shares", "penetration"])
    @pytest.mark.parametrize("category", ["likelihood", "zeros"])
    def test_recovers_parameters(self, method: str, category: str) -> None:
        true = Dirichlet(4.0, 0.8, 1.6, np.array([0.4, 0.3, 0.2, 0.1]))
        fitted = Dirichlet.fit(true.draw(20_000, np.random.default_rng(1)), method, category)
        assert fitted.mean == pytest.approx(true.mean, rel=0.04)
        assert fitted.k == pytest.approx(true.k, rel=0.05)
        assert fitted.strength == pytest.approx(true.strength, rel=0.06)
        np.testing.assert_allclose(fitted.shares, true.shares, atol=0.012)

    def test_never_buyers_may_be_counted_instead_of_listed(self) -> None:
        counts = Dirichlet(1.0, 0.5, 1.5, np.array([0.6, 0.4])).draw(2000, np.random.default_rng(2))
        listed = Dirichlet.fit(counts)
        counted = Dirichlet.fit(counts[counts.sum(axis=1) > 0], customers=2000)
        assert (counted.mean, counted.k) == pytest.approx((listed.mean, listed.k))
        assert counted.strength == pytest.approx(listed.strength)

    def test_a_brand_nobody_bought_gets_no_share(self) -> None:
        counts = Dirichlet(3.0, 0.5, 1.5, np.array([0.6, 0.4])).draw(500, np.random.default_rng(3))
        fitted = Dirichlet.fit(np.column_stack([counts, np.zeros(500, dtype=int)]))
        assert fitted.shares[2] == 0

    @pytest.mark.parametrize("counts", [np.zeros((3, 2)), np.ones(3), [[0.5, 1.0]], [[-1, 2]]])
    def test_rejects_what_is_not_a_table_of_counts(self, counts: np.ndarray) -> None:
        with pytest.raises(ValueError, match="counts"):
            Dirichlet.fit(counts)

    def test_rejects_unknown_methods(self) -> None:
        with pytest.raises(ValueError, match="unknown method"):
            Dirichlet.fit([[1, 2], [3, 0]], method="magic")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="unknown category"):
            Dirichlet.fit([[1, 2], [3, 0]], category="magic")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="fewer"):
            Dirichlet.fit([[1, 2], [3, 0]], customers=1)


@pytest.mark.parametrize(
    ("mean", "k", "strength", "shares"),
    [
        (0.0, 1.0, 1.0, [1.0]),
        (1.0, 0.0, 1.0, [1.0]),
        (1.0, 1.0, -1.0, [1.0]),
        (1.0, 1.0, 1.0, [0.7, 0.7]),
        (1.0, 1.0, 1.0, []),
        (1.0, 1.0, 1.0, [-0.1, 0.5]),
    ],
)
def test_rejects_impossible_markets(mean: float, k: float, strength: float, shares: list[float]) -> None:
    with pytest.raises(ValueError, match=r"shares|mean|strength"):
        Dirichlet(mean, k, strength, np.array(shares))


@pytest.mark.statistical
class TestAgainstSamples:
    """Drawn customers have the analytic norms, within sampling error."""

    market = Dirichlet(5.0, 0.7, 1.8, np.array([0.45, 0.25, 0.15, 0.1, 0.05]))
    people = 50_000

    def test_brand_performance(self) -> None:
        norm = self.market.norms("abcde").set_index("brand").drop(columns="repeat")
        samples = np.array(
            [
                brand_performance(self.market.draw(20_000, np.random.default_rng(seed)), "abcde").iloc[:, 1:]
                for seed in range(20)
            ]
        )
        error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
        assert (np.abs(samples.mean(axis=0) - norm.to_numpy()) < 4.5 * error).all()  # Student, 19 degrees
        assert (error / norm.to_numpy() < 0.02).all()

    def test_duplication(self) -> None:
        counts = self.market.draw(self.people, np.random.default_rng(12))
        np.testing.assert_allclose(duplication_table(counts, "abcde"), self.market.duplication(), atol=0.02)
        assert duplication_coefficient(counts) == pytest.approx(self.market.duplication_coefficient(), rel=0.015)

    def test_two_periods(self) -> None:
        # half the purchases of a double-length period: a multinomial split at random leaves two equal periods
        rng = np.random.default_rng(13)
        both = self.market.scaled(2.0).draw(self.people, rng)
        first = rng.binomial(both, 0.5)
        second = both - first
        repeat = ((first > 0) & (second > 0)).sum(axis=0) / (first > 0).sum(axis=0)
        np.testing.assert_allclose(repeat, self.market.period_repeat_rate(), atol=0.02)

    def test_unnamed_brands_and_poisson(self) -> None:
        market = Dirichlet(3.0, np.inf, 1.5, np.array([0.4, 0.0, 0.2]))
        counts = market.draw(self.people, np.random.default_rng(14))
        np.testing.assert_allclose(counts.mean(axis=0), [1.2, 0.0, 0.6], atol=0.03)
        np.testing.assert_allclose((counts > 0).mean(axis=0), market.penetration(), atol=0.01)


def test_drawing_needs_a_finite_strength() -> None:
    with pytest.raises(ValueError, match="finite"):
        Dirichlet(1.0, 1.0, np.inf, np.array([1.0])).draw(3, np.random.default_rng(0))


def test_norms_need_a_name_per_brand() -> None:
    with pytest.raises(ValueError, match="names"):
        Dirichlet(1.0, 1.0, 1.0, np.array([0.5, 0.5])).norms(["one"])


def test_origin_slope() -> None:
    penetration = np.array([0.5, 0.2, 0.1])
    assert origin_slope(np.tile(1.3 * penetration, (3, 1)), penetration) == pytest.approx(1.3)
    assert np.isnan(origin_slope(np.ones((1, 1)), np.array([0.5])))
