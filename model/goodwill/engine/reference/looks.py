"""How a customer looks from outside: his traits and states, by name of firm, in plain numbers."""

from __future__ import annotations

import math

import numpy as np

from goodwill.engine.reference.person import Person
from goodwill.engine.state import CAUSES

_NEVER = -1


class Looks(Person):
    """Traits and states to read. By firm they are dictionaries; NaN where the mechanism is off."""

    # -- traits ---------------------------------------------------------------------------------------------------

    @property
    def need(self) -> float:
        """Shopping trips per period."""
        return float(self.world.customers.need[self.index])

    @property
    def basket(self) -> float:
        """Mean quantity of a purchase, units."""
        return math.exp(self.world.customers.log_basket[self.index])

    @property
    def price_sensitivity(self) -> float:
        """Utility per ln price, negative."""
        return float(self.world.customers.price_sensitivity[self.index])

    @property
    def attention(self) -> bool:
        """Whether he takes notice of loyalty programmes."""
        return bool(self.world.customers.attention[self.index])

    @property
    def hassle(self) -> float:
        """Cost of joining a programme, usual purchases a year."""
        return float(self.world.customers.hassle[self.index])

    @property
    def sociability(self) -> float:
        """Talkativeness; the mean over customers is one."""
        return float(self.world.customers.sociability[self.index])

    @property
    def ties(self) -> list[int]:
        """Customers he hears, strong ties first."""
        return [int(tie) for tie in self.world.customers.ties[:, self.index]]

    @property
    def arrival(self) -> int:
        """First period in the market."""
        return int(self.world.customers.arrival[self.index])

    # -- states by firm -------------------------------------------------------------------------------------------

    def _by_firm(self, array: np.ndarray) -> dict[str, float]:
        values = array[:, self.index] if array.shape[1] else np.full(len(self.world.names), np.nan)
        return {name: float(value) for name, value in zip(self.world.names, values, strict=True)}

    @property
    def taste(self) -> dict[str, float]:
        """Log preference ln pi, which nothing changes."""
        return self._by_firm(self.world.customers.taste)

    @property
    def habit(self) -> dict[str, float]:
        """Stock of past choices, 0 to 1."""
        return self._by_firm(self.world.customers.habit)

    @property
    def expectation(self) -> dict[str, float]:
        """Service he expects, points."""
        return self._by_firm(self.world.customers.expectation)

    @property
    def uncertainty(self) -> dict[str, float]:
        """Variance of that expectation, points^2."""
        return self._by_firm(self.world.customers.uncertainty)

    @property
    def ideal(self) -> dict[str, float]:
        """Service he desires, points."""
        return self._by_firm(self.world.customers.ideal)

    @property
    def satisfaction(self) -> dict[str, float]:
        """Cumulative satisfaction, points."""
        return self._by_firm(self.world.customers.satisfaction)

    @property
    def commitment(self) -> dict[str, float]:
        """Affective commitment."""
        return self._by_firm(self.world.customers.commitment)

    @property
    def trust(self) -> dict[str, float]:
        """Trust, 0 to 1."""
        return self._by_firm(self.world.customers.trust)

    @property
    def unfairness(self) -> dict[str, float]:
        """Unfairness felt."""
        return self._by_firm(self.world.customers.unfairness)

    @property
    def grievance(self) -> dict[str, float]:
        """Failures unsettled, points."""
        return self._by_firm(self.world.customers.grievance)

    @property
    def opinion(self) -> dict[str, float]:
        """Word of mouth heard lately, log-odds."""
        return self._by_firm(self.world.customers.opinion)

    @property
    def purchases(self) -> dict[str, int]:
        """Purchases so far."""
        return {name: int(v) for name, v in self._by_firm(self.world.customers.visits).items()}

    @property
    def spent(self) -> dict[str, float]:
        """Money paid so far, currency."""
        return {name: v / 100 for name, v in self._by_firm(self.world.customers.spent).items()}

    @property
    def aware(self) -> dict[str, bool]:
        """Whether he knows the firm."""
        return {name: self.knows(j) for j, name in enumerate(self.world.names)}

    @property
    def left(self) -> dict[str, str]:
        """Firms he has left, with the cause."""
        causes = self.world.customers.cause[:, self.index]
        return {name: CAUSES[cause] for name, cause in zip(self.world.names, causes, strict=True) if cause}

    @property
    def last(self) -> str | None:
        """Firm last bought from; under contract, his provider."""
        firm = int(self.world.customers.last[self.index])
        return None if firm == _NEVER else self.world.names[firm]

    # -- programmes -----------------------------------------------------------------------------------------------

    @property
    def member(self) -> dict[str, bool]:
        """Whether he is a member of a programme of the firm."""
        return {name: any(m.is_member for m in self._of(j)) for j, name in enumerate(self.world.names)}

    @property
    def credits(self) -> dict[str, int]:
        """Credits he holds over the firm's programmes."""
        return {name: sum(m.balance for m in self._of(j)) for j, name in enumerate(self.world.names)}

    @property
    def rewards(self) -> dict[str, int]:
        """Rewards he has redeemed."""
        taken = self.world.members.rewards[:, self.index]
        return {name: sum(int(taken[m.card.row]) for m in self._of(j)) for j, name in enumerate(self.world.names)}

    @property
    def tier(self) -> dict[str, int]:
        """His highest tier, 0 being the basic one."""
        return {name: max((m.tier for m in self._of(j)), default=0) for j, name in enumerate(self.world.names)}

    def _of(self, firm: int) -> list:
        return [m for m in self.memberships if m.card.firm == firm]
