"""The trace of a customer says what the engine booked, and why."""

from __future__ import annotations

import pytest

from goodwill.accounts.credits import GAINED, LOST
from goodwill.errors import GoodwillError
from goodwill.market import Market
from goodwill.scenario.scenario import Scenario

_PROGRAMMES = [
    {
        "kind": "programme",
        "start": 2,
        "join": {"welcome": 3},
        "earn": {
            "per_purchase": 2,
            "velocity": 1,
            "cap_per_purchase": 3,
            "campaigns": [{"months": 2, "factor": 2}],
        },
        "hold": {"pending": 0.5},
        "expire": {"rule": "age", "months": 3},
        "burn": {"card": True, "rewards": [{"credits": 8, "value": 3.0}]},
        "tier": {"by": "visits", "months": 1, "levels": [{"reach": 2, "earn": 1.5}]},
        "partners": {"purchases": 1, "credits": 2, "pays": 0.01},
    },
    {"kind": "paid_club", "fee": 1.0, "months": 1, "start": 2},
]


@pytest.fixture(scope="module")
def market() -> Market:
    changes = {"firms.0.programmes": _PROGRAMMES, "behaviour.programmes.exposure": 0.6}
    market = Market(Scenario.preset("coffee-town").with_(changes, customers=60, periods=40, warm_up=2), threads=1)
    market.run()
    return market


def test_the_traces_of_all_customers_add_up_to_the_books(market: Market) -> None:
    """Every credit the compiled engine booked is in somebody's trace, and no other."""
    trace = market.trace(*range(60)).table
    first = trace[trace["programme"] == "programme"]
    booked = market.record().programmes
    booked = booked[booked["programme"] == "programme"].sum()

    def credits(*events: str) -> int:
        return int(first.loc[first["event"].isin(events), "credits"].sum())

    assert credits("earned") == booked["earned"] > 0
    assert credits("earned at partners") == booked["partner_earned"] > 0
    assert credits("joined") == booked["granted"] > 0
    assert -credits("redeemed") == booked["redeemed"] > 0
    assert -credits("expired") == booked["expired"] > 0
    assert (first["event"] == "gave the card up").sum() == booked["abandoned"] > 0
    assert (first["event"] == "membership ended").sum() == booked["left"]
    assert set(GAINED + LOST) >= {"earned", "partner_earned", "granted", "redeemed", "expired"}


def test_it_says_why(market: Market) -> None:
    text = str(market.trace(*range(60)))
    for reason in (
        "campaign times 2", "capped at 3 of", "only 1 count", "tier 1 times 1.5", "usable from period", "too old",
        "the thought of joining did not come up", "it does not pay for him", "he has given the card up",
        "the goal is too far", "renewed the membership", "earned 2 credits at partners", "rose to tier 1", "fell to tier 0",
    ):  # fmt: skip
        assert reason in text, reason


def test_a_record_traces_as_well(market: Market) -> None:
    assert market.record().trace(3).table.equals(market.trace(3).table)
    with pytest.raises(GoodwillError, match="customers 0 to 59"):
        market.trace(60)
