"""The reference engine: advances a simulation customer by customer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import mesa
import numpy as np

from goodwill.engine.reference.customer import Customer
from goodwill.engine.reference.keeping import pool_credits
from goodwill.engine.reference.referring import Recommends
from goodwill.engine.reference.world import World


class ReferenceEngine:
    """Moves the state of a simulation on by agents; see `goodwill.engine.compiled` for the other engine.

    Args:
        simulation: whose state to move.
        model: the Mesa model in which the customers are agents; one of its own if none is given.
        kind: the class of the customers.
    """

    name = "reference"

    def __init__(self, simulation: Any, model: Any = None, kind: type[Customer] = Customer) -> None:
        self.simulation = simulation
        self._model = model
        self._kind = kind

    @cached_property
    def world(self) -> World:
        """What the customers share."""
        return World(self.simulation)

    @cached_property
    def customers(self) -> list[Customer]:
        """All customers, as agents."""
        model = mesa.Model(rng=int(self.simulation.scenario.seed)) if self._model is None else self._model
        return [self._kind(model, self.world, i) for i in range(self.simulation.scenario.customers)]

    def advance(self, periods: int, sink: Any = None, panel: np.ndarray | None = None) -> None:
        """Simulate so many periods, not beyond the scenario's last; purchases of those marked in `panel` go to the sink."""
        for customer in self.customers:
            customer.on_record = sink is not None and (panel is None or bool(panel[customer.index]))
        last = min(self.simulation.period + periods, self.simulation.scenario.periods)
        # The compiled engine reckons without checks as well: what overflows or is divided by zero is infinite.
        with np.errstate(all="ignore"):
            while self.simulation.period < last:
                self._live_a_period(sink)

    def _live_a_period(self, sink: Any) -> None:
        """Customers meet only through what was said in the period before, so their order does not matter."""
        rows: list[list[float]] = []
        self.world.t = int(self.simulation.period)
        self.world.purchases = rows.append
        for customer in self.customers:
            customer.step()
        if self.world.parameters.programmes_on:
            pool_credits(self.world)
        if self.world.parameters.referral_on:
            self._settle_referrals()
        if sink is not None and rows:
            sink.add(np.array(rows, np.float64))
        self.simulation.period += 1

    def _settle_referrals(self) -> None:
        """Between two periods: newcomers earn their referrers the reward, then recommendations are told, in the customers' order."""
        everybody: list[Recommends] = [*self.customers]
        for customer in everybody:
            customer.settle_introduction(everybody)
        for customer in everybody:
            customer.tell(everybody)
            customer.forget_luck()

    def bound_to(self, simulation: Any) -> ReferenceEngine:
        """The same engine for a copy of the simulation, with customers of its own."""
        return ReferenceEngine(simulation)
