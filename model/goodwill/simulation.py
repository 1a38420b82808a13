"""A market in motion: the period step by step, runs, copies and branches. No Mesa here, so that workers start fast."""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np

from goodwill.engine.compiled import CompiledEngine
from goodwill.engine.jit import is_compiled
from goodwill.engine.levers import Plan, plan_of
from goodwill.engine.parameters import parameters_of
from goodwill.engine.state import SALES, Totals, new_totals
from goodwill.errors import GoodwillError
from goodwill.firms import Firms, firms_of
from goodwill.population import Population, make_population
from goodwill.rules.registry import check_rule
from goodwill.scenario.scenario import Scenario

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
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        replicate: int = 0,
        threads: int | None = None,
        rules: dict[str, Callable[..., Any]] | None = None,
        engine: EngineName = "compiled",
    ) -> None:
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
        self.plan: Plan = plan_of(scenario)
        self.population: Population = make_population(scenario, self.plan, self.parameters, self.key, self.threads)
        self.period = 0
        self.totals: Totals = new_totals(
            scenario.periods, len(scenario.firms), len(self.plan.programmes), scenario.behaviour.stages.on
        )
        self.firms: Firms | None = firms_of(scenario, self.plan)
        self.engine: Engine = _engine(engine, self)

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
        self, *, sink: PurchaseSink | None = None, panel: np.ndarray | None = None, progress: Progress | None = None
    ) -> None:
        """Simulate to the end of the scenario; `progress(done, all)` is called now and then, in periods."""
        todo = self.scenario.periods
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


def _engine(name: str, simulation: Simulation) -> Engine:
    if name == "compiled":
        return CompiledEngine(simulation)
    if name == "reference":
        # Its customers are Mesa's agents; Mesa is slow to import, so only who asks for it waits.
        from goodwill.engine.reference import ReferenceEngine

        return ReferenceEngine(simulation)
    raise GoodwillError(f"engine {name!r} does not exist; take 'compiled' or 'reference'")
