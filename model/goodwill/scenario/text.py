"""A scenario file as text: the notes beside its values, and values replaced in place with all else left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from goodwill.errors import ScenarioError
from goodwill.scenario.explain import nearest
from goodwill.scenario.yaml_core import CoreLoader


def notes(text: str) -> dict[str, str]:
    """Comments at the end of lines, by the dotted path of the value before them."""
    lines = text.splitlines()
    found = {}
    for path, node in _scalars(yaml.compose(text, CoreLoader), ""):
        rest = lines[node.end_mark.line][node.end_mark.column :].strip() if node.end_mark.line < len(lines) else ""
        if rest.startswith("#"):
            found[path] = rest.lstrip("# ")
    return found


def replace_numbers(text: str, values: Mapping[str, float]) -> str:
    """The text with some numbers replaced, given by dotted path (`firms.0.share`); comments and layout stay.

    Raises `ScenarioError` for a path that the text does not have: a calibration changes values, it adds none.
    """
    places = dict(_scalars(yaml.compose(text, CoreLoader), ""))
    for path in values:
        if path not in places:
            raise ScenarioError(f"{path}: is not in the file{nearest(path, list(places))}")
    for path in sorted(values, key=lambda path: -places[path].start_mark.index):
        node = places[path]
        text = text[: node.start_mark.index] + repr(values[path]) + text[node.end_mark.index :]
    return text


def _scalars(node: yaml.Node | None, path: str) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Every single value with its dotted path."""
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, f"{path}.{key.value}" if path else str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _scalars(value, f"{path}.{index}" if path else str(index))
