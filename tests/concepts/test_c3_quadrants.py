"""C3: true friends, butterflies, barnacles, strangers; the link of longevity and profit is weak (Reinartz & Kumar 2002, T29)."""

from __future__ import annotations

import pytest
from tests.concepts.paired import run

from goodwill.errors import GoodwillError
from goodwill.measures.quadrants import QUADRANTS, longevity_and_profit, quadrant_report, quadrants
from goodwill.plots.relationship import quadrants_figure

KEYS = {
    "behaviour.spending.on": True, "population.newcomers": 0.5,
    **{f"firms.{name}.{key}": value for name in ("Anchor", "Bridge", "Corner", "Dock")
       for key, value in (("line_price", 2.5), ("line_cost", 1.0), ("service_cost", 1.0))},
}  # fmt: skip


def test_c3_longevity_explains_little_of_profit_and_every_quadrant_is_populated() -> None:
    record = run("coffee-town", KEYS, customers=2500, periods=156, warm_up=26)
    for firm in ("Anchor", "Bridge"):
        table = quadrants(record, firm, first=27, last=90)
        assert len(table) > 200
        assert 0.1 <= longevity_and_profit(table) <= 0.5
        report = quadrant_report(table).set_index("quadrant")
        assert list(report.index) == list(QUADRANTS) and (report["share"] >= 0.1).all()
        assert report["profit"]["butterflies"] > report["profit"]["barnacles"]
        assert report["longevity"]["barnacles"] > report["longevity"]["butterflies"]
    assert "Who is a friend?" in quadrants_figure(record, "Bridge").svg()


def test_c3_heterogeneity_blurs_the_link() -> None:
    spread = {"behaviour.spending.lines_spread": 0.0, "behaviour.spending.served_spread": 0.0, "population.basket_spread": 0.0,
              "population.trips_shape": 1000.0}  # fmt: skip
    like, unlike = (
        longevity_and_profit(
            quadrants(run("coffee-town", keys, customers=1200, periods=156, warm_up=26), "Bridge", 27, 90)
        )
        for keys in ({**KEYS, **spread}, KEYS)
    )
    assert unlike < like - 0.05


def test_c3_needs_money_by_customer() -> None:
    record = run("coffee-town", customers=50, periods=30, warm_up=4)
    with pytest.raises(GoodwillError, match=r"behaviour\.spending\.on"):
        quadrants(record, "Anchor")
