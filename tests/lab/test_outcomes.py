"""Outcomes reckoned from the totals are what the record's tables say."""

from __future__ import annotations

import math

import pytest
from tests.concepts.paired import run
from tests.engine.worlds import random_scenario

from goodwill.accounts.credits import GAINED, LOST
from goodwill.lab.outcomes import OUTCOMES, firm_outcomes
from goodwill.record import Record
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def by_the_tables(record: Record, firm: str, start: int, stop: int) -> dict[str, float]:
    """The same from the tables that a user sees."""
    years = (stop - start) / record.scenario.periods_per_year
    span = record.firms.query("@start <= period < @stop")
    mine = span.query("firm == @firm")
    ledger = record.ledger.query("@start <= period < @stop and firm == @firm")
    cards = record.programmes.query("firm == @firm and period < @stop")
    flows = cards[[*GAINED, *LOST]].sum()
    gained = flows[list(GAINED)].sum() if len(cards) else 0
    purchases = mine["purchases"].sum()

    def ratio(above: float, below: float) -> float:
        return above / below if below else math.nan

    everyone = record.firms.query("firm == @firm and period < @stop")
    before = everyone["subscribers"].shift(1)[everyone["period"] >= max(start, 1)].sum()
    left = mine.query(f"period >= {max(start, 1)}")["left"].sum()
    contract = record.scenario.kind == "contract"
    return {
        "retention": 1 - ratio(left, before) if contract else ratio(mine["retained"].sum(), mine["window_base"].sum()),
        "repeat_rate": ratio(mine["repeats"].sum(), mine["repeat_base"].sum()),
        "share": ratio(purchases, span["purchases"].sum()),
        "buyers": mine["buyers"].mean(),
        "purchases": purchases / years,
        "new_buyers": mine["new_buyers"].sum() / years,
        "satisfaction": ratio((mine["satisfaction"] * mine["purchases"]).sum(), purchases)
        if record.scenario.behaviour.satisfaction.on
        else math.nan,
        "revenue": mine["revenue"].sum() / years,
        "profit": ledger["amount"].sum() / years,
        "cost": (mine["revenue"].sum() - mine["profit"].sum()) / years,
        "members": mine["members"].iloc[-1],
        "rewards": cards.query("period >= @start")["reward_value"].sum() / years,
        "redemption_rate": ratio(flows["redeemed"], gained) if len(cards) else math.nan,
        "breakage": ratio(flows["expired"] + flows["forfeited"], gained) if len(cards) else math.nan,
        "liability": mine["liability"].iloc[-1],
    }


def worlds() -> list[Scenario]:
    presets = [Scenario.preset(name).with_(customers=200, periods=40, warm_up=20) for name in preset_names()]
    return [*presets, *(random_scenario(seed) for seed in range(8))]


@pytest.mark.parametrize("scenario", worlds(), ids=lambda scenario: scenario.name)
def test_they_are_what_the_tables_say(scenario: Scenario) -> None:
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    record = Record.of(simulation)
    spans = [(None, None), (0, 7), (scenario.periods - 6, None)]
    for j, firm in enumerate(record.names):
        for start, stop in spans:
            found = firm_outcomes(record, j, start, stop)
            assert list(found) == list(OUTCOMES)
            first = scenario.warm_up if start is None else start
            told = by_the_tables(record, firm, first, scenario.periods if stop is None else stop)
            for name, value in told.items():
                assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True), (firm, start, stop, name)


def test_new_buyers_are_those_who_buy_for_the_first_time() -> None:
    record = run("mini", {"firms.0.awareness": 0.5}, customers=300, periods=24, warm_up=12)
    first = record.firms[record.firms["firm"] == record.names[0]]
    late = first[first["period"] >= 12]
    assert firm_outcomes(record, 0)["new_buyers"] == late["new_buyers"].sum() > 0
    everyone = record.customers[(record.customers["firm"] == record.names[0]) & (record.customers["purchases"] > 0)]
    both = firm_outcomes(record, 0, 0, 24)["new_buyers"]
    # mini counts no experience before the run as a first purchase of it
    assert 2 * both == pytest.approx(len(everyone))
