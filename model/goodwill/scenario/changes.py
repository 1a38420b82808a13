"""What firms change in the course of a run: their own levers, from a period on."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from goodwill.scenario.declare import Section, parameter

# Keys of a firm that may change in the course of a run: what it does, not what it is. Programmes have a start and a stop of their
# own, strategies a first period.
CHANGING = (
    "price", "service", "inconsistency", "promise", "advertising", "media", "contact", "posts", "database",
    "service_cost", "line_price", "suggestion", "fixed_cost", "failure", "value", "recovery", "surprise", "treatment",
)  # fmt: skip


class Change(Section):
    """Levers of firms that have other values from a period on, and keep them until a later change."""

    start: int = parameter(meaning="first period with the new values", unit="period", low=1, high=5000, source="-")
    set: dict[str, Any] = Field(
        ...,
        description="the new values by dotted path (`firms.0.price: 4.2`, `firms.Rival.promise: 8`)",
        min_length=1,
        json_schema_extra={"unit": "keys and values", "source": "-"},
    )


def trouble_with(path: str) -> str | None:
    """What is wrong with changing this key in the course of a run, and the remedy; None when nothing is."""
    parts = path.split(".")
    if parts[0] != "firms" or len(parts) < 3:
        return "only what firms do can change in the course of a run: firms.<position or name>.<key>; set it from the start"
    if parts[2] == "programmes":
        return "a programme changes by its own start and stop: end it, and let another one start"
    if parts[2] == "strategy":
        return "a strategy begins with its own `first`: set it there"
    if parts[2] not in CHANGING:
        return f"stays the same through a run; a firm can change {', '.join(CHANGING)}"
    return None
