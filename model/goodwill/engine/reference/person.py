"""A customer before he does anything: his place in the arrays of the market, and his luck."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import mesa
import numpy as np

from goodwill.engine.draws import named_draws
from goodwill.engine.jit import interpreted
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.world import World

_DRAWS = named_draws()
_philox, _uniform = interpreted(philox4x32), interpreted(uniform32)
_FIRMS_PER_BLOCK = 4


class Person(mesa.Agent):
    """Customer number `index` of a world. His state lives in the arrays of the population, at that index."""

    def __init__(self, model: Any, world: World, index: int) -> None:
        super().__init__(model)
        self.unique_id = len(world.names) + 1 + index  # after the firms, whenever the agent is made
        self.world = world
        self.index = index
        self._words: dict[tuple[int, ...], tuple[np.uint32, ...]] = {}  # of this period, four to a block

    @cached_property
    def memberships(self) -> list[Membership]:
        """His place in every programme of the market, member or not."""
        return [Membership(self.world, card, self.index) for card in self.world.cards]

    def running(self, firm: int | None = None) -> list[Membership]:
        """Those of programmes that run in this period, of one firm or of all."""
        t = self.world.t
        return [m for m in self.memberships if m.card.runs(t) and firm in (None, m.card.firm)]

    # -- luck -----------------------------------------------------------------------------------------------------

    def luck(self, name: str, occasion: int = 0, block: int = 0) -> np.float32:
        """His draw of this name, in (0, 1), for this period and occasion; `block` tells firms or programmes apart."""
        stream, word = _DRAWS[name]
        place = (occasion, stream, block)
        if place not in self._words:
            counter = (self.index, self.world.t, occasion, stream + 256 * block)
            self._words[place] = _philox(*(np.uint32(x) for x in counter), *self.world.key)
        return _uniform(self._words[place][word])

    def luck_of_firm(self, firm: int, what: str, occasion: int = 0) -> np.float32:
        """His luck with one firm: the random part of its utility, as a number in (0, 1)."""
        block, place = divmod(firm, _FIRMS_PER_BLOCK)
        return self.luck(f"luck of firm {place} of {_FIRMS_PER_BLOCK} at {what}", occasion, block)

    def forget_luck(self) -> None:
        """At the end of a period its draws are not needed any more."""
        self._words.clear()

    # -- what the scenario makes of him ---------------------------------------------------------------------------

    @property
    def present(self) -> bool:
        """Whether he has arrived in the market and not left it."""
        c, t = self.world.customers, self.world.t
        return bool(c.arrival[self.index] <= t < c.exit[self.index])

    @property
    def stays(self) -> bool:
        """Whether he is in the market now and will be in the next period."""
        c, t = self.world.customers, self.world.t
        return bool(c.arrival[self.index] <= t and c.exit[self.index] > t + 1)

    def knows(self, firm: int) -> bool:
        """Whether he is aware of the firm."""
        return bool(self.world.customers.aware[self.index] >> firm & 1)

    @property
    def possible_firms(self) -> list[int]:
        """Firms he can choose: known, not left for good, and in mind - or, with none of these in mind, all of them."""
        w, c, i = self.world, self.world.customers, self.index
        known = [j for j in w.firms if self.knows(j) and not self.has_left(j)]
        if not w.parameters.consideration_on:
            return known
        return [j for j in known if c.considered[i] >> j & 1] or known

    def has_left(self, firm: int) -> bool:
        """Whether he has left the firm for good."""
        return bool(self.world.customers.gone[self.index] >> firm & 1)
