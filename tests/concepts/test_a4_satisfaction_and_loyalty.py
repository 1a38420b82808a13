"""A4: satisfaction is not loyalty - the curve between them bends upwards where customers are free, and is flat where they are held."""

from __future__ import annotations

from typing import Any

import pytest

from goodwill import Market, Record, Scenario
from goodwill.errors import GoodwillError
from goodwill.measures.satisfaction_curve import satisfaction_curve, slope, top_box
from goodwill.plots.relationship import curve_figure

SMALL: dict[str, Any] = {"customers": 1500, "periods": 104, "warm_up": 52}
FREE = {  # firms much alike and no habit: little but satisfaction to choose by
    "population.loyalty_spread": 8.0, "behaviour.habit.on": False, "behaviour.match.on": True, "behaviour.delight.on": True,
}  # fmt: skip


def recorded(preset: str, changes: dict[str, Any], **size: Any) -> Record:
    return Market(Scenario.preset(preset).with_(changes, **size), threads=1).run(purchases=True)


@pytest.fixture(scope="module")
def competitive() -> Record:
    return recorded("coffee-town", FREE, **SMALL)


def test_a4_the_totally_satisfied_come_back_far_more_often(competitive: Record) -> None:
    five = satisfaction_curve(competitive, established=5, points=5)
    assert top_box(five) >= 2  # Jones & Sasser 1995, on their scale of five (T25)
    ten = satisfaction_curve(competitive, established=5).set_index("box")["ratio"]
    assert ten[9] > ten[8] > ten[7] > 1  # it bends upwards
    merely = satisfaction_curve(
        recorded("coffee-town", {**FREE, "behaviour.delight.on": False}, **SMALL), established=5, points=5
    )
    assert 1 < top_box(merely) < top_box(five) - 0.3  # delight makes the difference


def test_a4_where_switching_is_dear_the_curve_is_flat(competitive: Record) -> None:
    free = satisfaction_curve(competitive, established=5)
    habit = recorded("coffee-town", {**FREE, "behaviour.habit.on": True, "behaviour.habit.strength": 7.0}, **SMALL)
    contract = recorded("mobile-contract", {"behaviour.match.on": True, "behaviour.delight.on": True},
                        customers=1500, periods=48, warm_up=12)  # fmt: skip
    assert slope(free) > 0.04
    for held in (habit, contract):
        assert slope(satisfaction_curve(held, established=5)) <= slope(free) / 3
    assert "Satisfaction and loyalty" in curve_figure({"coffee": free, "contract": contract.satisfaction_curve}).svg()


def test_a4_satisfied_and_gone_all_the_same(competitive: Record) -> None:
    table = satisfaction_curve(competitive).set_index("box")
    assert (
        0.3 < 1 - table["repurchase"][8] < 0.7
    )  # well above neutral, and elsewhere next time (30 to 40 % of car buyers return)


def test_a4_boxes_add_up(competitive: Record) -> None:
    all_firms = satisfaction_curve(competitive)["purchases"].sum()
    by_firm = sum(satisfaction_curve(competitive, firm=name)["purchases"].sum() for name in competitive.names)
    assert all_firms == by_firm > 10_000
    with pytest.raises(GoodwillError, match=r"behaviour\.satisfaction\.on"):
        satisfaction_curve(
            recorded("grocery-coffee", {"behaviour.satisfaction.on": False}, customers=50, periods=30, warm_up=4)
        )
