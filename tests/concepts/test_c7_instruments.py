"""C7: firms learn the truth through instruments with samples, costs, non-response and bias; observed and true are kept apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.strategies.worlds import market, played

from goodwill.errors import ScenarioError
from goodwill.market import Market
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.strategies.observation import Measured, Observation

FAIR = {"on": True, "response": 0.9, "selectivity": 0.0, "courtesy": 0.0, "noise": 1.0}


def measuring(instruments: dict[str, Any], customers: int = 3_000, periods: int = 25, **keys: Any) -> Scenario:
    """Firm 0 measures every other month; a firm whose customers differ in satisfaction."""
    keys = {"instruments": {"every": 2, **instruments}, **keys}
    return market({0: keys}, customers=customers, periods=periods)


def measured(instruments: dict[str, Any], **size: Any) -> pd.DataFrame:
    """The record of the measurements."""
    return Record.of(played(measuring(instruments, **size))).measured


def errors(table: pd.DataFrame, figure: str) -> np.ndarray:
    """Measured minus true, wave by wave."""
    return table.loc[table["figure"] == figure, "error"].dropna().to_numpy()


def test_a_fair_survey_is_right_on_average_and_knows_its_error() -> None:
    table = measured({"survey": {**FAIR, "sample": 200}}, periods=61)
    error = errors(table, "satisfaction")
    claimed = table.loc[table["figure"] == "satisfaction", "standard_error"].to_numpy()
    assert abs(error.mean()) < 3 * claimed.mean() / len(error) ** 0.5
    assert np.mean(np.abs(error) < 1.96 * claimed) > 0.8  # coverage of the 95 % interval


def test_silent_dissatisfied_customers_make_a_survey_too_rosy() -> None:
    selective = measured({"survey": {**FAIR, "sample": 400, "response": 0.3, "selectivity": 1.0}})
    everybody = measured({"survey": {**FAIR, "sample": 400, "response": 0.3}})
    assert errors(selective, "satisfaction").mean() > errors(everybody, "satisfaction").mean() + 0.1
    kind = measured({"survey": {**FAIR, "sample": 400, "courtesy": 1.0}})
    assert errors(kind, "satisfaction").mean() > 0.7
    assert errors(kind, "nps").mean() > 5


def test_the_error_of_a_sample_falls_with_the_root_of_its_size() -> None:
    spread = {
        n: np.sqrt(np.mean(errors(measured({"survey": {**FAIR, "sample": n}}, periods=81), "satisfaction") ** 2))
        for n in (25, 400)
    }
    assert 2.5 < spread[25] / spread[400] < 7  # 4 but for chance, and a little less for the finite market


def test_mystery_shoppers_see_the_service_with_few_visits() -> None:
    table = measured({"mystery_shopper": {"on": True, "visits": 9, "cost": 40}}, periods=81)
    assert (table["true"] == 5.0).all()
    error = errors(table, "service")
    assert 0.5 < error.std() < 1.7  # a spread of 3 points in the service, over the root of 9 visits
    assert abs(error.mean()) < 0.6
    assert (table["cost"] == 360).all()


def test_complaints_are_the_tip_of_what_went_wrong() -> None:
    scenario = measuring({}).with_({"behaviour.recovery.on": True})
    scenario = scenario.with_({"firms.0.instruments.complaints.on": True})
    record = Record.of(played(scenario))
    table = record.measured
    mine = record.firms[record.firms["firm"] == "One"]
    assert table["measured"].sum() == mine.loc[mine["period"] < 24, "complaints"].sum() > 0
    assert (table["measured"] < 0.5 * table["true"]).all()  # most of the unhappy say nothing
    with pytest.raises(ScenarioError, match="switch behaviour.recovery on"):
        scenario.with_({"behaviour.recovery.on": False})


def test_those_who_moved_away_are_hard_to_reach() -> None:
    scenario = measuring(
        {"every": 12, "lost_customers": {"on": True, "reach": 1.0, "reach_natural": 0.0, "candour": 1.0}}
    ).with_({"population.natural_exit": 0.3, "behaviour.defection.fault": 0.02})
    table = Record.of(played(scenario)).measured.set_index("figure")
    assert (table.loc["lost natural", "true"] > 0.2).all()
    assert (table.loc["lost natural", "measured"] == 0).all()
    assert (table.loc["lost fault", "error"] > 0).all()
    everybody = scenario.with_({"firms.0.instruments.lost_customers.reach_natural": 1.0})
    assert Record.of(played(everybody)).measured["error"].abs().max() == 0  # all reached, all candid: the truth
    polite = everybody.with_({"firms.0.instruments.lost_customers.candour": 0.4})
    assert Record.of(played(polite)).measured["error"].abs().max() > 0.05


def test_a_panel_gives_everybodys_share() -> None:
    table = measured({"panel": {"on": True, "sample": 400, "cost": 2}})
    last = table[table["period"] == table["period"].max()]
    assert last["measured"].sum() == pytest.approx(1)
    assert last["error"].abs().max() < 0.1
    assert last["cost"].sum() == 800


def test_measuring_costs_and_changes_nothing_else() -> None:
    plain, watched = (
        played(market({})),
        played(market({0: {"instruments": {"every": 2, "survey": FAIR, "panel": {"on": True}}}})),
    )
    assert (plain.totals.firms == watched.totals.firms).all()
    record = Record.of(watched)
    booked = -record.ledger.loc[record.ledger["account"] == "market research", "amount"].sum()
    assert booked == pytest.approx(record.measured["cost"].sum())
    assert booked > 0


def test_waves_are_the_same_in_pieces_branches_and_engines() -> None:
    scenario = measuring(
        {"survey": FAIR, "lost_customers": {"on": True}, "mystery_shopper": {"on": True}, "panel": {"on": True}},
        customers=150, periods=20,
    )  # fmt: skip
    whole = Record.of(played(scenario)).measured
    parts = Simulation(scenario, threads=2)
    parts.advance(9)
    branch = parts.copy()
    parts.advance(11)
    branch.run()
    for other in (parts, branch, played(scenario, engine="reference")):
        pd.testing.assert_frame_equal(whole, Record.of(other).measured)


def test_strategies_see_only_what_was_measured() -> None:
    assert "true" not in Measured.__dataclass_fields__
    scenario = measuring({"survey": FAIR})
    simulation = Simulation(scenario, threads=1)
    simulation.advance(6)
    assert simulation.firms is not None
    seen: Observation = simulation.firms.seen_by(simulation, 0, np.zeros((6, 4)))
    table = Record.of(simulation).measured
    assert seen.measured["satisfaction"].value == table[table["figure"] == "satisfaction"]["measured"].iloc[-1]
    assert simulation.firms.seen_by(simulation, 1, np.zeros((6, 4))).measured == {}


def test_the_agents_of_mesa_show_it() -> None:
    market = Market(measuring({"survey": FAIR}, customers=300, periods=10, strategy={"kind": "match_price"}), threads=1)
    market.run()
    one, two = market.firms[:2]
    assert one.measured["satisfaction"].answers > 50 and two.measured == {}
    assert one.observation.measured == one.measured and two.observation.rivals == [0, 2, 3]
    assert one.strategy is not None and two.strategy is None


def test_a_leader_is_found_by_the_panel_of_the_one_who_copies() -> None:
    """Known shares say firm 3 leads; the panel shows that it is firm 0."""
    card = {"kind": "stamp_card", "stamps": 6, "reward": 1.5, "start": 6}
    firms: dict[int, dict[str, Any]] = {
        0: {"programmes": [card], "price": 0.5, "usual_price": 1.0, "share": 0.24},
        1: {"strategy": {"kind": "copy_leader", "delay": 0}, "share": 0.24},
        2: {"share": 0.24},
        3: {"share": 0.28},
    }
    blind = played(market(firms))
    assert blind.firms is not None and blind.firms.choices == []
    firms[1] = {**firms[1], "instruments": {"every": 2, "panel": {"on": True}}}
    seeing = played(market(firms))
    assert seeing.firms is not None and seeing.firms.choices


def test_a_survey_needs_satisfaction() -> None:
    with pytest.raises(ScenarioError, match=r"instruments.survey.on: is true, but .* switch behaviour.satisfaction on"):
        measuring({"survey": FAIR}).with_({"behaviour.satisfaction.on": False})
