"""Counting purchases: worked examples by hand, null-model expectations, and invariances."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from goodwill.measures.dirichlet import Dirichlet
from goodwill.measures.repeat_buying import (
    brand_performance,
    category_moments,
    customer_agreement,
    duplication_coefficient,
    duplication_table,
    excess_repeat,
    exchangeable_agreement,
    repeat_rate,
    repeat_rates,
    top_share,
    trips_of,
    wheat_morrison_k,
    window_retention,
)


def _table(*trips: tuple[int, int, str]) -> pd.DataFrame:
    """Purchases from (customer, period, brands), brands being letters from A, one trip a period."""
    rows = [(who, when, 0, ord(brand) - ord("A")) for who, when, brands in trips for brand in brands]
    return pd.DataFrame(rows, columns=["customer", "period", "trip", "firm"])


# Customer 7 goes A, AB, A; customer 3 goes B, B; customer 9 goes C once; a fourth customer never buys.
WORKED = _table((7, 1, "A"), (7, 2, "AB"), (7, 3, "A"), (3, 1, "B"), (3, 5, "B"), (9, 2, "C"))


@st.composite
def purchase_tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(0, 2), st.integers(0, 3)),
            min_size=1,
            max_size=60,
        )
    )
    return pd.DataFrame(rows, columns=["customer", "period", "trip", "firm"])


def _sequences(counts: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Purchases of one brand a trip, in random order: what a zero-order customer does."""
    who, firm = np.nonzero(counts)
    who, firm = np.repeat(who, counts[who, firm]), np.repeat(firm, counts[who, firm])
    trip = rng.permutation(who.size)
    return pd.DataFrame({"customer": who, "period": 0, "trip": trip, "firm": firm})


class TestWorkedExample:
    trips = trips_of(WORKED, 3)

    def test_trips(self) -> None:
        np.testing.assert_array_equal(self.trips.ids, [3, 7, 9])
        np.testing.assert_array_equal(self.trips.number(), [2, 3, 1])
        np.testing.assert_array_equal(self.trips.counts(), [[0, 2, 0], [3, 1, 0], [0, 0, 1]])

    def test_brand_performance(self) -> None:
        seen = brand_performance(self.trips.counts(), "ABC", customers=4, trips=self.trips).set_index("brand")
        np.testing.assert_allclose(seen["share"], [3 / 7, 3 / 7, 1 / 7])
        np.testing.assert_allclose(seen["pen"], [1 / 4, 2 / 4, 1 / 4])
        np.testing.assert_allclose(seen["w"], [3, 1.5, 1])
        np.testing.assert_allclose(seen["wcat"], [4, 3, 1])
        np.testing.assert_allclose(seen["scr"], [3 / 4, 3 / 6, 1])
        np.testing.assert_allclose(seen["loyal100"], [0, 1 / 2, 1])
        # A: bought again after both of its followed purchases; B: 7's is not, 3's is; C is never followed
        np.testing.assert_allclose(seen["repeat"], [1, 1 / 2, np.nan])

    def test_repeat_rates_at_a_lag(self) -> None:
        np.testing.assert_allclose(repeat_rates(self.trips, lag=2), [1, np.nan, np.nan])
        # over pairs of trips: A then AB 1; AB then A 1/2; B then B 1
        assert repeat_rate(self.trips) == pytest.approx(2.5 / 3)
        assert repeat_rate(self.trips, lag=2) == pytest.approx(1.0)
        assert np.isnan(repeat_rate(self.trips, lag=5))

    def test_agreement(self) -> None:
        # customer 7, ordered pairs of trips: A-AB 1, A-A 1, AB-A 1/2 twice, A-A 1, A-AB 1
        np.testing.assert_allclose(customer_agreement(self.trips), [1, 5 / 6, np.nan])
        assert exchangeable_agreement(self.trips) == pytest.approx((1 * 1 + 2 * 5 / 6) / 3)

    def test_excess(self) -> None:
        table = excess_repeat(self.trips, lags=(1, 2, 9))
        assert table.loc[1, "pairs"] == 3
        assert table.loc[1, "excess"] == pytest.approx(2.5 / 3 - exchangeable_agreement(self.trips))
        assert table.loc[2, "excess"] == pytest.approx(1 - 5 / 6)
        assert table.loc[9, "pairs"] == 0
        assert np.isnan(table.loc[9, "excess"])

    def test_duplication(self) -> None:
        counts = [[1, 1, 0], [2, 0, 0], [0, 1, 3], [0, 0, 0]]
        table = duplication_table(counts, "ABC")
        assert table.loc["A", "B"] == pytest.approx(0.5)
        assert table.loc["C", "B"] == pytest.approx(1.0)
        np.testing.assert_allclose(np.diag(table), 1.0)
        # penetrations 1/2, 1/2, 1/4; off-diagonal duplications AB AC BA BC CA CB
        slope = (0.5 * 0.5 + 0 + 0.5 * 0.5 + 0.5 * 0.25 + 0 + 1 * 0.5) / (4 * 0.25 + 2 * 0.0625)
        assert duplication_coefficient(counts) == pytest.approx(slope)
        assert duplication_coefficient(counts, brands=[0, 1]) == pytest.approx(1.0)

    def test_duplication_counts_never_buyers(self) -> None:
        counts = np.array([[1, 1, 0], [2, 0, 0], [0, 1, 3]])
        padded = np.vstack([counts, np.zeros((5, 3), dtype=int)])
        assert duplication_coefficient(counts, customers=8) == pytest.approx(duplication_coefficient(padded))

    def test_window_retention(self) -> None:
        table = window_retention(WORKED, 4, "ABC").set_index(["window", "firm"])
        # A: bought by 7 in periods 1, 2, 3
        assert table.loc[(0, "A"), "retention"] == 1
        assert table.loc[(2, "A"), "retention"] == 0
        # anything, period 1 to 2: buyers 7 and 3, of whom 7 comes back; 9 comes anew
        row = table.loc[(0, "ANY")]
        assert (row["buyers"], row["retained"], row["absent"], row["returned"]) == (2, 1, 2, 1)
        assert (row["retention"], row["reactivation"]) == (0.5, 0.5)
        assert np.isnan(table.loc[(3, "ANY"), "retention"])

    def test_wider_windows(self) -> None:
        table = window_retention(WORKED, 4, "ABC", width=3, first=0).set_index(["window", "firm"])
        # periods 0 to 2 and 3 to 5: all but customer 9 come back
        assert len(table) == 4
        assert table.loc[(0, "ANY"), "retained"] == 2
        with pytest.raises(ValueError, match="width"):
            window_retention(WORKED, 4, "ABC", width=0)


