"""Scenarios of cells, validated once a process; the runs of a cell share them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from goodwill.scenario.scenario import Scenario


class _Content:
    """Plain content that a cache passes over: the key beside it says it all."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)


def frozen_scenario(key: str, content: dict[str, Any]) -> Scenario:
    """The validated scenario of a cell's content; `key` stands for it."""
    return _scenario(key, _Content(content))


@lru_cache(maxsize=32)
def _scenario(key: str, content: _Content) -> Scenario:
    return Scenario.from_dict(content.content)
