"""The parameters of a firm's one budget: how much, for what, and what each purpose gives for it."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, section, switch

PURPOSES = ("service", "advertising", "recovery", "training", "promotion")


class Shares(Section):
    """How a budget is divided; the shares are taken relative to their sum."""

    service: float = parameter(0.6, meaning="upkeep of the service level", unit="share", low=0, high=1)
    advertising: float = parameter(0.3, meaning="advertising", unit="share", low=0, high=1)
    recovery: float = parameter(
        0.0,
        meaning="people who put complaints right (acts only with `behaviour.recovery.on`)",
        unit="share",
        low=0,
        high=1,
    )
    training: float = parameter(
        0.0, meaning="training of employees (acts only with `workforce.on`)", unit="share", low=0, high=1
    )
    promotion: float = parameter(0.1, meaning="bringing the firm's programmes to notice", unit="share", low=0, high=1)


class Response(Section):
    """What a purpose gives for money: floor at none, ceiling at any amount, the planned level at the usual spending."""

    floor: float = parameter(meaning="effect of spending nothing", unit="points or factor", low=-10, high=1)
    ceiling: float = parameter(meaning="effect of spending without limit", unit="points or factor", low=0, high=100)
    curve: float = parameter(
        1.0, meaning="exponent: 1 falls off from the start, above 1 is S-shaped", unit="-", low=0.2, high=5,
        source="Little 1970 (ADBUDG); value an assumption",
    )  # fmt: skip


class ServiceResponse(Response):
    """Points of service gained or lost."""

    floor: float = parameter(-2.0, meaning="points lost when nothing is spent", unit="points", low=-10, high=-0.01)
    ceiling: float = parameter(1.5, meaning="points gained at most", unit="points", low=0.01, high=10)


class FactorResponse(Response):
    """Factor on the planned level."""

    floor: float = parameter(0.0, meaning="factor when nothing is spent", unit="factor", low=0, high=0.99)
    ceiling: float = parameter(2.0, meaning="factor at most", unit="factor", low=1.01, high=100)


class Budget(Section):
    """One yearly sum for which service, advertising, recovery, training and programmes compete."""

    on: bool = switch("let the firm's levers depend on what is spent on them")
    usual: float = parameter(
        0.0, meaning="spending at which the levers are as planned", unit="currency per year", low=0, high=1e12,
        source="data of the firm",
    )  # fmt: skip
    usual_shares: Shares = section(Shares, "its division at which the levers are as planned")
    total: float | None = parameter(
        None, meaning="the budget; empty: the usual spending", unit="currency per year", low=0, high=1e12,
        source="data of the firm",
    )  # fmt: skip
    shares: Shares = section(Shares, "its division")
    programmes_first: bool = parameter(
        True, meaning="take what programmes cost (rewards, discounts, running them) out of the budget before it is divided",
        unit="true/false", source="one budget shared with service, in which programmes crowd out service",
    )  # fmt: skip
    service: ServiceResponse = section(ServiceResponse, "what upkeep of service gives")
    advertising: FactorResponse = section(FactorResponse, "what advertising gives")
    recovery: FactorResponse = section(
        FactorResponse, "what spending on recovery gives: the share of complaints put right"
    )
    promotion: FactorResponse = section(FactorResponse, "what promotion of programmes gives")
