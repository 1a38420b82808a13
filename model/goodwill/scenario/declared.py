"""The declarations read back: what the starter, the schema, the parameter table and the command line are made from."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from goodwill.scenario.declare import ASSUMPTION
from goodwill.scenario.explain import inner_models

REQUIRED = "required"


@dataclass(frozen=True)
class Declared:
    """One key as it was declared. `section` is the model behind it when it holds keys itself, alone or in a list."""

    key: str
    meaning: str
    unit: str
    low: float | None
    high: float | None
    default: Any
    source: str
    choices: tuple[str, ...]
    section: type[BaseModel] | None
    many: bool

    @property
    def required(self) -> bool:
        """Whether a scenario has to give it."""
        return self.default is REQUIRED

    @property
    def assumption(self) -> bool:
        """Whether its default is an assumption, or the number in it is."""
        return ASSUMPTION in self.source


def declared(model: type[BaseModel]) -> Iterator[Declared]:
    """Every key of a section, in the order of the declarations."""
    for key, field in model.model_fields.items():
        yield _declared(key, field)


def _declared(key: str, field: FieldInfo) -> Declared:
    extra: Any = field.json_schema_extra or {}
    bounds: dict[type, Any] = {type(bound): bound for bound in field.metadata}
    inside = inner_models(field.annotation)
    choices = typing.get_args(field.annotation) if typing.get_origin(field.annotation) is typing.Literal else ()
    default = REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
    return Declared(
        key=key,
        meaning=field.description or ("kind of programme" if key == "kind" else ""),
        unit=extra.get("unit", "choice" if choices else "-"),
        low=bounds[Ge].ge if Ge in bounds else None,
        high=bounds[Le].le if Le in bounds else None,
        default=default,
        source=extra.get("source", "-"),
        choices=tuple(str(choice) for choice in choices),
        section=inside[0] if inside else None,
        many=typing.get_origin(field.annotation) is tuple,
    )


def number(value: float) -> str:
    """A number as short as it is exact enough for a reader."""
    return f"{value:.10g}"


def bounds_in_words(low: float | None, high: float | None) -> str:
    """'0 to 1', '0 or more', 'up to 1' or nothing."""
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)}"
    if low is not None:
        return f"{number(low)} or more"
    return "" if high is None else f"up to {number(high)}"
