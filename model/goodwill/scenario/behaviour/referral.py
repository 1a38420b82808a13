"""Recommending a firm to others (rule 12)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Recommending(Section):
    """Recommendations, with or without a reward."""

    on: bool = switch("let customers recommend firms to their ties")
    occasions: float = parameter(
        1.0,
        meaning="occasions on which a customer is asked for, or thinks of, a recommendation",
        unit="per year",
        low=0,
        high=50,
    )
    intent: float = parameter(
        0.7,
        meaning="chance to intend it at neutral satisfaction",
        unit="probability",
        low=0.01,
        high=0.99,
        source="Kumar, Petersen & Leone 2007: .68 (finance), .81 (telecommunications)",
    )
    intent_slope: float = parameter(
        0.5,
        meaning="log-odds of that per point of satisfaction",
        unit="logits per point",
        low=0,
        high=5,
        source="Anderson 1998 (sign); value an assumption",
    )
    act: float = parameter(
        0.4,
        meaning="chance that who intends it does it, without a reward",
        unit="probability",
        low=0.01,
        high=0.99,
        source="Kumar, Petersen & Leone 2007: 33 of 68, 30 of 81",
    )
    told: int = parameter(4, meaning="most people told of it on one occasion", unit="customers", low=1, high=100)
    weak: float = parameter(
        0.2, meaning="chance to tell a weak tie, without a reward", unit="probability", low=0.001, high=0.99
    )
    reward_response: float = parameter(
        0.5,
        meaning="log-odds to act, and to tell a weak tie, per usual purchase of reward",
        unit="logits",
        low=0,
        high=10,
        source="Ryu & Feick 2007 (sign; more for weak ties); value an assumption",
    )
    weaker_brand: float = parameter(
        1.0,
        meaning="how much stronger that is for a firm without any standing than for the largest",
        unit="ratio",
        low=0,
        high=10,
        source="Ryu & Feick 2007 (sign); value an assumption",
    )
    conversion: float = parameter(
        0.13,
        meaning="chance that one recommendation wins its listener",
        unit="probability",
        low=0.001,
        high=0.9,
        source="Kumar, Petersen & Leone 2007: 14 % of customers brought somebody where 33 % recommended",
    )
    welcome_response: float = parameter(
        0.5, meaning="log-odds of that per usual purchase of welcome", unit="logits", low=0, high=10
    )
    homophily: float = parameter(
        0.5,
        meaning="share of the lead in liking of the one who recommended that the newcomer takes over",
        unit="share",
        low=0,
        high=1,
        source="McPherson, Smith-Lovin & Cook 2001 (likes are tied); value an assumption",
    )
    pull: float = parameter(2.0, meaning="passing favour of one who was won over", unit="utility", low=0, high=10)
    thanks: float = parameter(
        0.2,
        meaning="passing favour for a reward worth one usual purchase",
        unit="utility",
        low=0,
        high=10,
        source="Garnefeld et al. 2013 (referring binds the referrer); value an assumption",
    )
