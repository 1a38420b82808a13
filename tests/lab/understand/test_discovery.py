from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.lab.understand.worlds import hypercube, with_luck

from goodwill.errors import StudyError
from goodwill.lab.understand.discovery import _between, discover
from goodwill.lab.understand.factors import FactorName
from goodwill.lab.understand.response import Response

NAMES = ["habit", "price", "taste", "talk"]
POINTS = hypercube(300, NAMES)
POINTS["price"] = 2 + 3 * POINTS["price"]
LOSES = (POINTS["habit"] > 0.7) & (POINTS["price"] < 4)
MEAN = np.where(LOSES, -100.0, 60.0)


def test_a_planted_rule_is_found_and_said_with_units() -> None:
    outcome = with_luck(POINTS, MEAN, 8, apart=40, alike=20)
    outcome = Response(
        outcome.points, outcome.values, outcome.label, "money", {"price": FactorName("the rival's price", "EUR")}
    )
    found = discover(outcome, permutations=49)
    assert not found.wins
    assert found.share == pytest.approx(LOSES.mean(), abs=0.02)
    [rule] = found.rules
    assert [item.factor for item in rule.restrictions] == ["habit", "price"]
    habit, price = rule.restrictions
    assert habit.low == pytest.approx(0.7, abs=0.02) and np.isnan(habit.high)
    assert price.high == pytest.approx(4, abs=0.15) and np.isnan(price.low)
    assert rule.coverage > 0.9 and rule.density > 0.9
    assert rule.unseen_coverage > 0.8 and rule.unseen_density > 0.85
    assert rule.p == 0.02
    assert all(item.quasi_p < 1e-4 and item.kept > 0.9 for item in rule.restrictions)
    text = found.text()
    assert "It loses when habit is above 0." in text
    assert "and the rival's price is below" in text and " EUR: this covers 9" in text


def test_a_rule_is_still_found_where_most_points_are_undecided() -> None:
    outcome = with_luck(POINTS, MEAN, 5, apart=150)
    found = discover(outcome, permutations=49)
    assert found.undecided > 150
    assert {item.factor for item in found.rules[0].restrictions} == {"habit", "price"}
    assert found.rules[0].density < 0.95  # what is undecided counts in part


@pytest.mark.statistical
def test_noise_has_no_rule() -> None:
    rules = 0
    for seed in range(30):
        points = hypercube(100, NAMES, seed)
        mean = np.random.default_rng(seed).normal(0, 50, 100)  # every world its own, whatever the factors
        found = discover(with_luck(points, mean, 5, apart=50, seed=seed), permutations=19, seed=seed)
        rules += bool(found.rules)
        if not found.rules:
            assert "No rule separates these worlds" in found.text()
    assert rules <= 4  # 5 % of 30, and what chance allows


def test_where_it_mostly_loses_the_rule_says_when_it_gains() -> None:
    found = discover(with_luck(POINTS, -MEAN, 4, apart=20), permutations=49)
    assert found.wins
    assert "It gains when habit is above" in found.text()
    assert "of such worlds gain " in found.text()


def test_two_boxes_make_two_rules() -> None:
    other = (POINTS["habit"] < 0.25) & (POINTS["taste"] > 0.5)
    found = discover(with_luck(POINTS, np.where(other, -100.0, MEAN), 4, apart=20), permutations=49)
    assert len(found.rules) == 2
    assert sum(rule.coverage for rule in found.rules) > 0.85
    assert "Or else it loses when" in found.text()


def test_a_box_in_which_losing_is_only_more_frequent_says_so() -> None:
    chance = np.where(POINTS["habit"] > 0.6, 0.4, 0.02)
    mean = np.where(np.random.default_rng(1).random(300) < chance, -90.0, 60.0)
    found = discover(with_luck(POINTS, mean, 4, apart=20), permutations=49)
    assert len(found.rules) == 1 and found.rules[0].density < 0.5
    assert "It loses most often when habit is above" in found.text()


def test_categories_and_whole_numbers_in_words() -> None:
    points = POINTS.assign(
        case=np.where(POINTS["taste"] < 0.4, "cafes", "grocers"), stamps=(POINTS["talk"] * 8).astype(int)
    )
    mean = np.where((points["case"] == "cafes") & (points["stamps"] >= 4), -50.0, 50.0)
    outcome = with_luck(points[["habit", "case", "stamps"]], mean, 3, apart=5)
    text = discover(outcome, permutations=49).text()
    assert "case is cafes and stamps is at least 4: this covers 100" in text


def test_where_it_never_loses_there_is_nothing_to_find() -> None:
    found = discover(with_luck(POINTS, np.full(300, 10.0), 4, apart=1), permutations=9)
    assert not found.rules
    assert "There is no rule to find" in found.text()
    with pytest.raises(StudyError, match="too few to look for a rule"):
        discover(with_luck(POINTS.head(10), MEAN[:10], 3))
    with pytest.raises(StudyError, match="no factor that varies"):
        discover(with_luck(pd.DataFrame({"case": ["a"] * 30}), np.zeros(30), 3))


def test_one_replication_says_so() -> None:
    found = discover(with_luck(POINTS, MEAN, 1), permutations=19)
    assert found.undecided == 0
    assert "(one replication: no margin)" in found.text()


def test_bounds_have_as_few_digits_as_separate_the_worlds() -> None:
    assert _between(0.6912, 0.7031) == 0.7
    assert _between(3.98, 4.02) == 4
    assert _between(-0.0021, -0.0018) == -0.002
    assert 1234.5 < _between(1234.5, 1240) < 1240
