"""The plan of a scenario in which firms change their levers in the course of the run."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from goodwill.engine.levers import Plan, plan_of
from goodwill.engine.state import Levers
from goodwill.errors import ScenarioError
from goodwill.scenario.scenario import Scenario

# Rows of the plan by period, beside its levers.
BY_PERIOD = ("firm_cost", "lever_fixed_cost", "lever_purchase_cost", "advertising_cost", "running")
# What the engines and the books take for the same through a run.
_CONSTANT = ("usual_price", "unit_cost", "encounter_costs", "line_cost", "suggestion_cost")


def scheduled_plan(scenario: Scenario) -> Plan:
    """Levers and terms of all firms over the whole run, each change of the scenario from its period on.

    Raises `ScenarioError` for a change of something that the books take for the same through a run, such as the cost of a surprise.
    """
    plan = plan_of(scenario)
    for change in sorted(scenario.changes, key=lambda change: change.start):
        later = plan_of(scenario.at(change.start))
        for name in _CONSTANT:
            if not _same(getattr(plan, name), getattr(later, name)):
                raise ScenarioError(
                    f"changes: from period {change.start} on {', '.join(change.set)}: {name.replace('_', ' ')} would change, "
                    "which is reckoned with one value for the whole run; leave that key out, or set it from the start"
                )
        plan = _spliced(plan, later, change.start)
    return plan


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def _spliced(before: Plan, after: Plan, t: int) -> Plan:
    """The one plan before period t, the other one from it on."""
    rows: dict[str, Any] = {name: joined(getattr(before, name), getattr(after, name), t) for name in BY_PERIOD}
    return replace(
        before,
        levers=Levers(*(joined(a, b, t) for a, b in zip(before.levers, after.levers, strict=True))),
        outreach_costs={name: joined(a, after.outreach_costs[name], t) for name, a in before.outreach_costs.items()},
        **rows,
    )


def joined(before: np.ndarray, after: np.ndarray, t: int) -> np.ndarray:
    """Rows of the one array before period t, of the other from it on; [T, J] or [.., T, J]. Values by firm alone are the first's."""
    if before.ndim == 1:
        return before
    axis = before.ndim - 2
    past, coming = (slice(None),) * axis + (slice(None, t),), (slice(None),) * axis + (slice(t, None),)
    return np.concatenate([before[past], after[coming]], axis=axis)
