"""One run of a study: a frozen scenario in one replication, and what is measured in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.jobs.job import RUNS, Tables
from goodwill.lab.outcomes import firm_accounts, firm_outcomes, firm_result
from goodwill.lab.study.declared import ALL
from goodwill.lab.study.frozen import frozen_scenario
from goodwill.lab.study.past import simulation_of
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

PERIOD_COLUMNS = ("share", "retention", "members", "buyers", "profit", "revenue", "liability")


def simulate(content: dict[str, Any]) -> Tables:
    """Job: run it and measure. `runs` gets the outcomes, further tables are those to be kept."""
    cell = content["cell"]
    if cell.error is not None:
        raise StudyError(cell.error)
    scenario = frozen_scenario(cell.key, cell.scenario)
    simulation, visits = simulation_of(scenario, cell.key, content["past"], content["replicate"], content["user"])
    before = visits[cell.firm]
    simulation.run()
    record = Record.of(simulation)
    tables: dict[str, Any] = {RUNS: measure(record, cell.firm, content["outcomes"])}
    if "accounts" in content["keep"]:
        book = firm_accounts(record, cell.firm)
        tables["accounts"] = {"account": list(book), "amount": list(book.values())}
    if "periods" in content["keep"]:
        mine = record.firms[record.firms["firm"] == record.names[cell.firm]]
        tables["periods"] = {
            "period": mine["period"].to_numpy(np.int32),
            **{name: mine[name].to_numpy(float) for name in PERIOD_COLUMNS},
        }
    if "customers" in content["keep"]:
        tables["customers"] = _customers(record, cell.firm, before)
    return tables


def measure(record: Record, firm: int, outcomes: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The outcomes, by the name they have in the study. Raises `StudyError` for a firm or periods there are not."""
    spans: dict[Any, dict[str, float]] = {}

    def of_firm(j: int, start: int | None, stop: int | None) -> dict[str, float]:
        key = j, start, stop
        if key not in spans:
            spans[key] = firm_outcomes(record, j, start, stop)
        return spans[key]

    found = {}
    for name, outcome in outcomes.items():
        of, start, stop = outcome["of"] or name, outcome["start"], outcome["stop"]
        if outcome["firm"] == ALL:
            found[name] = sum(of_firm(j, start, stop)[of] for j in range(len(record.names)))
        else:
            j = firm if outcome["firm"] is None else record.scenario.firm_index(outcome["firm"])
            found[name] = of_firm(j, start, stop)[of]
    return found


def _customers(record: Record, firm: int, before: np.ndarray) -> dict[str, np.ndarray]:
    """What each customer did at the firm: purchases before and after the end of the warm-up, worth of benefits, membership."""
    result = firm_result(record, firm, before)
    plan, members = record.simulation.plan, record.simulation.population.members
    joined = [members.joined[q] >= 0 for q, (j, *_) in enumerate(plan.programmes) if j == firm]
    nobody = np.zeros(record.scenario.customers, bool)
    benefits = result.benefits
    return {
        "customer": np.arange(record.scenario.customers, dtype=np.int32),
        "visits_before": before.astype(np.int32),
        "visits": result.visits.astype(np.int32),
        "benefit": np.full(len(nobody), np.nan, np.float32) if benefits is None else benefits.astype(np.float32),
        "member": np.any(joined, axis=0) if joined else nobody,
    }


def check_outcomes(scenario: Scenario, outcomes: dict[str, dict[str, Any]], place: str) -> None:
    """See that firms and periods of the outcomes exist in a scenario. Raises `StudyError`."""
    for name, outcome in outcomes.items():
        if outcome["firm"] not in (None, ALL):
            scenario.firm_index(outcome["firm"])
        for word, value in (("from", outcome["start"]), ("to", outcome["stop"])):
            if value is not None and value > scenario.periods - (word == "from"):
                raise StudyError(
                    f"{place}: outcomes.{name}.{word}: is {value}, but the run has {scenario.periods} periods"
                )
