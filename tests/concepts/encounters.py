"""A small market of three like firms in which encounters can be tried out."""

from __future__ import annotations

from typing import Any

from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.sinks import MemorySink


def on(*names: str, **keys: dict[str, Any]) -> dict[str, Any]:
    """Sections of behaviour that are on, some with other values than the default."""
    return {name: {"on": True, **keys.get(name, {})} for name in (*names, *keys)}


def scenario(behaviour: dict[str, Any], first: dict[str, Any] | None = None, **keys: Any) -> Scenario:
    """Firms A, B and C by the month; `first`: keys of firm A."""
    firms = [{"name": name, "share": 1 / 3, "price": 4.0, "unit_cost": 2.0} for name in "ABC"]
    firms[0] = {**firms[0], **(first or {})}
    content: dict[str, Any] = {
        "period": "month", "customers": 800, "periods": 36, "warm_up": 6, "seed": 7, "firms": firms,
        "population": {"trips_per_year": 24, "loyalty_spread": 2.0},
        "network": {"strong_ties": 8, "weak_ties": 2},
        "behaviour": behaviour,
    }  # fmt: skip
    return Scenario.from_dict({**content, **keys})


def run(behaviour: dict[str, Any], first: dict[str, Any] | None = None, purchases: bool = False, **keys: Any) -> Record:
    """The record of this market, with purchases if asked for."""
    simulation = Simulation(scenario(behaviour, first, **keys), threads=1)
    sink = MemorySink() if purchases else None
    simulation.run(sink=sink)
    return Record.of(simulation, sink)


def share(record: Record, first: int | None = None, last: int | None = None, firm: str = "A") -> float:
    """Share of the purchases of some periods, of those after the warm-up if none are given."""
    table = record.firms
    first, last = record.scenario.warm_up if first is None else first, record.periods if last is None else last
    table = table[(table["period"] >= first) & (table["period"] < last)]
    return float(table.loc[table["firm"] == firm, "purchases"].sum() / table["purchases"].sum())


def state(record: Record, name: str, firm: str = "A") -> float:
    """Mean of a state at the end, of those who have bought from the firm."""
    table = record.customers
    return float(table.loc[(table["firm"] == firm) & (table["purchases"] > 0), name].mean())


def paid(record: Record, account: str, firm: str = "A") -> float:
    """What a firm posted to an account over the whole run."""
    ledger = record.ledger
    return float(ledger.loc[(ledger["firm"] == firm) & (ledger["account"] == account), "amount"].sum())
