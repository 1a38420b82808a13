"""One way to declare a parameter: meaning, unit, bounds, default and source, in one place.

The same declaration validates scenario files, writes the commented starter, the JSON schema and the parameter table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goodwill.errors import ScenarioError

ASSUMPTION = "assumption"


class Section(BaseModel):
    """A group of parameters; frozen, and unknown keys are errors.

    Made in Python (`StampCard(reward=-2)`), a mistake raises a `ScenarioError` that can be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            from goodwill.scenario.explain import explain

            raise ScenarioError(explain(error, type(self), type(self).__name__, values)) from None

    # Tells pydantic that validation of a mapping need not come through here: nested mistakes are still collected, all
    # of them, with their full keys, and validation stays as fast as it was.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def class_for(cls, content: Mapping[str, Any]) -> type[Section]:
        """The section that a mapping describes: this one, unless the content says otherwise (a programme's `kind`)."""
        return cls


def parameter(
    default: Any = ...,
    *,
    meaning: str,
    unit: str = "-",
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMPTION,
) -> Any:
    """A pydantic field that also carries its unit and source; bounds are inclusive."""
    return Field(default, description=meaning, ge=low, le=high, json_schema_extra={"unit": unit, "source": source})


def section(kind: type[BaseModel], meaning: str) -> Any:
    """A nested section with its own defaults."""
    return Field(default_factory=kind, description=meaning)


def switch(meaning: str, default: bool = False) -> Any:
    """A mechanism's one on/off key."""
    return Field(
        default, description=meaning, json_schema_extra={"unit": "true/false", "source": "design of the model"}
    )
