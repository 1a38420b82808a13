"""One budget: what each purpose gets, and what it gives for it."""

from __future__ import annotations

from dataclasses import dataclass

from goodwill.scenario.budget import PURPOSES, Budget, Response


def adbudg(spending: float, floor: float, usual: float, ceiling: float, curve: float) -> float:
    """Effect of spending, relative to the usual: ``floor + (ceiling - floor) x^c / (d + x^c)``, d such that x = 1 gives `usual`.

    Little (1970), 'Models and managers: the concept of a decision calculus': the ADBUDG response, concave for c <= 1 and S-shaped
    above.
    """
    if spending == 1:
        return usual
    power = spending**curve
    return floor + (ceiling - floor) * power / ((ceiling - usual) / (usual - floor) + power)


@dataclass(frozen=True)
class Spending:
    """What is spent in one period by purpose, in cents, and what it gives."""

    by_purpose: dict[str, float]
    programmes: float  # what programmes cost, taken out first
    service: float  # points
    advertising: float  # factor
    recovery: float  # factor
    promotion: float  # factor


def spend(budget: Budget, factor: float, programme_cost: float, periods_per_year: int) -> Spending:
    """Divide a period's budget. `factor` scales the total; `programme_cost` is what programmes cost in a period, cents."""
    total = 100 * (budget.usual if budget.total is None else budget.total) * factor / periods_per_year
    taken = max(programme_cost, 0.0) if budget.programmes_first else 0.0
    left = max(total - taken, 0.0)
    usual = 100 * budget.usual / periods_per_year
    mine = _divided(budget.shares.model_dump(), left)
    planned = _divided(budget.usual_shares.model_dump(), usual)
    ratio = {purpose: mine[purpose] / planned[purpose] if planned[purpose] > 0 else 1.0 for purpose in PURPOSES}

    def effect(purpose: str, response: Response, planned_level: float) -> float:
        return adbudg(ratio[purpose], response.floor, planned_level, response.ceiling, response.curve)

    return Spending(
        by_purpose=mine,
        programmes=taken,
        service=effect("service", budget.service, 0.0),
        advertising=effect("advertising", budget.advertising, 1.0),
        recovery=effect("recovery", budget.recovery, 1.0),
        promotion=effect("promotion", budget.promotion, 1.0),
    )


def _divided(shares: dict[str, float], amount: float) -> dict[str, float]:
    whole = sum(shares.values())
    return {purpose: amount * share / whole for purpose, share in shares.items()}
