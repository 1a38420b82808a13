from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from goodwill.errors import GoodwillError
from goodwill.lab.optimise.question import Question
from goodwill.lab.optimise.space import Design, Options, Range
from goodwill.scenario.scenario import Scenario


@pytest.fixture
def content(small: Scenario) -> dict[str, Any]:
    return {
        "scenario": small.to_dict(),
        "arms": {
            "nothing": {},
            "card": {"programmes": [{"kind": "stamp_card", "stamps": 10, "reward": 3.0}]},
            "points": {"programmes": [{"kind": "points", "threshold": 100, "expiry": None}]},
            "sale": {"set": {"firms.0.price": 0.9}},
        },
        "levers": {
            "stamps": {"arm": "card", "path": "programmes.0.stamps", "low": 4, "high": 12.5, "integer": True},
            "reward": {"arm": "card", "path": "programmes.stamp_card.reward", "low": 1, "high": 5, "log": True},
            "threshold": {"arm": "points", "path": "programmes.0.threshold", "values": [50, 100, 200]},
            "expiry": {"arm": "points", "path": "programmes.0.expiry", "values": [6, 12, None]},
        },
        "goals": {"profit": "maximise"},
    }


def test_levers_make_a_space_with_the_arm_as_a_choice(content: dict[str, Any]) -> None:
    question = Question.of(content)
    assert question.space.arms == {
        "card": {"stamps": Range(4, 12, True), "reward": Range(1, 5, log=True)},
        "points": {"threshold": Options((50, 100, 200)), "expiry": Options((6, 12, None))},
    }


def test_baseline_and_arms_as_they_are_written(content: dict[str, Any]) -> None:
    question = Question.of(content)
    assert question.baseline == Design("nothing")
    assert question.starts == [
        Design.of("card", {"stamps": 10, "reward": 3.0}),
        Design.of("points", {"threshold": 100, "expiry": None}),
        Design("sale"),
    ]


def test_an_arm_outside_its_levers_bounds_is_tried_as_it_is(content: dict[str, Any]) -> None:
    content["levers"]["reward"]["high"] = 2
    assert Question.of(content).starts[0] == Design("card")


def test_levers_of_the_scenario_and_of_arms_settings(content: dict[str, Any]) -> None:
    content["levers"] = {
        "price": {"path": "firms.0.price", "low": 0.5, "high": 50},
        "sale": {"arm": "sale", "path": "set.firms.1.price", "low": 0.8, "high": 1},
    }
    content["arms"]["sale"]["set"] = {"firms.1.price": 0.9}
    question = Question.of(content)
    assert list(question.space.arms) == ["nothing", "card", "points", "sale"]
    assert set(question.space.arms["sale"]) == {"price", "sale"}
    assert question.starts[-1].values["sale"] == 0.9
    assert question.starts[0].values == {"price": question.study.scenario.firms[0].price}


def test_what_is_wanted_is_measured(content: dict[str, Any]) -> None:
    content["constraints"] = {"liability": {"at_most": 5}, "late": {"at_least": 0.1}}
    content["outcomes"] = {"late": {"of": "retention", "from": 50}}
    question = Question.of(content)
    assert list(question.study.outcomes) == ["late", "profit", "liability"]
    assert [rule.measure.paired for rule in question.constraints] == [False, False]


def test_what_is_written_out_is_read_again(content: dict[str, Any]) -> None:
    question = Question.of(content | {"constraints": {"profit": {"at_least": 0, "measure": "value"}}})
    again = Question.of(question.to_dict())
    assert again.to_dict() == question.to_dict()
    assert again.space == question.space and again.starts == question.starts


def test_a_file_is_read_with_what_lies_beside_it(content: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "market.yaml").write_text(yaml.safe_dump(content["scenario"]))
    (tmp_path / "ask.yaml").write_text(yaml.safe_dump(content | {"scenario": "market.yaml", "search": {"trials": 7}}))
    question = Question.load(tmp_path / "ask.yaml")
    assert question.search.trials == 7 and question.search.replications == 10
    assert question.verdict.replications == 50


@pytest.mark.parametrize(
    "change, words",
    [
        ({"levers": {}}, "levers: there are none"),
        ({"goals": {}}, "goals: say what is wanted"),
        ({"goals": {"profits": "maximise"}}, "goals.profits: there is no outcome 'profits'; did you mean 'profit'"),
        ({"constraints": {"liabilty": {"at_most": 3}}}, "constraints.liabilty: .*did you mean 'liability'"),
        ({"design": {"kind": "grid"}}, "design: a search chooses the designs itself"),
        ({"budget": "3%"}, "budget: .*programme_cost"),
        ({"replications": 5}, "replications: say `search"),
        ({"cases": {}}, "cases: a search is in one world"),
        ({"search": {"trial": 5}}, "search: trial: .*trials"),
        ({"search": {"sampler": "grid"}}, "search: sampler: .*nsga2"),
        ({"verdict": {"replications": 1}}, "verdict: replications: is 1"),
        ({"levers": {"arm": {"arm": "card", "path": "programmes.0.stamps", "low": 1, "high": 2}}}, "levers.arm: is a column|arm"),
        ({"levers": {"x": {"arm": "card", "path": "programmes.0.stamp", "low": 1, "high": 2}}}, "levers.x.path: .*'stamps'"),
        ({"levers": {"x": {"path": "firms.0.prise", "low": 1, "high": 2}}}, "levers.x.path: .*'price'"),
        ({"levers": {"x": {"arm": "sale", "path": "set.firms.0.prise", "low": 1, "high": 2}}}, "levers.x.path: .*'price'"),
        ({"levers": {"x": {"arm": "cart", "path": "programmes.0.stamps", "low": 1, "high": 2}}}, "'cart' is not an arm"),
    ],
)  # fmt: skip
def test_questions_that_make_no_sense(content: dict[str, Any], change: dict[str, Any], words: str) -> None:
    with pytest.raises(GoodwillError, match=words):
        Question.of(content | change)
