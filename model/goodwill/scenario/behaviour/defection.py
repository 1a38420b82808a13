"""Leaving a firm for good (rule 10)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Defection(Section):
    """Leaving a firm for good (rule 10)."""

    on: bool = switch("let customers leave firms for good")
    dropout_a: float = parameter(
        0.8,
        meaning="first parameter of the Beta over customers of the chance to drop out after a purchase",
        unit="-",
        low=0.01,
        high=1000,
        source="Fader, Hardie & Lee 2005 (BG/NBD); CDNOW .793",
    )
    dropout_b: float = parameter(
        40.0,
        meaning="second parameter of that Beta; mean a / (a + b)",
        unit="-",
        low=0.01,
        high=1e6,
        source="Fader, Hardie & Lee 2005 (BG/NBD); CDNOW 2.426",
    )
    dropout_on_trial: bool = switch("let the very first purchase from a firm end in dropout too (BG/NBD: it cannot)")
    fault: float = parameter(
        0.0,
        meaning="extra hazard of dropout per unit of disappointment at a purchase (no contract)",
        unit="per unit",
        low=0,
        high=2,
    )
    lapse: float = parameter(
        0.0,
        meaning="hazard, at each purchase, that the firm bought from last is dropped for a better rival (no contract)",
        unit="per unit of utility",
        low=0,
        high=1,
    )
    malicious: float = parameter(
        0.0,
        meaning="hazard that the firm itself ends the relationship",
        unit="per year",
        low=0,
        high=1,
    )
    competitive: float = parameter(
        0.12,
        meaning="mean base hazard of going to a rival (contract)",
        unit="per year",
        low=0,
        high=5,
        source="monthly churn of mobile operators about 1 to 2 % (Ahn, Han & Lee 2006)",
    )
    discontent: float = parameter(
        0.06,
        meaning="mean base hazard of leaving out of discontent (contract)",
        unit="per year",
        low=0,
        high=5,
    )
    spread: float = parameter(
        2.0,
        meaning="gamma shape of the base hazards over customers (contract)",
        unit="shape",
        low=0.05,
        high=1000,
    )
    satisfaction_weight: float = parameter(
        0.4,
        meaning="log hazard of discontent per point of satisfaction below neutral (contract)",
        unit="per point",
        low=0,
        high=5,
        source="Bolton 1998 (form); value an assumption",
    )
    procedural: float = parameter(
        0.5,
        meaning="weight of habit in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )
    financial: float = parameter(
        1.0,
        meaning="weight of credits forfeited and benefits of members lost in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )
    relational: float = parameter(
        1.0,
        meaning="weight of commitment in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )
