"""Ready programmes, each a YAML file with what it is, its market and its sources; `- template: NAME` in a scenario takes one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from goodwill.errors import ScenarioError

_FOLDER = Path(__file__).resolve().parent


class Template(NamedTuple):
    """One ready programme."""

    name: str
    description: str
    market: str
    sources: tuple[str, ...]
    programme: dict[str, Any]


def template_names() -> list[str]:
    """Names of all templates."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@lru_cache(maxsize=64)
def template(name: str) -> Template:
    """A template by name; raises `ScenarioError` with the nearest name."""
    from goodwill.scenario.explain import nearest

    if name not in template_names():
        raise ScenarioError(f"there is no template {name!r}{nearest(name, template_names())}")
    content = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Template(name, content["description"], content["market"], tuple(content["sources"]), content["programme"])


def filled_in(content: Mapping[str, Any]) -> dict[str, Any]:
    """What `template: NAME` and the other keys of the mapping, which come first, say together."""
    changes = {key: value for key, value in content.items() if key != "template"}
    return _merged(template(str(content["template"])).programme, changes)


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Sections are merged key by key; lists and values are replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged
