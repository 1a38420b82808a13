"""What can be chosen: an arm, and values for the levers of that arm."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DIGITS = 4
"""Significant digits of a continuous lever: nobody prints a reward of 3.1415926 on a card."""


@dataclass(frozen=True)
class Range:
    """All numbers from low to high; log: equal ratios are equally likely to be tried first."""

    low: float
    high: float
    integer: bool = False
    log: bool = False

    @property
    def size(self) -> float:
        """How many values there are."""
        return self.high - self.low + 1 if self.integer else math.inf if self.high > self.low else 1

    def values(self) -> list[Any]:
        """All values of a range of integers, or the one value of a range without width."""
        return list(range(int(self.low), int(self.high) + 1)) if self.integer else [self.low]

    def suggest(self, name: str, trial: Any) -> Any:
        """Let an Optuna trial choose."""
        if self.integer:
            return trial.suggest_int(name, int(self.low), int(self.high), log=self.log)
        value = trial.suggest_float(name, self.low, self.high, log=self.log)
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)

    def decoded(self, code: Any) -> Any:
        """The value that Optuna knows by this number."""
        return code

    def encoded(self, value: Any) -> Any:
        """The number Optuna knows a value by; None if it is not in the range."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            return None
        return (int(value) if value == int(value) else None) if self.integer else float(value)


@dataclass(frozen=True)
class Options:
    """Listed values. Rising numbers keep their order, so that the search can go from a value to its neighbours."""

    options: tuple[Any, ...]

    @property
    def size(self) -> float:
        """How many values there are."""
        return len(self.options)

    @property
    def ordered(self) -> bool:
        """Whether the options are rising numbers."""
        numbers = [x for x in self.options if isinstance(x, int | float) and not isinstance(x, bool)]
        return len(numbers) == len(self.options) and numbers == sorted(set(numbers))

    def values(self) -> list[Any]:
        """All values."""
        return list(self.options)

    def suggest(self, name: str, trial: Any) -> Any:
        """Let an Optuna trial choose."""
        last = len(self.options) - 1
        if self.ordered:
            return self.options[trial.suggest_int(name, 0, last)]
        return self.options[trial.suggest_categorical(name, list(range(last + 1)))]

    def decoded(self, code: Any) -> Any:
        """The value at a place."""
        return self.options[code]

    def encoded(self, value: Any) -> Any:
        """The place of a value, by which Optuna knows it; None if it is not an option."""
        # 1 == True in Python, but not in a scenario.
        found = [x for x, option in enumerate(self.options) if option == value and type(option) is type(value)]
        found = found or [
            x for x, option in enumerate(self.options) if option == value and bool not in (type(option), type(value))
        ]
        return found[0] if found else None


Dimension = Range | Options


@dataclass(frozen=True)
class Design:
    """A choice: an arm, and the values of its levers (none: the arm as it is written)."""

    arm: str
    levers: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, arm: str, levers: Mapping[str, Any]) -> Design:
        """A design from a mapping."""
        return cls(arm, tuple(levers.items()))

    @property
    def values(self) -> dict[str, Any]:
        """Lever -> value."""
        return dict(self.levers)

    def __str__(self) -> str:
        inside = ", ".join(f"{name} {value}" for name, value in self.levers)
        return f"{self.arm} ({inside})" if inside else self.arm


@dataclass(frozen=True)
class Space:
    """arm -> lever -> what it may be. The arm itself is a choice, and every arm has levers of its own."""

    arms: dict[str, dict[str, Dimension]]

    @property
    def levers(self) -> list[str]:
        """Names of all levers, each once."""
        return list(dict.fromkeys(name for levers in self.arms.values() for name in levers))

    @property
    def size(self) -> float:
        """How many designs there are."""
        return sum(math.prod(dimension.size for dimension in levers.values()) for levers in self.arms.values())

    def designs(self) -> Iterator[Design]:
        """All designs of a finite space, in order."""
        for arm, levers in self.arms.items():
            for values in itertools.product(*(dimension.values() for dimension in levers.values())):
                yield Design.of(arm, dict(zip(levers, values, strict=True)))

    def suggest(self, trial: Any) -> Design:
        """Let an Optuna trial choose a design."""
        arms = list(self.arms)
        arm = arms[trial.suggest_categorical(ARM, list(range(len(arms))))] if len(arms) > 1 else arms[0]
        return Design.of(arm, {name: dimension.suggest(name, trial) for name, dimension in self.arms[arm].items()})

    def encoded(self, design: Design) -> dict[str, Any] | None:
        """A design as Optuna's parameters; None if it is not in the space."""
        levers = self.arms.get(design.arm)
        if levers is None or set(levers) != set(design.values):
            return None
        found = {name: dimension.encoded(design.values[name]) for name, dimension in levers.items()}
        if any(value is None for value in found.values()):
            return None
        return {ARM: list(self.arms).index(design.arm), **found} if len(self.arms) > 1 else found

    def canonical(self, design: Design) -> Design | None:
        """The same design in the space's own values (12 for 12.0); None if it is not in the space."""
        codes = self.encoded(design)
        if codes is None:
            return None
        levers = self.arms[design.arm]
        return Design.of(design.arm, {name: dimension.decoded(codes[name]) for name, dimension in levers.items()})


ARM = "arm"
"""The name by which the choice of the arm goes in tables; no lever may be called so."""
