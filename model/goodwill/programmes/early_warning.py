"""Early warning: a coupon for good customers who fall behind their own pace."""

from __future__ import annotations

from typing import ClassVar, Literal

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter


class EarlyWarning(Programme):
    """A customer on file whose pause is long for his own pace is sent a coupon, once a pause.

    On file are members of the firm's programmes and a share of the others (`firms.*.database`). The firm cannot tell one who has
    left from one who has not needed anything: false alarms are counted.
    """

    kind: Literal["early_warning"] = "early_warning"
    summary: ClassVar[str] = "a coupon for good customers who buy less"
    sources: ClassVar[tuple[str, ...]] = ("Schmittlein, Morrison & Colombo 1987", "Neslin et al. 2006")
    budget_levers: ClassVar[tuple[str, ...]] = ("depth",)
    one_at_a_time: ClassVar[bool] = True

    share: float = parameter(
        0.33,
        meaning="share of his own pace below which a customer is held to be slackening",
        unit="share",
        low=0.01,
        high=1,
    )
    good: float = parameter(
        6.0, meaning="purchases a year from which on a customer is worth it", unit="purchases a year", low=0, high=1000
    )
    depth: float = parameter(0.2, meaning="share off the next purchase", unit="share of price", low=0, high=0.9)
    valid: float = parameter(
        1.0, meaning="months for which the coupon is valid", unit="months", low=0.2, high=120, source="data of the firm"
    )
    cost: float = parameter(
        0.1,
        meaning="cost of sending one coupon",
        unit="currency",
        low=0,
        high=1e4,
        source="data of the firm; value an assumption",
    )

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """Levers of the firm; what a coupon does is a lower price for its holder."""
        start, stop = self.span(calendar)
        return Mechanics(
            levers=(
                LeverChange(
                    start,
                    stop,
                    fixed_cost=self.fixed_cents(calendar),
                    outreach={
                        "warning": self.share,
                        "warning_good": self.good / calendar.periods_per_year,
                        "warning_depth": self.depth,
                        "warning_valid": calendar.periods_of(self.valid),
                    },
                    outreach_costs={"warnings": 100 * self.cost},
                ),
            )
        )
