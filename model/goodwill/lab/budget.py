"""Scaling arms to the same expected yearly cost, so that designs are compared and not their generosity."""

from __future__ import annotations

import math
from typing import Any

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.replicate import run_arm
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

PILOT = 2**31  # pilot replications have luck of their own, which the comparison never uses
_STEPS = 40
NEAR_ENOUGH = 0.05


def _cost(scenario: Scenario, firm: int, pilots: int) -> float:
    """Mean yearly programme cost of the firm over the pilot replications."""
    return sum(run_arm(scenario, firm, PILOT + x)[0].outcomes["programme_cost"] for x in range(pilots)) / pilots


def _scaled(arm: Arm, factor: float) -> Arm | None:
    """The arm with the budget levers of all its programmes multiplied; None when a lever leaves its bounds."""
    try:
        programmes = tuple(p.scaled(factor) for p in arm.programmes)
    except (ValueError, ScenarioError):
        return None
    return arm.model_copy(update={"programmes": programmes})


def equal_budget(
    scenario: Scenario, arm: Arm, firm: int, budget: float, pilots: int = 2, tolerance: float = 0.01
) -> tuple[Arm, dict[str, Any]]:
    """The arm scaled so that its expected yearly cost, above that of the scenario without it, is `budget`.

    The levers are those each programme names (`budget_levers`): reward, discount, depth, gain. Found by bisection on runs with the same
    luck; cost is taken as rising with the levers. Returns the arm and {"factor", "cost"}. Raises `StudyError` when the budget lies
    outside what the levers' bounds allow, or no cost within five per cent of it exists.
    """
    if not arm.programmes:
        raise StudyError(f"arm {arm.name!r} has no programme, so it cannot be scaled to a budget")
    base = _cost(scenario, firm, pilots)

    def cost(factor: float) -> float | None:
        scaled = _scaled(arm, factor)
        return None if scaled is None else _cost(scaled.apply(scenario, firm), firm, pilots) - base

    low, high = 0.0, 1.0
    lowest, highest = cost(0.0), cost(1.0)
    if lowest is not None and lowest > budget * (1 + tolerance):
        raise StudyError(
            f"arm {arm.name!r}: costs {lowest:,.0f} a year even with its levers at zero, more than the budget of {budget:,.0f}; "
            "raise the budget or lower its fixed cost"
        )
    while highest is not None and highest < budget and high < 1e4:
        low, high = high, 2 * high
        highest = cost(high)
    best: tuple[float, float] | None = None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        at = cost(middle)
        if at is not None and (best is None or abs(at - budget) < abs(best[1] - budget)):
            best = middle, at
        if at is not None and abs(at - budget) <= tolerance * abs(budget):
            break
        if at is None or at > budget:
            high = middle
        else:
            low = middle
        if math.isclose(low, high, rel_tol=1e-5):
            break
    # Prices are whole cents, so a cost may have steps; near enough is taken and reported as found.
    if best is None or abs(best[1] - budget) > NEAR_ENOUGH * abs(budget):
        nearest = float("nan") if best is None else best[1]
        raise StudyError(
            f"arm {arm.name!r}: a yearly cost of {budget:,.0f} cannot be reached; the nearest found is {nearest:,.0f}. "
            "Change the budget or the arm's other terms"
        )
    scaled = _scaled(arm, best[0])
    assert scaled is not None
    return scaled, {"factor": best[0], "cost": best[1]}
