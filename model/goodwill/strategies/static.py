"""Doing nothing, and following a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from goodwill.scenario.declare import Section, parameter
from goodwill.strategies.base import Strategy, launch, stop
from goodwill.strategies.observation import LAUNCH, PRICE, STOP, Action, Memory, Observation


class Static(Strategy):
    """The firm keeps the levers of the scenario, whatever happens: the norm that others are compared with."""

    kind: Literal["static"] = "static"
    summary: ClassVar[str] = "keeps its levers, whatever happens"
    sources: ClassVar[tuple[str, ...]] = (
        "Steenkamp, Nijs, Hanssens & Dekimpe 2005 (the commonest reaction to a rival's promotion is none)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {}
    observes: ClassVar[tuple[str, ...]] = ()

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Nothing."""
        return []


class Step(Section):
    """One entry of a calendar."""

    period: int = parameter(meaning="period in which it happens", unit="period", low=0, high=5000, source="-")
    launch: int | None = parameter(
        None, meaning="number of the option to start", unit="option", low=0, high=31, source="-"
    )
    stop: int | None = parameter(None, meaning="number of the option to end", unit="option", low=0, high=31, source="-")
    price: float | None = parameter(
        None, meaning="price as a factor of the planned one", unit="factor", low=0.3, high=3, source="-"
    )


class Schedule(Strategy):
    """The firm launches, stops and changes its price on dates that were set beforehand."""

    kind: Literal["schedule"] = "schedule"
    summary: ClassVar[str] = "launches, stops and re-prices on set dates"
    sources: ClassVar[tuple[str, ...]] = ("design of the model (a plan fixed beforehand)",)
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.3, 3)}
    observes: ClassVar[tuple[str, ...]] = ("period",)

    first: int | None = parameter(
        0, meaning="first period of the calendar", unit="period", low=0, high=5000, source="-"
    )
    every: int = parameter(
        1, meaning="periods from one look at the calendar to the next", unit="periods", low=1, high=520
    )
    steps: tuple[Step, ...] = Field((), description="what happens when")

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Whatever the calendar says for this period."""
        actions = []
        for step in self.steps:
            if step.period == seen.period:
                if step.stop is not None:
                    actions.append(stop(step.stop, "on schedule"))
                if step.launch is not None:
                    actions.append(launch(step.launch, "on schedule"))
                if step.price is not None:
                    actions.append(Action(PRICE, step.price, "on schedule"))
        return actions

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """An option that does not exist."""
        for k, step in enumerate(self.steps):
            for key in ("launch", "stop"):
                option = getattr(step, key)
                if option is not None and option >= options:
                    return f"strategy.steps.{k}.{key}: is {option}, but the firm has {options} options, numbered from 0"
        return None
