"""A market in motion: the period step by step, runs, copies and branches. No Mesa here, so that workers start fast."""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from goodwill.engine.compiled import CompiledEngine
from goodwill.engine.jit import is_compiled
from goodwill.engine.levers import Plan
from goodwill.engine.parameters import parameters_of
from goodwill.engine.state import SALES, Totals, new_totals
from goodwill.errors import GoodwillError
from goodwill.firms import Firms, firms_of
from goodwill.population import Population, allocate, make_population
from goodwill.rules.registry import check_rule
from goodwill.scenario.scenario import Scenario
from goodwill.schedule import scheduled_plan

_log = logging.getLogger("goodwill")

ORDER_OF_THE_PERIOD = """\
1. Firms read what they measured of the period before and set their levers (price, service, promise, programmes).
2. Newcomers arrive.
3. Customers hear: last period's word of mouth, posts, promises, advertising; some get samples; firms come to mind
   or are forgotten.
4. Shopping trips, one after the other: whether, from whom, how much; joining a programme and the members' discount;
   a coupon is used; what is staged, surprises, failures, complaints and redress; the experience, with satisfaction, expectation and
   commitment, then fairness and trust; lapse from the firm bought from before; habit; the
   purchase is counted; redeeming and earning credits; dropping out.
5. Programmes: gifts, renewal of paid memberships, purchases from partners, expiry, credits that become usable, tier reviews,
   programmes that end.
6. Contracts end and providers are changed; firms are left over failures; natural exits leave the market. Firms keep in
   contact, ask lost customers back and send coupons to those they miss.
7. Customers talk, and may resolve to recommend a firm; their ties hear it next period. Grievances and unfairness fade,
   neglected bonds loosen.
8. Measures: subscribers, stages of relationships, retention windows. The books are kept from the period's totals.
9. When everybody is done, households pool their credits.
"""

Progress = Callable[[int, int], None]


class PurchaseSink(Protocol):
    """Takes purchase rows [R, columns of PURCHASE_COLUMNS] as they come."""

    def add(self, rows: np.ndarray) -> None:
        """Keep a copy of these rows."""


class Engine(Protocol):
    """Moves a simulation's state on, in its own way; whatever the way, to the same bits."""

    name: str

    def advance(self, periods: int, sink: PurchaseSink | None = None, panel: np.ndarray | None = None) -> None:
        """Simulate so many periods, not beyond the scenario's last."""

    def bound_to(self, simulation: Any) -> Engine:
        """The same engine for a copy of the simulation."""


EngineName = Literal["compiled", "reference"]


