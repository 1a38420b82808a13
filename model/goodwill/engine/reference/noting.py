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
        part["price"] = r.base_utility(ZERO, self.price_sensitivity_to(j), w.levers.log_price_ratio[w.t, j])
        if p.habit_on:
            part["habit"] = r.habit_utility(c.habit[j, i], p.habit_strength)
        if p.satisfaction_on:
            part["satisfaction"] = r.satisfaction_utility(
                c.satisfaction[j, i], p.satisfaction_neutral, p.satisfaction_weight
            )
            if p.delight_on:
                part["satisfaction"] = part["satisfaction"] + self.delight(j)
        if p.expectation_on:
            part["expectation"] = r.expectation_utility(
                c.expectation[j, i], c.uncertainty[j, i], p.satisfaction_neutral,
                p.expectation_weight, p.expectation_risk, w.settled_uncertainty,
            )  # fmt: skip
        if p.commitment_on:
            part["commitment"] = r.relational_utility(c.commitment[j, i], p.commitment_weight)
        if p.talk_listened:
            part["word of mouth"] = r.opinion_utility(c.opinion[j, i], p.word_of_mouth_weight)
        if w.levers.newcomer_discount[w.t, j] > ZERO and self.never_bought(j):
            part["price"] = part["price"] + self.welcome_price(j)
        if p.value_on:
            part["delivered value"] = r.value_utility(c.delivered[j, i], p.value_weight, p.value_search)
        if p.trust_on:
            part["trust"] = self.trust_utility(j)
        if p.fairness_on:
            part["fairness"] = r.unfairness_utility(c.unfairness[j, i], p.fairness_weight)
        if p.recovery_on:
            part["grievance"] = r.grievance_utility(c.grievance[j, i], p.recovery_weight)
        return list(part.values())

    def deciding_kinds_of_value(self, choice: Choice) -> int:
        """Bit mask over the eight kinds of value and cost: without which would he have chosen another firm?"""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        held_by = 0
        for kind in range(c.value_weight.shape[0]):
            rest = {
                j: choice.full[j]
                - r.value_utility(
                    r.component_value(c.value_weight[kind, i], w.levers.value[kind, w.t, j]),
                    p.value_weight, p.value_search,
                )
                for j in w.firms
                if choice.possible(j)
            }  # fmt: skip
            if max(rest.values()) > rest[choice.firm]:
                held_by |= 1 << kind
        return held_by

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
            "shortfall": buy.shortfall if p.recovery_on else np.nan,
            "complaint": buy.complaint if p.recovery_on else 0,
            "value_held_by": buy.value_held_by,
        }
        if w.purchases is not None:
            w.purchases([float(value) for value in row.values()])