class TestTripsOf:
    def test_order_of_rows_and_repeated_rows_do_not_matter(self) -> None:
        shuffled = pd.concat([WORKED, WORKED.iloc[[1]]]).sample(frac=1.0, random_state=1)
        one, other = trips_of(WORKED, 3), trips_of(shuffled, 3)
        np.testing.assert_array_equal(one.bought, other.bought)
        np.testing.assert_array_equal(one.customer, other.customer)

    def test_occasion_is_another_name_for_trip(self) -> None:
        np.testing.assert_array_equal(
            trips_of(WORKED.rename(columns={"trip": "occasion"}), 3).bought, trips_of(WORKED, 3).bought
        )

    def test_trip_numbers_may_restart_each_period(self) -> None:
        table = pd.DataFrame({"customer": 0, "period": [1, 0, 0], "trip": [0, 0, 1], "firm": [2, 0, 1]})
        np.testing.assert_array_equal(np.argmax(trips_of(table, 3).bought, axis=1), [0, 1, 2])

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            (WORKED.drop(columns="firm"), "firm"),
            (WORKED.drop(columns="trip"), "occasion"),
            (WORKED.assign(firm=3), "0 ... 2"),
            (WORKED.assign(time=-WORKED["period"]), "time"),
        ],
    )
    def test_rejects_bad_tables(self, table: pd.DataFrame, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            trips_of(table, 3)

    def test_no_purchases(self) -> None:
        empty = trips_of(WORKED.iloc[:0], 3)
        assert empty.counts().shape == (0, 3)
        assert np.isnan(exchangeable_agreement(empty))
        moments = category_moments(WORKED.iloc[:0], 10, "ABC")["value"]
        assert moments["penetration"] == 0
        assert moments.drop("penetration").isna().all()
        assert window_retention(WORKED.iloc[:0], 10, "ABC").empty


class TestProperties:
    @settings(max_examples=60, deadline=None)
    @given(purchase_tables())
    def test_purchases_add_up(self, table: pd.DataFrame) -> None:
        trips = trips_of(table, 4)
        seen = brand_performance(trips.counts(), "ABCD", customers=10)
        distinct = len(table.drop_duplicates())
        assert trips.counts().sum() == distinct
        assert (seen["pen"] * seen["w"]).sum() * 10 == pytest.approx(distinct)
        assert seen["share"].sum() == pytest.approx(1.0)

    @settings(max_examples=60, deadline=None)
    @given(purchase_tables())
    def test_reversing_time_keeps_the_agreement(self, table: pd.DataFrame) -> None:
        reversed_ = table.assign(period=-table["period"], trip=-table["trip"])
        np.testing.assert_allclose(customer_agreement(trips_of(table, 4)), customer_agreement(trips_of(reversed_, 4)))

    @settings(max_examples=60, deadline=None)
    @given(purchase_tables(), st.permutations(range(4)))
    def test_renaming_firms_permutes_the_measures(self, table: pd.DataFrame, new: list[int]) -> None:
        renamed = table.assign(firm=np.array(new)[table["firm"]])
        before, after = trips_of(table, 4), trips_of(renamed, 4)
        np.testing.assert_allclose(repeat_rates(before), repeat_rates(after)[new])
        np.testing.assert_allclose(excess_repeat(before), excess_repeat(after), rtol=1e-9, atol=1e-12)

    @settings(max_examples=60, deadline=None)
    @given(purchase_tables())
    def test_agreement_by_brute_force(self, table: pd.DataFrame) -> None:
        trips = trips_of(table, 4)
        for who, agreement in enumerate(customer_agreement(trips)):
            held = trips.bought[trips.customer == who]
            pairs = [
                (held[s] & held[t]).sum() / held[s].sum() for s in range(len(held)) for t in range(len(held)) if s != t
            ]
            assert agreement == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)

    @settings(max_examples=30, deadline=None)
    @given(purchase_tables())
    def test_moments_agree_with_the_single_measures(self, table: pd.DataFrame) -> None:
        trips = trips_of(table, 4)
        moments = category_moments(table, 12, ["A", "B", "C", "OTHER"])["value"]
        excess = excess_repeat(trips)
        assert moments["penetration"] == pytest.approx(trips.ids.size / 12)
        assert moments["repeat_lag1"] == pytest.approx(repeat_rate(trips), nan_ok=True)
        assert moments["exchangeable_agreement"] == pytest.approx(exchangeable_agreement(trips), nan_ok=True)
        for lag in (1, 2, 4):
            assert moments[f"excess_lag{lag}"] == pytest.approx(excess.loc[lag, "excess"], nan_ok=True)
        assert moments["dup_D"] == pytest.approx(
            duplication_coefficient(trips.counts(), 12, brands=[0, 1, 2]), nan_ok=True
        )
        assert moments["top20"] == pytest.approx(top_share(trips.counts().sum(axis=1)), nan_ok=True)


