"""A market in motion: the period step by step, runs, copies and branches. No Mesa here, so that workers start fast."""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from goodwill.engine.jit import is_compiled
from goodwill.engine.levers import Plan, plan_of
from goodwill.engine.parameters import parameters_of
from goodwill.engine.scratch import new_scratch
from goodwill.engine.state import PURCHASE_COLUMNS, TILE, Panel, Totals, new_totals
from goodwill.engine.steps.incidence import MAX_TRIPS
from goodwill.engine.tile import run_tiles
from goodwill.population import Population, make_population
from goodwill.rules.registry import compile_rules
from goodwill.scenario.scenario import Scenario

_log = logging.getLogger("goodwill")

ORDER_OF_THE_PERIOD = """\
1. Firms set their levers (price, service, promise, programmes) for the period.
2. Newcomers arrive.
3. Customers hear: last period's word of mouth, promises, advertising.
4. Shopping trips: whether, from whom, how much; programme joining, discount, redemption; the experience; then
   expectation, satisfaction, commitment, habit and credits; then dropping out or lapsing.
5. Programmes: renewal of paid memberships, expiry, tier reviews, programmes that end.
6. Contracts end and providers are changed; natural exits leave the market.
7. Customers talk; their ties hear it next period.
8. Measures: subscribers, retention windows. The books are kept from the period's totals.
"""

Progress = Callable[[int, int], None]


class PurchaseSink(Protocol):
    """Takes purchase rows [R, columns of PURCHASE_COLUMNS] as they come."""

    def add(self, rows: np.ndarray) -> None:
        """Keep a copy of these rows."""


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
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        replicate: int = 0,
        threads: int | None = None,
        rules: dict[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.scenario = scenario
        self.replicate = replicate
        self.threads = max(1, default_threads() if threads is None else threads)
        self.rules = dict(rules or {})
        self.key = (np.uint32(scenario.seed), np.uint32(replicate))
        if not is_compiled():
            _log.warning("compiling the rules for the first time on this machine; this takes less than a minute")
        self._run_tiles = compile_rules(run_tiles, self.rules)
        self.parameters = parameters_of(scenario)
        self.plan: Plan = plan_of(scenario)
        self.population: Population = make_population(scenario, self.plan, self.parameters, self.key, self.threads)
        self.period = 0
        self.totals: Totals = new_totals(scenario.periods, len(scenario.firms), len(self.plan.programmes))
        self._tiles = -(-scenario.customers // TILE)
        self._scratch = [new_scratch(len(scenario.firms)) for _ in range(self.threads)]
        self._no_panel = Panel(np.int32(0), np.zeros(0, np.uint8), np.zeros((0, len(PURCHASE_COLUMNS))), np.zeros(1, np.int64))

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
        """Simulate so many periods, not beyond the scenario's last."""
        last = min(self.period + periods, self.scenario.periods)
        if sink is not None:
            self._advance_recording(last, sink, panel)
        elif self.threads == 1 or self._tiles == 1:
            self._tiles_of(self.period, last, 0, self._tiles, self._rows(self.period, last), 0, self._no_panel)
        else:
            self._advance_threads(last)
        self.period = last

    def _rows(self, first: int, last: int) -> Totals:
        return Totals(*(a[first:last] for a in self.totals))

    def _tiles_of(
        self, first: int, last: int, tile: int, end: int, totals: Totals, thread: int, panel: Panel
    ) -> None:
        self._run_tiles(
            first, last, tile, end, self.population.customers, self.population.members, self.parameters,
            self.plan.terms, self.plan.levers, totals, self._scratch[thread], panel, *self.key,
        )  # fmt: skip

    def _advance_threads(self, last: int) -> None:
        """Every thread takes a range of tiles; all wait for each other after a period, because ties hear the last one."""
        shape = (len(self.scenario.firms), len(self.plan.programmes))
        block = -(-self._tiles // self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            for t in range(self.period, last):
                parts = [new_totals(1, *shape) for _ in range(self.threads)]
                jobs = [
                    pool.submit(
                        self._tiles_of, t, t + 1, min(x * block, self._tiles), min((x + 1) * block, self._tiles),
                        parts[x], x, self._no_panel,
                    )
                    for x in range(self.threads)
                ]  # fmt: skip
                for job in jobs:
                    job.result()
                for part in parts:
                    for total, addition in zip(self._rows(t, t + 1), part, strict=True):
                        total += addition

    def _advance_recording(self, last: int, sink: PurchaseSink, panel: np.ndarray | None) -> None:
        """One tile and period at a time, so that the buffer for the purchases is small whatever the market's size."""
        customers = self.scenario.customers
        member = np.ones(customers, np.uint8) if panel is None else panel.astype(np.uint8)
        buffer = np.zeros((TILE * MAX_TRIPS * 2, len(PURCHASE_COLUMNS)))
        for t in range(self.period, last):
            for tile in range(self._tiles):
                on = bool(member[tile * TILE : (tile + 1) * TILE].any())
                record = Panel(np.int32(on), member, buffer, np.zeros(1, np.int64))
                self._tiles_of(t, t + 1, tile, tile + 1, self._rows(t, t + 1), 0, record)
                if record.count[0]:
                    sink.add(buffer[: record.count[0]].copy())

    # -- branching ----------------------------------------------------------------------------------------------

    def copy(self) -> Simulation:
        """An independent copy in the same state and with the same luck to come."""
        twin = copy.copy(self)
        twin.population = self.population.copy()
        twin.totals = Totals(*(a.copy() for a in self.totals))
        twin._scratch = [new_scratch(len(self.scenario.firms)) for _ in range(self.threads)]
        return twin
