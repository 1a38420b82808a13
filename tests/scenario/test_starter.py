"""The commented starter: every key explained, and it loads back as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from goodwill.programmes.catalogue import PaidClub, Points, PriceCut, ServiceInvestment, StampCard, Tiers
from goodwill.scenario.behaviour import Behaviour, Habit, WordOfMouth
from goodwill.scenario.declared import declared
from goodwill.scenario.firm import Firm
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.starter import example, preset_starter, starter
from goodwill.scenario.yaml_core import CoreLoader

LEVERS = st.sampled_from(
    [
        StampCard(head_start=2, expiry=6),
        Points(expiry=None, automatic=True),
        PaidClub(fee=0.1),
        PriceCut(start=3),
        ServiceInvestment(stop=100),
        Tiers(spend=(1.0,), earn=(2.0,), liking=(0.0,)),
    ]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def read(text: str) -> Scenario:
    return Scenario.from_dict(yaml.load(text, CoreLoader))


def test_the_first_line_names_the_schema() -> None:
    assert starter().splitlines()[0] == "# yaml-language-server: $schema=goodwill.schema.json"
    assert starter(schema="../s.json").splitlines()[0].endswith("$schema=../s.json")


def test_the_starter_is_a_scenario_with_every_key() -> None:
    assert read(starter()) == example()
    assert yaml.load(starter(), CoreLoader) == example().to_dict()


@pytest.mark.parametrize("name", preset_names())
def test_the_starter_of_a_preset_is_the_preset(name: str, tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(preset_starter(name), encoding="utf-8")
    assert Scenario.load(path) == Scenario.preset(name)
    assert Scenario.load(path).hash() == Scenario.preset(name).hash()


def test_a_preset_keeps_its_notes() -> None:
    text = preset_starter("grocery-coffee")
    assert re.search(r"share: 0\.\d+  # \w+", text)
    assert re.search(r"trips_shape: 0\.\d+  # .*NBD", text)


def test_every_key_is_explained_once_with_unit_bounds_default_and_source() -> None:
    lines = starter().splitlines()
    for section in (Scenario, Firm, Habit, WordOfMouth):
        for item in declared(section):
            assert sum(item.meaning.split()[-1] in line for line in lines if "#" in line) >= 1
    at = lines.index("    strength: 1.5")
    assert lines[at - 3 : at] == [
        "    # Utility of a full habit.",
        "    # Unit: utility; 0 to 8; default 1.5. Source: fitted to excess repeat in nine grocery categories",
        "    # (docs/validation.md).",
    ]
    assert sum("Cost of one unit sold." in line for line in lines) == 1
    assert all(len(line) <= 120 for line in lines)


@settings(deadline=None)  # a busy machine is no fault of the starter
@given(
    name=TEXTS,
    description=TEXTS,
    sources=st.lists(TEXTS, max_size=3),
    currency=TEXTS,
    price=st.floats(0.01, 1e6),
    promise=st.none() | st.floats(0, 10),
    firms=st.lists(st.lists(LEVERS, max_size=3), min_size=1, max_size=3),
    habit=st.builds(Habit, on=st.booleans(), strength=st.floats(0, 8)),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_scenario_survives_the_starter(  # type: ignore[no-untyped-def]
    name, description, sources, currency, price, promise, firms, habit, seed
) -> None:
    scenario = Scenario.from_dict(
        {
            "name": name,
            "description": description,
            "sources": sources,
            "seed": seed,
            "measurement": {"currency": currency},
            "behaviour": Behaviour(habit=habit),
            "firms": [
                {
                    "name": f"{name}{j}",
                    "share": 1 / len(firms),
                    "price": price,
                    "promise": promise,
                    "programmes": programmes,
                }
                for j, programmes in enumerate(firms)
            ],
        }
    )
    assert read(starter(scenario)) == scenario


@pytest.mark.parametrize(
    "name", ["on", "no", "1e6", "null", "~", "a: b", "a #b", "- x", " x ", "", "it's", 'say "x"', "é", "\u2028", "😀"]
)
def test_names_that_look_like_something_else(name: str) -> None:
    scenario = example().with_(name=name)
    assert read(starter(scenario)) == scenario
