"""What is wanted: goals to maximise or minimise, and constraints that have to hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.outcomes import OUTCOMES
from goodwill.scenario.explain import nearest

DIFFERENCE, VALUE = "difference", "value"
MAXIMISE, MINIMISE = "maximise", "minimise"
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Measure:
    """A number of a design: an outcome, or its paired difference to the baseline."""

    outcome: str
    paired: bool

    def of(self, outcomes: Arrays, baseline: Arrays | None) -> np.ndarray:
        """One number for each replication."""
        values = np.asarray(outcomes[self.outcome], float)
        if not self.paired:
            return values
        assert baseline is not None
        return values - np.asarray(baseline[self.outcome], float)

    @property
    def kind(self) -> str:
        """The word by which files and tables tell the two."""
        return DIFFERENCE if self.paired else VALUE


@dataclass(frozen=True)
class Goal:
    """A measure to maximise or to minimise."""

    measure: Measure
    maximise: bool

    @property
    def name(self) -> str:
        """The outcome's name."""
        return self.measure.outcome

    @property
    def sign(self) -> int:
        """1 to maximise, -1 to minimise: the goal times its sign is always better when larger."""
        return 1 if self.maximise else -1


@dataclass(frozen=True)
class Constraint:
    """Bounds of a measure, both inclusive; a bound that is None does not bind."""

    measure: Measure
    at_least: float | None = None
    at_most: float | None = None

    @property
    def name(self) -> str:
        """The outcome's name."""
        return self.measure.outcome

    def violation(self, mean: float) -> float:
        """How far outside, in the unit of the outcome; 0 when it holds."""
        below = 0.0 if self.at_least is None else self.at_least - mean
        above = 0.0 if self.at_most is None else mean - self.at_most
        return max(below, above, 0.0)

    @property
    def words(self) -> str:
        """The bounds as one says them."""
        parts = [] if self.at_least is None else [f"at least {self.at_least:g}"]
        parts += [] if self.at_most is None else [f"at most {self.at_most:g}"]
        return " and ".join(parts)


def goals_of(content: Any, outcomes: Mapping[str, str], place: str) -> list[Goal]:
    """Goals as a file has them: name -> maximise | minimise, or {direction:, measure:}.

    outcomes: name -> the outcome of `OUTCOMES` behind it. Raises `StudyError`.
    """
    if not isinstance(content, Mapping) or not content:
        raise StudyError(f"{place}: goals: say what is wanted, such as `goals: {{profit: {MAXIMISE}}}`")
    found = []
    for name, said in content.items():
        here = f"{place}: goals.{name}"
        options = _options(said if isinstance(said, Mapping) else {"direction": said}, ("direction", "measure"), here)
        direction = options.get("direction")
        if direction not in (MAXIMISE, MINIMISE):
            raise StudyError(f"{here}: is {direction!r}; write {MAXIMISE} or {MINIMISE}")
        found.append(Goal(_measure(name, options, outcomes, here), direction == MAXIMISE))
    return found


def constraints_of(content: Any, outcomes: Mapping[str, str], place: str) -> list[Constraint]:
    """Constraints as a file has them: name -> {at_least:, at_most:, measure:}. Raises `StudyError`."""
    if content is None:
        return []
    if not isinstance(content, Mapping):
        raise StudyError(f"{place}: constraints: write them as `liability: {{at_most: 20000}}`")
    found = []
    for name, said in content.items():
        here = f"{place}: constraints.{name}"
        if not isinstance(said, Mapping):
            raise StudyError(f"{here}: is {said!r}; write `{{at_most: ...}}` or `{{at_least: ...}}`")
        options = _options(said, ("at_least", "at_most", "measure"), here)
        low, high = (_number(options.get(key), f"{here}.{key}") for key in ("at_least", "at_most"))
        if low is None and high is None:
            raise StudyError(f"{here}: has no bound; give at_least, at_most or both")
        if low is not None and high is not None and low > high:
            raise StudyError(f"{here}: at_least {low:g} is above at_most {high:g}: no design can hold both")
        measure = _measure(name, options, outcomes, here)
        _possible(measure, OUTCOMES[outcomes[name]][1], low, high, here)
        found.append(Constraint(measure, low, high))
    return found


def _measure(name: str, options: Mapping[str, Any], outcomes: Mapping[str, str], here: str) -> Measure:
    if name not in outcomes:
        raise StudyError(f"{here}: there is no outcome {name!r}{nearest(name, list(outcomes))}")
    # What profit is by itself depends on the market's size; what a design adds to it is the question.
    kind = options.get("measure", DIFFERENCE if outcomes[name] == "profit" else VALUE)
    if kind not in (DIFFERENCE, VALUE):
        raise StudyError(f"{here}.measure: is {kind!r}; write {DIFFERENCE} (to the baseline) or {VALUE}")
    return Measure(name, kind == DIFFERENCE)


def _options(content: Mapping[str, Any], known: Sequence[str], here: str) -> Mapping[str, Any]:
    for key in content:
        if key not in known:
            raise StudyError(
                f"{here}: unknown key {key!r}{nearest(str(key), list(known))}; known are {', '.join(known)}"
            )
    return content


def _number(value: Any, here: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise StudyError(f"{here}: is {value!r}; write a number")
    return float(value)


def _possible(measure: Measure, unit: str, low: float | None, high: float | None, here: str) -> None:
    """A share lies between 0 and 1, and counts and balances are not negative: what asks for more can never hold."""
    if measure.paired or unit not in ("share", "count", "balance"):
        return
    top = 1.0 if unit == "share" else float("inf")
    if low is not None and low > top:
        raise StudyError(f"{here}.at_least: is {low:g}, and a share is never above 1; write 40 % as 0.4")
    if high is not None and high < 0:
        raise StudyError(f"{here}.at_most: is {high:g}, and this is never below 0")


class Judge:
    """Goals and constraints, with the outcomes of the baseline they are measured against."""

    def __init__(
        self, goals: Sequence[Goal], constraints: Sequence[Constraint], baseline: Arrays | None = None
    ) -> None:
        self.goals, self.constraints, self.baseline = list(goals), list(constraints), baseline

    @property
    def measures(self) -> list[Measure]:
        """Of goals first, then of constraints, each once."""
        return list(dict.fromkeys([*(g.measure for g in self.goals), *(rule.measure for rule in self.constraints)]))

    def values(self, outcomes: Arrays) -> list[float]:
        """The goals: means over the replications."""
        return [float(goal.measure.of(outcomes, self.baseline).mean()) for goal in self.goals]

    def scores(self, outcomes: Arrays) -> np.ndarray:
        """The goals, so that more is better."""
        return np.array([goal.sign for goal in self.goals]) * np.array(self.values(outcomes))

    def violations(self, outcomes: Arrays) -> list[float]:
        """How far each constraint is violated by the means, 0 where it holds."""
        return [rule.violation(float(rule.measure.of(outcomes, self.baseline).mean())) for rule in self.constraints]

    def feasible(self, outcomes: Arrays) -> bool:
        """Whether all constraints hold, by the means."""
        return not any(self.violations(outcomes))
