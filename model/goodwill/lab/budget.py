"""Scaling arms to the same expected yearly cost, so that designs are compared and not their generosity."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.outcomes import firm_outcomes
from goodwill.lab.study.past import Past, simulation_of, warm_up_of
from goodwill.lab.user_code import Rules, UserCode
from goodwill.record import Record
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

PILOT = 2**31  # pilot replications have luck of their own, which the comparison never uses
PILOTS = 8
TOLERANCE = 0.01
NEAR_ENOUGH = 0.05
"""Prices are whole cents, so that not every cost can be reached; this far from the budget is still called equal."""
_STEPS = 40
_LARGEST = 1e4


def yearly_revenue(scenario: Scenario, firm: int, pilots: int = PILOTS, rules: Rules | None = None) -> float:
    """Mean yearly revenue of the firm as it is, over the pilot replications: what a budget may be a share of."""
    return _mean("revenue", scenario, firm, pilots, rules, warm_up_of(scenario))


def equal_budget(
    scenario: Scenario,
    arm: Arm,
    firm: int,
    budget: float,
    pilots: int = PILOTS,
    tolerance: float = TOLERANCE,
    rules: Rules | None = None,
) -> tuple[Arm, dict[str, Any]]:
    """The arm scaled so that its expected yearly cost, above that of the scenario without it, is `budget`.

    The levers are those each programme names (`budget_levers`): reward, discount, depth, gain. All runs share their luck, and cost is
    taken as rising with the levers. Returns the arm and {"factor", "cost"}; where prices in whole cents leave a gap around the budget,
    the nearest cost within five per cent is taken. Raises `StudyError` when the budget lies outside what the levers' bounds allow.
    """
    if not arm.programmes:
        raise StudyError(f"arm {arm.name!r} has no programme, so it cannot be scaled to a budget")
    if not budget > 0:
        raise StudyError(f"budget is {budget:g}; it must be more than 0")
    past = warm_up_of(scenario)
    base = _mean("programme_cost", scenario, firm, pilots, rules, past)

    def cost(factor: float) -> float | None:
        scaled = _scaled(arm, factor)
        if scaled is None:
            return None
        return _mean("programme_cost", scaled.apply(scenario, firm), firm, pilots, rules, past) - base

    factor, found = _search(cost, budget, tolerance, arm.name)
    scaled = _scaled(arm, factor)
    assert scaled is not None
    return scaled, {"factor": factor, "cost": found}


def _mean(outcome: str, scenario: Scenario, firm: int, pilots: int, rules: Rules | None, past: Past | None) -> float:
    """Mean of an outcome of the firm over the pilot replications."""
    user = UserCode.of(rules, [scenario])
    total = 0.0
    for x in range(pilots):
        simulation, _ = simulation_of(scenario, scenario.hash(), past, PILOT + x, user)
        simulation.run()
        total += firm_outcomes(Record.of(simulation), firm)[outcome]
    return total / pilots


def _scaled(arm: Arm, factor: float) -> Arm | None:
    """The arm with the budget levers of all its programmes multiplied; None when a lever leaves its bounds."""
    try:
        programmes = tuple(p.scaled(factor) for p in arm.programmes)
    except (ValueError, ScenarioError):
        return None
    return arm.model_copy(update={"programmes": programmes})


def _search(cost: Callable[[float], float | None], budget: float, tolerance: float, name: str) -> tuple[float, float]:
    """Factor and cost nearest to the budget: first a bracket, then interpolation within it, halving where that is slow."""
    tried: dict[float, float] = {}

    def look(factor: float) -> float | None:
        value = cost(factor)
        if value is not None:
            tried[factor] = value
        return value

    low, high = 0.0, 1.0
    at_low, at_high = look(0.0), look(1.0)
    if at_low is not None and at_low > budget * (1 + tolerance):
        raise StudyError(
            f"arm {name!r}: costs {at_low:,.0f} a year even with its levers at zero, more than the budget of "
            f"{budget:,.0f}; raise the budget or lower its fixed cost"
        )
    while at_high is not None and at_high < budget and high < _LARGEST:
        low, at_low = high, at_high
        high = min(4.0, max(1.2, 1.2 * budget / at_high if at_high > 0 else 4.0)) * high
        at_high = look(high)
    for step in range(_STEPS):
        if tried and _miss(tried, budget)[1] <= tolerance or math.isclose(low, high, rel_tol=2e-3):
            break
        middle = (low + high) / 2
        if step % 3 != 2 and at_low is not None and at_high is not None and at_high > at_low:
            middle = low + (high - low) * min(max((budget - at_low) / (at_high - at_low), 0.02), 0.98)
        at = look(middle)
        if at is None or at > budget:
            high, at_high = middle, at
        else:
            low, at_low = middle, at
    best, miss = _miss(tried, budget) if tried else (0.0, math.inf)
    if miss > max(tolerance, NEAR_ENOUGH):
        nearest = f"the nearest found is {tried[best]:,.0f}" if tried else "its levers leave their bounds at once"
        raise StudyError(
            f"arm {name!r}: a yearly cost of {budget:,.0f} cannot be reached; {nearest}. "
            "Change the budget or the arm's other terms"
        )
    return best, tried[best]


def _miss(tried: dict[float, float], budget: float) -> tuple[float, float]:
    """The factor tried that came nearest, and by what share of the budget it missed."""
    best = min(tried, key=lambda factor: abs(tried[factor] - budget))
    return best, abs(tried[best] - budget) / budget
