"""B9: advertising, free samples and promotions: what each buys and what it costs. (Promises: A2.)"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run, total

from goodwill import PriceCut, Samples, Scenario
from goodwill.engine.levers import plan_of
from goodwill.engine.outreach import bought_rate
from goodwill.errors import ScenarioError
from goodwill.record import Record
from goodwill.scenario.outreach import Media

SMALL = {"customers": 1500, "periods": 36, "warm_up": 12}
UNKNOWN = {"firms.0.awareness": 0.2, "firms.0.programmes": []}


def aware(record: Record) -> float:
    table = record.customers
    return float(table.loc[table["firm"] == record.names[0], "aware"].mean())


def booked(record: Record, account: str) -> float:
    ledger = record.ledger
    return float(ledger.loc[(ledger["account"] == account) & (ledger["firm"] == record.names[0]), "amount"].sum())


def test_b9_money_buys_reach_with_diminishing_returns() -> None:
    media = [Media(spend=spend, half=1.0, ceiling=2.0) for spend in (0, 1000, 2000, 4000, 1e9)]
    rates = [bought_rate(m, 1000) for m in media]
    assert rates[:2] == [0, 1.0] and rates[-1] == pytest.approx(2, rel=1e-4)
    gains = np.diff(rates[:4]) / np.array([1, 1, 2])
    assert gains[0] > gains[1] > gains[2] > 0


def test_b9_advertising_makes_known_and_costs() -> None:
    # Without word of mouth, so that nothing else makes anybody aware.
    quiet = {**UNKNOWN, "behaviour.word_of_mouth.on": False}
    none, some, much = (run("mini", {**quiet, "firms.0.media.spend": spend}, **SMALL) for spend in (0.0, 500.0, 1500.0))
    assert aware(none) < aware(some) < aware(much)
    # Twice as much more money again buys less than the first did.
    assert aware(much) - aware(some) < 2 * (aware(some) - aware(none))
    assert total(none, "purchases") < total(some, "purchases") < total(much, "purchases")
    assert booked(some, "advertising") == pytest.approx(-1500, abs=1)
    rate = run("mini", {**quiet, "firms.0.advertising": 0.5, "firms.0.media.rate_cost": 0.4}, **SMALL)
    assert booked(rate, "advertising") == pytest.approx(-0.4 * 0.5 * 1500 * 3, abs=1)


def test_b9_only_those_in_the_market_hear_it() -> None:
    late = {
        **UNKNOWN, "firms.0.awareness": 0.0, "firms.0.advertising": 6.0, "population.newcomers": 0.5,
        "population.arrival_periods": 36, "behaviour.word_of_mouth.on": False, "behaviour.defection.on": False,
    }  # fmt: skip
    simulation = run("mini", late, customers=800, periods=36, warm_up=0).simulation
    simulation = type(simulation)(simulation.scenario, threads=1)
    simulation.advance(12)
    c = simulation.population.customers
    heard = c.aware & 1
    assert heard[c.arrival >= 12].sum() == 0
    assert heard[c.arrival == 0].mean() > 0.9


def test_b9_samples_are_trust_given_first() -> None:
    """Those who never bought learn what to expect, and more of them buy; the firm pays for every sample."""
    world = {
        **UNKNOWN, "firms.0.service": 8.0, "firms.0.promise": 6.0, "behaviour.expectation.weight": 0.5,
        "behaviour.expectation.prior": 6.0,
        "behaviour.word_of_mouth.on": False, "population.newcomers": 1.0, "population.arrival_periods": 6,
    }  # fmt: skip
    without = run("mini", world, **SMALL)
    scenario = without.scenario.with_programmes(0, [Samples(reach=2.0, cost=0.7, start=12)])
    given = run(
        "mini", {**world, "firms.0.programmes": [p.model_dump() for p in scenario.firms[0].programmes]}, **SMALL
    )
    samples = total(given, "samples")
    assert 300 < samples <= 1500
    assert booked(given, "offers sent") == pytest.approx(-0.7 * samples, abs=0.01)
    assert total(given, "new_buyers") > 1.3 * total(without, "new_buyers")
    mine, before = (r.customers[r.customers["firm"] == "One"].set_index("customer") for r in (given, without))
    tried = mine[(mine["purchases"] == 0) & (before["purchases"] == 0) & (mine["expectation"] != before["expectation"])]
    assert len(tried) > 50
    change = tried["uncertainty"] - before.loc[tried.index, "uncertainty"]
    assert change.max() <= 0 and change.mean() < -0.5  # newcomers know more than before, old customers no less
    assert tried["expectation"].mean() > before.loc[tried.index, "expectation"].mean() + 0.1  # better than promised


def test_b9_promotions_come_again_and_end() -> None:
    cut = PriceCut(depth=0.3, length=1, every=4, start=12)
    scenario = Scenario.preset("mini").with_({"firms.0.programmes": []}, customers=1500, periods=36, warm_up=12)
    price = plan_of(scenario.with_programmes(0, [cut])).levers.price[:, 0]
    assert (np.flatnonzero(price < 90) == np.arange(12, 36, 4)).all()
    plain = run("mini", {"firms.0.programmes": []}, **SMALL)
    promoted = run("mini", {"firms.0.programmes": [cut.model_dump()]}, **SMALL)
    sold, usual = (r.firms[r.firms["firm"] == "One"].set_index("period")["purchases"] for r in (promoted, plain))
    on = np.isin(sold.index, np.arange(12, 36, 4))
    assert sold[on].sum() > 1.35 * usual[on].sum()
    assert abs(sold[~on].sum() / usual[~on].sum() - 1) < 0.08


@pytest.mark.parametrize(
    ("levers", "words"), [({"every": 3}, "has to be given"), ({"every": 2, "length": 2}, "longer than length")]
)
def test_b9_promotions_that_overlap_are_refused(levers: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        PriceCut(depth=0.1, **levers)


def test_b9_a_firm_that_launches_samples_gives_and_pays_for_them() -> None:
    """An option that is launched at run time sets the same levers and costs as a programme that was planned."""
    sample = {"kind": "samples", "reach": 2.0, "cost": 0.7}
    quiet = {
        **UNKNOWN,
        "behaviour.word_of_mouth.on": False,
        "population.newcomers": 1.0,
        "population.arrival_periods": 6,
    }
    steps = [{"period": 15, "launch": 0}]
    launched = run(
        "mini",
        {**quiet, "firms.0.options": [sample], "firms.0.strategy": {"kind": "schedule", "steps": steps}},
        **SMALL,
    )
    planned = run("mini", {**quiet, "firms.0.programmes": [{**sample, "start": 15}]}, **SMALL)
    assert total(launched, "samples") == total(planned, "samples") > 100
    assert booked(launched, "offers sent") == pytest.approx(booked(planned, "offers sent"))
    with pytest.raises(ScenarioError, match="cannot come and go"):
        promotions = {"kind": "price_cut", "depth": 0.1, "length": 1, "every": 3}
        run(
            "mini", {"firms.0.options": [promotions], "firms.0.strategy": {"kind": "schedule", "steps": steps}}, **SMALL
        )
