"""Multipliers by category: what is bought along can earn at a rate of its own."""

from __future__ import annotations

from typing import Any

import pytest
from tests.concepts.paired import run
from tests.engine.worlds import assert_identical

from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

WORLD: dict[str, Any] = {
    "behaviour.spending.on": True,
    "behaviour.spending.lines": 0.5,
    "firms.0.line_price": 2.0,
    "firms.0.line_cost": 1.0,
}


def world(factor: float, **size: Any) -> Record:
    out_of_reach = [{"credits": 10_000_000, "value": 0.01}]
    earn = {"per_currency": 10, "extra_lines": factor}
    points = {"kind": "programme", "earn": earn, "burn": {"rewards": out_of_reach}, "start": 2}
    return run("coffee-town", {**WORLD, "firms.0.programmes": [points]}, **size)


SIZE = {"customers": 600, "periods": 30, "warm_up": 2}


def test_lines_earn_in_proportion() -> None:
    """With the reward out of reach nothing in behaviour follows, so the credits differ by what the lines earn and no more."""
    none, once, thrice = (float(world(factor, **SIZE).programmes["earned"].sum()) for factor in (0.0, 1.0, 3.0))
    assert once > 1.05 * none
    assert thrice - none == pytest.approx(3 * (once - none), rel=0.01)


def test_both_engines_agree() -> None:
    points = {
        "kind": "programme",
        "earn": {"per_currency": 1, "extra_lines": 2},
        "burn": {"rewards": [{"credits": 20, "value": 2.0}]},
    }
    changes = {**WORLD, "firms.0.programmes": [{**points, "start": 2}]}
    assert_identical(Scenario.preset("coffee-town").with_(changes, customers=80, periods=14, warm_up=2))
