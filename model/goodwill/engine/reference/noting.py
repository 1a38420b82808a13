"""A purchase on record: what was bought, and which component of utility held the customer.

See `goodwill.engine.steps.record` for `held_by` and `cause`, `goodwill.engine.components` for their codes;
`PURCHASE_COLUMNS` names the columns of a row.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.components import CONTRACT_HOLDS, NO_OTHER_FIRM, NO_SINGLE_ONE, PARTS
from goodwill.engine.maths import ZERO
from goodwill.engine.reference.buying import Buys, Purchase
from goodwill.engine.reference.choosing import Choice


class Notes(Buys):
    """What is written down about a purchase."""

    def components(self, j: int) -> list[np.float32]:
        """Utility of a firm in its components, without luck and (left at nil) programmes."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        part = dict.fromkeys(PARTS, ZERO)
        part["taste"] = c.taste[j, i]
        part["price"] = r.base_utility(ZERO, c.price_sensitivity[i], w.levers.log_price_ratio[w.t, j])
        if p.habit_on:
            part["habit"] = r.habit_utility(c.habit[j, i], p.habit_strength)
        if p.satisfaction_on:
            part["satisfaction"] = r.satisfaction_utility(
                c.satisfaction[j, i], p.satisfaction_neutral, p.satisfaction_weight
            )
        if p.expectation_on:
            part["expectation"] = r.expectation_utility(
                c.expectation[j, i], c.uncertainty[j, i], p.satisfaction_neutral,
                p.expectation_weight, p.expectation_risk, w.settled_uncertainty,
            )  # fmt: skip
        if p.commitment_on:
            part["commitment"] = r.relational_utility(c.commitment[j, i], p.commitment_weight)
        if p.talk_listened:
            part["word of mouth"] = r.opinion_utility(c.opinion[j, i], p.word_of_mouth_weight)
        return list(part.values())

    def why(self, choice: Choice, trip: int) -> tuple[int, int]:
        """(cause, held_by) of a choice: without which component would it have fallen on another firm, under the same luck?"""
        gumbel = self.world.rules.gumbel
        firms = [j for j in self.world.firms if choice.possible(j)]
        parts = {j: self.components(j) for j in firms}
        for j in firms:
            lucky = choice.plain[j] + gumbel(self.luck_of_firm(j, "a choice", trip))
            parts[j][PARTS.index("programme")] = choice.full[j] - lucky
        if firms == [choice.firm]:
            return NO_OTHER_FIRM, 0
        cause, held_by, most = NO_SINGLE_ONE, 0, ZERO
        for x in range(len(PARTS)):
            winner, best = choice.firm, choice.full[choice.firm] - parts[choice.firm][x]
            for j in firms:
                if choice.full[j] - parts[j][x] > best:
                    winner, best = j, choice.full[j] - parts[j][x]
            if winner != choice.firm:
                held_by |= 1 << x
                lead = parts[choice.firm][x] - parts[winner][x]
                if lead > most:
                    cause, most = x, lead
        return cause, held_by

    def write_down(self, buy: Purchase, reason: tuple[int, int]) -> None:
        """Hand over one row, its values in the order of PURCHASE_COLUMNS; NaN stands for what is off or not there."""
        w, p = self.world, self.world.parameters
        cause, held_by = (CONTRACT_HOLDS, 0) if p.contract else reason
        row = {
            "period": w.t,
            "customer": self.index,
            "trip": buy.trip,
            "occasion": buy.occasion,
            "firm": buy.firm,
            "quantity": buy.milli / 1000.0,
            "spend": buy.cents / 100.0,
            "price": float(w.levers.price[w.t, buy.firm]) / 100.0,
            "member": buy.credits_before is not None,
            "credits_before": np.nan if buy.credits_before is None else buy.credits_before,
            "redeemed": buy.redeemed,
            "experience": buy.experience if p.experience_on else np.nan,
            "expectation_before": buy.expected if p.experience_on else np.nan,
            "satisfaction_after": buy.satisfied if p.satisfaction_on else np.nan,
            "cause": cause,
            "held_by": held_by,
        }
        if w.purchases is not None:
            w.purchases([float(value) for value in row.values()])
