"""Steps 7 and 8: what a customer says about the firm he bought from, and how he is counted at the end of a period."""

from __future__ import annotations

from goodwill.engine.reference.leaving import Leaves
from goodwill.engine.reference.meeting import Meets


class Talks(Leaves, Meets):
    """The end of a customer's period."""

    def talk(self) -> None:
        """One who bought may tell his ties about the firm last bought from; they hear it next period."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        # Under contract the provider may have changed since he was served, and only him he can tell about.
        firm = self.bought.bit_length() - 1 if p.contract else int(c.last[i])
        word = 0
        if self.bought:
            satisfaction = c.satisfaction[firm, i] if p.satisfaction_on else p.satisfaction_neutral
            if p.recovery_on:
                satisfaction = w.rules.voiced_satisfaction(satisfaction, c.grievance[firm, i], p.recovery_talk)
            sociability = c.sociability[i]
            if p.experiences_on:
                sociability = w.rules.talkativeness(sociability, self.related, p.experiences_relate)
            chance = w.rules.talk_probability(
                satisfaction, p.satisfaction_neutral, p.word_of_mouth_base, p.word_of_mouth_positive,
                p.word_of_mouth_negative, sociability,
            )  # fmt: skip
            if self.luck("talk") < chance:
                good = satisfaction >= p.satisfaction_neutral
                word = firm + 1 if good else -(firm + 1)
                w.count_firm(firm, "positive_talk" if good else "negative_talk")
        c.said[w.t % 2, i] = word

    def be_counted(self) -> None:
        """Under contract, as a subscriber; at the end of a measuring window, as retained or not."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        if p.contract and c.last[i] >= 0 and self.stays:
            w.count_firm(int(c.last[i]), "subscribers")
        if self.stays:
            for j in w.firms:
                w.count_firm(j, "aware", int(self.knows(j)))
        if (w.t + 1 - int(p.warm_up)) % int(p.window) == 0:
            now, before = int(c.window[0, i]), int(c.window[1, i])
            for j in w.firms:
                w.count_firm(j, "window_base", before >> j & 1)
                w.count_firm(j, "retained", (before & now) >> j & 1)
            c.window[1, i], c.window[0, i] = now, 0
