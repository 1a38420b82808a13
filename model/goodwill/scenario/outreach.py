"""What a firm says and sends to customers: advertising, posts, contact, and the files it goes by."""

from __future__ import annotations

from pydantic import model_validator

from goodwill.scenario.declare import Section, parameter


class Media(Section):
    """What advertising costs, and what money alone buys."""

    spend: float = parameter(
        0.0,
        meaning="money spent on advertising beside the rate in `advertising`",
        unit="currency per year",
        low=0,
        high=1e12,
        source="data of the firm",
    )
    ceiling: float = parameter(
        2.0,
        meaning="rate at which unlimited money would make the unaware aware",
        unit="per year",
        low=0,
        high=50,
        source="Little 1970 (saturation); value an assumption",
    )
    half: float = parameter(
        1.0,
        meaning="spending per customer of the market and year that reaches half of that",
        unit="currency per customer and year",
        low=0.001,
        high=1e6,
        source="Simon & Arndt 1980 (diminishing returns); value an assumption",
    )
    rate_cost: float = parameter(
        0.0,
        meaning="cost of a rate of 1 in `advertising`, per customer of the market",
        unit="currency per customer and year",
        low=0,
        high=1e6,
        source="data of the firm",
    )


class ContactLevel(Section):
    """How close the firm keeps to those who bought from it within a year."""

    level: int = parameter(
        0,
        meaning="level of contact: 0 basic, 1 reactive, 2 accountable, 3 proactive, 4 partnership",
        unit="level",
        low=0,
        high=4,
        source="Kotler (relationship levels)",
    )
    cost: tuple[float, ...] = parameter(
        (0.0, 0.5, 2.0, 6.0, 20.0),
        meaning="cost per customer and year at each of the five levels",
        unit="currency per year",
        source="data of the firm; values an assumption",
    )

    @model_validator(mode="after")
    def _five_costs(self) -> ContactLevel:
        if len(self.cost) != 5 or min(self.cost) < 0:
            raise ValueError(f"cost {list(self.cost)}: give five costs, none negative, one for each level from 0 to 4")
        return self


class PostPlan(Section):
    """What the firm posts for everybody who cares to read it."""

    per_month: float = parameter(0.0, meaning="posts", unit="posts a month", low=0, high=1000)
    commercial: float = parameter(0.04, meaning="share of posts that sell something", unit="share", low=0, high=1)
    cost: float = parameter(
        50.0,
        meaning="cost of one post",
        unit="currency",
        low=0,
        high=1e6,
        source="data of the firm; value an assumption",
    )


class Database(Section):
    """Whom the firm has on file beside the members of its programmes, and how well."""

    coverage: float = parameter(
        0.0, meaning="share of customers on file who are no members", unit="share", low=0, high=1
    )
    error: float = parameter(0.1, meaning="share of files that are wrong", unit="share", low=0, high=1)
    cost: float = parameter(
        0.1,
        meaning="cost of keeping a customer on file",
        unit="currency per year",
        low=0,
        high=1e4,
        source="data of the firm; value an assumption",
    )
    care: float = parameter(
        0.2,
        meaning="cost on top of it of files without error; with an error e it is (1 - e)^2 of this",
        unit="currency per year",
        low=0,
        high=1e4,
        source="data of the firm; value and form an assumption",
    )
