"""The parameters of the market: its customers, its network of ties, and how it is measured."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter


class Population(Section):
    """Who the customers are."""

    trips_per_year: float = parameter(
        12.0,
        meaning="mean shopping trips in the category (repertoire markets; a contract bills once a period)",
        unit="per customer and year",
        low=0,
        high=1500,
    )
    trips_shape: float = parameter(
        1.0,
        meaning="gamma shape K of the trip rate over customers; small means a few heavy buyers",
        unit="shape",
        low=0.01,
        high=1000,
        source="Ehrenberg 1959 (NBD)",
    )
    loyalty_spread: float = parameter(
        1.5,
        meaning="Dirichlet S of tastes: 0 everybody loyal to one firm, large everybody alike",
        unit="S",
        low=0.01,
        high=1000,
        source="Goodhardt, Ehrenberg & Chatfield 1984; repertoire markets .8 to 3",
    )
    basket: float = parameter(
        1.0,
        meaning="mean quantity of one purchase",
        unit="units",
        low=0.01,
        high=1000,
    )
    basket_sd: float = parameter(
        0.0,
        meaning="standard deviation of ln(quantity) from purchase to purchase",
        unit="ln",
        low=0,
        high=2,
    )
    basket_spread: float = parameter(
        0.0,
        meaning="standard deviation of ln(mean quantity) between customers",
        unit="ln",
        low=0,
        high=2,
    )
    attention: float = parameter(
        0.8,
        meaning="share of customers who take notice of loyalty programmes at all",
        unit="share",
        low=0,
        high=1,
    )
    sociability_sd: float = parameter(
        0.5,
        meaning="standard deviation of ln(talkativeness) between customers",
        unit="ln",
        low=0,
        high=2,
    )
    natural_exit: float = parameter(
        0.0,
        meaning="hazard of leaving the market altogether (moving away, death)",
        unit="per year",
        low=0,
        high=5,
    )
    history: float = parameter(
        1.0,
        meaning="years before the run whose purchases count as experience of those who are there at the start",
        unit="years",
        low=0,
        high=20,
    )
    newcomers: float = parameter(
        0.0,
        meaning="share of the customers who are not there at the start and arrive later",
        unit="share",
        low=0,
        high=1,
    )
    arrival_periods: int = parameter(
        0,
        meaning="periods over which the newcomers arrive, evenly; 0: over the whole run",
        unit="periods",
        low=0,
        high=5000,
    )
    first_purchase_on_arrival: bool = parameter(
        False,
        meaning="newcomers arrive by making their first purchase (a cohort as in CDNOW)",
        unit="true/false",
    )


class Network(Section):
    """Who hears whom: a small world of strong ties with weak random ties."""

    strong_ties: int = parameter(
        6,
        meaning="strong ties per customer, on a ring of acquaintance",
        unit="ties",
        low=0,
        high=64,
        source="Watts & Strogatz 1998",
    )
    weak_ties: int = parameter(
        2,
        meaning="weak random ties per customer",
        unit="ties",
        low=0,
        high=64,
        source="Granovetter 1973; Goldenberg, Libai & Muller 2001",
    )
    rewiring: float = parameter(
        0.1,
        meaning="share of strong ties that lead anywhere instead of to a neighbour",
        unit="share",
        low=0,
        high=1,
        source="Watts & Strogatz 1998",
    )


class Measurement(Section):
    """How retention is measured."""

    window: int = parameter(
        13,
        meaning="length of the windows in which a customer counts as retained when he buys again",
        unit="periods",
        low=1,
        high=520,
    )
    currency: str = parameter("EUR", meaning="name of the currency", unit="text", source="-")
