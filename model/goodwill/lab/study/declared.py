"""The parts of a study file: factors, design, outcomes, cases, precision."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from goodwill.lab.amount import budget_of
from goodwill.lab.outcomes import OUTCOMES, SUMMED
from goodwill.scenario.declare import Section, parameter
from goodwill.scenario.explain import nearest

Value = bool | int | float | str | None
ALL = "all"
"""As the firm of an outcome: all firms together."""


def _choice(meaning: str, default: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={"unit": "choice", "source": "design of the study"})


def optional_budget(value: Any) -> Any:
    """A budget, checked, or none."""
    return None if value is None else budget_of(value)


class Factor(Section):
    """Something that is varied: a lever the firm may pull, or an uncertainty of the world.

    Either some `values`, or a range from `low` to `high`.
    """

    arm: str | None = _choice(
        "lever only: the arm whose terms it changes; without, it changes the scenario of all arms", None
    )
    path: str | None = _choice("dotted path of what is varied, in the arm or in the scenario", None)
    paths: tuple[str, ...] = Field((), description="several paths that share the value")
    values: tuple[Any, ...] = Field((), description="the values tried")
    low: float | None = parameter(None, meaning="lowest value of a range", unit="that of the path", source="-")
    high: float | None = parameter(None, meaning="highest value of a range", unit="that of the path", source="-")
    levels: int = parameter(
        5, meaning="values tried in a grid, spread evenly over a range", unit="values", low=2, high=1000, source="-"
    )
    integer: bool = Field(False, description="whole numbers only")
    log: bool = Field(False, description="spread evenly by ratio, not by difference")
    label: str = parameter("", meaning="what it is called in figures", unit="text", source="-")

    @model_validator(mode="after")
    def _makes_sense(self) -> Factor:
        if bool(self.path) == bool(self.paths):
            raise ValueError("give either path, or paths for several that share the value")
        ranged = self.low is not None or self.high is not None
        if ranged == bool(self.values):
            raise ValueError("give either values, or low and high")
        if ranged:
            if self.low is None or self.high is None or not self.low < self.high:
                raise ValueError(f"low ({self.low}) and high ({self.high}) have to be given, low below high")
            if self.log and self.low <= 0:
                raise ValueError(f"low is {self.low:g}; with log it must be more than 0")
            if self.integer and math.ceil(self.low) > math.floor(self.high):
                raise ValueError(f"no whole number lies between {self.low:g} and {self.high:g}")
        elif len({repr(value) for value in self.values}) < len(self.values):
            raise ValueError("a value is given twice")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The paths it sets."""
        return self.paths or (str(self.path),)

    @property
    def numeric(self) -> bool:
        """Whether its values have an order and distances."""
        return not self.values or all(isinstance(v, int | float) and not isinstance(v, bool) for v in self.values)

    def at(self, share: float) -> Any:
        """The value at a share in [0, 1) of the way through: how designs that draw numbers reach it."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        assert self.low is not None and self.high is not None
        if self.integer:
            first, last = math.ceil(self.low), math.floor(self.high)
            if not self.log:
                return min(first + int(share * (last - first + 1)), last)
            return min(max(round(self._between(share)), first), last)
        return self._between(share)

    def grid(self) -> list[Any]:
        """The values of a grid."""
        if self.values:
            return list(self.values)
        found = [self._between(k / (self.levels - 1)) for k in range(self.levels)]
        return list(dict.fromkeys(round(value) for value in found)) if self.integer else found

    def _between(self, share: float) -> float:
        assert self.low is not None and self.high is not None
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + share * (self.high - self.low))


class Design(Section):
    """Which combinations of levers and uncertainties are tried."""

    kind: Literal["cases", "grid", "latin_hypercube", "sobol", "morris"] = _choice(
        "cases: the named ones; grid: every combination; latin_hypercube, sobol (Saltelli's), morris (trajectories): samples",
        "cases",
    )
    samples: int = parameter(
        64,
        meaning="points of a Latin hypercube; base points of a Sobol design (a power of two)",
        unit="points",
        low=2,
        source="-",
    )
    second_order: bool = Field(False, description="Sobol design: also for the interactions of two factors")
    trajectories: int = parameter(10, meaning="trajectories of a Morris design", unit="trajectories", low=2, source="-")
    levels: int = parameter(4, meaning="levels of a Morris design (even)", unit="levels", low=2, high=100, source="-")
    seed: int = parameter(
        1, meaning="seed of the sample, not of the luck in the worlds", unit="integer", low=0, source="-"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Design:
        if self.kind == "sobol" and self.samples & (self.samples - 1):
            raise ValueError(
                f"samples is {self.samples}; a Sobol design needs a power of two, such as {_power(self.samples)}"
            )
        if self.kind == "morris" and self.levels % 2:
            raise ValueError(f"levels is {self.levels}; a Morris design needs an even number")
        return self


def _power(number: int) -> int:
    return 2 ** max(1, round(math.log2(number)))


class Outcome(Section):
    """A number measured in every run: one of the outcomes of a firm, over the whole run after the warm-up or a part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    of: str | None = _choice("the outcome that is measured; default: the one of its name", None)
    firm: int | str | None = _choice(
        "whose: position or name of a firm, or `all`: the sum; default: who tries the arms", None
    )
    start: int | None = Field(
        None, alias="from", ge=0, description="first period that counts; default: the end of the warm-up"
    )
    stop: int | None = Field(
        None, alias="to", ge=1, description="the period before which it ends; default: the end of the run"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Outcome:
        if self.of is not None and self.of not in OUTCOMES:
            raise ValueError(f"outcome {self.of!r} is not known{nearest(self.of, list(OUTCOMES))}")
        if self.firm == ALL and self.of is not None and self.of not in SUMMED:
            raise ValueError(f"{self.of} cannot be summed over firms; possible are {', '.join(SUMMED)}")
        if self.start is not None and self.stop is not None and self.stop <= self.start:
            raise ValueError(f"to ({self.stop}) must be later than from ({self.start})")
        return self


class Case(Section):
    """A named world: another scenario, or some values that differ."""

    scenario: Any = Field(None, description="a preset, a scenario file or a whole scenario; default: the study's")
    set: dict[str, Any] = Field(default_factory=dict, description="values of the scenario that differ, by dotted path")
    firm: int | str | None = _choice("who tries the arms in this case; default: as in the study", None)
    horizon: int | None = parameter(
        None, meaning="periods simulated; default: as in the study", unit="periods", low=1, high=5000, source="-"
    )
    budget: Annotated[float | str | None, BeforeValidator(optional_budget)] = _choice(
        "equal yearly cost of the arms in this case; default: as in the study", None
    )
    description: str = parameter("", meaning="what the case is", unit="text", source="-")


class Precision(Section):
    """How sure one wants to be: replications are added until the intervals are narrow enough.

    Every arm's paired difference to the baseline (or, with one arm, its mean) has to have an interval of at most this half
    width, in every point for itself.
    """

    outcome: str = parameter(meaning="the outcome that is to be precise", unit="outcome", source="-")
    half_width: float | None = parameter(
        None, meaning="wanted half width of the interval", unit="that of the outcome", source="-"
    )
    relative: float | None = parameter(
        None, meaning="wanted half width as a share of the baseline's mean", unit="share", low=1e-6, high=10, source="-"
    )
    level: float = parameter(0.95, meaning="confidence", unit="share", low=0.5, high=0.9999, source="-")
    batch: int = parameter(
        10, meaning="replications at first, and added each time", unit="replications", low=5, source="-"
    )
    at_most: int = parameter(200, meaning="replications at most", unit="replications", low=5, source="-")

    @model_validator(mode="after")
    def _makes_sense(self) -> Precision:
        if (self.half_width is None) == (self.relative is None):
            raise ValueError("give either half_width or relative")
        if self.at_most < self.batch:
            raise ValueError(f"at_most ({self.at_most}) must be at least batch ({self.batch})")
        if self.half_width is not None and self.half_width <= 0:
            raise ValueError(f"half_width is {self.half_width:g}; it must be more than 0")
        return self
