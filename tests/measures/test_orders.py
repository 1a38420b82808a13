"""Orders as shops have them: every purchase once, in its period, in the order it was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.measures.bgnbd import BGNBD
from goodwill.measures.clv_summary import COLUMNS, clv_summary
from goodwill.measures.orders import last_day, order_table
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.sinks import MemorySink


def recorded(scenario: Scenario) -> Record:
    simulation, sink = Simulation(scenario, threads=1), MemorySink()
    simulation.run(sink=sink)
    return Record.of(simulation, sink)


@pytest.fixture(scope="module")
def record() -> Record:
    return recorded(Scenario.preset("coffee-town").with_(customers=300, periods=30, warm_up=5))


def test_every_purchase_is_an_order_in_its_week(record: Record) -> None:
    orders, bought = order_table(record), record.purchases
    assert len(orders) == len(bought)
    assert orders["value"].sum() == pytest.approx(bought["spend"].sum())
    assert orders["date"].is_monotonic_increasing
    assert (orders["order_id"] == np.arange(1, len(orders) + 1)).all()
    week = (orders["date"] - pd.Timestamp("2024-01-01")).dt.days // 7
    counted = orders.assign(period=week).groupby(["customer_id", "period"]).size()
    expected = bought.groupby(["customer", "period"]).size()
    assert counted.to_numpy().tolist() == expected.to_numpy().tolist()
    assert last_day(record) == pd.Timestamp("2024-01-01") + pd.Timedelta(days=30 * 7 - 1)


def test_trips_keep_their_order(record: Record) -> None:
    orders = order_table(record).sort_values(["customer_id", "date"], kind="stable")
    bought = record.purchases.sort_values(["customer", "period", "trip", "occasion"])
    assert orders["firm"].tolist() == bought["firm"].astype(str).tolist()


def test_one_firm_has_its_orders_and_their_dates(record: Record) -> None:
    every, mine = order_table(record), order_table(record, "Bridge")
    same = every[every["firm"] == "Bridge"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine.drop(columns="order_id"), same.drop(columns="order_id"))


def test_days_of_the_week_are_even(record: Record) -> None:
    days = (order_table(record)["date"] - pd.Timestamp("2024-01-01")).dt.days % 7
    assert stats.chisquare(np.bincount(days, minlength=7)).pvalue > 1e-4


def test_months_are_those_of_the_calendar() -> None:
    record = recorded(Scenario.preset("airline").with_(customers=200, periods=6, warm_up=1))
    orders = order_table(record, start="2023-11-01")
    counted = orders.groupby(orders["date"].dt.month).size().reindex([11, 12, 1, 2, 3, 4], fill_value=0)
    assert counted.tolist() == record.purchases.groupby("period").size().reindex(range(6), fill_value=0).tolist()
    assert last_day(record, "2023-11-01") == pd.Timestamp("2024-04-30")


def test_a_customer_more_changes_no_date() -> None:
    scenario = Scenario.preset("mini").with_({"behaviour.word_of_mouth.on": False}, periods=12)
    one, more = (order_table(recorded(scenario.with_(customers=n))) for n in (60, 61))
    more = more[more["customer_id"] < 60].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.drop(columns="order_id"), more.drop(columns="order_id"))


def test_the_model_that_made_them_is_found_in_the_summary() -> None:
    """The retailer preset is the BG/NBD fitted to CDNOW: exported and fitted again, its parameters come back.

    (.243, 4.414, .793, 2.426 per week: Fader, Hardie & Lee 2005). Compared is what such data tell well.
    """
    record = recorded(Scenario.preset("music-retailer").with_(customers=25_000, seed=5))
    table = clv_summary(order_table(record), last_day(record))
    assert len(table) == 25_000
    fitted = BGNBD.fit(table["frequency"], table["recency"], table["T"])
    assert fitted.r == pytest.approx(0.243, rel=0.06)
    assert fitted.r / fitted.alpha == pytest.approx(0.243 / 4.414, rel=0.06)
    assert fitted.a / (fitted.a + fitted.b) == pytest.approx(0.793 / (0.793 + 2.426), rel=0.08)


def test_from_the_command_line(tmp_path: Path) -> None:
    arguments = ["run", "coffee-town", "--customers", "100", "--periods", "60", "--quiet", "--firm", "Bridge"]
    files = {"--orders": tmp_path / "orders.csv", "--clv": tmp_path / "clv.parquet"}
    result = CliRunner().invoke(app, [*arguments, *(str(x) for pair in files.items() for x in pair)])
    assert result.exit_code == 0, result.output
    orders, clv = pd.read_csv(files["--orders"]), pd.read_parquet(files["--clv"])
    assert set(orders["firm"]) == {"Bridge"}
    assert tuple(clv.columns) == COLUMNS
    assert clv["customer_id"].nunique() == orders["customer_id"].nunique()
    wrong = CliRunner().invoke(app, [*arguments, "--clv", str(tmp_path / "clv.xls")])
    assert wrong.exit_code == 2
    assert ".csv or .parquet" in wrong.output
