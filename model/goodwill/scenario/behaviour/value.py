"""What the eight kinds of value and cost of an offer mean to customers (rule 3)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch

_KOTLER = "Kotler 1997 (total customer value and cost); value an assumption"


def _weight(default: float, meaning: str) -> float:
    return parameter(default, meaning=meaning, unit="points per point", low=0, high=10, source=_KOTLER)


class Value(Section):
    """Delivered value: four kinds of benefit less four kinds of cost, weighed differently by everybody (rule 3)."""

    on: bool = switch("let the eight kinds of value and cost of an offer count")
    weight: float = parameter(
        0.25,
        meaning="utility of one point of delivered value seen before buying",
        unit="utility per point",
        low=0,
        high=5,
    )
    search: float = parameter(
        0.5,
        meaning="share of delivered value that can be seen before buying; all of it is felt at the visit",
        unit="share",
        low=0,
        high=1,
        source="Nelson 1970 (search and experience qualities); value an assumption",
    )
    spread: float = parameter(
        0.5,
        meaning="standard deviation of the logarithm of a weight over customers",
        unit="-",
        low=0,
        high=2,
    )
    product: float = _weight(1.0, "mean weight of product value")
    service: float = _weight(1.0, "mean weight of service value")
    personnel: float = _weight(0.7, "mean weight of personnel value")
    image: float = _weight(0.5, "mean weight of image value")
    money: float = _weight(1.0, "mean weight of money cost besides the price")
    time: float = _weight(0.7, "mean weight of time cost")
    energy: float = _weight(0.5, "mean weight of energy cost")
    psychic: float = _weight(0.5, "mean weight of psychic cost")
