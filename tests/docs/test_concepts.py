"""For each row of docs/concepts.md that is there: switch it on, see it act. Same customers and luck in both worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill import PaidClub, Points, PriceCut, Scenario, ServiceInvestment, Simulation, StampCard, Tiers
from goodwill.measures.repeat_buying import brand_performance, trips_of
from goodwill.record import Record
from goodwill.sinks import MemorySink

TASTES = {"expectation": {"on": True}, "satisfaction": {"on": True}}


def market(behaviour: dict[str, Any] | None = None, population: dict[str, Any] | None = None, **keys: Any) -> Scenario:
    """Three firms, 2,000 customers who shop 30 times a year, two years of which the first is the warm-up."""
    content: dict[str, Any] = {
        "customers": 2_000,
        "periods": 104,
        "warm_up": 52,
        "seed": 3,
        "firms": [
            {"name": "A", "share": 0.4, "price": 4, "unit_cost": 1},
            {"name": "B", "share": 0.35, "price": 4, "unit_cost": 1},
            {"name": "C", "share": 0.25, "price": 4, "unit_cost": 1},
        ],
        "population": {"trips_per_year": 30, **(population or {})},
        "behaviour": behaviour or {},
    }
    return Scenario.from_dict({**content, **keys})


def run(scenario: Scenario, *programmes: Any, purchases: bool = False) -> Record:
    """The record of a run; the first firm runs the programmes."""
    simulation = Simulation(scenario.with_programmes(0, programmes) if programmes else scenario, threads=1)
    sink = MemorySink() if purchases else None
    simulation.run(sink=sink)
    return Record.of(simulation, sink)


def first_firm(record: Record, column: str, since: int = 52, until: int = 10_000) -> float:
    """Sum of a column of the first firm over some periods."""
    firms = record.firms
    rows = (firms["firm"] == record.names[0]) & firms["period"].between(since, until - 1)
    return float(firms.loc[rows, column].sum())


def share(record: Record, since: int = 52) -> float:
    firms = record.firms[record.firms["period"] >= since]
    return first_firm(record, "purchases", since) / float(firms["purchases"].sum())


# -- A ----------------------------------------------------------------------------------------------------------------


def test_a1_experience_against_expectation() -> None:
    better = run(market(TASTES), ServiceInvestment(gain=1.0, consistency=0.0))
    mine = better.firms[better.firms["firm"] == "A"].set_index("period")["satisfaction_index"]
    assert abs(mine[:52].mean() - 1) < 0.01  # they know what to expect
    assert mine[52:56].mean() > 1.05  # better than expected: delighted
    assert mine[95:].mean() < mine[52:56].mean() - 0.03  # and then they expect it
    assert share(better) > share(run(market(TASTES))) + 0.01
    off = run(market(), ServiceInvestment(gain=1.0))
    assert share(off) == share(run(market()))  # off means off: nobody notices


def test_a2_zone_of_tolerance_and_promises() -> None:
    strict, tolerant = run(market(TASTES)), run(market({**TASTES, "zone": {"on": True, "width": 1.5}}))
    assert tolerant.firms["satisfaction"].mean() > strict.firms["satisfaction"].mean() + 0.1
    new = {"newcomers": 1.0, "arrival_periods": 10}
    behaviour = {"expectation": {"on": True, "weight": 0.8}, "satisfaction": {"on": True, "weight": 0.0}}
    honest = market(behaviour, new)
    results = {promise: run(honest.with_({"firms.A.promise": promise})) for promise in (5.0, 7.0, 9.0)}
    early = {promise: first_firm(r, "purchases", 0, 8) for promise, r in results.items()}
    assert early[5.0] < early[7.0] < early[9.0]  # too low attracts nobody
    level = {p: r.firms.query("firm == 'A' and period < 20")["satisfaction"].mean() for p, r in results.items()}
    assert level[9.0] < level[7.0]  # too high disappoints


def test_a3_losses_count_more() -> None:
    def satisfaction(aversion: float) -> float:
        behaviour = {**TASTES, "satisfaction": {"on": True, "loss_aversion": aversion}}
        return float(run(market(behaviour)).firms["satisfaction"].mean())

    assert satisfaction(1.0) == pytest.approx(7.0, abs=0.05)
    assert satisfaction(3.0) < satisfaction(2.0) < satisfaction(1.0)


def test_a4_satisfied_customers_leave_all_the_same() -> None:
    record = run(market({**TASTES, "defection": {"on": True, "dropout_b": 20}}))
    left = record.customers[record.customers["left"]]
    assert 0.2 < (left["satisfaction"] >= 6.8).mean() < 0.95


def test_a6_three_switching_costs() -> None:
    behaviour = {
        **TASTES,
        "habit": {"on": True, "retention": 0.9},
        "commitment": {"on": True, "gain": 0.5},
        "defection": {"on": True, "competitive": 1.0, "procedural": 0, "financial": 0, "relational": 0},
    }
    contract = market(behaviour, kind="contract", period="month", periods=36, warm_up=6)
    points = Points(automatic=True, reward=20.0, threshold=100, per_currency=5.0)

    def lost(scenario: Scenario) -> float:
        return first_firm(run(scenario, points), "left", 6)

    free = lost(contract)
    for kind in ("procedural", "financial", "relational"):
        assert lost(contract.with_({f"behaviour.defection.{kind}": 2.0})) < 0.97 * free, kind


def test_a7_commitment_is_fed_by_delight() -> None:
    behaviour = {**TASTES, "commitment": {"on": True}}
    usual, delighted = run(market(behaviour)), run(market(behaviour), ServiceInvestment(gain=2.0))

    def bond(record: Record) -> float:
        return float(record.customers.query("firm == 'A'")["commitment"].mean())

    assert bond(delighted) > bond(usual) + 0.05
    assert np.isnan(bond(run(market(TASTES))))


def test_a8_what_holds_a_customer_is_on_record() -> None:
    habit = {"habit": {"on": True, "strength": 3.0}}
    with_habit = run(market(habit, periods=60), purchases=True).purchases
    without = run(market(periods=60), purchases=True).purchases
    assert (with_habit["cause"] == "habit").mean() > 0.05
    assert not (without["cause"] == "habit").any()
    assert (without["cause"] == "taste").mean() > 0.2


def test_a9_endowed_progress_and_goal_gradient() -> None:
    base = market({"programmes": {"acceleration": 0.0}})
    eight = run(base, StampCard(stamps=8, reward=4.0))
    endowed = run(base, StampCard(stamps=10, head_start=2, reward=4.0))

    def completion(record: Record) -> float:
        return float(record.programmes["rewards"].sum() / record.programmes["joined"].sum())

    assert completion(endowed) > 1.1 * completion(eight)  # the same effort, but a card that has begun
    faster = run(base.with_({"behaviour.programmes.acceleration": 0.6}), StampCard(stamps=8, reward=4.0))
    assert faster.market["trips"].sum() > eight.market["trips"].sum()
    no_pull = run(base.with_({"behaviour.programmes.pull": 0.0}), StampCard(stamps=8, reward=4.0))
    assert first_firm(eight, "purchases") > first_firm(no_pull, "purchases")
    less_worth = run(base.with_({"behaviour.programmes.points_value": 0.1}), StampCard(stamps=8, reward=4.0))
    assert first_firm(eight, "purchases") > first_firm(less_worth, "purchases")


def test_a12_every_loss_has_one_cause() -> None:
    off = {"on": True, "dropout_b": 1e6, "dropout_on_trial": True}
    causes = {
        "natural": market({"defection": {**off, "dropout_b": 30}}),
        "fault": market({**TASTES, "defection": {**off, "fault": 0.1}}),
        "competitive": market({"defection": {**off, "lapse": 0.05}}),
        "malicious": market({"defection": {**off, "malicious": 0.2}}),
    }
    for cause, scenario in causes.items():
        record = run(scenario)
        found = {c: first_firm(record, f"left_{c}", 0) for c in causes}
        assert found[cause] == max(found.values()) > 20, found
        own = record.customers.query("firm == 'A'")["cause"].value_counts()
        assert own[cause] == found[cause]
    moving = run(market(population={"natural_exit": 0.2}))
    assert first_firm(moving, "left_natural", 0) > 20
    assert first_firm(run(market()), "left", 0) == 0


def test_a14_word_of_mouth() -> None:
    behaviour = {**TASTES, "word_of_mouth": {"on": True, "base": 0.3}}
    scenario = market(behaviour).with_({"firms.A.awareness": 0.1, "firms.A.service": 8.5})
    record = run(scenario)
    mine = record.customers.query("firm == 'A'")
    assert mine["aware"].mean() > 0.8  # told by their ties
    assert mine["opinion"].mean() > record.customers.query("firm == 'B'")["opinion"].mean()
    silent = run(scenario.with_({"behaviour.word_of_mouth.on": False}))
    assert silent.customers.query("firm == 'A'")["aware"].mean() < 0.2


# -- B ----------------------------------------------------------------------------------------------------------------


def test_b1_frequent_buyer_programmes() -> None:
    base, seen = run(market()), {}
    for programme in (
        StampCard(stamps=6, reward=4.0),
        Points(threshold=40, reward=4.0, expiry=2.0),
        Tiers(spend=(50.0, 120.0), threshold=40, reward=4.0, months=3.0),
    ):
        record = run(market(), programme)
        seen[programme.kind] = record.programmes
        assert record.programmes["rewards"].sum() > 50
        assert first_firm(record, "purchases") > first_firm(base, "purchases")
    assert seen["points"]["expired"].sum() > 0
    assert seen["tiers"]["promoted"].sum() > seen["tiers"]["demoted"].sum() > 0


def test_b2_paid_club() -> None:
    record = run(market(periods=156), PaidClub(fee=4.0, discount=0.15, months=12))
    programme = record.programmes
    assert programme["fees"].sum() == pytest.approx(4.0 * (programme["fees"] / 4.0).round().sum())
    assert programme["fees"].sum() / 4.0 > programme["joined"].sum()  # some renewed
    assert programme["left"].sum() > 0  # some did not
    assert programme["discount"].sum() > 0


def test_b3_service_quality_costs_and_pays() -> None:
    usual, better = run(market(TASTES)), run(market(TASTES), ServiceInvestment(gain=1.0, consistency=0.3))
    assert first_firm(better, "satisfaction") > first_firm(usual, "satisfaction")
    assert share(better) > share(usual)
    ledger = better.ledger
    assert ledger.loc[ledger["account"] == "service", "amount"].sum() < -100


def test_b9_promotions_and_advertising() -> None:
    assert share(run(market(), PriceCut(depth=0.2))) > share(run(market())) + 0.03
    unknown = market().with_({"firms.A.awareness": 0.2})
    told = unknown.with_({"firms.A.advertising": 1.0})
    assert share(run(told)) > share(run(unknown)) + 0.1


# -- C ----------------------------------------------------------------------------------------------------------------


def test_c5_liability_is_provided_for_and_released() -> None:
    record = run(market(), Points(threshold=40, reward=4.0, expiry=2.0))
    ledger = record.ledger
    provided = -ledger.loc[ledger["account"] == "provision for credits", "amount"].sum()
    last = record.programmes.iloc[-1]
    assert provided == pytest.approx(last["liability"], abs=0.01)
    assert last["liability"] == pytest.approx(last["outstanding"] * 4.0 * 0.8 / 40)


def test_c8_share_of_requirements() -> None:
    bought = run(market(periods=104), purchases=True).purchases
    trips = trips_of(bought.assign(firm=bought["firm"].cat.codes), firms=3)
    table = brand_performance(trips.counts(), ["A", "B", "C"]).set_index("brand")
    assert (table["scr"].between(0, 1) & table["loyal100"].between(0, 1)).all()
    assert table["scr"]["A"] > table["scr"]["C"]  # double jeopardy
