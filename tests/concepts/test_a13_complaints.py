"""A13: failures, complaints and silent exit - most of the unhappy never complain, and leave; redress can make happier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.encounters import on, paid, run, scenario, share, state

from goodwill.errors import GoodwillError
from goodwill.measures.complaints import complaint_funnel
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

WORLD = on("recovery", "expectation", "satisfaction", "commitment", "defection", "habit")


def with_recovery(**keys: Any) -> dict[str, Any]:
    return {**WORLD, "recovery": {"on": True, **keys}}


def test_a13_most_never_complain_and_the_really_unhappy_go_in_silence() -> None:
    record = run(WORLD, purchases=True, customers=2000)
    funnel = complaint_funnel(record).set_index("firm").loc["A"]
    assert funnel["failures"] / funnel["purchases"] == pytest.approx(0.05, abs=0.01)
    assert 0.70 <= funnel["never_complain"] <= 0.95
    assert funnel["left_silent"] > 3 * (funnel["left_unanswered"] + funnel["left_resolved"])
    assert funnel["exit_resolved"] < 0.6 * funnel["silent_exit"]
    stages = funnel[["purchases", "failures", "unhappy", "complaints", "resolved"]].to_numpy()
    assert (np.diff(stages) < 0).all()
    # The really unhappy: half of the worst there can be, early on, with time left to leave in.
    bought = record.purchases
    early = bought[(bought["period"] < 12) & (bought["shortfall"] > 5) & (bought["complaint"] == "silent")]
    ends = record.customers.set_index(["customer", "firm"])["left"]
    left = ends.loc[list(zip(early["customer"], early["firm"], strict=True))]
    assert len(early) > 50 and left.mean() > 0.8


def test_a13_failures_cost_custom_and_redress_keeps_it() -> None:
    none = run(WORLD, {"failure": 0.0})
    handled = run(WORLD, {"failure": 0.15, "recovery": {"ease": 1.0, "effort": 1.0, "generosity": 1.0}})
    ignored = run(WORLD, {"failure": 0.15, "recovery": {"ease": 0.0, "effort": 0.0}})
    assert share(none) > share(handled) + 0.02 > share(ignored) + 0.025

    def lost(record: Record) -> int:
        return int(record.firms.query("firm == 'A'")["left_fault"].sum())

    assert lost(none) < 0.2 * lost(ignored) and lost(handled) < lost(ignored)
    assert state(none, "satisfaction") > state(ignored, "satisfaction") + 0.1


def first_failures(generosity: float, probability: float) -> tuple[np.ndarray, np.ndarray]:
    """Satisfaction after the first two visits to A when they fail and every complaint is met, and when nothing fails."""

    def after_two(failure: float) -> np.ndarray:
        firm = {"failure": failure, "recovery": {"effort": 1.0, "generosity": generosity}}
        behaviour = {**on("satisfaction"), "recovery": {"on": True, "low": 1.0, "high": 1.0, "tolerance": 0.0}}
        record = run(behaviour, firm, purchases=True, periods=12, warm_up=0)
        mine = record.purchases.query("firm == 'A'")
        mine = mine.assign(visit=mine.groupby("customer").cumcount())
        wide = mine[mine["visit"] < 2].pivot(index="customer", columns="visit", values="satisfaction_after").dropna()
        return wide.to_numpy()

    return after_two(probability), after_two(0.0)


def test_a13_paradox_after_the_first_failure_only() -> None:
    failed, well = first_failures(generosity=1.3, probability=1.0)
    gain = failed[: len(well)].mean(axis=0) - well[: len(failed)].mean(axis=0)
    assert gain[0] > 0.1  # happier than if nothing had happened
    assert gain[1] < gain[0] - 0.1 and failed[:, 1].mean() < failed[:, 0].mean()  # the second time it does not work


def test_a13_partial_redress_restores_in_part() -> None:
    for generosity, low, high in ((0.0, -9.0, -0.5), (0.5, -1.5, -0.2), (1.0, -0.001, 0.001)):
        failed, well = first_failures(generosity, probability=1.0)
        assert low < failed[:, 0].mean() - well[:, 0].mean() < high


def test_a13_easy_channels_bring_complaints_and_costs() -> None:
    costs = {"handling_cost": 2.0, "point_cost": 1.0, "channel_cost": 1200.0, "effort": 0.8}
    hard, easy = (run(WORLD, {"recovery": {**costs, "ease": ease}}) for ease in (0.0, 1.0))
    rate = [1 - complaint_funnel(r, since=0).set_index("firm").loc["A", "never_complain"] for r in (hard, easy)]
    assert 0.05 <= rate[0] < rate[1] - 0.05 <= 0.30
    firm = easy.firms.query("firm == 'A'")
    expected = 100.0 * easy.periods + 2.0 * firm["complaints"].sum() + firm["restored"].sum()
    assert paid(easy, "complaints and redress") == pytest.approx(-expected, abs=1)


def test_a13_the_unhappy_tell_many() -> None:
    talking = {**on("satisfaction", "word_of_mouth", "recovery")}
    record = run(talking, {"failure": 0.2})
    quiet = run(talking, {"failure": 0.0})

    def said(r: Record, name: str) -> float:
        table = r.firms.query("firm == 'A'")
        return float(table[name].sum() / table["purchases"].sum())

    assert said(record, "negative_talk") > said(quiet, "negative_talk") + 0.02
    unmoved = run({**talking, "recovery": {"on": True, "talk": 0.0}}, {"failure": 0.2})
    assert said(record, "negative_talk") > said(unmoved, "negative_talk")
    assert state(record, "opinion") < state(quiet, "opinion")
    ties = record.scenario.network.strong_ties + record.scenario.network.weak_ties
    assert 8 <= ties <= 20  # whom one who talks tells


def contract(**keys: Any) -> Scenario:
    return scenario(
        {**WORLD, "defection": {"on": True, "competitive": 0.2, "discontent": 0.2}, "recovery": {"on": True, **keys}},
        kind="contract", customers=6000, periods=40, population={"history": 0.0},
    )  # fmt: skip


def churn_odds(month: int, fails: bool) -> float:
    """Odds of leaving A within half a year of this month, in which every visit to it fails or none does."""
    simulation = Simulation(contract(), threads=1)
    simulation.plan.levers.failure[:] = 0
    simulation.advance(month)
    before = simulation.population.customers.last == 0
    simulation.plan.levers.failure[month, 0] = 1.0 if fails else 0.0
    simulation.advance(6)
    left = float((simulation.population.customers.last != 0)[before].mean())
    return left / (1 - left)


def test_a13_tenure_damps_failures() -> None:
    young, old = (churn_odds(month, True) / churn_odds(month, False) for month in (3, 28))
    assert young > 1.5
    assert old - 1 < 0.7 * (young - 1)


def test_a13_off_means_off() -> None:
    never = run(on("satisfaction"))
    off = run({**on("satisfaction"), "recovery": {"on": False, "failure": 0.5}}, {"failure": 0.9})
    assert np.array_equal(never.simulation.totals.firms, off.simulation.totals.firms)
    assert paid(off, "complaints and redress") == 0
    with pytest.raises(GoodwillError, match=r"behaviour\.recovery\.on"):
        complaint_funnel(off)
