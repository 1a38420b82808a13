"""The compiled engine: advances a simulation tile by tile, on one thread or several."""

from __future__ import annotations

import copy
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import numpy as np

from goodwill.engine.jit import compiling
from goodwill.engine.scratch import new_scratch
from goodwill.engine.state import PURCHASE_COLUMNS, TILE, Panel, Totals, new_totals
from goodwill.engine.steps.incidence import MAX_TRIPS
from goodwill.engine.steps.referral import settle_referrals
from goodwill.engine.tile import run_tiles
from goodwill.rules.registry import compile_rules, explained


class CompiledEngine:
    """Moves the state of a simulation on by compiled loops; see `goodwill.engine.reference` for the other engine.

    Args:
        simulation: whose state to move; its user's rules are compiled here.
    """

    name = "compiled"

    def __init__(self, simulation: Any) -> None:
        self._run_tiles = compile_rules(run_tiles, simulation.rules)
        self._settle = compile_rules(settle_referrals, simulation.rules)
        self._bind(simulation)
        with compiling():  # or loading what is compiled; there is no tile to work on
            self._tiles_of(0, 0, 0, 0, simulation.totals, 0, self._no_panel)

    def _bind(self, simulation: Any) -> None:
        # Its simulation owns it. Were it held here as well, neither would go before the collector of cycles comes by, and a
        # worker that runs thousands of markets would hold dozens of them.
        self._simulation = weakref.ref(simulation)
        self._tiles = -(-simulation.scenario.customers // TILE)
        self._scratch = [new_scratch(len(simulation.scenario.firms)) for _ in range(simulation.threads)]
        self._no_panel = Panel(
            np.int32(0), np.zeros(0, np.uint8), np.zeros((0, len(PURCHASE_COLUMNS))), np.zeros(1, np.int64)
        )

    @property
    def simulation(self) -> Any:
        """Whose state it moves."""
        return self._simulation()

    def bound_to(self, simulation: Any) -> CompiledEngine:
        """The same engine for a copy of the simulation; nothing is compiled again."""
        twin = copy.copy(self)
        twin._bind(simulation)
        return twin

    def advance(self, periods: int, sink: Any = None, panel: np.ndarray | None = None) -> None:
        """Simulate so many periods, not beyond the scenario's last; purchases of those marked in `panel` go to the sink."""
        first = self.simulation.period
        last = min(first + periods, self.simulation.scenario.periods)
        if sink is not None:
            self._advance_recording(first, last, sink, panel)
        elif self.simulation.parameters.referral_on:
            for t in range(first, last):
                self._advance_threads(t, t + 1)
                self._settle_referrals(t)
        elif self.simulation.threads == 1 or self._tiles == 1:
            self._tiles_of(first, last, 0, self._tiles, self._rows(first, last), 0, self._no_panel)
        else:
            self._advance_threads(first, last)
        self.simulation.period = last

    def _settle_referrals(self, t: int) -> None:
        """What customers resolved in period t to recommend reaches others, who may belong to other tiles."""
        world = self.simulation
        with explained(world.rules) if world.rules else nullcontext():
            self._settle(
                t, 0, world.population.customers, world.population.members, world.parameters, world.plan.terms,
                world.plan.levers, self._rows(t, t + 1), *world.key,
            )  # fmt: skip

    def _rows(self, first: int, last: int) -> Totals:
        return Totals(*(a[first:last] for a in self.simulation.totals))

    def _tiles_of(self, first: int, last: int, tile: int, end: int, totals: Totals, thread: int, panel: Panel) -> None:
        world = self.simulation
        with explained(world.rules) if world.rules else nullcontext():
            self._run_tiles(
                first, last, tile, end, world.population.customers, world.population.members, world.parameters,
                world.plan.terms, world.plan.levers, totals, self._scratch[thread], panel, *world.key,
            )  # fmt: skip

    def _advance_threads(self, first: int, last: int) -> None:
        """Every thread takes a range of tiles; where customers talk, all wait for each other after a period."""
        threads = self.simulation.threads
        scenario = self.simulation.scenario
        shape = (len(scenario.firms), len(self.simulation.plan.programmes), scenario.behaviour.stages.on)
        block = -(-self._tiles // threads)
        together = 1 if self.simulation.parameters.talk_listened else last - first
        with ThreadPoolExecutor(threads) as pool:
            for t in range(first, last, max(together, 1)):
                parts = [new_totals(together, *shape) for _ in range(threads)]
                jobs = [
                    pool.submit(
                        self._tiles_of, t, t + together, min(x * block, self._tiles),
                        min((x + 1) * block, self._tiles), parts[x], x, self._no_panel,
                    )
                    for x in range(threads)
                ]  # fmt: skip
                for job in jobs:
                    job.result()
                for part in parts:
                    for total, addition in zip(self._rows(t, t + together), part, strict=True):
                        total += addition

    def _advance_recording(self, first: int, last: int, sink: Any, panel: np.ndarray | None) -> None:
        """One tile and period at a time, so that the buffer for the purchases is small whatever the market's size."""
        customers = self.simulation.scenario.customers
        member = np.ones(customers, np.uint8) if panel is None else panel.astype(np.uint8)
        buffer = np.zeros((TILE * MAX_TRIPS * 2, len(PURCHASE_COLUMNS)))
        for t in range(first, last):
            for tile in range(self._tiles):
                on = bool(member[tile * TILE : (tile + 1) * TILE].any())
                record = Panel(np.int32(on), member, buffer, np.zeros(1, np.int64))
                self._tiles_of(t, t + 1, tile, tile + 1, self._rows(t, t + 1), 0, record)
                if record.count[0]:
                    sink.add(buffer[: record.count[0]].copy())
            if self.simulation.parameters.referral_on:
                self._settle_referrals(t)
