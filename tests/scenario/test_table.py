"""The parameter table has every key once."""

from __future__ import annotations

from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.table import COLUMNS, parameter_rows, parameter_table

PARTS_OF_SEVERAL_KINDS = ("sources", "firms.*.programmes", "firms.*.options", "firms.*.strategy")
EMPTY_LISTS = ("changes",)


def test_every_key_is_there_once_with_all_columns() -> None:
    rows = parameter_rows()
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys)) > 100
    assert all(tuple(row) == COLUMNS for row in rows)
    for key in (
        "seed",
        "firms.*.price",
        "behaviour.habit.strength",
        "stamp_card.reward",
        "programme.start",
        "changes.*.start",
    ):
        assert key in keys


def test_every_key_of_a_scenario_is_in_the_table() -> None:
    keys = {row["key"] for row in parameter_rows()}

    def walk(value: object, path: str) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                walk(part, f"{path}.{key}" if path else key)
        else:
            assert path in keys or path in (*PARTS_OF_SEVERAL_KINDS, *EMPTY_LISTS), path

    content = Scenario.preset("coffee-town").to_dict()
    firms = content.pop("firms")
    walk(content, "")
    walk(firms[0], "firms.*")


def test_assumptions_are_marked() -> None:
    table = parameter_table().set_index("key")
    assert table.loc["behaviour.satisfaction.weight", "assumption"]
    assert table.loc["behaviour.outside.nest", "assumption"], "'value an assumption' beside a source counts too"
    assert not table.loc["behaviour.choice.price_sensitivity", "assumption"]


def test_every_preset_names_its_sources() -> None:
    for name in preset_names():
        preset = Scenario.preset(name)
        assert preset.name == name and preset.sources and preset.description
