"""Scenario files: defaults, bounds, unknown keys, dotted paths, hashes."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodwill.errors import ScenarioError
from goodwill.programmes.catalogue import PriceCut, StampCard
from goodwill.scenario.behaviour import Habit
from goodwill.scenario.declared import declared
from goodwill.scenario.explain import inner_models
from goodwill.scenario.firm import Firm
from goodwill.scenario.market import Population
from goodwill.scenario.scenario import Scenario


def content(**changes: Any) -> dict[str, Any]:
    return {
        "name": "two",
        "firms": [
            {"name": "A", "share": 0.6, "price": 3.0, "programmes": [{"kind": "stamp_card", "reward": 2.0}]},
            {"name": "B", "share": 0.4, "price": 2.5},
        ],
        **changes,
    }


def mistake(values: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_dict(values, place="file.yaml")
    return str(caught.value)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_dict(content())


def sections(model: Any) -> list[Any]:
    found = [model]
    for field in model.model_fields.values():
        for inner in inner_models(field.annotation):
            found += sections(inner)
    return found


def test_what_is_left_out_takes_its_default(scenario: Scenario) -> None:
    assert scenario.customers == 20_000
    assert scenario.population == Population()
    assert not scenario.behaviour.habit.on
    assert scenario.firms[0].programmes == (StampCard(reward=2.0),)


@pytest.mark.parametrize("section", sections(Scenario), ids=lambda section: section.__name__)
def test_every_key_is_declared_with_meaning_and_within_its_bounds(section: Any) -> None:
    for item in declared(section):
        assert item.meaning or item.key == "kind", f"{section.__name__}.{item.key} has no meaning"
        if isinstance(item.default, int | float) and not isinstance(item.default, bool):
            assert item.low is not None and item.high is not None, f"{section.__name__}.{item.key} has no bounds"
            assert item.low <= item.default <= item.high


def test_a_mechanism_is_off_until_it_is_switched_on(scenario: Scenario) -> None:
    on = [name for name, part in scenario.behaviour if getattr(part, "on", False)]
    # These do nothing without a programme.
    assert on == ["programmes", "offers", "gifts", "personal", "win_back"]


def test_bounds_are_inclusive_and_named_with_value_and_key() -> None:
    Scenario.from_dict(content(behaviour={"habit": {"retention": 0.99}}))
    assert mistake(content(behaviour={"habit": {"retention": 1.5}})) == (
        "file.yaml: behaviour.habit.retention: is 1.5 but must be at most 0.99"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customres": 3}, "customres: unknown key; did you mean 'customers'?"),
        (
            {"population": {"trips_per_yaer": 3}},
            "population.trips_per_yaer: unknown key; did you mean 'trips_per_year'?",
        ),
        ({"behaviour": {"habits": {}}}, "behaviour.habits: unknown key; did you mean 'habit'?"),
        ({"period": "day"}, "period: is 'day' but must be 'week' or 'month'"),
        ({"customers": "many"}, "customers: is 'many' but must be a whole number"),
        ({"customers": 2.5}, "customers: is 2.5 but must be a whole number"),
        ({"behaviour": {"habit": {"on": "perhaps"}}}, "behaviour.habit.on: is 'perhaps' but must be true or false"),
        ({"behaviour": {"habit": {"strength": float("nan")}}}, "behaviour.habit.strength: is nan but must be"),
        ({"behaviour": [1]}, "behaviour: is [1] but must be keys and values"),
        ({"population": {"basket": None}}, "population.basket: is empty but must be a number"),
        ({"firms": []}, "firms: has 0 entries but must have at least 1"),
        ({"firms": None}, "firms: is empty but must be a list"),
        ({"warm_up": 104}, "warm_up (104) must be smaller than periods (104)"),
    ],
)
def test_a_mistake_names_place_value_and_remedy(changes: dict[str, Any], message: str) -> None:
    text = mistake(content(**changes))
    assert text.startswith(f"file.yaml: {message}")
    assert "\n" not in text


def test_a_market_without_firms_says_what_is_missing() -> None:
    assert mistake({"name": "none"}) == "file.yaml: firms: is missing; give it a value"


def test_content_that_is_no_mapping() -> None:
    assert mistake(["firms"]) == "file.yaml: expected keys and values, found list"


def test_shares_have_to_sum_to_one_and_names_to_differ() -> None:
    values = content()
    values["firms"][1]["share"] = 0.3
    assert mistake(values) == "file.yaml: firms: the shares sum to 0.9, not to 1; scale them so that they do"
    values["firms"][1] |= {"share": 0.4, "name": "A"}
    assert "the name 'A' is used twice" in mistake(values)


def test_a_purchase_too_dear_to_be_counted_is_refused() -> None:
    """Cents are counted in 32 bits: 21 million of money a purchase."""
    values = content(population={"basket": 100, "basket_sd": 0.5, "basket_spread": 0.5})
    Scenario.from_dict(values | {"firms": [values["firms"][0] | {"price": 800.0}, values["firms"][1]]})
    values["firms"][1]["price"] = 900.0
    assert mistake(values).startswith(
        "file.yaml: firms.1.price (900) times the largest basket that may be drawn (2.45e+04, from population.basket, "
        "basket_spread and basket_sd) is 2.2e+07; a purchase may cost 2.15e+07"
    )


def test_mistakes_in_nested_programmes_keep_their_full_key() -> None:
    values = content()
    values["firms"][0]["programmes"] = [{"kind": "stamp_card", "reward": -2, "stamp": 3}, {"kind": "price_cutt"}]
    values["firms"][1]["price"] = 0
    assert mistake(values).splitlines() == [
        "file.yaml: firms.0.programmes.0.reward: is -2 but must be at least 0",
        "file.yaml: firms.0.programmes.0.stamp: unknown key; did you mean 'stamps'?",
        "file.yaml: firms.0.programmes.1: programme kind 'price_cutt' is not known; did you mean 'price_cut'?",
        "file.yaml: firms.1.price: is 0 but must be at least 0.01",
    ]


def test_a_wrong_firm_is_not_also_too_few_firms() -> None:
    values = content(
        firms=[{"name": "A", "share": 1.0, "price": 1.0, "programmes": [{"kind": "points", "reward": -1}]}]
    )
    assert mistake(values) == "file.yaml: firms.0.programmes.0.reward: is -1 but must be at least 0"


@pytest.mark.parametrize(
    ("programme", "message"),
    [
        (
            {"kind": "stamp_card", "start": 104},
            "firms.0.programmes.0.start: is 104, but the run ends after 104 periods",
        ),
        ({"kind": "stamp_card", "stop": 20}, "firms.0.programmes.0.stop: is 20, but the programme starts in period 52"),
        ({"kind": "stamp_card", "start": 9, "stop": 9}, "firms.0.programmes.0: stop (9) must be later than start (9)"),
        ({"kind": "stamp_card", "head_start": 10}, "firms.0.programmes.0: head_start (10) must be smaller than stamps"),
        (
            {"kind": "tiers", "spend": [300, 100]},
            "firms.0.programmes.0: spend [300.0, 100.0]: must be positive and rise",
        ),
        ({"reward": 1}, "firms.0.programmes.0: a programme needs a kind, one of early_warning, experience"),
    ],
)
def test_a_programme_that_can_not_work(programme: dict[str, Any], message: str) -> None:
    values = content()
    values["firms"][0]["programmes"] = [programme]
    assert mistake(values).startswith(f"file.yaml: {message}")


def test_mistakes_in_python_are_as_readable() -> None:
    with pytest.raises(ScenarioError, match=r"^StampCard: reward: is -2 but must be at least 0$"):
        StampCard(reward=-2)
    with pytest.raises(ScenarioError, match=r"^StampCard: stamp: unknown key; did you mean 'stamps'\?$"):
        StampCard(stamp=3)  # type: ignore[call-arg]
    with pytest.raises(ScenarioError, match=r"^Firm: programmes.0.depth: is 2 but must be at most 0.9$"):
        Firm(name="A", share=1, price=1, programmes=[{"kind": "price_cut", "depth": 2}])  # type: ignore[arg-type]


def test_a_path_changes_one_key_and_leaves_the_original(scenario: Scenario) -> None:
    before = scenario.hash()
    changed = scenario.with_({"firms.0.price": 4.2, "behaviour.habit.on": True}, seed=7)
    assert (changed.firms[0].price, changed.behaviour.habit.on, changed.seed) == (4.2, True, 7)
    assert scenario.hash() == before != changed.hash()
    assert changed.with_({"firms.A.price": 3.0, "behaviour.habit.on": False}, seed=1) == scenario


def test_a_mapping_changes_the_keys_it_names_only(scenario: Scenario) -> None:
    first = scenario.with_({"behaviour.habit.strength": 3.0, "behaviour.zone.on": True})
    second = first.with_({"behaviour": {"habit": {"on": True}}})
    assert second.behaviour.habit == Habit(on=True, strength=3.0)
    assert second.behaviour.zone.on
    whole = first.with_({"behaviour.habit": Habit(on=True)})
    assert whole.behaviour.habit == Habit(on=True), "a section made in Python is complete and replaces the whole"


def test_programmes_are_set_by_path_and_by_name(scenario: Scenario) -> None:
    assert scenario.with_({"firms.0.programmes.stamp_card.reward": 3}).firms[0].programmes == (StampCard(reward=3.0),)
    assert scenario.with_({"firms.B.programmes": [PriceCut()]}).firms[1].programmes == (PriceCut(),)
    assert scenario.with_programmes("A", [PriceCut()]).firms[0].programmes == (StampCard(reward=2.0), PriceCut())


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("firms.0.prise", "firms.0.prise: unknown key; did you mean 'price'?"),
        ("firms.2.price", "firms.2: there is no entry '2' among 2; known are 0 = A, 1 = B"),
        ("firms.C.price", "firms.C: there is no entry 'C' among 2"),
        ("firms.1.programmes.0.reward", "firms.1.programmes.0: the list is empty"),
        ("seed.x", "seed.x: seed is a single value and has no key 'x'"),
        ("behaviour.habbit.on", "behaviour.habbit: unknown key; did you mean 'habit'?"),
    ],
)
def test_a_path_that_does_not_exist(scenario: Scenario, path: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario.with_({path: 1})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("firm", [2, -1, "C", None])
def test_a_firm_that_does_not_exist(scenario: Scenario, firm: Any) -> None:
    with pytest.raises(ScenarioError, match="does not exist; the firms of 'two' are 0 = A, 1 = B"):
        scenario.firm_index(firm)


def test_the_hash_stands_for_the_content_alone(scenario: Scenario) -> None:
    shuffled = dict(reversed(content(seed=1.0, population={"basket": 1}).items()))
    assert Scenario.from_dict(shuffled).hash() == scenario.hash()
    assert pickle.loads(pickle.dumps(scenario)).hash() == scenario.hash()
    assert copy.deepcopy(scenario) == scenario
    assert scenario.with_(seed=2).hash() != scenario.hash()


def test_the_hash_is_the_same_in_another_process() -> None:
    code = "from goodwill.scenario.scenario import Scenario; print(Scenario.preset('mini').hash())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == Scenario.preset("mini").hash()


@given(st.floats(0, 8), st.floats(0.01, 1e6), st.integers(0, 2**32 - 1))
def test_what_is_set_by_path_is_what_is_read(strength: float, price: float, seed: int) -> None:
    changed = Scenario.from_dict(content()).with_(
        {"behaviour.habit.strength": strength, "firms.B.price": price, "seed": seed}
    )
    assert (changed.behaviour.habit.strength, changed.firms[1].price, changed.seed) == (strength, price, seed)
    assert Scenario.from_dict(changed.to_dict()) == changed


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_within_its_bounds_or_refused(value: float) -> None:
    if 0 <= value <= 0.99:
        assert Habit(retention=value).retention == value
    else:
        with pytest.raises(ScenarioError, match=r"^Habit: retention: is .* but must be"):
            Habit(retention=value)
