"""What instruments work on, and what they deliver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.engine.sampling import draws_of


@dataclass(frozen=True)
class Figure:
    """One figure of one wave. `value` is NaN when nobody answered."""

    name: str
    value: float
    error: float  # standard error, as the firm can reckon it from the answers
    answers: int
    truth: float
    cost: float  # currency; the cost of a wave stands at its first figure


@dataclass(frozen=True)
class Scene:
    """The market as one firm's instruments find it at the start of a period."""

    simulation: Any
    firm: int
    period: int

    @property
    def customers(self) -> Any:
        """The arrays of all customers."""
        return self.simulation.population.customers

    @property
    def present(self) -> np.ndarray:
        """Who is in the market [N] bool."""
        c = self.customers
        return (c.arrival < self.period) & (c.exit >= self.period)

    @property
    def own(self) -> np.ndarray:
        """Customers of the firm [n] uint32: under contract those it serves, else who bought within a measuring window."""
        c, j, scenario = self.customers, self.firm, self.simulation.scenario
        if scenario.kind == "contract":
            mine = c.last == j
        else:
            mine = (c.visits[j] > 0) & (c.last_bought[j] >= self.period - scenario.measurement.window)
        return np.flatnonzero(mine & self.present).astype(np.uint32)

    def draws(self, who: np.ndarray, stream: np.uint32) -> np.ndarray:
        """The four uniforms of a stream for each customer, of this firm and period."""
        return draws_of(who, self.period, int(stream) + 256 * self.firm, *self.simulation.key)


def sample(order: np.ndarray, size: int) -> np.ndarray:
    """Positions of a simple random sample: those with the smallest draws."""
    if size >= order.size:
        return np.arange(order.size)
    return np.sort(np.argpartition(order, size)[:size])


def mean_and_error(answers: np.ndarray) -> tuple[float, float]:
    """Mean and its standard error; NaN where there are too few."""
    if answers.size == 0:
        return float("nan"), float("nan")
    spread = float(answers.std(ddof=1)) if answers.size > 1 else float("nan")
    return float(answers.mean()), spread / answers.size**0.5
