"""One replication of a comparison: every arm in the same world, with the same luck."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.jobs.job import RUNS, Tables
from goodwill.lab.jobs.store import Store
from goodwill.lab.outcomes import FirmResult, anyway_share, firm_result
from goodwill.lab.study.past import simulation_of, warm_up_of
from goodwill.lab.user_code import UserCode
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def _measured(
    simulation: Simulation, before: np.ndarray, firm: int
) -> tuple[FirmResult, dict[str, list[float]], list[dict[str, Any]]]:
    """Run to the end. Outcomes of the firm, its series by period (share, retention, members, profit, liability), and what firms with a
    strategy chose. `before` [N]: its visits at the end of the warm-up.
    """
    simulation.run()
    record = Record.of(simulation)
    mine = record.firms[record.firms["firm"] == record.names[firm]]
    series = {
        name: [float(x) for x in mine[name]]
        for name in ("share", "retention", "members", "profit", "revenue", "liability")
    }
    plain = record.choices.astype(object).where(record.choices.notna(), None)
    choices = [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
    return firm_result(record, firm, before), series, choices


def replicate_job(content: dict[str, Any]) -> Tables:
    """Job: one replication, as `replicate_arms` gives it; what was found of the arms as JSON."""
    found = replicate_arms(**content)
    return {RUNS: {"replicate": found["replicate"], "arms": json.dumps(found["arms"])}}


def stored_replications(store: Store) -> dict[int, dict[str, Any]]:
    """The replications in a store, by number. Raises `StudyError` with its error for one that failed."""
    import pyarrow.parquet as pq

    found: dict[int, dict[str, Any]] = {}
    for path in store.files(RUNS):
        for row in pq.read_table(path).to_pylist():
            if row["error"] is not None:
                raise StudyError(f"{row['error']} (to try it again, delete {path})")
            found[row["replicate"]] = {"replicate": row["replicate"], "arms": json.loads(row["arms"])}
    return dict(sorted(found.items()))


def replicate_arms(
    arms: dict[str, dict[str, Any]],
    firm: int,
    baseline: str,
    user: UserCode,
    replicate: int,
) -> dict[str, Any]:
    """All arms in one replication; `arms` maps names to whole scenarios (plain content), so that it can go to any process.

    Returns plain data: {"replicate", "arms": {name: {"outcomes", "accounts", "series", "choices"}}}. `baseline` is the arm
    the others are compared with; their outcomes gain "anyway", the share of what was given that changed nothing. `user`: rules
    and programmes the arms need beyond goodwill's own.
    """
    names = [baseline, *(name for name in arms if name != baseline)]
    found: dict[str, Any] = {}
    base: FirmResult | None = None
    past = warm_up_of(Scenario.from_dict(arms[baseline], place=f"arm {baseline!r}"))
    for name in names:
        scenario = Scenario.from_dict(arms[name], place=f"arm {name!r}")
        simulation, visits = simulation_of(scenario, scenario.hash(), past, replicate, user)
        result, series, choices = _measured(simulation, visits[firm], firm)
        base = result if base is None else base
        outcomes = dict(result.outcomes)
        outcomes["anyway"] = anyway_share(result, base) if name != baseline else float("nan")
        found[name] = {"outcomes": outcomes, "accounts": result.accounts, "series": series, "choices": choices}
    return {"replicate": replicate, "arms": {name: found[name] for name in arms}}
