"""What every programme is: a validated, frozen set of levers that translates itself into primitive mechanics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, SerializeAsAny, model_validator

from goodwill.programmes.templates import filled_in, template, template_names
from goodwill.programmes.terms import Mechanics
from goodwill.scenario.declare import Section, parameter

FOREVER = 2**30  # a programme that is never ended leaves its credits outstanding when the run ends
_REGISTRY: dict[str, type[Programme]] = {}


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


class Programme(Section):
    """Base of all programmes. A subclass sets `kind`, declares its levers and writes `mechanics`; that registers it.

    `summary` is one line for lists; `sources` cites where it comes from; `budget_levers` names the levers that are
    multiplied when an experiment scales the programme to a given yearly cost.
    """

    kind: str
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
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        register(cls)

    @classmethod
    def class_for(cls, content: Mapping[str, Any]) -> type[Section]:
        """The programme that a mapping describes, by its `kind` or template."""
        kind = content.get("kind")
        if content.get("template") in template_names():
            kind = template(content["template"]).programme["kind"]
        return _REGISTRY.get(kind, cls) if isinstance(kind, str) else cls

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


def register(cls: type[Programme]) -> None:
    """Let scenarios name a class of programmes by its kind; one without a kind (a base of others) is not known."""
    kind = cls.model_fields["kind"].default
    if isinstance(kind, str):
        _REGISTRY[kind] = cls


def kinds() -> dict[str, type[Programme]]:
    """All programmes known, by kind."""
    return dict(sorted(_REGISTRY.items()))


def build(value: Any) -> Any:
    """A programme from a mapping with a `kind`, or with a `template` and what differs from it.

    Raises ValueError with the nearest kind or template, or the mistakes in its levers.

    A ValidationError raised in here is merged by pydantic into that of the firm or arm around it, so every mistake
    keeps its full key.
    """
    from goodwill.scenario.explain import nearest

    if isinstance(value, Programme):
        return value
    if isinstance(value, Mapping) and "template" in value:
        if value["template"] not in template_names():
            name = value["template"]
            raise ValueError(f"template {name!r} is not known{nearest(str(name), template_names())}")
        value = filled_in(value)
    if not isinstance(value, Mapping) or "kind" not in value:
        raise ValueError(f"a programme needs a kind, one of {', '.join(kinds())}, or a template")
    kind = value["kind"]
    if kind not in kinds():
        raise ValueError(f"programme kind {kind!r} is not known{nearest(str(kind), list(kinds()))}")
    return _REGISTRY[kind].model_validate(dict(value))


AnyProgramme = Annotated[SerializeAsAny[Programme], BeforeValidator(build)]
