"""Mesa's face: steps, agents, data collectors, diaries, and how a market shows itself."""

from __future__ import annotations

import gc
import warnings
import weakref
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from tests.engine.worlds import differences

import goodwill as gw
from goodwill.agents import Customer, Firm
from goodwill.errors import GoodwillError


@pytest.fixture
def scenario() -> Any:
    return gw.Scenario.preset("coffee-town").with_(customers=300, periods=30, warm_up=4)


def test_steps_like_any_model_of_mesa(scenario: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        market = gw.Market(scenario, threads=1)
        for _ in range(3):
            market.step()
    assert isinstance(market, mesa.Model)
    assert (market.steps, market.period, market.running) == (3, 3, True)
    assert market.scenario is scenario


def test_stops_at_the_end(scenario: Any) -> None:
    market = gw.Market(scenario.with_(periods=6), threads=1)
    while market.running:
        market.step()
    market.step()
    assert market.period == 6
    assert len(market.datacollector.get_model_vars_dataframe()) == 6


def test_run_is_the_simulations(scenario: Any) -> None:
    seen: list[tuple[int, int]] = []
    market = gw.Market(scenario)
    record = market.run(progress=lambda done, todo: seen.append((done, todo)))
    plain = gw.Simulation(scenario)
    plain.run()
    assert differences(market.simulation, plain) == []
    assert seen[0] == (1, 30)
    assert seen[-1] == (30, 30)
    assert isinstance(record, gw.Record)
    assert record.firms["purchases"].sum() == plain.totals.firms[:, :, 0].sum()


def test_engines_agree(scenario: Any) -> None:
    scenario = scenario.with_(customers=60, periods=8)
    compiled, reference = gw.Market(scenario), gw.Market(scenario, engine="reference")
    a, b = compiled.run(purchases=True), reference.run(purchases=True)
    assert differences(compiled.simulation, reference.simulation) == []
    pd.testing.assert_frame_equal(a.purchases, b.purchases)
    figures = [market.datacollector.get_model_vars_dataframe() for market in (compiled, reference)]
    pd.testing.assert_frame_equal(*figures)
    assert len(reference.agents) == 64
    assert len(compiled.agents) == 4


def test_unknown_engine(scenario: Any) -> None:
    with pytest.raises(GoodwillError, match="'compiled' or 'reference'"):
        gw.Market(scenario, engine="quick")


def test_agents_are_there_when_asked_for(scenario: Any) -> None:
    market = gw.Market(scenario)
    assert [agent.unique_id for agent in market.agents] == [1, 2, 3, 4]
    customer = market.customer(17)
    assert customer is market.customer(17)
    assert list(market.agents_by_type[Customer]) == [customer]
    assert customer.unique_id == 4 + 17 + 1
    assert len(market.agents) == 5
    assert market.firm("Bridge") is market.firm(1)
    with pytest.raises(GoodwillError, match="0 to 299"):
        market.customer(300)
    with pytest.raises(GoodwillError, match="Bridge"):
        market.firm("Brigde")


def test_customer_shows_his_state(scenario: Any) -> None:
    market = gw.Market(scenario)
    market.run()
    table = market.record().customers
    for i in (0, 5, 299):
        customer = market.customer(i)
        rows = table[table["customer"] == i].set_index("firm")
        for name in ("taste", "habit", "expectation", "satisfaction", "commitment", "opinion"):
            np.testing.assert_allclose(list(getattr(customer, name).values()), rows[name])
        assert list(customer.purchases.values()) == rows["purchases"].to_list()
        assert list(customer.member.values()) == rows["member"].to_list()
        assert list(customer.credits.values()) == rows["credits"].to_list()
        assert list(customer.spent.values()) == pytest.approx(rows["spent"].to_list())
        assert customer.need == pytest.approx(rows["need"].iloc[0])
        assert set(customer.left) == set(rows.index[rows["cause"] != "none"])
        assert len(customer.ties) == 8
    off = gw.Market(scenario.with_({"behaviour.satisfaction.on": False})).customer(0)
    assert all(np.isnan(value) for value in off.satisfaction.values())


def test_firms_show_live_figures(scenario: Any) -> None:
    market = gw.Market(scenario)
    for _ in range(20):
        market.step()
    table = market.record().firms
    last = table[table["period"] == 19].set_index("firm")
    figures = ("purchases", "buyers", "sales", "share", "repeat_rate", "satisfaction", "price", "service", "profit")
    for firm in market.firms:
        for figure in figures:
            assert getattr(firm, figure) == pytest.approx(last.loc[firm.name, figure]), figure
    anchor = market.firm("Anchor")
    assert anchor.members == last.loc["Anchor", "members"] > 0
    assert anchor.programmes[0].kind == "stamp_card"
    assert 0 < anchor.retention < 1


def test_retention_under_contract() -> None:
    market = gw.Market(gw.Scenario.preset("mobile-contract").with_(customers=500, periods=20, warm_up=2))
    record = market.run()
    last = record.firms[record.firms["period"] == 19].set_index("firm")
    for firm in market.firms:
        assert firm.retention == pytest.approx(last.loc[firm.name, "retention"])


def test_data_collector_with_users_own_reporters(scenario: Any) -> None:
    market = gw.Market(
        scenario,
        model_reporters={"dearest": lambda m: max(f.price for f in m.firms)},
        agenttype_reporters={Firm: {"twice": lambda f: 2 * f.purchases}},
        agent_reporters={"kind": lambda a: type(a).__name__},
    )
    for _ in range(4):
        market.step()
    model = market.datacollector.get_model_vars_dataframe()
    assert model["dearest"].to_list() == pytest.approx([4.2] * 4)
    assert model["period"].to_list() == [1, 2, 3, 4]
    shares = model[[f"share {f.name}" for f in market.firms]]
    assert shares.sum(axis=1).to_list() == pytest.approx([1] * 4)
    firms = market.datacollector.get_agenttype_vars_dataframe(Firm)
    assert (firms["twice"] == 2 * firms["purchases"]).all()
    assert len(market.datacollector.get_agent_vars_dataframe()) == 16


def test_users_rule(scenario: Any) -> None:
    """In the reference engine, where nothing is compiled anew; tests/engine/test_reference.py has both engines."""

    def steadfast(habit: float, strength: float) -> float:
        return 3.0 * strength * habit

    small = scenario.with_(customers=80, periods=10)
    usual = gw.Market(small).run().firms["repeats"].sum()
    assert gw.Market(small, engine="reference", rules={"habit_utility": steadfast}).run().firms["repeats"].sum() > usual


def test_purchases_on_record(scenario: Any, tmp_path: Path) -> None:
    everything = gw.Market(scenario).run(purchases=True).purchases
    panel = gw.Market(scenario).run(purchases=20).purchases
    assert panel["customer"].nunique() <= 20
    same = everything[everything["customer"].isin(panel["customer"].unique())].reset_index(drop=True)
    pd.testing.assert_frame_equal(panel[["customer", "spend"]], same[["customer", "spend"]])
    file = tmp_path / "purchases.parquet"
    on_disk = gw.Market(scenario).run(purchases=file).purchases
    assert file.exists()
    assert on_disk["spend"].sum() == pytest.approx(everything["spend"].sum())
    with pytest.raises(GoodwillError, match="at least one"):
        gw.Market(scenario).run(purchases=-1)


def test_diary_tells_what_happened(scenario: Any) -> None:
    market, recorded = gw.Market(scenario), gw.Market(scenario)
    market.run()
    table = recorded.run(purchases=True).purchases
    left = np.flatnonzero(market.simulation.population.customers.cause.any(axis=0))
    i = int(left[0])
    diary = market.customer(i).diary()
    pd.testing.assert_frame_equal(
        diary.purchases.drop(columns="held_by"),
        table[table["customer"] == i].reset_index(drop=True).drop(columns="held_by"),
    )
    text = str(diary)
    bought = table[table["customer"] == i]
    assert text.count("bought from") == len(bought) + (1 if len(bought) else 0)  # and once in the ending
    for row in bought.itertuples():
        assert f"for {row.spend:.2f} EUR" in text
    assert "experience" in text
    assert "expected" in text
    (cause, *_) = market.customer(i).left.values()
    assert cause in text
    assert "left" in text
    told = str(recorded.customer(i).diary())
    assert [line for line in told.splitlines() if "bought from" in line] == [
        line for line in text.splitlines() if "bought from" in line
    ]
    assert "<li>" in diary._repr_html_()


def test_diary_of_a_member_in_midcourse(scenario: Any) -> None:
    market = gw.Market(scenario)
    for _ in range(25):
        market.step()
    i = int(np.flatnonzero(market.simulation.population.members.rewards[0])[0])
    text = str(market.customer(i).diary())
    assert "joined the stamp card of Anchor" in text
    assert "redeemed a reward" in text
    assert "member with 10 credits" in text or "member with 1" in text


def test_shows_itself(scenario: Any) -> None:
    market = gw.Market(scenario)
    assert "not run yet" in market._repr_html_()
    market.run()
    html = market._repr_html_()
    assert "<svg" in html
    assert "<script" not in html
    for name in ("Anchor", "Bridge", "Corner", "Dock"):
        assert name in html
    assert market.record()._repr_html_() == html


def test_one_firm_that_sells_nothing_shows_itself() -> None:
    empty = gw.Scenario.preset("music-retailer").with_({"customers": 5, "periods": 3, "population.arrival_periods": 50})
    market = gw.Market(empty)
    market.run()
    assert "<svg" in market._repr_html_()


def test_a_market_nobody_needs_is_forgotten(scenario: Any) -> None:
    """Mesa 3.3 keeps a table of models for counting agents; a million customers must not stay in memory for it."""
    market = gw.Market(scenario)
    market.customer(3)
    market.step()
    gone = weakref.ref(market)
    del market
    gc.collect()
    assert gone() is None
