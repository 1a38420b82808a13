"""Bonds between customer and firm (rule 9)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Commitment(Section):
    """Affective commitment: the relational switching cost."""

    on: bool = switch("let delight bind and disappointment loosen")
    weight: float = parameter(
        0.3,
        meaning="utility of one unit of commitment",
        unit="utility",
        low=0,
        high=5,
    )
    gain: float = parameter(
        0.1,
        meaning="commitment per unit of disconfirmation value at a visit",
        unit="per unit",
        low=0,
        high=2,
    )
    decay: float = parameter(
        0.03,
        meaning="share of commitment worn off at each visit",
        unit="per visit",
        low=0,
        high=1,
    )
