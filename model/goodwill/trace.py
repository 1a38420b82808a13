"""Why a customer got credits at a purchase, or did not: the rules of every programme, told one by one.

The market runs once more on the compiled engine. Before each period the customers asked for live it as the reference engine has
it, which tells what its rules do; then their state is put back, the compiled engine has its turn, and both have to agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import pandas as pd

from goodwill.engine.compiled import CompiledEngine
from goodwill.engine.reference.customer import Customer
from goodwill.engine.reference.tendering import Note
from goodwill.engine.reference.world import World
from goodwill.engine.state import Totals
from goodwill.errors import GoodwillError
from goodwill.simulation import Simulation

COLUMNS = (
    "period", "customer", "firm", "programme", "occasion", "spend", "event", "credits", "balance", "why", "sentence",
)  # fmt: skip
# What befalls a whole household at once is not in the life of one customer.
_POOLED = ("lots", "pooled")
_SENTENCES = {
    "earned": "{firm}: earned {credits} credits for {spend:.2f}{because}; {balance} can be used now.",
    "not asked to join": "{firm}: no credits for {spend:.2f}; he has no card, and the thought of joining did not come up.",
    "does not want the card": "{firm}: no credits for {spend:.2f}; he thought of joining, and it does not pay for him.",
    "has given the card up": "{firm}: no credits for {spend:.2f}; he has given the card up.",
    "joined": "{firm}: joined, with {credits} credits as a welcome.",
    "redeemed": "{firm}: redeemed {given} credits for a reward; {balance} are left.",
    "paid with credits": "{firm}: paid with {given} credits, and {spend:.2f} in money; {balance} are left.",
    "loaded money": "{firm}: paid money in, {credits} credits with the bonus.",
    "took the card up again": "{firm}: took the card up again.",
    "gave the card up": "{firm}: gave the card up; the goal is too far.",
    "renewed": "{firm}: renewed the membership.",
    "did not renew": "{firm}: did not renew the membership.",
    "earned at partners": "{firm}: earned {credits} credits at partners.",
    "expired": "{firm}: {given} credits expired{because}.",
    "rose": "{firm}: rose to tier {why}.",
    "fell": "{firm}: fell to tier {why}.",
    "membership ended": "{firm}: is no longer a member.",
}


@dataclass(frozen=True)
class Trace:
    """What programmes did to customers, and why: `table` for reckoning, `str(trace)` for reading."""

    table: pd.DataFrame

    @property
    def sentences(self) -> list[str]:
        """One for each event, with its period."""
        table = self.table
        return [f"{period:>4}  {text}" for period, text in zip(table["period"], table["sentence"], strict=True)]

    def __str__(self) -> str:
        return "\n".join(self.sentences)


class TracingEngine:
    """The compiled engine, with some customers who tell.

    Args:
        simulation: whose state to move.
        customers: numbers of those who tell.
    """

    name = "tracing"

    def __init__(self, simulation: Any, customers: Sequence[int]) -> None:
        self.simulation = simulation
        self.told: list[tuple[int, Note]] = []
        self._customers = list(customers)
        self._compiled = CompiledEngine(simulation)

    @cached_property
    def _model(self) -> mesa.Model:
        return mesa.Model(rng=0)

    @cached_property
    def _totals(self) -> Totals:
        return Totals(*(np.zeros_like(a) for a in self.simulation.totals))

    def bound_to(self, simulation: Any) -> TracingEngine:
        """The same engine for a copy of the simulation."""
        return TracingEngine(simulation, self._customers)

    def advance(self, periods: int, sink: Any = None, panel: np.ndarray | None = None) -> None:
        """Simulate so many periods, not beyond the scenario's last."""
        for _ in range(min(periods, self.simulation.scenario.periods - self.simulation.period)):
            expected = [self._live(i) for i in self._customers]
            self._compiled.advance(1, sink, panel)
            for i, after in zip(self._customers, expected, strict=True):
                self._compare(i, after)

    def _arrays(self) -> dict[str, np.ndarray]:
        """Every array of state with a column for each customer."""
        population, n = self.simulation.population, self.simulation.scenario.customers
        arrays = {**population.customers._asdict(), **population.members._asdict()}
        return {name: a for name, a in arrays.items() if name != "ties" and a.shape[-1] == n}

    def _live(self, i: int) -> dict[str, np.ndarray]:
        """Let one customer live the period, tell, and forget it; returns his state at its end."""
        world, arrays, simulation = self._world(), self._arrays(), self.simulation
        before = {name: a[..., i].copy() for name, a in arrays.items()}
        members = world.members.joined[:, i] >= 0
        world.notes = lambda note: self.told.append((i, note))
        with np.errstate(all="ignore"):
            Customer(self._model, world, i).step()
        for q in np.flatnonzero(members & (world.members.joined[:, i] < 0)):
            self.told.append((i, Note(simulation.period, int(q), -1, 0, "membership ended", 0, 0, "")))
        after = {name: a[..., i].copy() for name, a in arrays.items()}
        for name, a in arrays.items():
            a[..., i] = before[name]
        return after

    def _world(self) -> World:
        """What the customers of this period share, with totals of its own."""
        s = self.simulation
        names = ("scenario", "key", "parameters", "plan", "population", "period", "rules")
        return World(SimpleNamespace(totals=self._totals, **{name: getattr(s, name) for name in names}))

    def _compare(self, i: int, expected: dict[str, np.ndarray]) -> None:
        pools = bool((self.simulation.plan.terms.pool_row >= 0).any())
        for name, a in self._arrays().items():
            booked = a[..., i]
            same = (booked == expected[name]) | ((booked != booked) & (expected[name] != expected[name]))
            if not same.all() and not (pools and name in _POOLED):
                raise GoodwillError(f"the trace of customer {i} and the engine disagree about {name}; please report it")


def trace_of(simulation: Simulation, customers: Sequence[int]) -> Trace:
    """What the programmes did to these customers in the periods simulated so far."""
    known = simulation.scenario.customers
    for i in customers:
        if not 0 <= i < known:
            raise GoodwillError(f"customer {i} does not exist; the market has customers 0 to {known - 1}")
    twin = Simulation(
        simulation.scenario, replicate=simulation.replicate, threads=simulation.threads, rules=simulation.rules
    )
    engine = TracingEngine(twin, customers)
    twin.engine = engine
    if simulation.period:
        twin.advance(simulation.period)
    return Trace(_table(simulation, engine.told))


def _table(simulation: Simulation, told: list[tuple[int, Note]]) -> pd.DataFrame:
    rows = []
    for i, note in told:
        firm, position, kind, _ = simulation.plan.programmes[note.programme]
        name = simulation.scenario.firms[firm].name
        because = f" ({note.why})" if note.why else ""
        sentence = _SENTENCES[note.event].format(
            firm=name, spend=note.cents / 100, credits=note.credits, given=-note.credits, balance=note.balance,
            why=note.why, because=because,
        )  # fmt: skip
        programme = kind if position == 0 else f"{kind} {position + 1}"
        rows.append(
            (note.period, i, name, programme, note.occasion, note.cents / 100, note.event, note.credits, note.balance,
             note.why, sentence)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
