"""The state of a firm's workforce, from period to period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.engine.parameters import per_period
from goodwill.scenario.scenario import Scenario

_ONE = np.float32(1.0)


@dataclass
class WorkforceState:
    """Points and skill at the end of a period, and what customers will notice of it in the next."""

    satisfaction: np.float32
    expected: np.float32
    skill: np.float32
    usual_skill: np.float32
    wage_bill: float  # cents per period at the market's pay
    service: float = 0.0  # points, felt in the next period
    spread: float = 1.0


def workforce_at_start(scenario: Scenario, firm: int) -> WorkforceState:
    """A workforce as it is after a long time at usual pay, training and climate."""
    terms, year = scenario.firms[firm].workforce, scenario.periods_per_year
    leaving = 1 - np.exp(-terms.turnover / year)
    gained, lost = terms.learning / year, terms.forgetting / year
    # Where what is lost balances what is learnt (`workforce_skill`).
    skill = np.float32((leaving * terms.novice + gained) / (leaving + gained + lost))
    usual = np.float32(5.0)
    return WorkforceState(usual, usual, skill, skill, 100 * wages(scenario, firm) / year)


def wages(scenario: Scenario, firm: int) -> float:
    """Wage bill of a year at the market's pay, in currency."""
    mine, people = scenario.firms[firm], scenario.population
    if mine.workforce.wage_bill is not None:
        return mine.workforce.wage_bill
    price = mine.price if mine.usual_price is None else mine.usual_price
    trips = scenario.periods_per_year if scenario.kind == "contract" else people.trips_per_year
    return mine.workforce.cost_share * scenario.customers * trips * mine.share * people.basket * price


def live_a_period(
    state: WorkforceState, scenario: Scenario, firm: int, attitude: float, training: float, rules: Any
) -> tuple[dict[str, float], float]:
    """Move the workforce on by one period, in place.

    Args:
        state: the state to move.
        scenario: what is simulated.
        firm: whose workforce it is.
        attitude: by how much the firm's customers are more satisfied than at the start, points.
        training: spending on training as a share of the wage bill.
        rules: the rules by name, the user's own in place of ours.

    Returns:
        The figures of the period for the record, and its cost in cents.
    """
    terms, year = scenario.firms[firm].workforce, scenario.periods_per_year
    number = np.float32
    received = rules.employment_received(
        number(terms.pay), number(terms.climate), number(attitude), number(terms.pay_weight), number(terms.climate_weight),
        number(terms.attitude_weight),
    )  # fmt: skip
    surplus = received - state.expected
    mood = number(per_period(terms.mood, "share per month", year))
    adaptation = number(per_period(terms.adaptation, "share per month", year))
    state.satisfaction = rules.employee_satisfaction(
        state.satisfaction, received, state.expected, number(terms.surplus_weight), mood
    )
    state.expected = rules.employment_expected(state.expected, received, adaptation)
    slope = number(terms.turnover_slope)
    leaving = rules.turnover_share(number(terms.turnover / year), slope, state.satisfaction)
    effort = number((training / terms.usual_training) ** 0.5)
    state.skill = rules.workforce_skill(
        state.skill,
        leaving,
        number(terms.novice),
        effort,
        number(terms.learning / year),
        number(terms.forgetting / year),
    )
    link = number(terms.link * terms.service_sd / terms.satisfaction_sd)
    skills = (state.skill, state.usual_skill)
    state.service = float(rules.service_by_workforce(state.satisfaction, *skills, link, number(terms.skill_weight)))
    state.spread = float(rules.spread_by_workforce(*skills, number(terms.evenness)))
    cost = {
        "pay": state.wage_bill * terms.pay,
        "climate_cost": state.wage_bill * terms.climate_cost * max(terms.climate - 5.0, 0.0),
        "training_cost": state.wage_bill * training,
        "recruiting": state.wage_bill * year * terms.pay * float(leaving) * terms.recruiting,
    }
    figures = {
        "received": float(received), "surplus": float(surplus), "expected": float(state.expected),
        "satisfaction": float(state.satisfaction), "turnover": float(leaving), "skill": float(state.skill),
        "service": state.service, **{name: cents / 100 for name, cents in cost.items()},
    }  # fmt: skip
    return figures, sum(cost.values())
