"""Step 3: a customer hears of firms - from his ties, through promises, by advertising."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.person import Person

_MOST_CONTACTS = 32767


class Hears(Person):
    """What a customer hears in a period, before he goes shopping."""

    def hear_talk(self) -> None:
        """Last period's word of mouth."""
        if self.world.t > 0 and self.world.parameters.talk_listened:
            self.hear_ties()

    def hear_firms(self) -> None:
        """Promises, then advertising."""
        p = self.world.parameters
        if p.expectation_on and p.expectation_promise_pull > ZERO:
            self.hear_promises()
        self.hear_advertising()
        if p.consideration_on or p.stages_on:
            exposures = self.exposures()
            if p.consideration_on:
                self.bring_to_mind(exposures)
            if p.stages_on:
                self.note_contacts(exposures)

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
                w.levers.promise[w.t, j] + c.delivered[j, i] if p.value_on else w.levers.promise[w.t, j],
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

    def exposures(self) -> list[int]:
        """How often each firm reached him this period: by advertising, and by what his ties said in the period before."""
        w, c, i = self.world, self.world.customers, self.index
        reached = [
            int(w.levers.advertising[w.t, j] > ZERO
                and self.luck("heard through advertising", block=j) < w.levers.advertising[w.t, j])
            for j in w.firms
        ]  # fmt: skip
        if w.t > 0 and w.parameters.talk_listened:
            for tie in c.ties[:, i]:
                word = int(c.said[(w.t - 1) % 2, tie])
                if word:
                    reached[abs(word) - 1] += 1
        return reached

    def note_contacts(self, exposures: list[int]) -> None:
        """Until he has bought from a firm, what reaches him is a contact made to win him."""
        w, c, i = self.world, self.world.customers, self.index
        for j, reached in enumerate(exposures):
            if self.present and c.visits[j, i] == 0:
                c.contacts[j, i] = min(int(c.contacts[j, i]) + reached, _MOST_CONTACTS)
                w.count_firm(j, "contacts", reached)

    def bring_to_mind(self, exposures: list[int]) -> None:
        """Firms come to mind when they reach him or he has just bought from them, or by themselves; others are forgotten."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for j, reached in enumerate(exposures):
            if not (self.knows(j) and self.present):
                continue
            elapsed, bit = w.t - int(c.last_bought[j, i]), 1 << j
            luck = self.luck("a firm comes to mind or is forgotten", block=j)
            if reached or elapsed <= 1 or c.last[i] == j:
                c.considered[i] |= bit
            elif not c.considered[i] & bit:
                if luck < r.leave_probability(p.consideration_recall):
                    c.considered[i] |= bit
            else:
                hazard = r.forgetting_hazard(np.float32(elapsed), p.consideration_memory, p.consideration_forgetting)
                if luck < r.leave_probability(hazard):
                    c.considered[i] &= ~bit

    def become_aware(self, firm: int) -> None:
        """Know the firm from now on."""
        self.world.customers.aware[self.index] |= 1 << firm