def default_threads() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Simulation:
    """One run of a scenario.

    Args:
        scenario: what to simulate.
        replicate: number of the replication; scenarios with the same seed and replicate share their luck.
        threads: threads of the compiled engine; results do not depend on it.
        rules: a user's own rules by name (see `goodwill.rules.registry`).
        engine: "compiled" is fast; "reference" is the same model customer by customer, for reading and for checking.
        branchable: remember of every customer what programmes that start later will ask for, so that the run can branch into arms
            with programmes (see `branch`). Results are the same; a market without programmes takes a little more memory.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        replicate: int = 0,
        threads: int | None = None,
        rules: dict[str, Callable[..., Any]] | None = None,
        engine: EngineName = "compiled",
        branchable: bool = False,
    ) -> None:
        self._begin(scenario, replicate, threads, rules, branchable)
        self.population = make_population(scenario, self.plan, self.parameters, self.key, self.threads, branchable)
        self.engine = _engine(engine, self)

    population: Population
    engine: Engine

    def _begin(
        self,
        scenario: Scenario,
        replicate: int,
        threads: int | None,
        rules: dict[str, Callable[..., Any]] | None,
        branchable: bool,
    ) -> None:
        """Everything but the customers and the engine."""
        self.scenario = scenario
        self.replicate = replicate
        self.threads = max(1, default_threads() if threads is None else threads)
        self.rules = dict(rules or {})
        for rule, function in self.rules.items():
            check_rule(rule, function)
        if not is_compiled():
            _log.warning("compiling the rules for the first time on this machine; this takes less than a minute")
        self.key = (np.uint32(scenario.seed), np.uint32(replicate))
        self.parameters = parameters_of(scenario)
        self.plan: Plan = scheduled_plan(scenario)
        self.branchable = branchable
        self.period = 0
        self.totals: Totals = new_totals(
            scenario.periods, len(scenario.firms), len(self.plan.programmes), scenario.behaviour.stages.on
        )
        self.firms: Firms | None = firms_of(scenario, self.plan)

    @property
    def summary(self) -> str:
        """A line: scenario, customers, periods done, money taken so far."""
        scenario, sales = self.scenario, self.totals.firms[..., SALES].sum() / 100
        return (
            f"{scenario.name}: {scenario.customers:,} customers, {self.period} of {scenario.periods} {scenario.period}s, "
            f"sales {sales:,.0f} {scenario.measurement.currency}"
        )

    def __repr__(self) -> str:
        return f"<Simulation of {self.summary}>"

    # -- moving on ----------------------------------------------------------------------------------------------

    def step(self, sink: PurchaseSink | None = None, panel: np.ndarray | None = None) -> None:
        """Simulate one period. With a sink, purchases of customers marked in `panel` [N] uint8 go there."""
        self.advance(1, sink=sink, panel=panel)

    def run(
        self,
        *,
        until: int | None = None,
        sink: PurchaseSink | None = None,
        panel: np.ndarray | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Simulate to the end of the scenario, or until so many periods are done.

        `progress(done, all)` is called now and then, in periods.
        """
        todo = self.scenario.periods if until is None else min(until, self.scenario.periods)
        # Large enough to cost nothing, small enough for a smooth bar and a quick Ctrl-C.
        chunk = max(1, min(todo, 4_000_000 // max(1, self.scenario.customers)))
        while self.period < todo:
            self.advance(min(chunk, todo - self.period), sink=sink, panel=panel)
            if progress is not None:
                progress(self.period, todo)

    def advance(self, periods: int, *, sink: PurchaseSink | None = None, panel: np.ndarray | None = None) -> None:
        """Simulate so many periods, not beyond the scenario's last; firms that act do so before each of them."""
        if self.firms is None:
            self.engine.advance(periods, sink, panel)
            return
        for _ in range(min(periods, self.scenario.periods - self.period)):
            self.firms.act(self)
            self.engine.advance(1, sink, panel)

    # -- keeping it -----------------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write the simulation as it stands to one file, in one step; `load` goes on from there. Returns the path.

        Raises `StudyError` for a file that cannot be written.
        """
        from goodwill.saving import save

        return save(self, path)

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        threads: int | None = None,
        rules: dict[str, Callable[..., Any]] | None = None,
        engine: EngineName = "compiled",
    ) -> Simulation:
        """A saved simulation; run on, it does what the saved one would have done, to the last bit, in either engine.

        rules: the user's own rules it was run with, since files hold no code. Raises `StudyError` for a file that is damaged, was
        saved by another version of goodwill, or was run with other rules.
        """
        from goodwill.saving import load

        simulation = cls.__new__(cls)
        load(simulation, path, threads, rules)
        simulation.engine = _engine(engine, simulation)
        return simulation

    def allocate(self) -> None:
        """Room for the customers, who are nobody in particular yet."""
        self.population = allocate(self.scenario, self.plan, self.branchable)

    # -- branching ----------------------------------------------------------------------------------------------

    def copy(self) -> Simulation:
        """An independent copy in the same state and with the same luck to come."""
        twin = copy.copy(self)
        twin.population = self.population.copy()
        twin.totals = Totals(*(a.copy() for a in self.totals))
        if self.firms is not None:
            twin.plan = self.plan.copy()
            twin.firms = self.firms.copy()
        twin.engine = self.engine.bound_to(twin)
        return twin

    def branch(self, arm: Any, firm: int | str = 0) -> Simulation:
        """A simulation that goes another way from here on, while this one stays as it is.

        Args:
            arm: what `firm` does from this period on: programmes (a list), a mapping as in an arm file, an `Arm`, the path of an arm
                file - or a whole `Scenario`, the same as this one in all that was felt so far.
            firm: position or name.

        The branch equals, to the last bit, a run from the start of its `scenario`, in which the arm is scheduled for this period:
        programmes start in it unless they have a `start` of their own, levers of firms change in it. Raises `ScenarioError` for an
        arm that does not fit, `StudyError` for one that would have been felt before.
        """
        from goodwill.branching import branched
        from goodwill.scenario.arms import Arm

        if not isinstance(arm, Scenario):
            # In period 0 nothing has happened yet: the arm is there from the start.
            arm = Arm.of("branch", arm).apply(self.scenario, firm, self.period or None)
        twin: Simulation = branched(self, arm)
        return twin


def _engine(name: str, simulation: Simulation) -> Engine:
    if name == "compiled":
        return CompiledEngine(simulation)
    if name == "reference":
        # Its customers are Mesa's agents; Mesa is slow to import, so only who asks for it waits.
        from goodwill.engine.reference import ReferenceEngine

        return ReferenceEngine(simulation)
    raise GoodwillError(f"engine {name!r} does not exist; take 'compiled' or 'reference'")
