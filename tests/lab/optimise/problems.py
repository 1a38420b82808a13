"""Problems with known answers, with noise that is the same for the same design and replicate and new for any other."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np

from goodwill.lab.optimise.goals import Constraint, Goal, Measure
from goodwill.lab.optimise.search import Evaluation
from goodwill.lab.optimise.space import Design

Function = Callable[[Design], dict[str, float]]


class Noisy:
    """evaluate() of a function of designs; counts what it was asked."""

    def __init__(self, function: Function, noise: float = 0.0) -> None:
        self.function, self.noise = function, noise
        self.asked: list[tuple[Design, tuple[int, ...]]] = []

    def __call__(self, designs: Sequence[Design], replicates: Sequence[int]) -> list[Evaluation]:
        self.asked += [(design, tuple(replicates)) for design in designs]
        return [
            Evaluation(
                {name: value + self.luck(design, name, replicates) for name, value in self.function(design).items()}
            )
            for design in designs
        ]

    def luck(self, design: Design, name: str, replicates: Sequence[int]) -> np.ndarray:
        key = zlib.crc32(f"{design} {name}".encode())
        return self.noise * np.array([np.random.default_rng([r, key]).normal() for r in replicates])


def maximise(name: str) -> Goal:
    return Goal(Measure(name, False), True)


def minimise(name: str) -> Goal:
    return Goal(Measure(name, False), False)


def at_most(name: str, bound: float) -> Constraint:
    return Constraint(Measure(name, False), at_most=bound)


def at_least(name: str, bound: float) -> Constraint:
    return Constraint(Measure(name, False), at_least=bound)


def numbers(design: Design) -> np.ndarray:
    return np.array(list(design.values.values()), float)


def bowl(design: Design) -> dict[str, float]:
    """Highest, 0, where every lever is .3."""
    return {"height": -float(((numbers(design) - 0.3) ** 2).sum())}


def zdt1(design: Design) -> dict[str, float]:
    """Zitzler, Deb & Thiele (2000); the front is second = 1 - sqrt(first), where all levers but the first are 0."""
    x = numbers(design)
    g = 1 + 9 * x[1:].mean()
    return {"first": float(x[0]), "second": float(g * (1 - np.sqrt(x[0] / g)))}


def disc(design: Design) -> dict[str, float]:
    """The sum of two levers, and their square distance from 0: inside the unit disc the sum is at most sqrt(2)."""
    x = numbers(design)
    return {"sum": float(x.sum()), "square": float((x**2).sum())}
