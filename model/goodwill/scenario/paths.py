"""Dotted paths into a scenario: ``firms.0.price``, ``behaviour.habit.strength``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from goodwill.errors import ScenarioError
from goodwill.scenario.explain import nearest


def set_path(content: dict[str, Any], path: str, value: Any) -> None:
    """Set one key of a scenario's plain content in place; raises `ScenarioError` for a path that does not exist.

    A mapping given for a section changes the keys it names and leaves the others of the section as they are.
    """
    merge = isinstance(value, Mapping)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    elif isinstance(value, list | tuple):
        value = [v.model_dump(mode="json") if isinstance(v, BaseModel) else v for v in value]
    node: Any = content
    parts = path.split(".")
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        here = ".".join(parts[: depth + 1])
        if isinstance(node, list):
            names = [item.get("name", item.get("kind", "")) if isinstance(item, dict) else "" for item in node]
            if part.isdigit() and int(part) < len(node):
                index = int(part)
            elif part in names:
                index = names.index(part)
            else:
                raise ScenarioError(
                    f"{here}: there is no entry {part!r} among {len(node)}; known are "
                    + ", ".join(f"{index} = {name}" if name else str(index) for index, name in enumerate(names))
                    if node
                    else f"{here}: the list is empty; set the whole list {'.'.join(parts[:depth])}"
                )
            if last:
                node[index] = value
            else:
                node = node[index]
        elif isinstance(node, dict):
            if part not in node:
                raise ScenarioError(f"{here}: unknown key{nearest(part, list(node))}")
            if last and merge and isinstance(node[part], dict):
                for key, item in value.items():
                    set_path(content, f"{path}.{key}", item)
            elif last:
                if part == "price" and "usual_price" in node:
                    # The shares were given at the price that is changed, and stay those of that price.
                    usual = node["price"] if node["usual_price"] is None else node["usual_price"]
                    node["usual_price"] = None if value == usual else usual
                node[part] = value
            else:
                node = node[part]
        else:
            raise ScenarioError(f"{here}: {'.'.join(parts[:depth])} is a single value and has no key {part!r}")
