from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.lab.understand.worlds import hypercube, with_luck

from goodwill.lab.understand.break_even import break_even, crossings, frontier
from goodwill.lab.understand.factors import FactorName
from goodwill.lab.understand.response import Response

POINTS = hypercube(60, ["habit", "price"])
X = np.linspace(0, 10, 101)


def crossed(mean: np.ndarray, half: float) -> tuple[pd.DataFrame, tuple[tuple[float, float], ...]]:
    return crossings(X, mean, mean - half, mean + half, 0.0)


def test_one_crossing_with_its_interval() -> None:
    table, undecided = crossed(X - 4, 1.0)
    assert table.to_dict("records") == [
        {"value": pytest.approx(4), "low": pytest.approx(3), "high": pytest.approx(5), "direction": "up"}
    ]
    assert undecided == ()


def test_none_several_open_and_undecided() -> None:
    assert len(crossed(X + 5, 1.0)[0]) == 0
    down_up, _ = crossed((X - 2) * (X - 8), 2.0)
    assert down_up["direction"].tolist() == ["down", "up"]
    assert down_up["value"].tolist() == pytest.approx([2, 8], abs=0.01)
    assert (down_up["low"] < down_up["value"]).all() and (down_up["high"] > down_up["value"]).all()
    left_open, _ = crossed(X - 0.5, 1.0)
    assert left_open["low"][0] == -np.inf and left_open["high"][0] == pytest.approx(1.5)
    none, stretches = crossed((X - 5) ** 2 + 0.5, 1.0)
    assert len(none) == 0
    assert stretches[0] == pytest.approx((5 - np.sqrt(0.5), 5 + np.sqrt(0.5)), abs=0.1)


def test_without_luck_the_interval_is_the_point() -> None:
    found = break_even(with_luck(POINTS, np.asarray(100 * (POINTS["habit"] - 0.3)), 1), "habit")
    assert found.table["value"].tolist() == pytest.approx([0.3], abs=1e-6)
    assert found.table["high"][0] - found.table["low"][0] < 1e-3


@pytest.mark.statistical
def test_the_interval_holds_the_truth() -> None:
    inside = 0
    for seed in range(60):
        outcome = with_luck(POINTS, np.asarray(100 * (POINTS["habit"] - 0.4)), 6, apart=40, alike=15, seed=seed)
        table = break_even(outcome, "habit", steps=101).table
        inside += bool(((table["low"] <= 0.4) & (0.4 <= table["high"])).any())
    assert inside >= 54


def test_the_words() -> None:
    outcome = with_luck(POINTS, np.asarray(100 * (POINTS["habit"] - 0.4)), 6, apart=4)
    outcome = Response(POINTS, outcome.values, "Profit of club", "money", {"habit": FactorName("habit", "points")})
    assert "Profit of club breaks even at habit 0.4 points [0.3" in break_even(outcome, "habit").text()
    assert "(above 0 beyond it)." in break_even(outcome, "habit").text()
    below = break_even(outcome, "habit", limit=200).text()
    assert "stays below 200 for habit from 0.00" in below and below.endswith("no break-even.")


def test_a_frontier_over_two_factors() -> None:
    outcome = with_luck(POINTS, np.asarray(100 * (POINTS["habit"] - POINTS["price"])), 4, apart=1)
    line = frontier(outcome, "price", "habit", steps=21)
    assert np.allclose(line["value"], line["price"], atol=0.02)
    assert set(line["direction"]) == {"up"}
    assert ((line["low"] <= line["value"]) & (line["value"] <= line["high"])).all()
    assert len(frontier(outcome, "price", "habit", limit=1000, steps=5)) == 0
