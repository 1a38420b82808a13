from __future__ import annotations

import math

import optuna
import pytest

from goodwill.lab.optimise.space import ARM, Design, Options, Range, Space

SPACE = Space(
    {
        "card": {"stamps": Range(6, 12, integer=True), "reward": Range(2.0, 4.0)},
        "points": {"threshold": Options((50, 100, 200)), "automatic": Options((True, False))},
    }
)


def trial(parameters: dict[str, object]) -> optuna.trial.FixedTrial:
    return optuna.trial.FixedTrial(parameters)


def test_each_arm_has_levers_of_its_own() -> None:
    card = SPACE.suggest(trial({ARM: 0, "stamps": 8, "reward": 2.5}))
    points = SPACE.suggest(trial({ARM: 1, "threshold": 1, "automatic": 1}))
    assert card == Design.of("card", {"stamps": 8, "reward": 2.5})
    assert points == Design.of("points", {"threshold": 100, "automatic": False})
    assert SPACE.levers == ["stamps", "reward", "threshold", "automatic"]


def test_a_single_arm_is_no_choice() -> None:
    space = Space({"card": {"stamps": Range(6, 12, integer=True)}})
    assert space.suggest(trial({"stamps": 8})) == Design.of("card", {"stamps": 8})
    assert space.encoded(Design.of("card", {"stamps": 8})) == {"stamps": 8}


@pytest.mark.parametrize(
    "design",
    [
        Design.of("card", {"stamps": 6, "reward": 4.0}),
        Design.of("points", {"threshold": 200, "automatic": True}),
    ],
)
def test_what_is_encoded_is_suggested_again(design: Design) -> None:
    encoded = SPACE.encoded(design)
    assert encoded is not None
    assert SPACE.suggest(trial(encoded)) == design


@pytest.mark.parametrize(
    "design",
    [
        Design.of("card", {"stamps": 13, "reward": 3.0}),
        Design.of("card", {"stamps": 6.5, "reward": 3.0}),
        Design.of("card", {"stamps": True, "reward": 3.0}),
        Design.of("card", {"stamps": 8}),
        Design.of("points", {"threshold": 75, "automatic": True}),
        Design.of("points", {"threshold": 50, "automatic": 1}),
        Design.of("tiers", {}),
        Design.of("card", {"stamps": None, "reward": 3.0}),
    ],
)
def test_what_lies_outside_is_not_encoded(design: Design) -> None:
    assert SPACE.encoded(design) is None


def test_continuous_values_have_few_digits_and_stay_inside() -> None:
    assert Range(0, 10).suggest("x", trial({"x": 3.14159265})) == 3.142
    narrow = Range(0.123456, 0.123457)
    assert narrow.low <= narrow.suggest("x", trial({"x": 0.1234565})) <= narrow.high


def test_size_and_list_of_a_finite_space() -> None:
    space = Space({"a": {"x": Range(1, 3, integer=True), "y": Options(("low", "high"))}, "b": {"z": Options((1, 2))}})
    designs = list(space.designs())
    assert space.size == len(designs) == len(set(designs)) == 3 * 2 + 2
    assert SPACE.size == math.inf
    assert Space({"a": {"x": Range(2.0, 2.0)}}).size == 1


def test_rising_numbers_are_in_order_and_others_are_not() -> None:
    assert Options((1, 2.5, 4)).ordered
    assert not Options((4, 2)).ordered
    assert not Options(("card", "club")).ordered
    assert not Options((True, False)).ordered
    assert not Options((1, 1)).ordered
    assert not Options((None, 12)).ordered


def test_a_design_says_what_it_is() -> None:
    assert str(Design.of("card", {"stamps": 8, "reward": 2.5})) == "card (stamps 8, reward 2.5)"
    assert str(Design("nothing")) == "nothing"


def test_a_design_in_the_spaces_own_values() -> None:
    assert SPACE.canonical(Design.of("points", {"threshold": 100.0, "automatic": True})) == Design.of(
        "points", {"threshold": 100, "automatic": True}
    )
    threshold = SPACE.canonical(Design.of("points", {"threshold": 100.0, "automatic": True}))
    assert threshold is not None and str(threshold) == "points (threshold 100, automatic True)"
    assert SPACE.canonical(Design("tiers")) is None
