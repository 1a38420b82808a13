"""Investing in service instead of rewards."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class ServiceInvestment(Programme):
    """A higher and steadier service level for every customer, at a cost that rises with the square of the gain."""

    kind: Literal["service"] = "service"
    summary: ClassVar[str] = "better and steadier service for everybody"
    sources: ClassVar[tuple[str, ...]] = ("Rust, Zahorik & Keiningham 1995 (return on quality)",)
    budget_levers: ClassVar[tuple[str, ...]] = ("gain", "consistency")

    gain: float = parameter(0.5, meaning="rise of the service level", unit="points", low=0, high=5)
    consistency: float = parameter(
        0.1, meaning="share by which the spread of experience shrinks", unit="share", low=0, high=0.9
    )
    gain_cost: float = parameter(
        0.2,
        meaning="cost per purchase of the first point gained; two points cost four times as much",
        unit="currency per purchase and point^2",
        low=0,
        high=1e4,
        source="Rust, Zahorik & Keiningham 1995 (diminishing returns); square an assumption",
    )
    consistency_cost: float = parameter(
        0.5,
        meaning="cost per purchase at full consistency; half of it costs a quarter",
        unit="currency per purchase",
        low=0,
        high=1e4,
        source="Rust, Zahorik & Keiningham 1995 (diminishing returns); square an assumption",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A change of service and its spread, paid for at every purchase."""
        start, stop = self.span(calendar)
        cost = self.gain_cost * self.gain**2 + self.consistency_cost * self.consistency**2
        return Mechanics(
            levers=(
                LeverChange(
                    start=start,
                    stop=stop,
                    service_gain=self.gain,
                    inconsistency_factor=1 - self.consistency,
                    fixed_cost=self.fixed_cents(calendar),
                    cost_per_purchase=100 * cost,
                ),
            )
        )
