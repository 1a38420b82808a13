"""Staging experiences: the five kinds of experience marketing."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics, Terms
from goodwill.scenario.declare import parameter
from goodwill.scenario.encounter import EXPERIENCES


def _intensity(default: float, meaning: str) -> float:
    return parameter(default, meaning=meaning, unit="points", low=0, high=5)


class Experience(Programme):
    """Visits made into experiences, for everybody or for those who join (with behaviour.experiences on)."""

    kind: Literal["experience"] = "experience"
    summary: ClassVar[str] = "visits staged to be sensed, felt, thought about, done and shared"
    sources: ClassVar[tuple[str, ...]] = ("Schmitt 1999 (experiential marketing)", "Pine & Gilmore 1998")
    budget_levers: ClassVar[tuple[str, ...]] = ("visit_cost", *EXPERIENCES)

    sense: float = _intensity(0.5, "what is to be seen, heard, tasted: raises the experience of the visit")
    feel: float = _intensity(0.5, "what moves: raises commitment")
    think: float = _intensity(0.0, "what is to be thought about: makes beliefs surer")
    act: float = _intensity(0.0, "what is to be done: forms habit")
    relate: float = _intensity(0.0, "whom one meets: talk and community")
    audience: Literal["everybody", "members"] = Field(
        "everybody",
        description="who has it: every customer, or those who join",
        json_schema_extra={"unit": "choice", "source": "data of the firm"},
    )
    visit_cost: float = parameter(
        0.2,
        meaning="cost of a visit by those who have it",
        unit="currency per purchase",
        low=0,
        high=1e6,
        source="data of the firm",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Intensities of the five channels, for everybody or in the terms of membership, paid for at every visit."""
        start, stop = self.span(calendar)
        channels = tuple(getattr(self, name) for name in EXPERIENCES)
        cost, fixed = 100 * self.visit_cost, self.fixed_cents(calendar)
        if self.audience == "members":
            return Mechanics(
                terms=(Terms(start=start, stop=stop, experiences=channels, benefit_cost=cost, fixed_cost=fixed),)
            )
        return Mechanics(
            levers=(
                LeverChange(start=start, stop=stop, experiences=channels, cost_per_purchase=cost, fixed_cost=fixed),
            )
        )
