"""Mesa's face on a simulation: a model with firms and customers as agents, a data collector, and a view for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from goodwill.agents import Customer, Firm, release
from goodwill.diary import Diary, diary_of
from goodwill.engine.reference import ReferenceEngine, World
from goodwill.engine.state import PRESENT
from goodwill.errors import GoodwillError
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import EngineName, Progress, Simulation
from goodwill.sinks import MemorySink, ParquetSink, sample_panel
from goodwill.trace import Trace, trace_of

Reporters = Mapping[str, Any]

FIRM_REPORTERS = {
    name: name
    for name in (
        "name", "share", "purchases", "buyers", "sales", "price", "repeat_rate", "retention", "satisfaction", "members",
    )
}  # fmt: skip


class Market(mesa.Model):
    """A market: customers and firms of a scenario, period by period.

    Args:
        scenario: what to simulate.
        engine: "compiled" is fast; "reference" makes every customer an agent whose methods can be read and stepped through.
        threads: threads of the compiled engine; all processors by default. Results do not depend on it.
        rules: your own rules by name, e.g. ``{"update_satisfaction": mine}``; both engines use them.
        replicate: number of the replication; markets with the same seed and replicate share their luck.
        model_reporters, agent_reporters, agenttype_reporters: added to those of the data collector, as Mesa takes them.

    Firms are agents always; a customer becomes one when he is asked for (`customer(i)`), or at once in the reference engine.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        engine: EngineName = "compiled",
        threads: int | None = None,
        rules: dict[str, Callable[..., Any]] | None = None,
        replicate: int = 0,
        model_reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: Mapping[type, Reporters] | None = None,
    ) -> None:
        super().__init__(rng=scenario.seed)
        self.simulation = Simulation(scenario, replicate=replicate, threads=threads, rules=rules, engine=engine)
        self.firms = [Firm(self, j) for j in range(len(scenario.firms))]
        self._customers: dict[int, Customer] = {}
        self._sink: Any = None
        self._panel: np.ndarray | None = None
        self._recorded: MemorySink | None = None  # purchases from the first period on
        if engine == "reference":
            self.simulation.engine = agents = ReferenceEngine(self.simulation, model=self, kind=Customer)
            self._customers = {c.index: c for c in agents.customers if isinstance(c, Customer)}
        release(self)
        by_type: dict[type, dict[str, Any]] = {Firm: dict(FIRM_REPORTERS)}
        for kind, reporters in (agenttype_reporters or {}).items():
            by_type[kind] = {**by_type.get(kind, {}), **reporters}
        self.datacollector = mesa.DataCollector(
            model_reporters={**self._model_reporters(), **(model_reporters or {})},
            agent_reporters=dict(agent_reporters or {}),
            agenttype_reporters=by_type,
        )

    # Mesa from 3.5 on keeps a scenario of its own kind under this name; ours is the market's.
    @property
    def scenario(self) -> Any:
        """The scenario that is simulated."""
        return self.simulation.scenario

    @scenario.setter
    def scenario(self, value: Any) -> None:
        self._scenario = value

    # -- time -----------------------------------------------------------------------------------------------------

    @property
    def period(self) -> int:
        """Periods simulated so far."""
        return self.simulation.period

    def step(self) -> None:
        """Simulate one period and collect its figures; after the scenario's last period nothing happens any more."""
        if self.simulation.period < self.simulation.scenario.periods:
            self.world.t = self.simulation.period
            self.simulation.step(sink=self._sink, panel=self._panel)
            self.datacollector.collect(self)
        self.running = self.simulation.period < self.simulation.scenario.periods

    def run(self, purchases: bool | int | str | Path = False, progress: Progress | None = None) -> Record:
        """Simulate to the end of the scenario.

        Args:
            purchases: True keeps every purchase from now on in memory, a number those of a random panel of so many customers; a
                path writes them all to a Parquet file instead.
            progress: called as ``progress(done, all)`` after every period.

        Returns:
            The record of the run: its tables are built when they are asked for.
        """
        first = self.simulation.period
        sink, self._panel = self._recorder(purchases)
        with sink if isinstance(sink, AbstractContextManager) else nullcontext():
            self._sink = sink
            try:
                while self.simulation.period < self.simulation.scenario.periods:
                    self.step()
                    if progress is not None:
                        progress(self.simulation.period, self.simulation.scenario.periods)
            finally:
                self._sink = None
        if first == 0 and isinstance(sink, MemorySink):
            self._recorded = sink
        return Record.of(self.simulation, purchases=sink)

    def _recorder(self, purchases: bool | int | str | Path) -> tuple[Any, np.ndarray | None]:
        """Where purchases go, and whose (None: everybody's)."""
        if purchases is False:
            return None, None
        if purchases is True:
            return MemorySink(), None
        if isinstance(purchases, str | Path):
            return ParquetSink(purchases, [firm.name for firm in self.firms]), None
        if purchases < 1:
            raise GoodwillError(f"purchases={purchases}: a panel needs at least one customer; False records nothing")
        return MemorySink(), sample_panel(self.simulation.scenario.customers, purchases, self.simulation.key)

    # -- agents ---------------------------------------------------------------------------------------------------

    @cached_property
    def world(self) -> World:
        """What customers share; see `goodwill.engine.reference`."""
        engine = self.simulation.engine
        return engine.world if isinstance(engine, ReferenceEngine) else World(self.simulation)

    def firm(self, which: int | str) -> Firm:
        """A firm by position or name."""
        return self.firms[self.simulation.scenario.firm_index(which)]

    def customer(self, index: int) -> Customer:
        """A customer by number, from 0; from now on he is among the agents."""
        known = self.simulation.scenario.customers
        if not 0 <= index < known:
            raise GoodwillError(f"customer {index} does not exist; the market has customers 0 to {known - 1}")
        if index not in self._customers:
            self._customers[index] = Customer(self, self.world, index)
            release(self)
        return self._customers[index]

    def diary(self, index: int) -> Diary:
        """What happened to one customer so far and why.

        Purchases on record are used when the run recorded them from the start; otherwise the same world is simulated once more.
        """
        return diary_of(self.customer(index), self._rows_of(index))

    def trace(self, *customers: int) -> Trace:
        """Why customers got credits of programmes so far, or did not, purchase by purchase; the world is simulated once more."""
        return trace_of(self.simulation, customers)

    def _rows_of(self, index: int) -> np.ndarray | None:
        if self._recorded is None or (self._panel is not None and not self._panel[index]):
            return None
        rows = self._recorded.rows()
        return rows[rows[:, 1] == index]

    # -- figures --------------------------------------------------------------------------------------------------

    def _model_reporters(self) -> dict[str, Any]:
        reporters: dict[str, Any] = {"period": "period"}
        for name in ("purchases", "sales", "members"):
            reporters[name] = [_sum, [self, name]]
        reporters["present"] = [_present, [self]]
        for figure in ("share", "repeat_rate", "retention", "members"):
            for firm in self.firms:
                reporters[f"{figure} {firm.name}"] = [getattr, [firm, figure]]
        return reporters

    def record(self) -> Record:
        """The record of the run so far, without purchases."""
        return Record.of(self.simulation, purchases=self._recorded)

    def _repr_html_(self) -> str:
        from goodwill.notebook import market_html

        return market_html(self.record())


def _sum(market: Market, figure: str) -> float:
    return sum(getattr(firm, figure) for firm in market.firms)


def _present(market: Market) -> int:
    """Customers in the market in the last period."""
    simulation = market.simulation
    return int(simulation.totals.market[max(simulation.period - 1, 0), PRESENT])
