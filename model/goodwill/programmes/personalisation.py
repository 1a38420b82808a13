"""Personal treatment from the customer's file."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class Personalisation(Programme):
    """Customers on file are treated by what their file says: better where it is right, worse where it is wrong.

    On file are members of the firm's programmes and a share of the others; `firms.*.database` says how many, and how many files are
    wrong.
    """

    kind: Literal["personalisation"] = "personalisation"
    summary: ClassVar[str] = "treatment that follows the customer's file"
    sources: ClassVar[tuple[str, ...]] = ("Ansari & Mela 2003", "White et al. 2008")
    budget_levers: ClassVar[tuple[str, ...]] = ("depth",)
    one_at_a_time: ClassVar[bool] = True

    depth: float = parameter(1.0, meaning="how far treatment follows the file", unit="-", low=0, high=3)
    cost: float = parameter(
        0.05,
        meaning="cost of treating one purchase personally",
        unit="currency",
        low=0,
        high=1e4,
        source="data of the firm; value an assumption",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """A lever of the firm, paid for at every purchase of a customer on file."""
        start, stop = self.span(calendar)
        return Mechanics(
            levers=(
                LeverChange(
                    start,
                    stop,
                    fixed_cost=self.fixed_cents(calendar),
                    outreach={"personal": self.depth},
                    outreach_costs={"personalised": 100 * self.cost},
                ),
            )
        )
