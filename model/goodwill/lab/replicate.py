"""One replication of a comparison: every arm in the same world, with the same luck."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.lab.outcomes import FirmResult, anyway_share, firm_result
from goodwill.lab.user_code import Rules, UserCode
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def run_arm(
    scenario: Scenario, firm: int, replicate: int, threads: int = 1, rules: Rules | None = None
) -> tuple[FirmResult, dict[str, list[float]], list[dict[str, Any]]]:
    """Outcomes of one arm in one replication, its series by period (share, retention, members, profit, liability), and what firms
    with a strategy chose.
    """
    simulation = Simulation(scenario, replicate=replicate, threads=threads, rules=dict(rules or {}))
    simulation.advance(scenario.warm_up)
    before = simulation.population.customers.visits[firm].astype(np.int64)
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


def replicate_arms(
    arms: dict[str, dict[str, Any]],
    firm: int,
    baseline: str,
    user: UserCode,
    replicate: int,
    threads: int = 1,
) -> dict[str, Any]:
    """All arms in one replication; `arms` maps names to whole scenarios (plain content), so that it can go to any process.

    Returns plain data: {"replicate", "arms": {name: {"outcomes", "accounts", "series", "choices"}}}. `baseline` is the arm
    the others are compared with; their outcomes gain "anyway", the share of what was given that changed nothing. `user`: rules
    and programmes the arms need beyond goodwill's own.
    """
    names = [baseline, *(name for name in arms if name != baseline)]
    found: dict[str, Any] = {}
    base: FirmResult | None = None
    for name in names:
        scenario = Scenario.from_dict(arms[name], place=f"arm {name!r}")
        result, series, choices = run_arm(scenario, firm, replicate, threads, user.rules)
        base = result if base is None else base
        outcomes = dict(result.outcomes)
        outcomes["anyway"] = anyway_share(result, base) if name != baseline else float("nan")
        found[name] = {"outcomes": outcomes, "accounts": result.accounts, "series": series, "choices": choices}
    return {"replicate": replicate, "arms": {name: found[name] for name in arms}}
