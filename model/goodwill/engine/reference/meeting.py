"""Step 4c: what happens at a visit beyond the usual - delivered value, staged experiences, surprises, failures and complaints -
and what that does to trust, fairness, commitment and certainty.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.buying import Buys, Purchase
from goodwill.engine.state import REDRESSED, SILENT, UNANSWERED

_THOUSAND = np.float32(1000.0)
_MOST_FAILURES = 127
SENSE, FEEL, THINK, ACT, RELATE = range(5)
_SIX = ("first", "second", "third", "fourth", "fifth", "sixth")


class Meets(Buys):
    """Encounters with a firm."""

    related = ZERO  # company met at the last visit of the period

    def weigh_offers(self) -> None:
        """What each offer of the period is worth to him."""
        w, c, i = self.world, self.world.customers, self.index
        for j in w.firms:
            delivered = ZERO
            for kind in range(c.value_weight.shape[0]):
                delivered = delivered + w.rules.component_value(c.value_weight[kind, i], w.levers.value[kind, w.t, j])
            c.delivered[j, i] = delivered

    # -- before the experience is formed --------------------------------------------------------------------------

    def meet(self, buy: Purchase) -> None:
        """What is delivered, staged, given as a surprise, or goes wrong; it is part of the experience."""
        c, p = self.world.customers, self.world.parameters
        if p.value_on:
            buy.delivered = c.delivered[buy.firm, self.index]
        if p.experiences_on:
            self.meet_what_is_staged(buy)
        if p.surprise_on:
            self.be_surprised(buy)
        if p.recovery_on:
            self.suffer_failures(buy)

    def meet_what_is_staged(self, buy: Purchase) -> None:
        """The five channels, for everybody and for members; sense is part of the visit itself."""
        w, p = self.world, self.world.parameters
        buy.channels = [w.levers.experiences[channel, w.t, buy.firm] for channel in range(5)]
        if p.programmes_on:
            for m in self.running(buy.firm):
                if m.card.stages and m.is_member:
                    buy.channels = [x + y for x, y in zip(buy.channels, m.card.experiences, strict=True)]
        buy.bonus = buy.bonus + p.experiences_sense * buy.channels[SENSE]
        self.related = buy.channels[RELATE]

    def be_surprised(self, buy: Purchase) -> None:
        """The visit may be better than anybody expected."""
        v, t, j = self.world.levers, self.world.t, buy.firm
        if self.luck("surprise", buy.occasion) < v.surprise_share[t, j]:
            buy.surprised = v.surprise_gain[t, j]
            self.world.count_firm(j, "surprises")
        buy.bonus = buy.bonus + buy.surprised

    def suffer_failures(self, buy: Purchase) -> None:
        """The visit may fail; he may complain, and the firm may make good."""
        w = self.world
        if self.luck("failure", buy.occasion) < w.levers.failure[w.t, buy.firm]:
            self.suffer_failure(buy)
        buy.bonus = buy.bonus - buy.lost

    def suffer_failure(self, buy: Purchase) -> None:
        """This visit fails; `lost` is what he ends up short of."""
        w, c, p, r, i, j = (
            self.world, self.world.customers, self.world.parameters, self.world.rules, self.index, buy.firm,
        )  # fmt: skip
        severity = r.failure_severity(*(self.luck(f"severity: {place} of six", buy.occasion) for place in _SIX))
        buy.shortfall = buy.lost = p.recovery_scale * severity
        w.count_firm(j, "failures")
        earlier = int(c.failures[j, i])
        c.failures[j, i] = min(earlier + 1, _MOST_FAILURES)
        if buy.lost <= p.recovery_tolerance:
            return
        w.count_firm(j, "unhappy")
        fresh = r.fresh_grievance(
            buy.lost, c.trust[j, i] if p.trust_on else ZERO, p.recovery_forgiveness,
            buy.visits_before + np.float32(c.history[j, i]), p.recovery_tenure,
        )  # fmt: skip
        chance = r.complaint_probability(
            severity, c.commitment[j, i] if p.commitment_on else ZERO, w.levers.ease[w.t, j], p.recovery_low,
            p.recovery_high,
        )  # fmt: skip
        buy.complaint = SILENT
        if self.luck("complaint", buy.occasion) < chance:
            w.count_firm(j, "complaints")
            if self.luck("redress", buy.occasion) < w.levers.effort[w.t, j]:
                buy.complaint = REDRESSED
                self.be_redressed(buy, np.float32(earlier), fresh)
            else:
                buy.complaint = UNANSWERED
                c.grievance[j, i] = c.grievance[j, i] + p.recovery_unanswered * fresh
        else:
            c.grievance[j, i] = c.grievance[j, i] + fresh
        c.complaint[j, i] = buy.complaint

    def be_redressed(self, buy: Purchase, earlier: np.float32, fresh: np.float32) -> None:
        """The firm gives back some, all or more of what was lost."""
        w, c, p, i, j = self.world, self.world.customers, self.world.parameters, self.index, buy.firm
        share = w.rules.restored_share(w.levers.generosity[w.t, j], earlier, p.recovery_paradox, p.recovery_later)
        restored = share * buy.lost
        w.count_firm(j, "resolved")
        w.count_firm(j, "restored", int(restored * _THOUSAND))
        buy.lost = buy.lost - restored
        c.grievance[j, i] = max(ONE - share, ZERO) * (c.grievance[j, i] + fresh)

    # -- after it -------------------------------------------------------------------------------------------------

    def bond(self, buy: Purchase) -> None:
        """Fairness, trust, commitment, and how sure he is of the firm."""
        c, p, r, i, j = self.world.customers, self.world.parameters, self.world.rules, self.index, buy.firm
        if p.fairness_on:
            c.unfairness[j, i] = r.resent(c.unfairness[j, i], self.unequal_treatment(buy))
        unfair = c.unfairness[j, i] if p.fairness_on else ZERO
        if p.trust_on:
            promised = self.world.levers.promise[self.world.t, j] + buy.delivered - p.trust_tolerance
            harm = p.trust_failure * max(buy.lost, ZERO) + p.trust_unfairness * unfair
            c.trust[j, i] = r.trust_after_visit(
                c.trust[j, i], buy.experience - promised, p.trust_gain, p.trust_loss, harm
            )
        if p.commitment_on and (p.bonds_on or p.experiences_on or p.surprise_on):
            self.tend_commitment(buy, unfair)
        if p.experiences_on and p.expectation_on:
            c.uncertainty[j, i] = r.make_sure(c.uncertainty[j, i], p.experiences_think * buy.channels[THINK])

    def unequal_treatment(self, buy: Purchase) -> np.float32:
        """Unfairness he meets at this visit."""
        w, c, p, i, j = self.world, self.world.customers, self.world.parameters, self.index, buy.firm
        step = p.fairness_intrusion * w.levers.intrusion[w.t, j]
        if not self.never_bought(j):
            step = step + p.fairness_newcomers * w.levers.newcomer_discount[w.t, j]
        if not p.programmes_on:
            return step
        for m in self.running(j):
            card, attention = m.card, c.attention[i]
            best = card.tier_liking[card.tier_count - 1] if card.tier_row >= 0 else ZERO
            if not m.is_member:
                share = card.benefit_per_purchase(w.levers.usual_spend[j], p.programmes_points_value)
                seen = p.fairness_benefit * share + p.fairness_service * card.service_bonus + p.fairness_tier * best
                step = step + seen * attention
                continue
            if card.tier_row >= 0:
                own = card.tier_liking[m.tier - 1] if m.tier > 0 else ZERO
                step = step + p.fairness_tier * (best - own) * attention
            if card.binding and p.satisfaction_on:
                step = step + (p.fairness_binding if buy.satisfied < p.satisfaction_neutral else ZERO)
        return step

    def tend_commitment(self, buy: Purchase, unfair: np.float32) -> None:
        """Commitment after the visit, beyond delight."""
        w, c, p, i, j = self.world, self.world.customers, self.world.parameters, self.index, buy.firm
        fed = harm = ZERO
        if p.bonds_on:
            fed = p.bonds_recognition * w.levers.recognition[w.t, j]
            harm = p.bonds_failure * max(buy.lost, ZERO) + p.bonds_unfairness * unfair
        if p.experiences_on:
            fed = fed + p.experiences_feel * buy.channels[FEEL] + p.experiences_community * buy.channels[RELATE]
        if p.surprise_on:
            fed = fed + p.surprise_bond * buy.surprised
        c.commitment[j, i] = w.rules.feed_commitment(c.commitment[j, i], fed, harm)

    def get_involved(self, buy: Purchase) -> None:
        """Doing binds: habit at the firm grows by more than the purchase (act)."""
        w, habit = self.world, self.world.customers.habit
        share = w.parameters.experiences_act * buy.channels[ACT]
        habit[buy.firm, self.index] = w.rules.involve(habit[buy.firm, self.index], share)

    def let_time_pass(self) -> None:
        """At the end of a period: grievances and unfairness fade, and bonds that nobody kept up loosen."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for j in w.firms:
            if p.recovery_on:
                c.grievance[j, i] = r.fade_grievance(c.grievance[j, i], p.recovery_retention)
            if p.fairness_on:
                c.unfairness[j, i] = r.fade_unfairness(c.unfairness[j, i], p.fairness_retention)
            if p.bonds_on and p.commitment_on and not self.bought >> j & 1:
                c.commitment[j, i] = r.neglect(c.commitment[j, i], p.bonds_neglect)
        self.related = ZERO
