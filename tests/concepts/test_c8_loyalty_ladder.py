"""C8: the loyalty ladder - unaware, aware, considering, preferring, loyal - and share of wallet."""

from __future__ import annotations

from typing import Any

from tests.concepts.paired import run

from goodwill.measures.ladder import RUNGS
from goodwill.record import Record

SMALL: dict[str, Any] = {"customers": 1200, "periods": 78, "warm_up": 26}


def rungs(record: Record, firm: str, column: str = "customers") -> Any:
    return record.ladder.set_index(["firm", "rung"])[column][firm]


def test_c8_everybody_stands_on_one_rung_of_each_ladder() -> None:
    record = run("coffee-town", {"behaviour.consideration.on": True}, **SMALL)
    present = record.customers.groupby("customer")["present"].first().sum()
    table = record.ladder
    assert list(table["rung"].unique()) == list(RUNGS)
    assert (table.groupby("firm")["customers"].sum() == present).all()
    wallet = rungs(record, "Anchor", "wallet")
    assert wallet["loyal"] > 0.5 > wallet["considering"] and wallet["loyal"] > wallet["preferring"]


def test_c8_better_service_and_advertising_move_customers_up() -> None:
    base = run("coffee-town", **SMALL)
    better = run("coffee-town", {"firms.Bridge.service": 8.5}, **SMALL)
    up = ["preferring", "loyal"]
    assert rungs(better, "Bridge")[up].sum() > 1.1 * rungs(base, "Bridge")[up].sum()
    told = run("coffee-town", {"firms.Corner.advertising": 6.0}, **SMALL)
    assert rungs(told, "Corner")["unaware"] < 0.5 * rungs(base, "Corner")["unaware"]


def test_c8_firms_out_of_mind_are_known_but_not_considered() -> None:
    record = run("coffee-town", {"behaviour.consideration.on": True}, **SMALL)
    off = run("coffee-town", **SMALL)
    assert rungs(record, "Dock")["aware"] > rungs(off, "Dock")["aware"] + 100
