"""A9: endowed progress, goal gradient, combined prices.

A ten-stamp card with two stamps given beats an eight-stamp card (Nunes & Dreze 2006: 34 % against 19 % completed); people like 400
money and 5000 miles better than 500 money (Dreze & Nunes 2004); a ladder makes members save for what is better (Lewis 2004).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run

from goodwill.rules.currency import painless_share, perceived_saving

_SIZE: dict[str, Any] = {"customers": 1500, "periods": 90, "warm_up": 8, "seed": 3}


def world(programme: dict[str, Any], **behaviour: float) -> Any:
    changes: dict[str, Any] = {f"behaviour.programmes.{key}": value for key, value in behaviour.items()}
    return run("coffee-town", {"firms.0.programmes": [{**programme, "start": 8}], **changes}, **_SIZE)


def test_two_stamps_of_ten_beat_eight() -> None:
    """First cards completed, of those who took one; eight purchases are needed either way."""
    completed = {}
    for name, stamps, given in (("eight", 8, 0), ("ten with two", 10, 2)):
        record = world({"kind": "stamp_card", "stamps": stamps, "head_start": given, "reward": 4.0}, reengagement=0.0)
        members = record.simulation.population.members
        ever = members.joined[0] != -1
        completed[name] = (members.rewards[0] > 0)[ever].mean()
    assert 1.15 < completed["ten with two"] / completed["eight"] < 3.0


def pain(money: float, miles: float, held: float, worth: float) -> float:
    """What a price in money and miles feels like, in money: what it is in money, less what the miles seem to save."""
    total = money + miles * worth
    share = np.float32(miles / held)
    saved = perceived_saving.py_func(np.float32(miles * worth), share, np.float32(0.7), np.float32(2.0)) if miles else 0
    return total - float(saved)


def test_four_hundred_and_five_thousand_miles_beat_five_hundred() -> None:
    """At .02 a mile all three prices are 500. The combined one hurts least; the pure price in miles hurts more than it."""
    combined = pain(400, 5_000, held=25_000, worth=0.02)
    assert combined < 500 * 0.9
    assert combined - 400 < 0.25 * (500 - 400)  # the fifth of the balance hardly counts
    # By the mile, all of the balance hurts five times as much as a fifth of it.
    assert (pain(0, 25_000, 25_000, 0.02)) / 25_000 > 3 * (combined - 400) / 5_000
    best = painless_share.py_func(np.float32(0.7), np.float32(2.0))
    savings = [
        float(perceived_saving.py_func(np.float32(500 * x), np.float32(x), np.float32(0.7), np.float32(2.0)))
        for x in (best - 0.1, best, best + 0.1)
    ]
    assert max(savings) == savings[1]


def test_points_as_part_of_the_price_draw_more_than_the_same_points_for_rewards() -> None:
    """The same worth of a credit: usable for any part of any price, or only for a reward far away."""
    earn = {"earn": {"per_currency": 1.0}, "join": {"automatic": True}}
    part = world({"kind": "programme", **earn, "burn": {"credit_value": 0.1}})
    goal = world({"kind": "programme", **earn, "burn": {"rewards": [{"credits": 400, "value": 40.0}]}})
    nothing = world({"kind": "programme", **earn, "burn": {"rewards": [{"credits": 400, "value": 0.0}]}})
    bought = {
        name: r.firms[r.firms["firm"] == r.names[0]]["purchases"].sum()
        for name, r in (("part", part), ("goal", goal), ("nothing", nothing))
    }
    assert bought["part"] > bought["goal"] > 0.99 * bought["nothing"]
    assert bought["part"] > 1.02 * bought["nothing"]
    paid = part.programmes["paid_with_credits"].sum()
    assert paid == pytest.approx(-part.book["paid with credits"].sum() / 100) and paid > 0


def test_members_save_for_the_better_reward() -> None:
    """A second step at which a credit is worth twice as much: with foresight fewer take the first."""
    ladder = [{"credits": 6, "value": 2.0}, {"credits": 12, "value": 8.0}]
    card = {"kind": "programme", "earn": {"per_purchase": 1.0}, "burn": {"rewards": ladder}}
    hasty, patient = (world(card, patience=x).programmes.sum() for x in (0.0, 8.0))
    credits = [float(p["redeemed"] / p["rewards"]) for p in (hasty, patient)]
    assert 6.0 <= credits[0] < credits[1] - 1.0 <= 11.0