@pytest.mark.statistical
class TestNullModel:
    """Dirichlet customers, one brand a trip: every moment has a known expectation."""

    market = Dirichlet(6.0, 0.7, 1.8, np.array([0.4, 0.25, 0.2, 0.1, 0.05]))

    def test_moments(self) -> None:
        rng = np.random.default_rng(21)
        people = 20_000
        table = category_moments(_sequences(self.market.draw(people, rng), rng), people, "ABCDE", bootstrap=60)
        norm = self.market.norms("ABCDE")
        known = {
            "penetration": self.market.category_penetration(),
            "trips_per_buyer": self.market.mean / self.market.category_penetration(),
            "nbd_k": self.market.k,
            "repeat_lag1": self.market.agreement(),
            "exchangeable_agreement": self.market.agreement(),
            "excess_lag1": 0.0,
            "excess_lag2": 0.0,
            "excess_lag4": 0.0,
            "scr": float(norm["share"] @ norm["scr"]),
            "loyal100": float(norm["share"] @ norm["loyal100"]),
            "dup_D": self.market.duplication_coefficient(),
        }
        for name, expected in known.items():
            assert abs(table.loc[name, "value"] - expected) < 4 * table.loc[name, "se"], name
        assert table.loc["multi_brand_trips", "value"] == 0

    def test_repeat_rate_per_brand(self) -> None:
        rng = np.random.default_rng(22)
        trips = trips_of(_sequences(self.market.draw(20_000, rng), rng), 5)
        np.testing.assert_allclose(repeat_rates(trips), self.market.repeat_rate(), atol=0.025)
        np.testing.assert_allclose(repeat_rates(trips, lag=3), self.market.repeat_rate(), atol=0.035)

    def test_excess_is_zero_without_a_sequence_effect_and_its_error_is_honest(self) -> None:
        rng = np.random.default_rng(23)
        scores = []
        for _ in range(60):
            table = excess_repeat(trips_of(_sequences(self.market.draw(1500, rng), rng), 5))
            scores.append(table["excess"] / table["se"])
        z = np.array(scores)
        assert (np.abs(z.mean(axis=0)) < 4 / np.sqrt(60)).all()
        assert ((z.std(axis=0) > 0.75) & (z.std(axis=0) < 1.3)).all()

    def test_habit_shows_up_and_fades_with_the_lag(self) -> None:
        # each purchase repeats the last brand with probability .3, else is zero-order
        rng = np.random.default_rng(24)
        people, length = 4000, 12
        tastes = rng.dirichlet(1.8 * self.market.shares, people).cumsum(axis=1)
        firm = np.empty((people, length), dtype=int)
        for step in range(length):
            fresh = np.minimum((rng.random((people, 1)) > tastes).sum(axis=1), 4)
            again = rng.random(people) < 0.3 if step else np.zeros(people, dtype=bool)
            firm[:, step] = np.where(again, firm[:, step - 1], fresh)
        who, trip = np.indices(firm.shape)
        table = pd.DataFrame({"customer": who.ravel(), "period": trip.ravel(), "trip": 0, "firm": firm.ravel()})
        excess = excess_repeat(trips_of(table, 5))["excess"]
        assert excess[1] > 0.08
        assert excess[1] > excess[2] > excess[4]

    def test_bootstrap_agrees_with_the_analytic_error(self) -> None:
        rng = np.random.default_rng(25)
        table = _sequences(self.market.draw(4000, rng), rng)
        moments = category_moments(table, 4000, "ABCDE", bootstrap=150)
        analytic = excess_repeat(trips_of(table, 5))["se"]
        for lag in (1, 2, 4):
            assert moments.loc[f"excess_lag{lag}", "se"] == pytest.approx(analytic[lag], rel=0.2)
        share = moments.loc["penetration", "value"]
        assert moments.loc["penetration", "se"] == pytest.approx(np.sqrt(share * (1 - share) / 4000), rel=0.2)


