"""The parameters of a firm: its place in the market, its levers and its programmes."""

from __future__ import annotations

from pydantic import Field

from goodwill.programmes.catalogue import AnyProgramme
from goodwill.programmes.terms import PROGRAMMES_PER_FIRM
from goodwill.scenario.budget import Budget
from goodwill.scenario.declare import Section, parameter, section
from goodwill.scenario.encounter import ComplaintHandling, OfferValue, Surprises, Treatment
from goodwill.scenario.instruments import Instruments
from goodwill.scenario.outreach import ContactLevel, Database, Media, PostPlan
from goodwill.scenario.workforce import Workforce
from goodwill.strategies.catalogue import AnyStrategy


class Firm(Section):
    """One firm (or brand): its place in the market, its levers and its programmes."""

    name: str = parameter(meaning="name, unique in the market", unit="text", source="-")
    share: float = parameter(
        meaning="share of tastes (the Dirichlet mean); the shares of all firms sum to one",
        unit="share",
        low=0,
        high=1,
        source="data of the market",
    )
    price: float = parameter(
        meaning="price of one unit",
        unit="currency",
        low=0.01,
        high=1e6,
        source="data of the market",
    )
    usual_price: float | None = parameter(
        None,
        meaning="price at which the shares hold; empty: the price. Choice sees the price relative to it",
        unit="currency",
        low=0.01,
        high=1e6,
        source="data of the market",
    )
    unit_cost: float = parameter(
        0.0,
        meaning="cost of one unit sold",
        unit="currency",
        low=0,
        high=1e6,
        source="data of the market",
    )
    service: float = parameter(
        7.0,
        meaning="service level: mean experience of a visit",
        unit="points",
        low=0,
        high=10,
    )
    inconsistency: float = parameter(
        1.0,
        meaning="standard deviation of experience from visit to visit",
        unit="points",
        low=0,
        high=5,
    )
    promise: float | None = parameter(
        None,
        meaning="service level promised in advertising; empty: what is delivered",
        unit="points",
        low=0,
        high=10,
    )
    awareness: float = parameter(
        1.0,
        meaning="share of customers aware of the firm at the start",
        unit="share",
        low=0,
        high=1,
    )
    advertising: float = parameter(
        0.0,
        meaning="share of unaware customers made aware by advertising",
        unit="per year",
        low=0,
        high=50,
    )
    media: Media = section(Media, "what advertising costs, and what money buys")
    contact: ContactLevel = section(ContactLevel, "contact with customers")
    posts: PostPlan = section(PostPlan, "posts for everybody")
    database: Database = section(Database, "customers on file")
    service_cost: float = parameter(
        0.0,
        meaning="cost to serve one purchase of a new, average customer (`behaviour.spending`: by customer and tenure)",
        unit="currency per purchase",
        low=0,
        high=1e6,
    )
    line_price: float = parameter(
        0.0,
        meaning="price of an extra line bought along; 0: the firm sells nothing else",
        unit="currency",
        low=0,
        high=1e6,
    )
    line_cost: float = parameter(
        0.0,
        meaning="cost of an extra line",
        unit="currency",
        low=0,
        high=1e6,
    )
    suggestion: float = parameter(
        0.0,
        meaning="share of purchases at which something else is suggested or a package offered",
        unit="share of purchases",
        low=0,
        high=1,
    )
    suggestion_cost: float = parameter(
        0.0,
        meaning="cost of one suggestion or package",
        unit="currency",
        low=0,
        high=1e6,
    )
    fixed_cost: float = parameter(
        0.0,
        meaning="cost of being in business",
        unit="currency per year",
        low=0,
        high=1e12,
    )
    failure: float | None = parameter(
        None,
        meaning="chance that a visit fails; empty: behaviour.recovery.failure",
        unit="share",
        low=0,
        high=1,
    )
    value: OfferValue = section(OfferValue, "kinds of value and cost of the offer, against the usual one")
    recovery: ComplaintHandling = section(ComplaintHandling, "complaint handling")
    surprise: Surprises = section(Surprises, "unexpected extra service to some visits")
    treatment: Treatment = section(Treatment, "recognition, use of data, prices for newcomers")
    programmes: tuple[AnyProgramme, ...] = Field(
        (),
        description="loyalty programmes, service investments and price cuts of the firm",
        max_length=PROGRAMMES_PER_FIRM,
    )
    options: tuple[AnyProgramme, ...] = Field(
        (),
        description="programmes that the firm's strategy may launch and stop; one with a `start` runs from then on unless stopped",
        max_length=PROGRAMMES_PER_FIRM,
    )
    strategy: AnyStrategy | None = Field(
        None, description="how the firm steers itself by what it has measured; empty: it keeps to the plan"
    )
    workforce: Workforce = section(Workforce, "the people who serve")
    budget: Budget = section(Budget, "one budget for which the levers compete")
    instruments: Instruments = section(Instruments, "how the firm learns the truth")

    def trouble(self, satisfaction: bool, recovery: bool) -> str | None:
        """What does not fit together in what this firm does, as key, problem and remedy; with the switches of behaviour it needs."""
        if self.instruments.complaints.on and not recovery:
            return "instruments.complaints.on: is true, but nobody complains; switch behaviour.recovery on"
        if self.instruments.survey.on and not satisfaction:
            return "instruments.survey.on: is true, but customers are never satisfied or not; switch behaviour.satisfaction on"
        if not self.budget.on:
            return None
        if self.budget.usual <= 0:
            return "budget.usual: is 0; say at what yearly spending the levers are as planned"
        for key in ("usual_shares", "shares"):
            if sum(getattr(self.budget, key).model_dump().values()) <= 0:
                return f"budget.{key}: sum to 0; give some purpose a share"
        if self.budget.shares.training > 0 and not self.workforce.on:
            return "budget.shares.training: buys nothing; switch workforce.on on, or set it to 0"
        if self.budget.shares.recovery > 0 and not recovery:
            return "budget.shares.recovery: buys nothing; switch behaviour.recovery on, or set it to 0"
        for purpose in ("service", "advertising", "recovery", "promotion"):
            if getattr(self.budget.shares, purpose) > 0 and getattr(self.budget.usual_shares, purpose) == 0:
                return f"budget.usual_shares.{purpose}: is 0, so that its response has no scale; give it a share"
        return None
