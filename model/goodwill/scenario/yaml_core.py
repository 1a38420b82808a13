"""YAML as people mean it: the core schema of YAML 1.2, in which `on` is a word and not the value true.

PyYAML reads YAML 1.1, where the key `on` becomes True, `no` (Norway) becomes False, `1e6` is text and a key given twice
silently loses its first value. Editors read 1.2; so does goodwill.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"


class CoreLoader(yaml.SafeLoader):
    """Safe loading (nothing in a file is ever evaluated) by the core schema; a key given twice is an error."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Keys and values; raises ConstructorError for a key that is there twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} is given twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_int(self, node: yaml.ScalarNode) -> int:
        """A whole number: decimal (also with leading zeros), 0x or 0o."""
        text = str(self.construct_scalar(node))
        return int(text, 0) if re.match(r"[-+]?0[xo]", text) else int(text)

    def construct_float(self, node: yaml.ScalarNode) -> float:
        """A number; .inf and .nan are understood, and refused later."""
        return float(str(self.construct_scalar(node)).replace(".inf", "inf").replace(".nan", "nan"))


for _name, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    CoreLoader.add_implicit_resolver(_TAG + _name, re.compile(rf"^(?:{_pattern})$"), list(_first))
CoreLoader.add_constructor(_TAG + "int", CoreLoader.construct_int)
CoreLoader.add_constructor(_TAG + "float", CoreLoader.construct_float)