class TestTimingAndConcentration:
    @pytest.mark.statistical
    @pytest.mark.parametrize("shape", [1, 2, 3])
    def test_erlang_timing(self, shape: int) -> None:
        rng = np.random.default_rng(shape)
        people = 20_000
        rate = rng.gamma(2.0, 1.0, people)  # rates differ and must not matter
        when = np.cumsum(rng.gamma(shape, 1.0, (people, 3)) / rate[:, None], axis=1)
        table = pd.DataFrame(
            {
                "customer": np.repeat(np.arange(people), 3),
                "period": 0,
                "trip": np.tile(np.arange(3), people),
                "firm": 0,
                "time": when.ravel(),
            }
        )
        trips = trips_of(table, 1)
        # m is Beta(k, k); the first purchase starts the clock
        first = (when[:, 2] - when[:, 1]) / (when[:, 2] - when[:, 0])
        assert wheat_morrison_k(trips) == pytest.approx(shape, rel=0.05)
        assert stats.kstest(first, stats.beta(shape, shape).cdf).pvalue > 1e-4

    def test_needs_times(self) -> None:
        with pytest.raises(ValueError, match="time"):
            wheat_morrison_k(trips_of(WORKED, 3))
        assert np.isnan(category_moments(WORKED, 4, "ABC").loc["wheat_morrison_k", "value"])

    def test_top_share(self) -> None:
        assert top_share([10, 5, 3, 1, 1, 0, 0, 0]) == pytest.approx(0.5)
        assert top_share(np.ones(100)) == pytest.approx(0.2)
        assert np.isnan(top_share([0, 0]))


class TestMoments:
    def test_the_pooled_brand_is_left_out_of_averages(self) -> None:
        table = _table((1, 1, "A"), (1, 2, "C"), (2, 1, "B"), (3, 1, "C"), (4, 1, "C"))
        with_pool = category_moments(table, 5, ["A", "B", "OTHER"])["value"]
        assert with_pool["loyal100"] == pytest.approx((0 * 0.2 + 1 * 0.2) / 0.4)
        assert category_moments(table, 5, "ABC")["value"]["loyal100"] == pytest.approx(
            (0 * 0.2 + 1 * 0.2 + 2 / 3 * 0.6) / 1.0
        )

    def test_seeded(self) -> None:
        one, other = (category_moments(WORKED, 4, "ABC", bootstrap=5, seed=3) for _ in range(2))
        pd.testing.assert_frame_equal(one, other)

    def test_more_buyers_than_customers(self) -> None:
        with pytest.raises(ValueError, match="more than"):
            category_moments(WORKED, 2, "ABC")

    def test_counts_need_a_name_per_brand(self) -> None:
        with pytest.raises(ValueError, match="one column per name"):
            brand_performance([[1, 2]], "ABC")

    def test_is_fast(self) -> None:
        rng = np.random.default_rng(31)
        table = _sequences(TestNullModel.market.draw(20_000, rng), rng)
        began = time.perf_counter()
        category_moments(table, 20_000, "ABCDE")
        assert time.perf_counter() - began < 2.0


def test_lags_are_positive() -> None:
    with pytest.raises(ValueError, match="lag"):
        repeat_rate(trips_of(WORKED, 3), lag=0)
