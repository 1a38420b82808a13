"""What the arms of a point have in common: the same world with the same luck until the first of them does something.

It is run once, and every arm branches from it; the numbers are those of whole runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from goodwill.branching import branched, share_the_past
from goodwill.errors import StudyError
from goodwill.lab.study.frozen import frozen_scenario
from goodwill.lab.user_code import UserCode
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

MEMORY = 96 * 2**20
"""Bytes a worker may keep of pasts, the last one aside."""
MOST = 64
"""Pasts a worker may keep: of small markets the arrays are the least part, and each takes a megabyte beside (measured)."""


@dataclass(frozen=True)
class Past:
    """The frozen scenario that is run up to a period, and what stands for it."""

    key: str
    period: int
    scenario: dict[str, Any] = field(repr=False, compare=False)


def warm_up_of(scenario: Scenario) -> Past | None:
    """The warm-up of a world, for arms that begin after it; None when there is no warm-up."""
    return Past(scenario.hash(), scenario.warm_up, scenario.to_dict()) if scenario.warm_up else None


@dataclass(frozen=True)
class _Begun:
    """A past that has been run."""

    simulation: Simulation
    visits: np.ndarray | None  # [J, N] at the end of the warm-up, if that is past

    @property
    def bytes(self) -> int:
        population: int = self.simulation.population.bytes
        return population + sum(array.nbytes for array in (*self.simulation.totals, *self.simulation.plan.levers))


class _Kept(threading.local):
    """The pasts a worker has run last, as many as fit: arms of a world follow each other, designs that are searched come back."""

    def __init__(self) -> None:
        self.pasts: OrderedDict[tuple[Any, ...], _Begun] = OrderedDict()

    def of(self, past: Past, replicate: int, user: UserCode) -> _Begun:
        """The past, run once."""
        key = past.key, past.period, replicate, repr(user.described)
        if key in self.pasts:
            self.pasts.move_to_end(key)
            return self.pasts[key]
        begun = _run_up(past, replicate, user)
        self.pasts[key] = begun
        while len(self.pasts) > 1 and (
            len(self.pasts) > MOST or sum(kept.bytes for kept in self.pasts.values()) > MEMORY
        ):
            self.pasts.popitem(last=False)
        return begun


_kept = _Kept()


def simulation_of(
    scenario: Scenario, key: str, past: Past | None, replicate: int, user: UserCode
) -> tuple[Simulation, np.ndarray]:
    """A simulation of the scenario at the end of its warm-up or later, and the visits [J, N] of every customer at that time.

    key: stands for the scenario.
    """
    simulation = None
    visits = None
    if past is not None and _in_common(past.key, key, past.period, _Pair(past, scenario)):
        begun = _kept.of(past, replicate, user)
        try:
            simulation = branched(begun.simulation, scenario, branchable=False)
            visits = begun.visits
        except StudyError:  # firms have meanwhile done what the scenarios do not tell; then it is run from the start
            simulation = None
    if simulation is None:
        simulation = Simulation(scenario, replicate=replicate, threads=1, rules=user.rules)
    if visits is None:
        simulation.run(until=scenario.warm_up)
        visits = _visits(simulation)
    return simulation, visits


def _visits(simulation: Simulation) -> np.ndarray:
    return simulation.population.customers.visits.astype(np.int64)


def _run_up(past: Past, replicate: int, user: UserCode) -> _Begun:
    scenario = frozen_scenario(past.key, past.scenario)
    simulation = Simulation(scenario, replicate=replicate, threads=1, rules=user.rules, branchable=True)
    simulation.run(until=min(past.period, scenario.warm_up))
    visits = _visits(simulation) if past.period >= scenario.warm_up else None
    simulation.run(until=past.period)
    return _Begun(simulation, visits)


class _Pair:
    """Two scenarios that a cache passes over: the keys beside them say it all."""

    def __init__(self, past: Past, scenario: Scenario) -> None:
        self.past, self.scenario = past, scenario

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair)


@lru_cache(maxsize=256)
def _in_common(past: str, key: str, period: int, pair: _Pair) -> bool:
    return past == key or share_the_past(frozen_scenario(past, pair.past.scenario), pair.scenario, period)
