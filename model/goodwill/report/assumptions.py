"""What an answer rests on: the value of every parameter of what is switched on, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from goodwill.report.numbers import THIN
from goodwill.scenario.declare import ASSUMPTION
from goodwill.scenario.declared import Declared, declared
from goodwill.scenario.scenario import Scenario

IN_SCENARIO = "set in the scenario"
# Units that say nothing behind a number.
_BARE = ("", "-", "text", "choice", "true/false", "order", "shape", "S", "ln", "ratio", "probability", "units")


@dataclass(frozen=True)
class Assumed:
    """One parameter: dotted key, meaning, value in words, source, and a flag: 'assumption', 'scenario' or nothing."""

    key: str
    meaning: str
    value: str
    source: str
    flag: str


@dataclass(frozen=True)
class Group:
    """The parameters of one mechanism."""

    name: str
    meaning: str
    rows: tuple[Assumed, ...]


def groups(scenario: Scenario) -> list[Group]:
    """Customers, measurement and every mechanism that is on; a network only when customers talk."""
    remarks = preset_remarks(scenario)
    found = [_group(scenario, "population", scenario.population, remarks)]
    if scenario.behaviour.word_of_mouth.on:
        found.append(_group(scenario, "network", scenario.network, remarks))
    for name, mechanism in _mechanisms(scenario):
        if getattr(mechanism, "on", True):
            found.append(_group(scenario, f"behaviour.{name}", mechanism, remarks))
    return [*found, _group(scenario, "measurement", scenario.measurement, remarks)]


def switched_off(scenario: Scenario) -> list[str]:
    """Mechanisms that are off, in words."""
    return [_title(name) for name, mechanism in _mechanisms(scenario) if not getattr(mechanism, "on", True)]


def preset_remarks(scenario: Scenario) -> dict[str, str]:
    """Notes beside values in the preset of this name, for those values that are still the preset's."""
    from goodwill.scenario.files import read_text
    from goodwill.scenario.presets import preset_names, preset_path
    from goodwill.scenario.text import notes

    if scenario.name not in preset_names():
        return {}
    original = Scenario.preset(scenario.name)
    remarks = notes(read_text(preset_path(scenario.name)))
    return {path: note for path, note in remarks.items() if _at(original, path) == _at(scenario, path)}


def _mechanisms(scenario: Scenario) -> Iterator[tuple[str, BaseModel]]:
    for name in type(scenario.behaviour).model_fields:
        yield name, getattr(scenario.behaviour, name)


def _group(scenario: Scenario, path: str, section: BaseModel, remarks: dict[str, str]) -> Group:
    parent: Any = _at(scenario, path.rpartition(".")[0]) if "." in path else scenario
    meaning = type(parent).model_fields[path.rpartition(".")[2]].description or ""
    rows = [
        _assumed(f"{path}.{item.key}", item, getattr(section, item.key), remarks)
        for item in declared(type(section))
        if item.key not in ("on", "currency")
    ]
    return Group(_title(path.rpartition(".")[2]), meaning, tuple(rows))


def _assumed(key: str, item: Declared, value: Any, remarks: dict[str, str]) -> Assumed:
    source = remarks.get(key, item.source if value == item.default else IN_SCENARIO)
    flag = "scenario" if source == IN_SCENARIO else ASSUMPTION if ASSUMPTION in source.lower() else ""
    return Assumed(key, item.meaning, in_words(value, item.unit), "" if source == "-" else source, flag)


def in_words(value: Any, unit: str) -> str:
    """A value with its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, list | tuple):
        return ", ".join(in_words(item, "") for item in value) + (f" {unit}" if unit not in ("-", "text", "") else "")
    if unit.split(" ")[0] == "share" and isinstance(value, int | float):
        return f"{100 * value:.3g}{THIN}%{unit.removeprefix('share')}"
    text = plain_number(value) if isinstance(value, int | float) else str(value)
    return text if unit in _BARE else f"{text} {unit.replace('^2', '²')}"


def plain_number(value: float) -> str:
    """A parameter's value: as it was written if it is short, else four digits."""
    text = f"{value:,.10g}"
    return text if len(text) <= 7 else (f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}")


def _title(name: str) -> str:
    return name.replace("_", " ")


def _at(root: Any, path: str) -> Any:
    """The value at a dotted path; None when there is none."""
    for part in path.split("."):
        if isinstance(root, list | tuple):
            root = root[int(part)] if part.isdigit() and int(part) < len(root) else None
        else:
            root = getattr(root, part, None)
    return root
