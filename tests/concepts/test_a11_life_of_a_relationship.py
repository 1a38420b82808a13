"""A11: the life of a relationship - stages and what it takes to win a customer; awareness and consideration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.concepts.paired import run, total

from goodwill import Market, Scenario
from goodwill.engine.state import FIRM_TOTALS, STAGES
from goodwill.errors import GoodwillError
from goodwill.measures.stages import yield_of_contacts
from goodwill.record import Record

SMALL: dict[str, Any] = {"customers": 1200, "periods": 104, "warm_up": 26}
STAGED = {"behaviour.stages.on": True, "population.newcomers": 0.5}
IN_MIND = {"behaviour.consideration.on": True}


@pytest.fixture(scope="module")
def town() -> Record:
    return run("coffee-town", STAGED, **SMALL)


def test_a11_every_relationship_has_one_stage(town: Record) -> None:
    moves = town.stages
    present = town.market.set_index("period")["present"]
    for _, part in moves.groupby("firm"):
        assert (part.groupby("period")["customers"].sum() == present).all()
    assert set(moves["after"]) == set(STAGES)  # all of them occur
    early = {"potential", "aware", "prospect"}
    first = moves[moves["before"].isin(early) & ~moves["after"].isin(early)]
    assert first["customers"].sum() == town.firms["new_buyers"].sum()
    never = moves[moves["after"].isin(early)]
    assert never["before"].isin(early).all()  # nobody unbuys


def test_a11_observing_stages_changes_nothing() -> None:
    plain, staged = run("coffee-town", **SMALL), run("coffee-town", {"behaviour.stages.on": True}, **SMALL)
    keep = [x for x, name in enumerate(FIRM_TOTALS) if not name.startswith("contacts")]
    np.testing.assert_array_equal(plain.simulation.totals.firms[:, :, keep], staged.simulation.totals.firms[:, :, keep])
    assert plain.simulation.totals.stages.size == 0 and plain.simulation.population.customers.stage.size == 0
    with pytest.raises(GoodwillError, match=r"behaviour\.stages\.on"):
        _ = plain.funnel


def test_a11_stages_say_what_they_mean(town: Record) -> None:
    table = town.customers[town.customers["present"]]
    by_stage = {str(stage): part for stage, part in table.groupby("stage", observed=True)}
    assert (by_stage["first buyer"]["purchases"] == 1).all()
    assert by_stage["repeat buyer"]["purchases"].between(2, 3).all()
    assert (by_stage["loyal"]["purchases"] >= 4).all()  # three or more repeats
    assert not by_stage["potential"]["aware"].any() and (by_stage["prospect"]["purchases"] == 0).all()
    assert by_stage["advocate"]["satisfaction"].mean() > by_stage["loyal"]["satisfaction"].mean()
    silence = town.periods - by_stage["lapsed"]["last_purchase"]
    pace = town.periods - by_stage["loyal"]["last_purchase"]
    assert silence.median() > 3 * pace.median()


def test_a11_the_funnel_narrows_and_service_widens_it(town: Record) -> None:
    poor = run("coffee-town", {**STAGED, "firms.Bridge.service": 5.5}, **SMALL)
    conversion = [r.funnel.set_index(["firm", "stage"])["conversion"] for r in (town, poor)]
    good, bad = (c["Bridge"] for c in conversion)
    assert good["repeat buyer"] > bad["repeat buyer"] and good["first buyer"] > bad["first buyer"]
    there = [r.funnel.set_index(["firm", "stage"])["customers"]["Bridge"] for r in (town, poor)]
    assert there[0]["advocate"] > 3 * max(there[1]["advocate"], 1)


def test_a11_more_contacts_win_more_customers_and_waste_more() -> None:
    told = {a: run("coffee-town", {**STAGED, "firms.Corner.advertising": a}, **SMALL).contacts for a in (0.5, 12.0)}
    few, many = (table.set_index("firm").loc["Corner"] for table in told.values())
    assert many["won"] > few["won"]
    assert many["to_win"] > few["to_win"] and many["a_customer"] > 2 * few["a_customer"]
    assert 0.3 < few["wasted"] < many["wasted"] < 1


def test_a11_late_contacts_win_hardly_anybody() -> None:
    record = run("coffee-town", {**STAGED, "firms.Corner.advertising": 12.0}, **SMALL)
    table = yield_of_contacts(record, "Corner")
    early, late = table[table["contacts"].between(1, 12)], table[table["contacts"] > 12]
    assert early["won"].sum() > 2 * late["won"].sum()  # about twelve contacts to win one; more is waste
    assert table["won"].sum() == (record.customers.query("firm == 'Corner'")["purchases"] > 0).sum()


def test_a11_conversions_are_shares_and_the_diary_tells_the_stages(town: Record) -> None:
    assert town.funnel["conversion"].dropna().between(0, 1).all()
    market = Market(Scenario.preset("coffee-town").with_(STAGED, customers=30, periods=60, warm_up=4), threads=1)
    market.run()
    told = "\n".join(str(market.diary(i)) for i in range(30))
    assert all(words in told for words in ("a loyal customer of", "silent for longer than usual", "regained"))


def share(record: Record, firm: str) -> float:
    j = record.names.index(firm)
    return total(record, "purchases", j) / sum(total(record, "purchases", k) for k in range(len(record.names)))


def test_a11_advertising_reminds_those_who_know_only_where_firms_are_forgotten() -> None:
    known = {f"firms.{name}.awareness": 1.0 for name in ("Anchor", "Bridge", "Corner", "Dock")}
    known["behaviour.word_of_mouth.on"] = False
    loud = {**known, "firms.Dock.advertising": 10.0}
    without = share(run("coffee-town", loud, **SMALL), "Dock") - share(run("coffee-town", known, **SMALL), "Dock")
    quiet, heard = (share(run("coffee-town", {**c, **IN_MIND}, **SMALL), "Dock") for c in (known, loud))
    assert without == 0  # everybody knows it, so advertising has nothing to do
    assert heard > quiet * 1.03


def test_a11_what_is_not_bought_is_forgotten() -> None:
    plain = run("coffee-town", **SMALL)
    record = run("coffee-town", {**IN_MIND, "behaviour.consideration.forgetting": 4.0}, **SMALL)
    c = record.simulation.population.customers
    bits = np.arange(4)[:, None]
    known, in_mind = (((array >> bits) & 1).astype(bool) for array in (c.aware, c.considered))
    assert not (in_mind & ~known).any()
    assert (
        0.2 < in_mind.sum() / known.sum() < 0.9
    )  # sets are much smaller than what is known (Hauser & Wernerfelt 1990)
    recent = (c.last_bought >= record.periods - 4) & (c.visits > 0)
    assert in_mind[recent].mean() > 0.9 > 0.6 > in_mind[~recent & known].mean()
    repeat = [pd.Series(r.firms["repeats"]).sum() / r.firms["repeat_base"].sum() for r in (plain, record)]
    assert repeat[1] > repeat[0] + 0.02  # fewer firms to choose from
