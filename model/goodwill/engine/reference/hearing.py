"""Step 3: a customer hears of firms - from his ties, through promises, by advertising."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.person import Person


class Hears(Person):
    """What a customer hears in a period, before he goes shopping."""

    def hear(self) -> None:
        """Last period's word of mouth, then promises, then advertising."""
        p = self.world.parameters
        if self.world.t > 0 and p.talk_listened:
            self.hear_ties()
        if p.expectation_on and p.expectation_promise_pull > ZERO:
            self.hear_promises()
        self.hear_advertising()

    def hear_ties(self) -> None:
        """What his ties said in the period before, all at once: it moves opinion, expectation and awareness."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        messages = [ZERO for _ in w.firms]
        for place, tie in enumerate(c.ties[:, i]):
            word = int(c.said[(w.t - 1) % 2, tie])  # firm + 1, negative for bad news
            if word and self.present:
                firm = abs(word) - 1
                influence = p.word_of_mouth_strong if place < p.strong_ties else p.word_of_mouth_weak
                messages[firm] = messages[firm] + (influence if word > 0 else -influence)
                if p.word_of_mouth_awareness:
                    self.become_aware(firm)
        for j in w.firms:
            c.opinion[j, i] = r.hear_messages(r.fade_opinion(c.opinion[j, i], p.word_of_mouth_retention), messages[j])
            if p.expectation_on:
                c.expectation[j, i] = r.hear_opinion(
                    c.expectation[j, i],
                    messages[j],
                    p.expectation_hearsay_pull,
                    self.experience_with(j),
                    p.expectation_later_pull,
                )

    def hear_promises(self) -> None:
        """What firms promise pulls expectation, mostly before the first purchase."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        for j in w.firms:
            c.expectation[j, i] = w.rules.hear_promise(
                c.expectation[j, i],
                w.levers.promise[w.t, j],
                p.expectation_promise_pull,
                self.experience_with(j),
                p.expectation_later_pull,
            )

    def hear_advertising(self) -> None:
        """Advertising makes the unaware aware, if he is in the market."""
        w = self.world
        for j in w.firms if self.present else ():
            reach = w.levers.advertising[w.t, j]
            if reach > ZERO and self.luck("heard through advertising", block=j) < reach:
                self.become_aware(j)

    def experience_with(self, firm: int) -> np.float32:
        """1 if he has ever bought from the firm, before the run or in it, else 0."""
        c, i = self.world.customers, self.index
        return ONE if c.visits[firm, i] > 0 or c.history[firm, i] > 0 else ZERO

    def become_aware(self, firm: int) -> None:
        """Know the firm from now on."""
        self.world.customers.aware[self.index] |= 1 << firm
