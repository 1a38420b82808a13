"""What a study tried, in words: its design, what was varied, its cases and arms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodwill.report.arms import ArmInWords, arm_in_words
from goodwill.report.numbers import count
from goodwill.report.study_findings import short

if TYPE_CHECKING:
    from goodwill.lab.study.declared import Factor
    from goodwill.lab.study.results import Results

_DESIGNS = {
    "cases": "",
    "grid": "every combination of the values below",
    "latin_hypercube": "a Latin hypercube sample of the ranges below (McKay, Beckman and Conover 1979)",
    "sobol": "Saltelli\u2019s sample for Sobol indices (Saltelli 2002) of the ranges below",
    "morris": "Morris\u2019s trajectories (1991) through the ranges below",
}


@dataclass(frozen=True)
class Varied:
    """A factor: what it is called, what it sets, its values, and whose it is."""

    name: str
    path: str
    values: str
    kind: str


def design_in_words(results: Results) -> str:
    """One or two sentences."""
    study, points = results.study, len(results.points)
    scenario, _ = results.plan.world(results.plan.points[0])
    size = f"{count(scenario.customers)} customers, {count(scenario.periods)} {scenario.period}s"
    world = f"{size}, {count(scenario.warm_up)} of them warm-up"
    kind = _DESIGNS[study.design.kind]
    of_cases = f"{count(len(study.cases))} cases" if study.cases else ""
    of_factors = kind + (" in each" if study.cases else "") if kind else ""
    what = ", ".join(filter(None, (of_cases, of_factors)))
    unless = " unless a case or factor says otherwise" if points > 1 else ""
    start = f"{scenario.name}{unless}: {world}."
    tried = f" {count(points)} points: {what}." if points > 1 else ""
    return start + tried + _branch(results, scenario.period) + _budget(results)


def _branch(results: Results, period: str) -> str:
    """When arms begin, if that is not after the warm-up."""
    at = results.study.branch_at
    return "" if at is None else f" Arms begin in {period} {at}, and outcomes count from then on."


def _budget(results: Results) -> str:
    budget = results.study.budget
    if budget is None:
        return ""
    amount = budget if isinstance(budget, str) else f"{budget:,.0f} {results.study.scenario.measurement.currency}"
    share = " of revenue" if "%" in amount else ""
    return f" Arms were scaled to the same expected yearly cost of {amount}{share}; scaled levers are marked \u00d7."


def factor_rows(results: Results) -> list[Varied]:
    """One row for each factor."""
    study = results.study
    rows = []
    for name, factor in study.factors.items():
        kind = "uncertainty" if name in study.uncertainties else f"lever of {factor.arm}" if factor.arm else "lever"
        rows.append(Varied(factor.label or name, ", ".join(factor.targets), _values(factor), kind))
    return rows


def _values(factor: Factor) -> str:
    if factor.values:
        return ", ".join(short(value) for value in factor.values)
    assert factor.low is not None and factor.high is not None
    notes = [note for note, on in (("whole numbers", factor.integer), ("by ratio", factor.log)) if on]
    return f"{short(factor.low)} to {short(factor.high)}" + (f" ({', '.join(notes)})" if notes else "")


def case_rows(results: Results) -> list[tuple[str, str]]:
    """Name and what differs."""
    rows = []
    for name, case in results.study.cases.items():
        parts = [case.description] if case.description else []
        if case.scenario is not None:
            parts.append(f"scenario {case.scenario['name']}")
        parts += [f"{path}: {short(value)}" for path, value in case.set.items()]
        more = {"firm": case.firm, "horizon": case.horizon, "budget": case.budget}
        parts += [f"{key}: {value}" for key, value in more.items() if value is not None]
        rows.append((name, "; ".join(parts) or "nothing"))
    return rows


def arms_in_words(results: Results) -> list[ArmInWords]:
    """All arms, with what was varied in them."""
    scaled = results.scaled
    currency = results.study.scenario.measurement.currency
    found = []
    for name, arm in results.plan.arms.items():
        varied = {
            path: f"varied: {_values(factor)}"
            for factor in results.study.levers.values()
            if factor.arm == name
            for path in factor.targets
        }
        factors = scaled.loc[scaled["arm"] == name, "factor"].dropna()
        found.append(arm_in_words(arm, currency, _scaled(list(factors)), varied))
    return found


def _scaled(factors: list[float]) -> str:
    if not factors:
        return ""
    low, high = min(factors), max(factors)
    by = f"{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else f"{low:.3g} to {high:.3g}, by point,"
    return f"As written; its levers were multiplied by {by} to meet the budget."
