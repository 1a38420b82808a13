"""Worlds with and without something, under the same luck."""

from __future__ import annotations

from typing import Any

from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def run(preset: str, changes: dict[str, Any] | None = None, **size: Any) -> Record:
    """The record of a preset run to its end with these keys changed; `size`: customers, periods, seed ..."""
    simulation = Simulation(Scenario.preset(preset).with_(changes or {}, **size), threads=1)
    simulation.run()
    return Record.of(simulation)


def total(record: Record, column: str, firm: int = 0) -> float:
    """A column of the firms' table summed over the periods after the warm-up."""
    table = record.firms
    mine = table[(table["firm"] == record.names[firm]) & (table["period"] >= record.scenario.warm_up)]
    return float(mine[column].sum())
