"""The tables of a run: their shape, what they agree on among themselves, and purchases on record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from goodwill.engine.state import MARKET_TOTALS, PURCHASE_COLUMNS
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.sinks import MemorySink, ParquetSink, sample_panel


@pytest.fixture(scope="module")
def record() -> Record:
    scenario = Scenario.preset("coffee-town").with_(customers=1500, periods=30, warm_up=10)
    simulation = Simulation(scenario, threads=1)
    sink = MemorySink()
    simulation.run(sink=sink)
    return Record.of(simulation, sink)


def test_firms_has_one_row_for_each_period_and_firm(record: Record) -> None:
    assert len(record.firms) == 30 * 4
    assert not record.firms.duplicated(["period", "firm"]).any()
    shares = record.firms.groupby("period")["share"].sum()
    assert np.allclose(shares, 1)


def test_purchases_on_record_add_up_to_the_totals(record: Record) -> None:
    bought = record.purchases.groupby(["period", "firm"], observed=False).size()
    assert (bought.to_numpy() == record.firms["purchases"].to_numpy()).all()
    spent = record.purchases.groupby(["period", "firm"], observed=False)["spend"].sum()
    assert np.allclose(spent, record.firms["sales"])
    buyers = record.purchases.groupby(["period", "firm"], observed=False)["customer"].nunique()
    assert (buyers.to_numpy() == record.firms["buyers"].to_numpy()).all()


def test_repeats_are_those_of_the_purchase_sequence(record: Record) -> None:
    rows = record.purchases
    before = rows.groupby("customer")["firm"].shift(1)
    again = (before == rows["firm"]).groupby(rows["firm"], observed=False).sum()
    assert (again.to_numpy() == record.firms.groupby("firm", sort=False)["repeats"].sum().to_numpy()).all()


def test_retention_windows_are_those_of_the_purchases(record: Record) -> None:
    """Windows of 13 weeks that end with the warm-up and 13 weeks later: periods -3..9 and 10..22."""
    rows, window = record.purchases, record.scenario.measurement.window
    assert window == 13
    for firm in record.names:
        mine = rows[rows["firm"] == firm]
        then = set(mine[mine["period"] < 10]["customer"])
        now = set(mine[(mine["period"] >= 10) & (mine["period"] < 23)]["customer"])
        line = record.firms[(record.firms["firm"] == firm) & (record.firms["period"] == 22)].iloc[0]
        assert line["window_base"] == len(then)
        assert line["retained"] == len(then & now)


def test_customers_have_their_true_states_at_the_end(record: Record) -> None:
    table = record.customers
    assert len(table) == 1500 * 4
    counted = record.purchases.groupby(["customer", "firm"], observed=False).size()
    by_row = table.set_index(["customer", "firm"])["purchases"]
    assert (by_row[by_row > 0].sort_index() == counted[counted > 0].sort_index()).all()
    assert table["satisfaction"].notna().all()
    assert set(table.loc[table["left"], "cause"].unique()) <= {"natural", "malicious", "competitive", "fault"}


def test_who_has_left_the_market_at_the_end_is_not_present() -> None:
    scenario = Scenario.preset("music-retailer").with_({"population.natural_exit": 2.0}, customers=400, periods=20)
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    table = Record.of(simulation).customers.drop_duplicates("customer")
    gone = simulation.totals.market[:, MARKET_TOTALS.index("left_market")].sum()
    assert (table["exit"] == 20).any()  # left at the very end
    assert table["present"].sum() == (table["arrival"] < 20).sum() - gone


def test_a_record_says_what_it_is_and_draws_itself(record: Record) -> None:
    sales = f"{record.market['sales'].sum():,.0f}"
    line = f"coffee-town: 1,500 customers, 30 of 30 weeks, sales {sales} {record.scenario.measurement.currency}"
    assert repr(record) == f"<Record of {line}>"
    assert repr(record.simulation) == f"<Simulation of {line}>"
    assert len(record.plot().axes) == 4


def test_a_state_whose_mechanism_is_off_is_missing() -> None:
    simulation = Simulation(Scenario.preset("music-retailer").with_(customers=300), threads=1)
    simulation.run()
    record = Record.of(simulation)
    assert record.customers["habit"].isna().all()
    assert record.firms["satisfaction"].isna().all()
    assert len(record.programmes) == 0


def test_recording_changes_nothing(record: Record) -> None:
    simulation = Simulation(record.scenario, threads=1)
    simulation.run()
    pd.testing.assert_frame_equal(Record.of(simulation).firms, record.firms)


def test_a_panel_is_a_sample_of_the_whole(record: Record) -> None:
    simulation = Simulation(record.scenario, threads=1)
    panel = sample_panel(1500, 40, simulation.key)
    assert panel.sum() == 40
    sink = MemorySink()
    simulation.run(sink=sink, panel=panel)
    part = Record.of(simulation, sink).purchases
    whole = record.purchases[record.purchases["customer"].isin(np.flatnonzero(panel))]
    columns = ["period", "customer", "trip", "occasion", "firm", "spend", "experience", "cause"]
    left, right = part[columns].reset_index(drop=True), whole[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, right)


def test_parquet_holds_the_same_purchases(record: Record, tmp_path: Path) -> None:
    simulation = Simulation(record.scenario, threads=1)
    with ParquetSink(tmp_path / "purchases.parquet", record.names) as sink:
        simulation.run(sink=sink)
    stored = Record.of(simulation, sink).purchases
    assert len(stored) == len(record.purchases)
    stored = stored.sort_values(["period", "customer", "occasion"], ignore_index=True)
    assert (stored["firm"].to_numpy() == record.purchases["firm"].astype(str).to_numpy()).all()
    assert np.array_equal(stored["spend"], record.purchases["spend"])


def test_a_broken_run_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stopped"), ParquetSink(tmp_path / "p.parquet", ["A"]) as sink:
        sink.add(np.zeros((3, len(PURCHASE_COLUMNS))))
        raise RuntimeError("stopped")
    assert list(tmp_path.iterdir()) == []


def test_the_cause_of_a_choice_is_among_what_held_the_customer(record: Record) -> None:
    rows = record.purchases
    single = rows[~rows["cause"].isin(["no single one", "no other firm"])]
    assert len(single) > 0
    assert all(cause in held.split(", ") for cause, held in zip(single["cause"], single["held_by"], strict=True))
    assert (rows.loc[rows["cause"] == "no single one", "held_by"] == "").mean() > 0.5
    assert (rows["cause"] == "habit").any()
    alone = rows["cause"] == "no other firm"
    assert 0 < alone.mean() < 0.2 and (rows.loc[alone, "held_by"] == "").all()


def test_a_record_is_saved_whole(record: Record, tmp_path: Path) -> None:
    folder = record.save(tmp_path / "run")
    assert {path.name for path in folder.iterdir()} == {
        "firms.parquet", "market.parquet", "programmes.parquet", "ledger.parquet", "customers.parquet", "purchases.parquet",
        "scenario.yaml", "provenance.json",
    }  # fmt: skip
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "firms.parquet"), record.firms)
    assert Scenario.load(folder / "scenario.yaml") == record.scenario


def test_a_copy_goes_its_own_way_with_the_same_luck() -> None:
    scenario = Scenario.preset("coffee-town").with_(customers=800, periods=20, warm_up=5)
    one = Simulation(scenario, threads=1)
    one.advance(8)
    two = one.copy()
    one.run()
    two.run()
    pd.testing.assert_frame_equal(Record.of(one).firms, Record.of(two).firms)
    straight = Simulation(scenario, threads=1)
    straight.run()
    pd.testing.assert_frame_equal(Record.of(straight).firms, Record.of(two).firms)
