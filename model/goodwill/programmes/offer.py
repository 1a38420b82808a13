"""Changing what the offer gives and asks for, for a time."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter
from goodwill.scenario.encounter import VALUE_COMPONENTS, points


class Offer(Programme):
    """Another mix of the eight kinds of value and cost for everybody, while it lasts (with behaviour.value on)."""

    kind: Literal["offer"] = "offer"
    summary: ClassVar[str] = "more of some kinds of value, or less of some kinds of cost, for everybody"
    sources: ClassVar[tuple[str, ...]] = ("Kotler 1997 (customer delivered value)",)
    budget_levers: ClassVar[tuple[str, ...]] = ("purchase_cost", *VALUE_COMPONENTS)

    product: float = points("change of product value")
    service: float = points("change of the value of services around the product")
    personnel: float = points("change of personnel value")
    image: float = points("change of image value")
    money: float = points("change of money cost besides the price")
    time: float = points("change of time cost")
    energy: float = points("change of energy cost")
    psychic: float = points("change of psychic cost")
    purchase_cost: float = parameter(
        0.1, meaning="cost of it", unit="currency per purchase", low=0, high=1e6, source="data of the firm"
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A change of the mix, paid for at every purchase."""
        start, stop = self.span(calendar)
        return Mechanics(
            levers=(
                LeverChange(
                    start=start,
                    stop=stop,
                    value=tuple(getattr(self, name) for name in VALUE_COMPONENTS),
                    fixed_cost=self.fixed_cents(calendar),
                    cost_per_purchase=100 * self.purchase_cost,
                ),
            )
        )
