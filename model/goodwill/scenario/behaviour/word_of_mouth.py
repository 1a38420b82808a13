"""Talk among customers (rule 11)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class WordOfMouth(Section):
    """Talking and listening on a network (rule 11)."""

    on: bool = switch("let customers talk to their ties")
    base: float = parameter(
        0.03,
        meaning="chance to talk, after a purchase, at neutral satisfaction",
        unit="per period with a purchase",
        low=0,
        high=1,
        source="Anderson 1998 (U shape); value an assumption",
    )
    positive: float = parameter(
        0.05,
        meaning="rise of that chance per point above neutral",
        unit="per point",
        low=0,
        high=1,
        source="Anderson 1998; value an assumption",
    )
    negative: float = parameter(
        0.065,
        meaning="rise of that chance per point below neutral",
        unit="per point",
        low=0,
        high=1,
        source="Anderson 1998: the dissatisfied talk 1.3 times as much",
    )
    strong: float = parameter(
        0.04,
        meaning="influence of a message over a strong tie",
        unit="log-odds",
        low=0,
        high=2,
    )
    weak: float = parameter(
        0.01,
        meaning="influence of a message over a weak tie",
        unit="log-odds",
        low=0,
        high=2,
    )
    retention: float = parameter(
        0.8,
        meaning="share of an opinion left after a month",
        unit="per month",
        low=0,
        high=1,
    )
    weight: float = parameter(
        1.0,
        meaning="utility per unit of opinion heard",
        unit="utility per log-odds",
        low=0,
        high=10,
    )
    awareness: bool = switch("let a message make its listener aware of the firm", default=True)
