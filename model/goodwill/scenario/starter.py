"""Writes a scenario file in which every key says what it means, its unit, its bounds and the source of its default."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from goodwill.scenario.declared import Declared, bounds_in_words, declared, number
from goodwill.scenario.files import read_text
from goodwill.scenario.firm import Firm
from goodwill.scenario.kind import Kind
from goodwill.scenario.presets import preset_path
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.schema import FILE_NAME
from goodwill.scenario.text import notes

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ ./()'-]*[A-Za-z0-9_.)]|[A-Za-z]")
_READ_OTHERWISE = re.compile(r"(?i)true|false|null|yes|no|on|off|y|n")
_HEADER = """\
A market scenario of goodwill.

Check it with `goodwill validate-scenario FILE`. A key that is left out takes its default; an unknown key is an error.
The first line lets editors that know YAML schemas complete keys and show what they mean.
Comments give the meaning of a key, its unit, its bounds, its default and the source of the default."""
_EXAMPLE = {
    "name": "my-market",
    "description": "Three firms that differ in share and price; a starting point, not a real market.",
    "firms": [
        {"name": "Alpha", "share": 0.5, "price": 5.0, "unit_cost": 3.0},
        {"name": "Beta", "share": 0.3, "price": 5.5, "unit_cost": 3.2},
        {"name": "Gamma", "share": 0.2, "price": 4.5, "unit_cost": 3.0},
    ],
}


def example() -> Scenario:
    """The scenario of the starter that is made from no preset: defaults, and three firms."""
    return Scenario.from_dict(_EXAMPLE)


def preset_starter(name: str, schema: str = FILE_NAME) -> str:
    """Starter with the values of a preset, and the notes that stand beside them there."""
    return starter(Scenario.preset(name), schema, notes(read_text(preset_path(name))))


def starter(scenario: Scenario | None = None, schema: str = FILE_NAME, remarks: Mapping[str, str] | None = None) -> str:
    """Text of a commented scenario file with the values of `scenario` (default: the example); it loads back as such.

    schema: relative path of the JSON schema. remarks: notes to repeat beside values, by dotted path.
    """
    lines = [f"# yaml-language-server: $schema={schema}", "#"]
    lines += [f"# {line}".rstrip() for line in _HEADER.splitlines()]
    lines += _Writer(remarks or {}).section(scenario or example(), "", "")
    return "\n".join(lines) + "\n"


class _Writer:
    """Writes sections; what has been explained once is not explained again."""

    def __init__(self, remarks: Mapping[str, str]) -> None:
        self.remarks = remarks
        self.explained: set[type[BaseModel]] = set()

    def section(self, values: BaseModel, path: str, indent: str) -> list[str]:
        """Lines of one section."""
        lines: list[str] = []
        explain = type(values) not in self.explained
        self.explained.add(type(values))
        for item in declared(type(values)):
            value = getattr(values, item.key)
            if explain:
                lines += ["", *_comment(item, indent)] if not indent or item.section else _comment(item, indent)
            lines += self.entry(item, value, f"{path}.{item.key}" if path else item.key, indent)
        return lines

    def entry(self, item: Declared, value: Any, path: str, indent: str) -> list[str]:
        """Lines of one key with its value."""
        if isinstance(value, BaseModel):
            return [f"{indent}{item.key}:", *self.section(value, path, indent + "  ")]
        if item.many and item.section is not None:
            if not value:
                return [f"{indent}{item.key}: []"]
            lines = [f"{indent}{item.key}:"]
            for index, part in enumerate(value):
                lines += _as_item(self.section(part, f"{path}.{index}", indent + "    "), indent + "  ")
            return lines
        if isinstance(value, tuple) and value and isinstance(value[0], str):
            return [f"{indent}{item.key}:", *(f"{indent}  - {_scalar(text)}" for text in value)]
        if isinstance(value, str) and len(value) > 80 and " ".join(value.split()) == value and value.isprintable():
            folded = textwrap.wrap(value, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
            return [f"{indent}{item.key}: >-", *(f"{indent}  {line}" for line in folded)]
        remark = self.remarks.get(path)
        return [f"{indent}{item.key}: {_scalar(value)}" + (f"  # {remark}" if remark else "")]


def _as_item(lines: list[str], indent: str) -> list[str]:
    """The lines of a mapping as one entry of a list: the dash goes before its first key, comments above it move up."""
    first = next(index for index, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    above = [f"{indent}{line.strip()}" if line.strip() else "" for line in lines[:first]]
    return [*above, f"{indent}- {lines[first].lstrip()}", *lines[first + 1 :]]


def _comment(item: Declared, indent: str) -> list[str]:
    """What a key means, as lines of comment; a programme's kind needs none."""
    if len(item.choices) == 1:
        return []
    paragraphs = [item.meaning[0].upper() + item.meaning[1:] + "."] if item.meaning else []
    if item.section is not None and issubclass(item.section, Kind):
        if item.key != "options":  # of the same kinds as programmes
            paragraphs += [f"`kind: {kind}`: {about.summary}." for kind, about in item.section.kinds().items()]
    elif item.section is Firm:
        paragraphs.append("The keys of a firm are explained at the first one.")
    elif item.section is None and item.unit != "-":
        paragraphs.append(" ".join(_facts(item)))
    room = _WIDTH - len(indent) - 2
    return [f"{indent}# {line}" for text in paragraphs for line in textwrap.wrap(text, room, break_on_hyphens=False)]


def _facts(item: Declared) -> Iterator[str]:
    yield f"One of {', '.join(item.choices)};" if item.choices else f"Unit: {item.unit};"
    bounds = bounds_in_words(item.low, item.high)
    if bounds:
        yield f"{bounds};"
    yield "required." if item.required else f"default {_scalar(item.default)}."
    if item.source != "-":
        yield f"Source: {item.source}."


def _scalar(value: Any) -> str:
    """A single value, or a list of such, as YAML of the core schema."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    if isinstance(value, float):
        short = number(value)
        return short if float(short) == value and not short.isdigit() else repr(value)
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and not _READ_OTHERWISE.fullmatch(value)):
        return yaml.dump(value, default_style='"', allow_unicode=True, width=float("inf")).strip()
    return str(value)
