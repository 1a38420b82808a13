"""Arms: programmes and values that differ from the scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from goodwill.errors import ScenarioError
from goodwill.programmes.catalogue import PriceCut, StampCard
from goodwill.scenario.arms import Arm, named_file
from goodwill.scenario.scenario import Scenario

CARD = StampCard(stamps=10, head_start=2, reward=5.0)


@pytest.fixture
def scenario() -> Scenario:
    firms = [{"name": "A", "share": 0.6, "price": 3.0}, {"name": "B", "share": 0.4, "price": 2.5}]
    return Scenario.from_dict({"name": "two", "firms": firms})


def write(folder: Path, text: str) -> Path:
    path = folder / "card.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "value",
    [
        CARD,
        [CARD],
        (CARD,),
        {"kind": "stamp_card", "stamps": 10, "head_start": 2, "reward": 5},
        [{"kind": "stamp_card", "stamps": 10, "head_start": 2, "reward": 5}],
        {"programmes": [CARD]},
        Arm(name="other", programmes=(CARD,)),
    ],
)
def test_an_arm_is_made_from_what_is_at_hand(value: Any) -> None:
    assert Arm.of("card", value) == Arm(name="card", programmes=(CARD,))


@pytest.mark.parametrize("nothing", [[], (), None, {}])
def test_doing_nothing_is_an_arm(scenario: Scenario, nothing: Any) -> None:
    arm = Arm.of("nothing", nothing)
    assert arm.programmes == () and arm.apply(scenario, 1) is scenario


def test_an_arm_file(scenario: Scenario, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "description: a card and a dearer coffee\nprogrammes:\n  - kind: stamp_card\n    stamps: 8\n"
        "set:\n  firms.0.price: 3.3\n  behaviour: {habit: {on: true}}\n",
    )
    arm = Arm.load(path)
    assert (arm.name, Arm.load(path, "other").name) == ("card", "other")
    changed = arm.apply(scenario, "B")
    assert changed.firms[0].price == 3.3 and changed.behaviour.habit.on
    assert changed.firms[1].programmes == (StampCard(stamps=8),) and not changed.firms[0].programmes
    assert Arm.of("card", path) == arm == Arm.of("card", arm.to_dict())


def test_programmes_come_besides_those_there_are(scenario: Scenario) -> None:
    running = scenario.with_programmes(0, [PriceCut()])
    assert Arm.of("card", CARD).apply(running, 0).firms[0].programmes == (PriceCut(), CARD)
    instead = Arm.of("card", {"programmes": [CARD], "set": {"firms.0.programmes": []}})
    assert instead.apply(running, 0).firms[0].programmes == (CARD,)


def test_the_scenario_stays_as_it_was(scenario: Scenario) -> None:
    before = scenario.hash()
    Arm.of("cut", {"programmes": [PriceCut()], "set": {"firms.0.price": 9}}).apply(scenario, 0)
    assert scenario.hash() == before


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([{"kind": "stamp_card", "reward": -2}], "arm 'x': programmes.0.reward: is -2 but must be at least 0"),
        ([CARD, {"kind": "stampcard"}], "arm 'x': programmes.1: programme kind 'stampcard' is not known; did you mean"),
        (["stamp_card"], "arm 'x': programmes.0: a programme needs a kind, one of early_warning, experience"),
        ({"programs": []}, "arm 'x': programs: unknown key; did you mean 'programmes'?"),
        (
            {"programmes": [{"kind": "points", "treshold": 5}]},
            "arm 'x': programmes.0.treshold: unknown key; did you mean",
        ),
        (3, "arm 'x': expected `programmes:` or `set:` with values, found int"),
    ],
)
def test_a_mistake_in_an_arm(value: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Arm.of("x", value)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"firms.0.prise": 1}, "arm 'x': set: firms.0.prise: unknown key; did you mean 'price'?"),
        ({"firms.7.price": 1}, "arm 'x': set: firms.7: there is no entry '7'"),
        ({"firms.0.price": -1}, "arm 'x': firms.0.price: is -1 but must be at least 0.01"),
        ({"firms.0.share": 0.1}, "arm 'x': firms: the shares sum to 0.5"),
        ({"seed": 3}, "arm 'x': set: seed: has to be the same in all arms"),
    ],
)
def test_a_mistake_in_what_is_set(scenario: Scenario, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Arm.of("x", {"set": changes}).apply(scenario, 0)
    assert str(caught.value).startswith(message)


def test_a_programme_on_a_firm_that_does_not_exist(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="firm 'C' does not exist; the firms of 'two' are 0 = A, 1 = B"):
        Arm.of("card", [CARD]).apply(scenario, "C")
    with pytest.raises(ScenarioError, match="firm 5 does not exist"):
        Arm.of("nothing", []).apply(scenario, 5)


def test_a_missing_or_empty_arm_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file; an arm file lists `programmes:`"):
        Arm.load(tmp_path / "no.yaml")
    with pytest.raises(ScenarioError, match="the file is empty; an arm file lists"):
        Arm.load(write(tmp_path, ""))
    with pytest.raises(ScenarioError, match=r"card.yaml: programmes.0.depth: is 3 but must be at most 0.9$"):
        Arm.load(write(tmp_path, "programmes: [{kind: price_cut, depth: 3}]"))


def test_names_of_arms_on_the_command_line() -> None:
    assert named_file("card=arms/card.yaml") == ("card", Path("arms/card.yaml"))
    assert named_file("arms/card.yaml") == ("card", Path("arms/card.yaml"))
    with pytest.raises(ScenarioError, match="write NAME=FILE"):
        named_file("card=")
