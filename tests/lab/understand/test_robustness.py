from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.lab.understand.worlds import FakeResults, hypercube

from goodwill.errors import StudyError
from goodwill.lab.understand.robustness import robustness

POINTS = hypercube(4, ["habit", "price"])
# worlds x alternatives: a small decision table, worked by hand
PAYOFF = {"nothing": [0, 0, 0, 0], "club": [10, 4, -6, -2], "card": [3, 5, 1, -1]}


def table_of(payoff: dict[str, list[int]], replicates: int = 3) -> FakeResults:
    arms = {name: np.repeat(np.array(row, float)[:, None], replicates, axis=1) for name, row in payoff.items()}
    return FakeResults(POINTS, arms, "nothing")


def test_a_decision_table_worked_by_hand() -> None:
    found = robustness(table_of(PAYOFF), "profit")
    table = found.table
    assert found.regret.loc[2].to_dict() == {"nothing": 1, "club": 7, "card": 0}
    assert table["max_regret"].to_dict() == {"nothing": 10, "club": 7, "card": 7}
    assert table["mean_regret"].to_dict() == {"nothing": 4.0, "club": 2.5, "card": 2.0}
    assert table["worst"].to_dict() == {"nothing": 0, "club": -6, "card": -1}
    assert table["mean"].to_dict() == {"nothing": 0, "club": 1.5, "card": 2.0}
    assert table["hurwicz"].to_dict() == {"nothing": 0, "club": 2.0, "card": 2.0}
    assert table["satisfied"].to_dict() == {"nothing": 1, "club": 0.5, "card": 0.75}
    assert table["best"].to_dict() == {"nothing": 0.25, "club": 0.25, "card": 0.5}
    for measure in ("mean", "worst", "max_regret", "mean_regret"):
        assert (table[measure] == table[f"naive_{measure}"]).all()
        assert np.allclose(table[f"{measure}_low"], table[measure])


def test_a_wanted_level_and_less_being_better() -> None:
    assert robustness(table_of(PAYOFF), "profit", wanted=3).table["satisfied"].to_dict() == {
        "nothing": 0, "club": 0.5, "card": 0.5,
    }  # fmt: skip
    turned = robustness(table_of({k: [-v for v in row] for k, row in PAYOFF.items()}), "profit", more_is_better=False)
    assert turned.table["max_regret"].to_dict() == {"nothing": 10, "club": 7, "card": 7}
    assert turned.table["worst"].to_dict() == {"nothing": 0, "club": 6, "card": 1}
    assert (turned.table["worst_low"] <= turned.table["worst_high"]).all()


@pytest.mark.statistical
def test_regret_is_not_overstated_by_luck() -> None:
    """Three alternatives that are truly equal: no regret anywhere, though plain means show plenty."""
    crossed, naive, inside = [], [], 0
    points = hypercube(40, ["habit", "price"])
    for seed in range(60):
        rng = np.random.default_rng(seed)
        alike = rng.normal(0, 50, (40, 6))
        arms = {name: alike + rng.normal(0, 10, (40, 6)) for name in ("nothing", "club", "card")}
        table = robustness(FakeResults(points, arms, "nothing"), "profit", seed=seed, resamples=100).table
        crossed.append(table["max_regret"]["club"])
        naive.append(table["naive_max_regret"]["club"])
        inside += bool(table["mean_regret_low"]["club"] <= 0 <= table["mean_regret_high"]["club"])
    assert abs(np.mean(crossed)) < 2
    assert np.mean(naive) > 10
    assert inside >= 52


@pytest.mark.statistical
def test_estimates_lie_on_both_sides_of_the_truth_and_intervals_hold_it() -> None:
    points = hypercube(60, ["habit", "price"])
    edge = 100 * (points["habit"].to_numpy() - 0.5)
    truth = float(max(edge.max(), 0))  # regret of `nothing` at worst
    crossed, naive, inside = [], [], 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        base = rng.normal(0, 30, (60, 8))
        arms = {"nothing": base, "club": base + edge[:, None] + rng.normal(0, 30, (60, 8))}
        table = robustness(FakeResults(points, arms, "nothing"), "profit", seed=seed, resamples=100).table
        crossed.append(table["max_regret"]["nothing"])
        naive.append(table["naive_max_regret"]["nothing"])
        inside += bool(table["max_regret_low"]["nothing"] <= truth <= table["max_regret_high"]["nothing"])
    assert np.mean(crossed) <= truth + 1 <= np.mean(naive) + 1
    assert inside >= 50


def test_settings_of_levers_are_alternatives() -> None:
    points = pd.DataFrame([(s, h) for s in (6, 10) for h in (0.2, 0.8)], columns=["stamps", "habit"])
    arms = {"nothing": np.zeros((4, 2)), "card": np.array([[1.0, 1], [-2, -2], [3, 3], [-1, -1]])}
    found = robustness(FakeResults(points, arms, "nothing", ("stamps",)), "profit", wanted=0, levers=["stamps"])
    assert set(found.table.index) == {"nothing, stamps 6", "nothing, stamps 10", "card, stamps 6", "card, stamps 10"}
    assert found.worlds == 2
    assert found.table["max_regret"]["card, stamps 10"] == 1
    with pytest.raises(StudyError, match="needs `design: {kind: grid}`"):
        robustness(FakeResults(hypercube(4, ["stamps", "habit"]), arms, "nothing"), "profit", 0, levers=["stamps"])


def test_worlds_with_a_failed_run_are_left_out() -> None:
    points = hypercube(30, ["habit", "price"])
    values = np.random.default_rng(0).normal(0, 1, (30, 4))
    values[3, 1] = np.nan
    found = robustness(FakeResults(points, {"nothing": np.zeros((30, 4)), "club": values}, "nothing"), "profit")
    assert found.worlds == 29
    assert 3 not in found.regret.index


def test_one_replication_has_no_interval() -> None:
    found = robustness(table_of(PAYOFF, 1), "profit")
    assert found.table["max_regret_low"].isna().all()
    assert "One replication: regret is overstated" in found.text()
    assert found.table["max_regret"]["club"] == 7


def test_the_words_name_the_choice() -> None:
    text = robustness(table_of({"nothing": [0, 0, 0, 0], "club": [90, 40, -60, -20]}), "profit").text()
    assert "Least regret at worst: club, which gives up at most 60" in text
    assert "nothing 50\u202f%; club 50\u202f%" in text
    with pytest.raises(StudyError, match="at least two alternatives"):
        robustness(table_of({"nothing": [0, 0, 0, 0]}), "profit")
