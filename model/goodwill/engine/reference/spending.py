"""What the relationship does to a purchase: fuller baskets, extra lines, irritation, and the cost to serve."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import interpreted
from goodwill.engine.maths import HALF, ZERO
from goodwill.engine.reference.buying import Buys, Purchase
from goodwill.engine.steps.spending import few_events

_events = interpreted(few_events)
_THOUSAND = np.float32(1000.0)
_MOST_CENTS = 2**31 - 1


class Spends(Buys):
    """How a customer spends where he has a relationship."""

    def fill_basket(self, buy: Purchase) -> None:
        """The quantity rises with the relationship; pushy selling takes from the experience."""
        w, p, r, j = self.world, self.world.parameters, self.world.rules, buy.firm
        strength = self.relationship_strength(j, buy.visits_before)
        buy.quantity = r.fuller_basket(buy.quantity, strength, p.spending_basket)
        buy.milli = int(buy.quantity * _THOUSAND + HALF)
        buy.cents = self.less_welcome(j, int(np.float32(buy.milli) * w.levers.price[w.t, j] / _THOUSAND + HALF))
        buy.bonus = buy.bonus - r.irritation(w.levers.suggestion[w.t, j], p.spending_tolerated, p.spending_irritation)

    def add_lines(self, buy: Purchase) -> None:
        """Extra lines bought along, what serving him costs, and his contribution to the firm's profit."""
        w, c, p, r, i, j = (
            self.world, self.world.customers, self.world.parameters, self.world.rules, self.index, buy.firm,
        )  # fmt: skip
        v, lines = w.levers, 0
        if v.line_price[w.t, j] > ZERO:
            mean = r.expected_lines(
                c.breadth[i], self.relationship_strength(j, buy.visits_before), v.suggestion[w.t, j],
                p.spending_lines, p.spending_across, p.spending_impulse,
            )  # fmt: skip
            lines = int(_events(mean, self.luck("extra lines with a purchase", buy.occasion)))
        buy.line_cents = sales = int(np.float32(lines) * v.line_price[w.t, j] + HALF)
        cost = r.cost_to_serve(
            v.service_cost[w.t, j], c.demand[i], buy.visits_before, p.spending_served_floor, p.spending_habituation
        )
        served = int(cost + HALF)
        goods = np.float32(buy.milli) * v.unit_cost[j] / _THOUSAND + np.float32(lines) * v.line_cost[j]
        margin = buy.cents + sales - int(goods + HALF)
        if c.visits[j, i] == 1:
            c.first_bought[j, i] = w.t
        c.lines[j, i] += lines
        c.served[j, i] = min(int(c.served[j, i]) + served, _MOST_CENTS)
        c.margin[j, i] = max(min(int(c.margin[j, i]) + margin, _MOST_CENTS), -_MOST_CENTS)
        w.count_firm(j, "lines", lines)
        w.count_firm(j, "line_sales", sales)
        w.count_firm(j, "service_cost", served)
