"""What every strategy is: a validated, frozen set of parameters, and one function from what is seen to actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, SerializeAsAny

from goodwill.scenario.declare import parameter
from goodwill.scenario.kind import Kind
from goodwill.strategies.observation import LAUNCH, STOP, Action, Memory, Observation


class Strategy(Kind):
    """Base of all strategies. A subclass sets `kind` and writes `decide`; that registers it.

    `summary` is one line for lists; `sources` cites where it comes from; `moves` gives the levers it may move with their bounds,
    which are enforced; `observes` names the parts of the observation it reads; `needs_options` says that it is of no use
    without `options`; `copies_rivals` that it takes its rivals' programmes for options when the firm lists none of its own.
    """

    family: ClassVar[str] = "strategy"
    known: ClassVar[dict[str, type[Kind]]] = {}
    summary: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]
    moves: ClassVar[Mapping[str, tuple[float, float]]]
    observes: ClassVar[tuple[str, ...]]
    needs_options: ClassVar[bool] = False
    copies_rivals: ClassVar[bool] = False

    first: int | None = parameter(
        None, meaning="first period in which it decides; empty: the end of the warm-up", unit="period", low=0, high=5000,
        source="-",
    )  # fmt: skip
    every: int = parameter(4, meaning="periods from one decision to the next", unit="periods", low=1, high=520)

    def is_due(self, period: int, warm_up: int) -> bool:
        """Whether it decides at the start of this period."""
        first = warm_up if self.first is None else self.first
        return period >= first and (period - first) % self.every == 0

    def decide(self, seen: Observation, memory: Memory) -> Iterable[Action]:
        """What the firm does now. `memory` is the strategy's own, empty at first; nothing else may be remembered."""
        raise TypeError(f"{type(self).__name__} does not say what it does: write its decide()")

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """What is wrong with this strategy for this firm, as place, problem and remedy; None when nothing is."""
        if self.needs_options and options == 0:
            return f"options: is empty, but strategy {self.kind!r} needs at least one programme that it may launch"
        return None


def launch(option: int, reason: str, expected: float | None = None, horizon: int | None = None) -> Action:
    """Start an option."""
    return Action(LAUNCH, option, reason, expected, horizon)


def stop(option: int, reason: str, expected: float | None = None, horizon: int | None = None) -> Action:
    """End an option."""
    return Action(STOP, option, reason, expected, horizon)


def only(wanted: Iterable[int], seen: Observation, reason: str) -> list[Action]:
    """The actions after which exactly the wanted options run."""
    keep = set(wanted)
    running = {k for k, on in enumerate(seen.running) if on}
    return [stop(k, reason) for k in sorted(running - keep)] + [launch(k, reason) for k in sorted(keep - running)]


def rival_trouble(rival: str | None, names: tuple[str, ...], firm: int) -> str | None:
    """What is wrong with the name of a rival to watch."""
    if rival is None or (rival in names and rival != names[firm]):
        return None
    others = ", ".join(name for j, name in enumerate(names) if j != firm)
    return f"strategy.rival: is {rival!r} but must be one of its rivals: {others}"


AnyStrategy = Annotated[SerializeAsAny[Strategy], BeforeValidator(Strategy.build)]
kinds, build = Strategy.kinds, Strategy.build
