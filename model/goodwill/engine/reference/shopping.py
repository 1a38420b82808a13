"""Step 4a: how many shopping trips a customer makes in a period."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import interpreted
from goodwill.engine.maths import ONE, ZERO, exp32
from goodwill.engine.reference.person import Person

_exp = interpreted(exp32)
_NEGLIGIBLE = np.float32(1e-9)
_MOST_EVENTS = 100


class Shops(Person):
    """How often a customer goes shopping in the category."""

    def shopping_trips(self) -> int:
        """Trips of this period: one under contract; one on arrival in a cohort; else a Poisson (or Erlang) draw."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        if p.contract:
            return 1 if self.present and c.last[i] >= 0 else 0
        trips = self.drawn_trips()
        return 1 if p.cohort and c.arrival[i] == w.t else trips

    def drawn_trips(self) -> int:
        """Events of the period; of an Erlang interval of order k every k-th event is a trip, and the rest are kept."""
        c, p, i = self.world.customers, self.world.parameters, self.index
        events = self.poisson(self.event_rate() if self.present else ZERO)
        order = int(p.incidence_erlang)
        if order == 1:
            return events
        trips, c.phase[i] = divmod(events + int(c.phase[i]), order)
        return trips

    def event_rate(self) -> np.float32:
        """Expected events: the customer's own rate, faster when a goal is near."""
        w, p = self.world, self.world.parameters
        need, order = w.customers.need[self.index], np.float32(p.incidence_erlang)
        if p.programmes_on and p.programmes_acceleration > ZERO and w.cards:
            return order * w.rules.purchase_rate(need, self.nearest_goal(), p.programmes_acceleration)
        return order * need

    def nearest_goal(self) -> np.float32:
        """Strongest goal proximity over the cards he uses, 0 to 1."""
        w = self.world
        nearest = ZERO
        for m in self.running():
            if m.card.has_goal and m.is_member and m.engaged:
                near = w.rules.goal_proximity(np.float32(m.balance), m.card.goal_above(m.balance))
                nearest = max(nearest, w.customers.attention[self.index] * near)
        return nearest

    def poisson(self, rate: np.float32) -> int:
        """Number of events by inversion: how many terms of the distribution it takes to pass the luck of the period."""
        u = self.luck("shopping trips")
        term = cumulative = _exp(-rate)
        events = 0
        # In float32 the sum of the terms may stop short of the largest luck; a negligible term ends the search then.
        while u > cumulative and (term > _NEGLIGIBLE or np.float32(events + 1) <= rate) and events < _MOST_EVENTS:
            events += 1
            term = term * (rate * (ONE / np.float32(events)))
            cumulative = cumulative + term
        return events
