"""What every programme is: a validated, frozen set of levers that translates itself into primitive mechanics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, SerializeAsAny, model_validator

from goodwill.programmes.templates import filled_in, template, template_names
from goodwill.programmes.terms import Mechanics
from goodwill.scenario.declare import Section, parameter
from goodwill.scenario.kind import Kind

FOREVER = 2**30  # a programme that is never ended leaves its credits outstanding when the run ends


@dataclass(frozen=True)
class Calendar:
    """What a programme has to know of the scenario to translate itself."""

    periods_per_year: int
    periods: int
    warm_up: int
    price: float

    def periods_of(self, months: float) -> int:
        """Months as whole periods, at least one."""
        return max(1, round(months * self.periods_per_year / 12))


class Programme(Kind):
    """Base of all programmes. A subclass sets `kind`, declares its levers and writes `mechanics`; that registers it.

    `summary` is one line for lists; `sources` cites where it comes from; `budget_levers` names the levers that are
    multiplied when an experiment scales the programme to a given yearly cost.
    """

    family: ClassVar[str] = "programme"
    known: ClassVar[dict[str, type[Kind]]] = {}
    or_else: ClassVar[str] = ", or a template"
    summary: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    budget_levers: ClassVar[tuple[str, ...]]
    one_at_a_time: ClassVar[bool] = False  # a second of the kind may not run at the same time at the same firm

    start: int | None = parameter(
        None,
        meaning="first period of the programme; empty: the end of the warm-up",
        unit="period",
        low=0,
        high=5000,
        source="-",
    )
    stop: int | None = parameter(
        None,
        meaning="period in which it has ended; empty: it runs to the end",
        unit="period",
        low=1,
        high=5000,
        source="-",
    )
    fixed_cost: float = parameter(
        0.0, meaning="cost of running it", unit="currency per year", low=0, high=1e9, source="data of the firm"
    )

    @classmethod
    def class_for(cls, content: Mapping[str, Any]) -> type[Section]:
        """The programme that a mapping describes, by its `kind` or template."""
        if content.get("template") in template_names():
            content = template(content["template"]).programme
        return super().class_for(content)

    @classmethod
    def build(cls, value: Any) -> Any:
        """A programme from a mapping with a `kind`, or with a `template` and what differs from it."""
        from goodwill.scenario.explain import nearest

        if isinstance(value, Mapping) and "template" in value:
            if value["template"] not in template_names():
                name = value["template"]
                raise ValueError(f"template {name!r} is not known{nearest(str(name), template_names())}")
            value = filled_in(value)
        return super().build(value)

    @model_validator(mode="after")
    def _stops_after_its_start(self) -> Self:
        if self.start is not None and self.stop is not None and self.stop <= self.start:
            raise ValueError(f"stop ({self.stop}) must be later than start ({self.start})")
        return self

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """The programme in the engine's primitives; money in cents, time in periods."""
        raise TypeError(f"{type(self).__name__} does not say what it does: write its mechanics()")

    def scaled(self, factor: float) -> Programme:
        """The same programme with its budget levers multiplied by `factor`; raises ValueError outside their bounds."""
        changed = {name: getattr(self, name) * factor for name in self.budget_levers}
        return type(self).model_validate({**self.model_dump(), **changed})

    def span(self, calendar: Calendar) -> tuple[int, int]:
        """First period, and the period in which it has ended."""
        start = calendar.warm_up if self.start is None else self.start
        stop = FOREVER if self.stop is None else self.stop
        return start, stop

    def fixed_cents(self, calendar: Calendar) -> float:
        """Fixed cost in cents per period."""
        return 100.0 * self.fixed_cost / calendar.periods_per_year


AnyProgramme = Annotated[SerializeAsAny[Programme], BeforeValidator(Programme.build)]
kinds, build = Programme.kinds, Programme.build
