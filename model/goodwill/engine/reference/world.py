"""What all customers of the reference engine share: the period, the firms' levers, the programmes, the rules, the counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from goodwill.engine.maths import TWO
from goodwill.engine.reference.card import Card, cards_of
from goodwill.engine.state import FIRM_TOTALS, MARKET_TOTALS, PROGRAMME_TOTALS
from goodwill.rules.registry import in_python

_FIRM = {name: column for column, name in enumerate(FIRM_TOTALS)}
_PROGRAMME = {name: column for column, name in enumerate(PROGRAMME_TOTALS)}
_MARKET = {name: column for column, name in enumerate(MARKET_TOTALS)}


class World:
    """A simulation as its customers see it.

    Args:
        simulation: anything with the attributes scenario, key, parameters, plan, population, totals, period and rules.
    """

    def __init__(self, simulation: Any) -> None:
        self.simulation = simulation
        self.t = int(simulation.period)
        self.key = simulation.key
        self.customers = simulation.population.customers
        self.members = simulation.population.members
        self.parameters = simulation.parameters
        self.levers = simulation.plan.levers
        self.cards: list[Card] = cards_of(simulation.plan.terms)
        self.names = [firm.name for firm in simulation.scenario.firms]
        self.firms = range(len(self.names))
        self.notes: Callable[[Any], None] | None = None  # takes what a trace tells
        self.purchases: Callable[[list[float]], None] | None = None  # takes the rows of purchases on record

    @cached_property
    def rules(self) -> Any:
        """All rules by name, in plain Python; a user's own rules in place of ours."""
        return in_python(self.simulation.rules)

    @property
    def settled_uncertainty(self) -> np.float32:
        """Variance of the belief about a firm known for long, points^2: there, learning and drift balance."""
        q, noise = self.parameters.expectation_drift, self.parameters.expectation_noise
        return np.float32((q + np.sqrt(q * q + np.float32(4.0) * q * noise)) / TWO)

    @property
    def offers(self) -> bool:
        """Whether firms send offers or gifts to customers."""
        return self.customers.favour.size > 0

    # -- the counts of the period ---------------------------------------------------------------------------------

    def count_firm(self, firm: int, name: str, amount: int = 1) -> None:
        """Add to one of the firms' totals of this period."""
        self.simulation.totals.firms[self.t, firm, _FIRM[name]] += amount

    def count_programme(self, card: Card, name: str, amount: int = 1) -> None:
        """Add to one of the programmes' totals of this period."""
        self.simulation.totals.programmes[self.t, card.row, _PROGRAMME[name]] += amount

    def count_market(self, name: str, amount: int = 1) -> None:
        """Add to one of the market's totals of this period."""
        self.simulation.totals.market[self.t, _MARKET[name]] += amount
