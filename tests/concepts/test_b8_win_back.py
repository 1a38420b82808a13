"""B8: win-back by the cause for which customers left; the same offer to all does worse for the same money."""

from __future__ import annotations

from typing import Any

import pytest
from tests.concepts.paired import run, total

from goodwill.record import Record

SMALL = {"customers": 3000, "periods": 72, "warm_up": 12}
LOSSES = {
    "firms.0.programmes": [], "behaviour.defection.fault": 0.01, "behaviour.defection.lapse": 0.15,
    "behaviour.defection.malicious": 0.3, "behaviour.defection.dropout_b": 30, "firms.0.unit_cost": 0.4,
}  # fmt: skip


def world(preset: str = "mini", **levers: Any) -> Record:
    offer = [{"kind": "win_back", "start": 12, "offer_cost": 0.1, "repair_cost": 0.3, **levers}] if levers else []
    changes = LOSSES if preset == "mini" else {"firms.0.programmes": []}
    return run(preset, {**changes, "firms.0.programmes": offer}, **SMALL)


def spent(record: Record) -> float:
    mine = record.ledger[record.ledger["firm"] == record.names[0]]
    return -float(mine.loc[mine["account"].isin(["offers sent", "offers redeemed"]), "amount"].sum())


@pytest.fixture(scope="module")
def by_cause() -> Record:
    return world(by_cause=True)


@pytest.fixture(scope="module")
def same() -> Record:
    return world(by_cause=False)


def test_b8_lost_customers_come_back_and_buy(by_cause: Record) -> None:
    without = world()
    assert total(by_cause, "won_back") > 30
    assert total(by_cause, "purchases") > total(without, "purchases")
    # Only the price offer and the repair are made; natural and malicious losses are let go.
    asked = total(by_cause, "win_back_offers")
    mine = by_cause.firms[by_cause.firms["firm"] == "One"]
    assert asked <= mine["left_competitive"].sum() + mine["left_fault"].sum()
    assert 0 < total(by_cause, "repairs") < total(by_cause, "won_back")


def test_b8_same_offer_to_all_regains_less_for_the_money(by_cause: Record, same: Record) -> None:
    assert total(same, "win_back_offers") > 1.3 * total(by_cause, "win_back_offers")  # it goes to everybody
    rates = [total(r, "won_back") / total(r, "win_back_offers") for r in (by_cause, same)]
    assert rates[0] > 1.3 * rates[1]
    assert total(by_cause, "won_back") / spent(by_cause) > 1.1 * total(same, "won_back") / spent(same)


def test_b8_a_deeper_price_wins_more_back() -> None:
    shallow, deep = world(by_cause=False, depth=0.1), world(by_cause=False, depth=0.5)
    assert total(deep, "won_back") > 1.3 * total(shallow, "won_back")


def test_b8_every_amount_is_booked(by_cause: Record) -> None:
    mine = by_cause.ledger[by_cause.ledger["firm"] == "One"].groupby("account")["amount"].sum()
    wanted = 0.1 * total(by_cause, "win_back_offers") + 0.3 * total(by_cause, "repairs")
    assert -mine["offers sent"] == pytest.approx(wanted, abs=0.01 * SMALL["periods"])
    assert -mine["offers redeemed"] * 100 == pytest.approx(total(by_cause, "offer_discount"))


def test_b8_under_contract_the_regained_leave_their_rival() -> None:
    without, offered = world("mobile-contract"), world("mobile-contract", depth=0.4)
    assert total(offered, "won_back") > 10
    last = offered.firms[offered.firms["firm"] == offered.names[0]]["subscribers"].iloc[-1]
    before = without.firms[without.firms["firm"] == without.names[0]]["subscribers"].iloc[-1]
    assert last > before
