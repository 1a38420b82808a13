"""A12: four causes of churn; every lost customer carries exactly one, and most of the lost were satisfied (A4)."""

from __future__ import annotations

import numpy as np
import pytest
from tests.concepts.paired import run

from goodwill.measures.churn import LOSSES, churn_by_cause
from goodwill.record import Record

SMALL = {"customers": 1500, "periods": 60, "warm_up": 12}
EVERY = {
    "behaviour.satisfaction.on": True, "behaviour.expectation.on": True, "behaviour.defection.on": True,
    "behaviour.defection.dropout_b": 40.0, "behaviour.defection.fault": 0.05, "behaviour.defection.lapse": 0.02,
    "behaviour.defection.malicious": 0.1, "population.natural_exit": 0.1,
}  # fmt: skip


def lost(record: Record, cause: str) -> int:
    return int(record.churn.query("cause == @cause")["lost"].sum())


@pytest.fixture(scope="module")
def town() -> Record:
    return run("mini", EVERY, **SMALL)


@pytest.fixture(scope="module")
def contract() -> Record:
    return run("mobile-contract", {"behaviour.defection.malicious": 0.03}, customers=4000, periods=60)


def test_a12_every_loss_has_one_cause_in_both_kinds_of_markets(town: Record, contract: Record) -> None:
    for record in (town, contract):
        assert all(lost(record, cause) > 0 for cause in LOSSES)
        assert record.churn["lost"].sum() == record.firms["left"].sum()
        left = record.customers[record.customers["left"]]
        assert (left["cause"] != "none").all()


@pytest.mark.parametrize(
    ("key", "cause"),
    [
        ("behaviour.defection.fault", "fault"),
        ("behaviour.defection.lapse", "competitive"),
        ("behaviour.defection.malicious", "malicious"),
    ],
)
def test_a12_each_cause_has_its_own_cure(town: Record, key: str, cause: str) -> None:
    cured = run("mini", {**EVERY, key: 0.0}, **SMALL)
    assert lost(cured, cause) == 0
    for other in LOSSES:
        if other != cause:  # no other falls; they rise, as who is not lost to one cause can be lost to another
            assert lost(cured, other) > 0.8 * lost(town, other) - 12
    assert cured.churn["lost"].sum() < town.churn["lost"].sum()


def test_a12_better_service_cures_faults_not_moving_away() -> None:
    key = {"behaviour.defection.fault": 0.1}
    bad = run("mini", {**EVERY, **key, "firms.0.inconsistency": 2.5}, **SMALL)
    good = run("mini", {**EVERY, **key, "firms.0.inconsistency": 0.3}, **SMALL)
    first = bad.names[0]
    rate = {
        name: churn_by_cause(r.churn).set_index(["firm", "cause"])["rate"] for name, r in (("bad", bad), ("good", good))
    }
    assert rate["good"][first, "fault"] < 0.5 * rate["bad"][first, "fault"]
    assert rate["good"][first, "natural"] > 0.8 * rate["bad"][first, "natural"]


def test_a12_a4_most_who_leave_were_satisfied(contract: Record) -> None:
    table = churn_by_cause(contract.churn, contract.scenario.warm_up)
    satisfied = (table["satisfied"] * table["lost"]).sum() / table["lost"].sum()
    assert 0.65 <= satisfied <= 0.85  # Reichheld 1996


def test_a12_rates_are_losses_over_customers(contract: Record) -> None:
    table = contract.churn
    total = table.groupby(["period", "firm"], sort=False)["rate"].sum().unstack()[contract.names].to_numpy()
    kept = contract.firms.pivot(index="period", columns="firm", values="retention")[contract.names].to_numpy()
    np.testing.assert_allclose(total[1:], 1 - kept[1:])
    assert table["satisfied"].dropna().between(0, 1).all() and (table["rate"] >= 0).all()
