"""C5: credits under IFRS 15, by the standard's worked example and by what has to hold in every run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodwill.accounts.ifrs15 import (
    expected_of_outstanding,
    ifrs15_table,
    price_of_credits,
    released_so_far,
    revenue_of,
)
from goodwill.engine.state import MEMBER_SALES
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def test_illustrative_example_52() -> None:
    """Sale 100,000; 10,000 points worth 1 each, 9,500 expected to be redeemed; 4,500 in year 1; 8,500 of 9,700 by year 2."""
    credits = float(price_of_credits(100_000, 100_000, 9_500))
    assert (round(100_000 - credits), round(credits)) == (91_324, 8_676)
    one = float(released_so_far(credits, 4_500, 9_500))
    assert (round(one), round(credits - one)) == (4_110, 4_566)
    two = float(released_so_far(credits, 8_500, 9_700))
    assert (round(two - one), round(credits - two)) == (3_493, 1_073)


def test_an_estimate_that_rises_takes_revenue_back() -> None:
    assert float(released_so_far(100.0, 50, 100)) > float(released_so_far(100.0, 50, 200))


def test_when_nothing_more_is_expected_all_is_released() -> None:
    assert float(released_so_far(100.0, 40, 40)) == 100.0
    assert float(released_so_far(100.0, 0, 0)) == 100.0  # all lapsed


def test_without_credits_the_goods_have_the_whole_price() -> None:
    assert float(price_of_credits(10.0, 10.0, 0.0)) == 0.0
    assert float(price_of_credits(0.0, 0.0, 0.0)) == 0.0


def test_the_estimate_moves_from_the_first_guess_to_experience() -> None:
    assert float(expected_of_outstanding(0, 0, 0.8, 100)) == pytest.approx(0.8)
    assert float(expected_of_outstanding(1e9, 1e9, 0.8, 100)) == pytest.approx(0.5, abs=1e-6)


def test_an_agent_keeps_only_what_is_left_after_paying_the_third_party() -> None:
    assert float(revenue_of(100.0, 80.0, "own")) == 100.0
    assert float(revenue_of(100.0, 80.0, "third party, as principal")) == 100.0
    assert float(revenue_of(100.0, 80.0, "third party, as agent")) == 20.0


@pytest.fixture(scope="module")
def record() -> Record:
    points = {"kind": "points", "per_currency": 10.0, "threshold": 100, "reward": 2.0, "expiry": 6.0, "start": 0}
    card = {"kind": "stamp_card", "start": 0}
    world = Scenario.preset("coffee-town").with_({"firms.0.programmes": [points, card]}, customers=800, periods=78)
    run = Simulation(world, threads=1)
    run.run()
    return Record.of(run)


def test_what_is_deferred_is_released_or_owed(record: Record) -> None:
    table = record.ifrs15
    assert set(table["programme"]) == {"points", "stamp_card 2"}
    for _, part in table.groupby("programme"):
        owed = part["deferred"].cumsum() - part["released"].cumsum()
        assert np.allclose(owed, part["contract_liability"])
        assert (part["contract_liability"] >= -1e-9).all()
        assert part["released"].sum() > 0
        assert part["breakage"].iloc[-1] > 0


def test_deferral_never_exceeds_the_price(record: Record) -> None:
    sales = record.simulation.totals.firms[: record.periods, 0, MEMBER_SALES] / 100
    deferred = record.ifrs15.groupby("period")["deferred"].sum().to_numpy()
    assert (deferred <= sales + 1e-9).all()
    assert deferred.sum() > 0


def test_two_programmes_share_one_price(record: Record) -> None:
    """By relative stand-alone prices: each gets less than it would alone."""
    run = record.simulation
    alone = replace(run.plan, programmes=run.plan.programmes[:1])
    table = ifrs15_table(alone, run.totals, record.names, record.periods, periods_per_year=52)
    together = record.ifrs15[record.ifrs15["programme"] == "points"]["deferred"].sum()
    assert together < table["deferred"].sum()


def test_a_programme_that_ends_keeps_no_liability() -> None:
    points = {"kind": "points", "per_currency": 10.0, "start": 0, "stop": 30, "expiry": None}
    world = Scenario.preset("coffee-town").with_({"firms.0.programmes": [points]}, customers=300, periods=60)
    run = Simulation(world, threads=1)
    run.run()
    table = Record.of(run).ifrs15
    assert table["contract_liability"].iloc[20] > 0
    assert table["contract_liability"].iloc[-1] == pytest.approx(0.0, abs=1e-9)


def test_an_agents_revenue_is_net_of_what_the_third_party_gets(record: Record) -> None:
    run = record.simulation
    tables = {
        rewards: ifrs15_table(run.plan, run.totals, record.names, record.periods, periods_per_year=52, rewards=rewards)
        for rewards in ("third party, as principal", "third party, as agent")
    }
    gross, net = tables.values()
    assert np.allclose(gross["released"] - net["released"], net["paid_to_third_party"])
    assert net["paid_to_third_party"].sum() > 0
    assert np.allclose(gross["contract_liability"], net["contract_liability"])
