"""The JSON schema agrees with the declarations, and the presets with the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from goodwill.programmes.catalogue import kinds
from goodwill.programmes.templates import template_names
from goodwill.scenario.files import read_yaml
from goodwill.scenario.presets import preset_names, preset_path
from goodwill.scenario.schema import arm_schema, scenario_schema, schema_text
from goodwill.scenario.starter import example
from goodwill.scenario.table import parameter_rows
from goodwill.strategies.catalogue import kinds as strategy_kinds


def resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def problems(schema: dict[str, Any], node: dict[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """A small checker of what the schemas here use, so that the test needs no further package."""
    node = resolve(schema, node)
    if "oneOf" in node:
        fits = [part for part in node["oneOf"] if not list(problems(schema, part, value, path))]
        if len(fits) != 1:
            yield f"{path}: fits {len(fits)} of the kinds"
    elif "anyOf" in node:
        if not any(not list(problems(schema, part, value, path)) for part in node["anyOf"]):
            yield f"{path}: fits nothing"
    elif "const" in node or "enum" in node:
        if value not in node.get("enum", [node.get("const")]):
            yield f"{path}: {value!r} is not possible"
    elif node["type"] == "object" and not isinstance(value, dict):
        yield f"{path}: {value!r} is not keys and values"
    elif node["type"] == "object":
        for key in node.get("required", ()):
            if key not in value:
                yield f"{path}.{key}: missing"
        for key, part in value.items():
            if key in node.get("properties", ()):
                yield from problems(schema, node["properties"][key], part, f"{path}.{key}")
            elif node.get("additionalProperties") is False:
                yield f"{path}.{key}: unknown"
    elif node["type"] == "array":
        if not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
            yield f"{path}: {len(value)} entries"
        for index, part in enumerate(value):
            yield from problems(schema, node["items"], part, f"{path}.{index}")
    elif node["type"] in ("number", "integer"):
        if isinstance(value, bool) or not isinstance(value, int | float if node["type"] == "number" else int):
            yield f"{path}: {value!r} is no {node['type']}"
        elif not node.get("minimum", value) <= value <= node.get("maximum", value):
            yield f"{path}: {value!r} is out of bounds"
    elif not isinstance(value, {"string": str, "boolean": bool, "null": type(None)}[node["type"]]):
        yield f"{path}: {value!r} is no {node['type']}"


@pytest.mark.parametrize("name", preset_names())
def test_presets_conform(name: str) -> None:
    schema = scenario_schema()
    assert list(problems(schema, schema, read_yaml(preset_path(name)))) == []


@pytest.mark.parametrize("name", preset_names())
def test_presets_conform_in_the_eyes_of_a_validator(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(scenario_schema())
    jsonschema.Draft7Validator(scenario_schema()).validate(read_yaml(preset_path(name)))


def test_what_is_wrong_does_not_conform() -> None:
    schema = scenario_schema()
    content = example().to_dict()
    content["firms"][0] |= {"prise": 1, "share": 2, "programmes": [{"kind": "stamp_card", "fee": 3}, {"reward": 1}]}
    content["behaviour"]["habit"]["on"] = "perhaps"
    content["period"] = "day"
    del content["firms"][1]["name"]
    assert sorted(problems(schema, schema, content)) == [
        ".behaviour.habit.on: 'perhaps' is no boolean",
        ".firms.0.prise: unknown",
        ".firms.0.programmes.0: fits 0 of the kinds",
        ".firms.0.programmes.1: fits 0 of the kinds",
        ".firms.0.share: 2 is out of bounds",
        ".firms.1.name: missing",
        ".period: 'day' is not possible",
    ]


def test_programmes_are_one_of_the_registered_kinds_with_their_own_levers() -> None:
    schema = scenario_schema()
    *parts, ready = schema["$defs"]["Programme"]["oneOf"]
    offered = [resolve(schema, part) for part in parts]
    assert ready["properties"]["template"]["enum"] == template_names()
    assert [part["properties"]["kind"]["const"] for part in offered] == list(kinds())
    for part, programme in zip(offered, kinds().values(), strict=True):
        assert list(part["properties"]) == list(programme.model_fields)
        assert part["required"] == ["kind"] and part["additionalProperties"] is False


def test_every_section_refuses_unknown_keys() -> None:
    for name, definition in scenario_schema()["$defs"].items():
        assert "oneOf" in definition or definition["additionalProperties"] is False, name


def test_every_parameter_carries_unit_source_and_bounds() -> None:
    schema = scenario_schema()
    every: dict[str, Any] = {**kinds(), **strategy_kinds()}
    for row in parameter_rows():
        node: dict[str, Any] = schema
        first, *rest = row["key"].split(".")
        path = [first, *rest]
        if first in every:  # the levers of every kind are listed, and looked up here, as those of the full language
            node, path = schema["$defs"][every[first].__name__], rest
        elif first == "strategy":
            continue
        for x, part in enumerate(path):
            node = node["items"] if part == "*" else node["properties"][part]
            node = resolve(schema, node) if "description" not in node or x < len(path) - 1 else node
        assert row["meaning"] in node["description"], row["key"]
        assert row["source"] == node["source"]
        if row["low"] is not None:
            number = node.get("anyOf", [node])[0]
            assert (number["minimum"], number["maximum"]) == (row["low"], row["high"])


def test_the_schema_of_arms() -> None:
    schema = arm_schema()
    assert set(schema["properties"]) == {"name", "description", "programmes", "set"}
    arm = {"programmes": [{"kind": "price_cut", "depth": 0.1}], "set": {"firms.0.price": 3}}
    assert list(problems(schema, schema, arm)) == []
    assert list(problems(schema, schema, {"programs": []})) == [".programs: unknown"]


def test_the_text_is_json_that_ends_with_a_line() -> None:
    text = schema_text(scenario_schema())
    assert json.loads(text) == scenario_schema() and text.endswith("}\n")
