"""Buying: how often customers shop, from whom, and what a habit does (rules 1 and 2)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Incidence(Section):
    """Shopping trips in the category (rule 1)."""

    erlang: int = parameter(
        1,
        meaning="order of the Erlang intervals between trips; 1 is Poisson, 2 and more are regular",
        unit="order",
        low=1,
        high=4,
        source="Chatfield & Goodhardt 1973 (condensed NBD); Wheat & Morrison 1990: real categories 1.2 to 1.8",
    )
    extra_brand: float = parameter(
        0.0,
        meaning="chance that a trip brings home a second brand as well",
        unit="probability",
        low=0,
        high=0.9,
        source="Complete Journey: .23 of soft-drink trips, .05 of coffee trips",
    )


class Choice(Section):
    """Choice among firms (rule 2)."""

    price_sensitivity: float = parameter(
        -2.6,
        meaning="mean coefficient of ln(price / usual price) in utility",
        unit="utility per ln price",
        low=-10,
        high=0,
        source="Bijmolt, van Heerde & Pieters 2005: mean elasticity -2.62",
    )
    price_sensitivity_sd: float = parameter(
        0.0,
        meaning="standard deviation of ln(price sensitivity) over customers; the mean stays as it is",
        unit="ln",
        low=0,
        high=1.5,
    )


class Outside(Section):
    """The option not to buy from any firm on a trip (nested logit, rule 2)."""

    on: bool = switch("let a trip end without a purchase")
    utility: float = parameter(
        -1.0,
        meaning="utility of buying nothing; higher means more trips end without a purchase",
        unit="utility",
        low=-20,
        high=20,
    )
    nest: float = parameter(
        0.5,
        meaning="dissimilarity of the nest of firms; 1 is the multinomial logit, near 0 the category is fixed",
        unit="-",
        low=0.01,
        high=1,
        source="McFadden 1978; value an assumption",
    )


class Habit(Section):
    """Procedural switching cost: a decaying stock of past choices (rule 2)."""

    on: bool = switch("let buying build a habit")
    strength: float = parameter(
        1.5,
        meaning="utility of a full habit",
        unit="utility",
        low=0,
        high=8,
        source="fitted to excess repeat in nine grocery categories (docs/validation.md)",
    )
    retention: float = parameter(
        0.5,
        meaning="share of the habit stock kept at each purchase in the category",
        unit="per purchase",
        low=0,
        high=0.99,
        source="Guadagni & Little 1983 (loyalty variable); fitted to lags 1, 2 and 4",
    )
