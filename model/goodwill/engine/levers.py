"""What firms and their programmes set, laid out by period for the engines and the books."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.engine.maths import log32
from goodwill.engine.state import Levers
from goodwill.programmes.base import Calendar
from goodwill.programmes.terms import Terms, TermsArrays, stack_terms
from goodwill.scenario.scenario import Scenario


@dataclass(frozen=True)
class Plan:
    """Levers and terms of all firms over the whole run, and the costs that go with them."""

    levers: Levers
    terms: TermsArrays
    programmes: list[tuple[int, int, str, Terms]]  # firm, position in the firm, label, terms
    usual_price: np.ndarray  # [J] cents, float64
    unit_cost: np.ndarray  # [J] cents, float64
    firm_cost: np.ndarray  # [T, J] fixed cost of the firm, cents per period, float64
    lever_fixed_cost: np.ndarray  # [T, J] fixed cost of lever programmes, cents per period
    lever_purchase_cost: np.ndarray  # [T, J] cents per purchase


def plan_of(scenario: Scenario) -> Plan:
    """Lay out a scenario. Levers of several programmes of one firm add (service) and multiply (price)."""
    periods, firms = scenario.periods, len(scenario.firms)
    shape = (periods, firms)
    usual = np.array([100 * (f.price if f.usual_price is None else f.usual_price) for f in scenario.firms], np.float64)
    price = np.tile(np.array([100 * f.price for f in scenario.firms], np.float64), (periods, 1))
    service = np.tile(np.array([f.service for f in scenario.firms]), (periods, 1))
    spread = np.tile(np.array([f.inconsistency for f in scenario.firms]), (periods, 1))
    fixed, per_purchase = np.zeros(shape), np.zeros(shape)
    rows: list[tuple[int, int, str, Terms]] = []
    for j, firm in enumerate(scenario.firms):
        calendar = Calendar(scenario.periods_per_year, periods, scenario.warm_up, firm.price)
        for programme in firm.programmes:
            mechanics = programme.mechanics(calendar)
            for change in mechanics.levers:
                span = slice(change.start, change.stop)
                price[span, j] *= change.price_factor
                service[span, j] += change.service_gain
                spread[span, j] *= change.inconsistency_factor
                fixed[span, j] += change.fixed_cost
                per_purchase[span, j] += change.cost_per_purchase
            for terms in mechanics.terms:
                position = sum(1 for other, _, _, _ in rows if other == j)
                rows.append((j, position, programme.kind, terms))
    promise = np.tile([np.nan if f.promise is None else f.promise for f in scenario.firms], (periods, 1))
    promise = np.where(np.isnan(promise), service, promise)
    ratio = (price / usual).astype(np.float32)
    log_ratio = np.array([[log32(r) if r != 1 else 0.0 for r in row] for row in ratio], np.float32).reshape(shape)
    reach = np.array([1 - np.exp(-f.advertising / scenario.periods_per_year) for f in scenario.firms])
    levers = Levers(
        price=price.astype(np.float32),
        log_price_ratio=log_ratio,
        usual_spend=(usual * scenario.population.basket).astype(np.float32),
        service=service.astype(np.float32),
        inconsistency=spread.astype(np.float32),
        promise=promise.astype(np.float32),
        advertising=np.tile(reach, (periods, 1)).astype(np.float32),
    )
    fixed_cost = np.array([100 * f.fixed_cost / scenario.periods_per_year for f in scenario.firms])
    return Plan(
        levers=levers,
        terms=stack_terms([(j, k, terms) for j, k, _, terms in rows]),
        programmes=rows,
        usual_price=usual,
        unit_cost=np.array([100 * f.unit_cost for f in scenario.firms], np.float64),
        firm_cost=np.tile(fixed_cost, (periods, 1)),
        lever_fixed_cost=fixed,
        lever_purchase_cost=per_purchase,
    )
