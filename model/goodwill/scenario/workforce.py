"""The parameters of a firm's workforce: what the firm does for its people, what they make of it, what it costs."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Workforce(Section):
    """The people who serve. At usual pay, training and climate, service is what the firm's `service` says."""

    on: bool = switch("let the state of its employees move the firm's service")
    pay: float = parameter(1.0, meaning="pay relative to the market's", unit="ratio", low=0.3, high=3)
    training: float = parameter(
        0.02, meaning="spending on training, as a share of the wage bill", unit="share", low=0, high=0.5
    )
    usual_training: float = parameter(
        0.02, meaning="training at which the usual skill is kept", unit="share", low=0.001, high=0.5
    )
    climate: float = parameter(
        5.0, meaning="relations at work: fairness, respect, a say; 5 is usual", unit="points", low=0, high=10
    )
    climate_cost: float = parameter(
        0.01,
        meaning="cost of a point of climate above the usual, as a share of the wage bill",
        unit="share",
        low=0,
        high=0.5,
    )
    wage_bill: float | None = parameter(
        None, meaning="wages of a year at the market's pay; empty: `cost_share` of the firm's usual sales",
        unit="currency per year", low=0, high=1e12, source="data of the firm",
    )  # fmt: skip
    cost_share: float = parameter(
        0.15, meaning="wage bill at the market's pay as a share of usual sales", unit="share", low=0, high=1
    )
    recruiting: float = parameter(
        0.2, meaning="cost of replacing one who leaves, in yearly wages", unit="years of wage", low=0, high=3,
        source="Boushey & Glynn 2012 (about a fifth for most jobs)",
    )  # fmt: skip
    turnover: float = parameter(
        0.25, meaning="hazard of leaving at usual satisfaction", unit="per year", low=0, high=3,
    )  # fmt: skip
    turnover_slope: float = parameter(
        0.3, meaning="fall of the log hazard per point of employee satisfaction", unit="per point", low=0, high=2,
        source="Griffeth, Hom & Gaertner 2000 (sign; r = -.19); value an assumption",
    )  # fmt: skip
    pay_weight: float = parameter(
        1.0, meaning="employee satisfaction per unit of ln pay", unit="points", low=0, high=10,
        source="Judge, Piccolo, Podsakoff, Shaw & Rich 2010 (small: r = .15); value an assumption",
    )  # fmt: skip
    climate_weight: float = parameter(
        0.5, meaning="employee satisfaction per point of climate", unit="per point", low=0, high=3
    )
    attitude_weight: float = parameter(
        0.3, meaning="employee satisfaction per point of customers' satisfaction", unit="per point", low=0, high=3
    )
    surplus_weight: float = parameter(
        0.5, meaning="weight of what is received beyond expectation, besides its level", unit="-", low=0, high=5
    )
    mood: float = parameter(
        0.3,
        meaning="share of the way to its new level that satisfaction goes",
        unit="share per month",
        low=0.01,
        high=1,
    )
    adaptation: float = parameter(
        0.08, meaning="share of the way to what is received that the expectation goes", unit="share per month", low=0, high=1,
        source="Helson 1964 (adaptation level); value an assumption",
    )  # fmt: skip
    novice: float = parameter(0.4, meaning="skill of a newcomer", unit="0 to 1", low=0, high=1)
    learning: float = parameter(
        0.5, meaning="share of missing skill learnt at usual training", unit="per year", low=0, high=5
    )
    forgetting: float = parameter(0.05, meaning="share of skill lost", unit="per year", low=0, high=2)
    link: float = parameter(
        0.25, meaning="standard deviations of service per standard deviation of employee satisfaction", unit="-", low=0, high=1,
        source="Brown & Lam 2008 (meta-analysis; .2 to .3)",
    )  # fmt: skip
    service_sd: float = parameter(
        1.0, meaning="standard deviation of service between firms, to which `link` refers", unit="points", low=0, high=5
    )
    satisfaction_sd: float = parameter(
        1.0, meaning="standard deviation of employee satisfaction between firms", unit="points", low=0.1, high=5
    )
    skill_weight: float = parameter(
        3.0, meaning="points of service from no skill to full skill", unit="points", low=0, high=10
    )
    evenness: float = parameter(
        0.5, meaning="fall of the log spread of service from no skill to full skill", unit="ln", low=0, high=3
    )
