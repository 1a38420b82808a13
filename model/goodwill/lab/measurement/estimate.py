"""What an estimator says, and the register of estimators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.measurement.data import Data
from goodwill.scenario.explain import nearest

Z = 1.959963984540054  # of a 95 % normal interval
ESTIMANDS = {"att": "average effect on members", "ate": "average effect on all who could join"}


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95 % interval, in outcome per customer and year; `notes` are diagnostics by name."""

    value: float
    low: float
    high: float
    notes: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def normal(cls, value: float, error: float, **notes: float) -> Estimate:
        """With a normal interval about it: value +- 1.96 standard errors."""
        return cls(float(value), float(value - Z * error), float(value + Z * error), notes)


Estimator = Callable[[Data], Estimate]


@dataclass(frozen=True)
class Method:
    """An estimator with its name, what it claims to estimate, and a line on it."""

    name: str
    estimate: Estimator
    estimand: str
    summary: str


METHODS: dict[str, Method] = {}


def method(name: str, estimand: str = "att") -> Callable[[Estimator], Estimator]:
    """Register an estimator under a name; the first line of its docstring says what it does."""

    def register(function: Estimator) -> Estimator:
        summary = (function.__doc__ or "").strip().split("\n")[0]
        METHODS[name] = Method(name, function, estimand, summary)
        return function

    return register


def methods_of(wanted: Mapping[str, Estimator | None]) -> dict[str, Method]:
    """Methods by name: ours (None), or a user's own function, whose attribute `estimand` may say "ate" instead of "att"."""
    import goodwill.lab.measurement.estimators  # noqa: F401  registers ours

    found = {}
    for name, function in wanted.items():
        if function is None:
            if name not in METHODS:
                raise StudyError(f"estimator {name!r} is not known{nearest(name, list(METHODS))}")
            found[name] = METHODS[name]
            continue
        estimand = getattr(function, "estimand", "att")
        if estimand not in ESTIMANDS:
            raise StudyError(f"estimator {name!r}: estimand is {estimand!r} but must be one of {', '.join(ESTIMANDS)}")
        found[name] = Method(name, function, estimand, (function.__doc__ or name).strip().split("\n")[0])
    return found


def mean_error(values: np.ndarray) -> float:
    """Standard error of a mean of independent values; missing for fewer than two."""
    return float(np.sqrt(values.var(ddof=1) / values.size)) if values.size > 1 else float("nan")


def welch(one: np.ndarray, other: np.ndarray, **notes: float) -> Estimate:
    """Difference of the means of two groups of independent customers, whose variances may differ."""
    if not (one.size and other.size):
        return Estimate.normal(float("nan"), float("nan"))
    return Estimate.normal(one.mean() - other.mean(), float(np.hypot(mean_error(one), mean_error(other))), **notes)
