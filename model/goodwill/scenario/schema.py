"""The JSON schema of scenario files and arm files, generated from the declarations; editors check with it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from goodwill.programmes.base import Programme
from goodwill.programmes.templates import template_names
from goodwill.scenario.arms import Arm
from goodwill.scenario.declared import declared
from goodwill.scenario.kinds import FAMILIES
from goodwill.scenario.scenario import Scenario

DIALECT = "http://json-schema.org/draft-07/schema#"  # the one that every editor knows
FILE_NAME = "goodwill.schema.json"


def scenario_schema() -> dict[str, Any]:
    """Schema of a scenario file. Programmes are one of the kinds that are registered, each with its own levers."""
    return _schema(Scenario, "A scenario of goodwill")


def arm_schema() -> dict[str, Any]:
    """Schema of an arm file: programmes, and values that differ from the scenario."""
    return _schema(Arm, "An arm of a comparison with goodwill")


def schema_text(schema: dict[str, Any]) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(root: type[BaseModel], title: str) -> dict[str, Any]:
    every = [kind for base in FAMILIES for kind in base.kinds().values()]
    models: dict[str, type[BaseModel]] = {model.__name__: model for model in (root, *every)}
    _, content = models_json_schema([(model, "validation") for model in models.values()])
    definitions: dict[str, Any] = content["$defs"]
    for kind in every:
        definitions[kind.__name__]["description"] = kind.summary
        definitions[kind.__name__]["required"] = ["kind"]
    for base in FAMILIES:
        if base.__name__ in definitions:
            definitions[base.__name__] = {
                "description": f"a {base.family}; its `kind` says which keys it has",
                "required": ["kind"],
                "oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in base.kinds().values()],
            }
    programme = definitions[Programme.__name__]
    programme["description"] += ", or it is a template and what differs from it"
    del programme["required"]
    programme["oneOf"].append(
        {"type": "object", "required": ["template"], "properties": {"template": {"enum": template_names()}}}
    )
    inner = {name: model for kind in every for name, model in _sections(kind).items()}
    _describe(definitions, {**models, **_sections(root), **inner})
    top = definitions.pop(root.__name__)
    return {"$schema": DIALECT, "title": title, **top, "$defs": definitions}


def _sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """All models below one, by name."""
    found: dict[str, type[BaseModel]] = {}
    for item in declared(model):
        if item.section is not None and item.section not in FAMILIES:
            found |= {item.section.__name__: item.section, **_sections(item.section)}
    return found


def _describe(definitions: dict[str, Any], models: dict[str, type[BaseModel]]) -> None:
    """Descriptions with unit and source in place of pydantic's titles, which only repeat the key."""
    for name, model in models.items():
        definition = definitions[name]
        definition.pop("title", None)
        definition["description"] = definition["description"].partition("\n\n")[0]
        for item in declared(model):
            keyword = definition["properties"][item.key]
            keyword.pop("title", None)
            if item.key == "kind" and "const" in keyword:
                continue
            facts = "; ".join([item.unit] * (item.unit != "-") + [f"source: {item.source}"] * (item.source != "-"))
            if facts:
                keyword["description"] = f"{item.meaning} ({facts})"
