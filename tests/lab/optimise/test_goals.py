from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.errors import StudyError
from goodwill.lab.optimise.goals import Judge, Measure, constraints_of, goals_of

OUTCOMES = {name: name for name in ("profit", "retention", "liability")} | {"own_profit": "profit"}


def test_profit_is_a_difference_unless_said_otherwise() -> None:
    goals = goals_of({"profit": "maximise", "liability": "minimise"}, OUTCOMES, "file")
    assert [(g.name, g.maximise, g.measure.paired) for g in goals] == [
        ("profit", True, True),
        ("liability", False, False),
    ]
    said = {
        "own_profit": {"direction": "maximise", "measure": "value"},
        "retention": {"direction": "maximise", "measure": "difference"},
    }
    assert [g.measure for g in goals_of(said, OUTCOMES, "file")] == [
        Measure("own_profit", False),
        Measure("retention", True),
    ]
    assert goals_of({"own_profit": "maximise"}, OUTCOMES, "file")[0].measure.paired


@pytest.mark.parametrize(
    "content, words",
    [
        ({}, "say what is wanted"),
        ("profit", "say what is wanted"),
        ({"profits": "maximise"}, "goals.profits: there is no outcome 'profits'.*profit"),
        ({"profit": "up"}, "goals.profit: is 'up'; write maximise or minimise"),
        ({"profit": {"direction": "maximise", "measur": "value"}}, "unknown key 'measur'.*measure"),
        ({"profit": {"direction": "maximise", "measure": "paired"}}, "write difference .* or value"),
    ],
)
def test_goals_that_do_not_fit(content: Any, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        goals_of(content, OUTCOMES, "file")


@pytest.mark.parametrize(
    "content, words",
    [
        ({"liability": {"at_most": 1, "at_least": 2}}, "at_least 2 is above at_most 1: no design can hold both"),
        ({"retention": {"at_least": 40}}, "a share is never above 1; write 40 % as 0.4"),
        ({"liability": {"at_most": -1}}, "never below 0"),
        ({"liability": {}}, "has no bound"),
        ({"liability": 5}, "write `{at_most: ...}`"),
        ({"liability": {"at_most": "5"}}, "at_most: is '5'; write a number"),
        ({"liability": {"atmost": 5}}, "unknown key 'atmost'.*at_most"),
        ({"liabilities": {"at_most": 5}}, "there is no outcome 'liabilities'.*liability"),
        ([], "write them as"),
    ],
)
def test_constraints_that_do_not_fit(content: Any, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        constraints_of(content, OUTCOMES, "file")


def test_a_difference_may_be_negative_and_large() -> None:
    found = constraints_of(
        {"retention": {"at_least": -2, "measure": "difference"}, "profit": {"at_most": -5}}, OUTCOMES, "f"
    )
    assert [rule.words for rule in found] == ["at least -2", "at most -5"]


def test_the_judge_pairs_with_the_baseline_and_measures_violations() -> None:
    goals = goals_of({"profit": "maximise", "liability": "minimise"}, OUTCOMES, "file")
    rules = constraints_of({"profit": {"at_least": 3}, "liability": {"at_least": 1, "at_most": 4}}, OUTCOMES, "file")
    judge = Judge(goals, rules, {"profit": np.array([10.0, 20.0])})
    outcomes = {"profit": np.array([11.0, 23.0]), "liability": np.array([5.0, 7.0])}
    assert judge.values(outcomes) == [2.0, 6.0]
    assert judge.scores(outcomes).tolist() == [2.0, -6.0]
    assert judge.violations(outcomes) == [1.0, 2.0]
    assert not judge.feasible(outcomes)
    assert judge.feasible({"profit": np.array([13.0, 23.0]), "liability": np.array([1.0, 1.0])})
    assert judge.measures == [Measure("profit", True), Measure("liability", False)]
