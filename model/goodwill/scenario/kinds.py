"""Sections of which there are several kinds, told apart by their `kind`: programmes and strategies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from goodwill.programmes.base import Programme
from goodwill.programmes.catalogue import kinds as programme_kinds
from goodwill.strategies.base import Strategy
from goodwill.strategies.catalogue import kinds as strategy_kinds

NAMES: Mapping[type[BaseModel], str] = {Programme: "programme", Strategy: "strategy"}


def kinds_of(base: type[BaseModel]) -> dict[str, Any]:
    """All kinds of programmes, or of strategies, that are registered."""
    return programme_kinds() if base is Programme else dict(strategy_kinds())
