"""Step 8: how far a customer's relationships have come."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE
from goodwill.engine.reference.talking import Talks
from goodwill.engine.state import CAUSES, STAGES


class Relates(Talks):
    """The stages of a customer's relationships."""

    def move_on(self, trips: int) -> None:
        """The stage of every relationship at the end of a period, and the change in the totals; `trips` made in it."""
        w, c, i = self.world, self.world.customers, self.index
        if not self.present:
            return
        for j in w.firms:
            old = STAGES[c.stage[j, i]]
            if c.visits[j, i] > 0 and old in ("potential", "aware", "prospect"):
                c.first_bought[j, i] = w.t
                w.count_firm(j, "contacts_won", int(c.contacts[j, i]))
            new = self.next_stage(j, old) if c.visits[j, i] > 0 else self.before_buying(j, old, trips)
            if new == "lost" and c.cause[j, i] == 0:
                c.cause[j, i] = CAUSES.index(
                    "natural"
                )  # he left the market; only the firm last bought from counts the loss
            c.stage[j, i] = STAGES.index(new)
            w.simulation.totals.stages[w.t, j, STAGES.index(old), STAGES.index(new)] += 1

    def before_buying(self, j: int, old: str, trips: int) -> str:
        """Stage of one who has never bought from the firm; a prospect thinks of it and has the need."""
        p, c, i = self.world.parameters, self.world.customers, self.index
        if not self.knows(j):
            return "potential"
        in_mind = not p.consideration_on or bool(c.considered[i] >> j & 1)
        return "prospect" if in_mind and (trips > 0 or old == "prospect") else "aware"

    def next_stage(self, j: int, old: str) -> str:
        """Stage of one who has bought from the firm."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        if self.is_lost(j):
            return "lost"
        if self.bought >> j & 1:
            return "regained" if old in ("lapsed", "lost") else self.buyers_stage(j, old)
        if old in ("lapsed", "lost"):
            return old
        span = np.float32(int(c.last_bought[j, i]) - int(c.first_bought[j, i])) + ONE / c.need[i]
        chance = w.rules.silence_probability(np.float32(c.visits[j, i]), span, self.periods_since(j))
        if chance < p.stages_silence:
            return "lapsed"
        return old if old == "regained" else self.buyers_stage(j, old)

    def is_lost(self, j: int) -> bool:
        """Whether he has left the firm for good, has another provider, or leaves the market now."""
        w, c, i = self.world, self.world.customers, self.index
        switched = bool(w.parameters.contract) and c.cause[j, i] != 0 and c.last[i] != j
        return bool(self.has_left(j) or switched or c.exit[i] == w.t + 1)

    def buyers_stage(self, j: int, old: str) -> str:
        """Stage by purchases so far; an advocate is satisfied and has recommended."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        visits = int(c.visits[j, i])
        if visits <= 1:
            return "first buyer"
        if visits <= p.stages_loyal_repeats:
            return "repeat buyer"
        pleased = p.satisfaction_on and c.satisfaction[j, i] >= p.satisfaction_neutral + p.stages_advocate_margin
        recommends = p.talk_listened and c.said[w.t % 2, i] == j + 1
        return "advocate" if pleased and (recommends or old == "advocate") else "loyal"
