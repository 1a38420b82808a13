"""The JSON schema of scenario files and arm files, generated from the declarations; editors check with it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from goodwill.programmes.catalogue import Programme, kinds
from goodwill.programmes.templates import template_names
from goodwill.scenario.arms import Arm
from goodwill.scenario.declared import declared
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
    models: dict[str, type[BaseModel]] = {model.__name__: model for model in (root, *kinds().values())}
    _, content = models_json_schema([(model, "validation") for model in models.values()])
    definitions: dict[str, Any] = content["$defs"]
    for programme in kinds().values():
        definitions[programme.__name__]["description"] = programme.summary
        definitions[programme.__name__]["required"] = ["kind"]
    definitions[Programme.__name__] = {
        "description": "a programme; its `kind` says which levers it has, or it is a template and what differs from it",
        "oneOf": [
            *({"$ref": f"#/$defs/{programme.__name__}"} for programme in kinds().values()),
            {"type": "object", "required": ["template"], "properties": {"template": {"enum": template_names()}}},
        ],
    }
    inner = [_sections(model) for model in (root, *kinds().values())]
    _describe(definitions, {**models, **{name: section for part in inner for name, section in part.items()}})
    top = definitions.pop(root.__name__)
    return {"$schema": DIALECT, "title": title, **top, "$defs": definitions}


def _sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """All models below one, by name."""
    found: dict[str, type[BaseModel]] = {}
    for item in declared(model):
        if item.section is not None and item.section is not Programme:
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
