"""Failures, complaints and what is left of them (rule 8)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Recovery(Section):
    """Service failure, the decision to complain, recovery, and the grievance that is left (rule 8)."""

    on: bool = switch("let visits fail, customers complain or leave in silence, and firms make good")
    failure: float = parameter(
        0.05, meaning="chance that a visit fails, for firms that give none of their own", unit="share", low=0, high=1
    )
    scale: float = parameter(
        10.0,
        meaning="points lost in the worst failure; the severity is a Beta(2, 5) share of it",
        unit="points",
        low=0,
        high=20,
    )
    tolerance: float = parameter(
        1.0, meaning="shortfall that is shrugged off: above it the customer is unhappy", unit="points", low=0, high=20
    )
    low: float = parameter(
        0.05,
        meaning="chance that an unhappy customer complains when nothing moves him to",
        unit="share",
        low=0,
        high=1,
        source="95 % never complain (TARP 1979; Goodman 2006)",
    )
    high: float = parameter(
        0.3,
        meaning="the same when severity, commitment and ease are at their highest",
        unit="share",
        low=0,
        high=1,
        source="70 % never complain (TARP 1979; Goodman 2006)",
    )
    paradox: float = parameter(
        1.3,
        meaning="most of what was lost that a recovery can give back after the first failure",
        unit="ratio",
        low=0,
        high=3,
        source="de Matos, Henrique & Rossi 2007 (recovery paradox); value an assumption",
    )
    later: float = parameter(
        0.6,
        meaning="the same after any later failure",
        unit="ratio",
        low=0,
        high=1,
        source="Maxham & Netemeyer 2002 (no paradox after a second failure); value an assumption",
    )
    unanswered: float = parameter(
        1.5,
        meaning="grievance after a complaint without redress, against that of one who kept silent",
        unit="ratio",
        low=1,
        high=5,
        source="Bitner, Booms & Tetreault 1990 (double deviation); value an assumption",
    )
    forgiveness: float = parameter(
        0.5,
        meaning="share of a grievance that full trust forgives",
        unit="share",
        low=0,
        high=1,
        source="Tax, Brown & Chandrashekaran 1998 (trust buffers one poor handling); value an assumption",
    )
    tenure: float = parameter(
        8.0,
        meaning="purchases after which a failure leaves half the grievance",
        unit="purchases",
        low=0.5,
        high=1000,
        source="Bolton 1998 (prior experience outweighs new losses); value an assumption",
    )
    retention: float = parameter(
        0.85, meaning="share of a grievance left after a month", unit="per month", low=0, high=1
    )
    weight: float = parameter(
        0.3, meaning="utility lost per point of grievance", unit="utility per point", low=0, high=5
    )
    hazard: float = parameter(
        4.0,
        meaning="hazard of leaving for good per point of grievance (with defection on)",
        unit="per year",
        low=0,
        high=100,
        source="most of the unhappy who keep silent do not come back (TARP 1979; Goodman 2006); value an assumption",
    )
    talk: float = parameter(
        1.0,
        meaning="how many points less satisfied one talks per point of grievance",
        unit="points per point",
        low=0,
        high=10,
        source="TARP 1979 (the unhappy tell many); value an assumption",
    )
