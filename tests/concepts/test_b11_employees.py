"""B11: employees first. Pay, climate and training move their satisfaction, turnover and skill; these move service; customers see
only service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.strategies.worlds import choices, market, played

from goodwill.record import Record
from goodwill.simulation import Simulation

SIZE = {"customers": 2_000, "periods": 72, "warm_up": 0}


def run(**workforce: Any) -> Record:
    """The smallest preset; the first firm has a workforce."""
    return Record.of(played(market({0: {"workforce": {"on": True, **workforce}}}, **SIZE)))


def firm(record: Record, column: str, since: int = 0, until: int = 1_000) -> pd.Series:
    """A column of the first firm."""
    table = record.firms
    rows = (table["firm"] == record.names[0]) & table["period"].between(since, until - 1)
    return table.loc[rows, column]


def test_a_usual_workforce_serves_as_planned() -> None:
    with_, without = run(attitude_weight=0.0), Record.of(played(market({}, **SIZE)))
    assert firm(with_, "service").to_numpy() == pytest.approx(firm(without, "service").to_numpy(), abs=1e-4)
    assert firm(with_, "purchases").sum() == pytest.approx(firm(without, "purchases").sum(), rel=0.01)
    assert (without.workforce.shape[0], with_.workforce.shape[0]) == (0, 72)


def test_who_is_paid_more_stays_and_serves_better() -> None:
    usual, well, badly = run(), run(pay=1.5), run(pay=0.7)
    for column, sign in (("satisfaction", 1), ("turnover", -1), ("skill", 1), ("service", 1)):
        values = [record.workforce[column].iloc[24:].mean() for record in (badly, usual, well)]
        assert np.all(np.sign(np.diff(values)) == sign), column
    assert firm(well, "purchases", 24).sum() > firm(usual, "purchases", 24).sum() > firm(badly, "purchases", 24).sum()
    # The surplus is felt when pay rises, and fades as people get used to it.
    assert well.workforce["surplus"].iloc[0] > 3 * abs(well.workforce["surplus"].iloc[-1])


def test_satisfied_employees_make_better_service_by_the_link_of_the_meta_analysis() -> None:
    """Brown & Lam 2008: .2 to .3 standard deviations."""
    good, usual = run(climate=9.0, attitude_weight=0.0), run(attitude_weight=0.0)
    gained = good.workforce["satisfaction"].iloc[-1] - usual.workforce["satisfaction"].iloc[-1]
    skill = good.workforce["skill"].iloc[-1] - usual.workforce["skill"].iloc[-1]
    service = good.workforce["service"].iloc[-1] - usual.workforce["service"].iloc[-1]
    assert 0.2 <= (service - 3.0 * skill) / gained <= 0.3
    assert skill > 0  # less turnover


def test_service_follows_one_period_later() -> None:
    record = run(climate=9.0)
    moved = record.workforce["service"].to_numpy()
    service = firm(record, "service").to_numpy()
    assert service[0] == 5.0
    assert service[1:] == pytest.approx(5.0 + moved[:-1], abs=1e-5)


def test_training_makes_skill_and_evenness() -> None:
    none, usual, much = run(training=0.0), run(), run(training=0.08)
    skills = [r.workforce["skill"].iloc[-1] for r in (none, usual, much)]
    assert skills[0] < skills[1] < skills[2]
    assert skills[2] - skills[1] < skills[1] - skills[0]  # less and less of it
    spread = [float(r.simulation.plan.levers.inconsistency[-1, 0]) for r in (none, usual, much)]
    assert spread[0] > spread[1] > spread[2]


def test_paying_more_costs_at_once_and_pays_later_if_at_all() -> None:
    usual, well = run(), run(climate=8.0)
    gain = firm(well, "profit").to_numpy() - firm(usual, "profit").to_numpy()
    assert gain[:6].sum() < 0  # the cost comes first
    assert gain[48:].mean() > gain[:6].mean()  # the return later
    for record in (usual, well):
        booked = -record.ledger.query("account == 'workforce'")["amount"].sum()
        spent = record.workforce[["pay", "climate_cost", "training_cost", "recruiting"]].to_numpy().sum()
        assert booked == pytest.approx(spent, abs=0.5)
        assert record.ledger["amount"].sum() == pytest.approx(record.firms["profit"].sum(), abs=0.01)


def test_friendly_customers_make_satisfied_employees() -> None:
    """The mirror: a firm whose price buys it nothing but whose customers are disappointed has unhappier people."""
    keys: dict[str, Any] = {"workforce": {"on": True, "attitude_weight": 1.0}}
    usual = Record.of(played(market({0: keys}, **SIZE)))
    harsh = Record.of(played(market({0: keys}, **SIZE).with_({"behaviour.satisfaction.loss_aversion": 4.0})))
    assert harsh.workforce["satisfaction"].iloc[6:].mean() < usual.workforce["satisfaction"].iloc[6:].mean()


def test_a_workforce_is_the_same_in_pieces_branches_and_engines() -> None:
    scenario = market({0: {"workforce": {"on": True, "pay": 1.2}}}, customers=120, periods=18)
    whole = Record.of(played(scenario)).workforce
    parts = Simulation(scenario, threads=2)
    parts.advance(7)
    branch = parts.copy()
    parts.advance(11)
    branch.run()
    for other in (parts, branch, played(scenario, engine="reference")):
        pd.testing.assert_frame_equal(whole, Record.of(other).workforce)
        assert choices(other) == []


def test_a_users_rule_moves_the_workforce() -> None:
    def nobody_leaves(base: float, slope: float, satisfaction: float) -> float:
        return 0.0 * base

    scenario = market({0: {"workforce": {"on": True}}}, customers=100, periods=12)
    ours = Record.of(played(scenario)).workforce
    theirs = Record.of(played(scenario, engine="reference", rules={"turnover_share": nobody_leaves})).workforce
    assert (theirs["turnover"] == 0).all() and (ours["turnover"] > 0).all()
    assert theirs["skill"].iloc[-1] > ours["skill"].iloc[-1]
