"""A purchase on record: what was bought, and which component of utility held the customer.

See `goodwill.engine.steps.record` for `held_by` and `cause`, `goodwill.engine.components` for their codes;
`PURCHASE_COLUMNS` names the columns of a row.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.components import CONTRACT_HOLDS, NO_OTHER_FIRM, NO_SINGLE_ONE, PARTS
from goodwill.engine.maths import ZERO
from goodwill.engine.reference.buying import Purchase
from goodwill.engine.reference.choosing import Choice
from goodwill.engine.reference.leaving import Leaves


def decisive(chosen: int, parts: dict[int, list[np.float32]], total: dict[int, np.float32]) -> tuple[int, int]:
    """(cause, held_by): without which component would another of the possible firms have been the best?"""
    if list(total) == [chosen]:
        return NO_OTHER_FIRM, 0
    cause, held_by, most = NO_SINGLE_ONE, 0, ZERO
    for x in range(len(PARTS)):
        winner, best = chosen, total[chosen] - parts[chosen][x]
        for j in total:
            if total[j] - parts[j][x] > best:
                winner, best = j, total[j] - parts[j][x]
        if winner != chosen:
            held_by |= 1 << x
            lead = parts[chosen][x] - parts[winner][x]
            if lead > most:
                cause, most = x, lead
    return cause, held_by


class Notes(Leaves):
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
        return decisive(choice.firm, parts, {j: choice.full[j] for j in firms})

    def why_stay(self, own: int) -> tuple[int, int]:
        """(cause, held_by) under contract: what binds counts for the provider only, and there is no luck of the occasion."""
        p = self.world.parameters
        weight = {
            "habit": p.defection_procedural, "commitment": p.defection_relational, "programme": p.defection_financial,
        }  # fmt: skip
        parts, total = {}, {}
        for j in sorted({own, *self.possible_firms}):
            part = dict(zip(PARTS, self.components(j), strict=True))
            if p.programmes_on:
                part["programme"] = self.lost_value(j)
            for name, share in weight.items():
                part[name] = share * part[name] if j == own else ZERO
            parts[j] = list(part.values())
            total[j] = ZERO
            for value in parts[j]:
                total[j] = total[j] + value
        if any(value > total[own] for value in total.values()):
            return CONTRACT_HOLDS, 0
        return decisive(own, parts, total)

    def write_down(self, buy: Purchase, reason: tuple[int, int]) -> None:
        """Hand over one row, its values in the order of PURCHASE_COLUMNS; NaN stands for what is off or not there."""
        w, p = self.world, self.world.parameters
        cause, held_by = reason
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
