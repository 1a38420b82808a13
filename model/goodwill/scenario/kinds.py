"""The families of kinds that a scenario may hold, with all kinds that come with goodwill registered."""

from __future__ import annotations

from goodwill.programmes.catalogue import Programme
from goodwill.scenario.kind import Kind
from goodwill.strategies.catalogue import Strategy

FAMILIES: tuple[type[Kind], ...] = (Programme, Strategy)
