"""Recommending a firm to others: resolved within the period, told and rewarded between two periods."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.membership import Membership
from goodwill.engine.reference.reached import IsReached
from goodwill.engine.state import COMPETITIVE

_MOST_OFF = np.float32(0.9)
_NOBODY = -1


class Recommends(IsReached):
    """A customer as one who brings others."""

    def may_recommend(self) -> None:
        """With an occasion for it, and the intention, he may resolve to recommend the firm last bought from."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        c.recommends[i] = 0
        j = int(c.last[i])
        if j < 0 or not self.stays or self.has_left(j) or c.visits[j, i] == 0:
            return
        recent = w.t - int(c.last_bought[j, i]) < int(p.periods_per_year)
        if not recent or not self.luck("occasion to recommend") < p.referral_occasions:
            return
        w.count_firm(j, "referral_asked")
        satisfaction = c.satisfaction[j, i] if p.satisfaction_on else p.satisfaction_neutral
        intent = r.intent_probability(satisfaction, p.satisfaction_neutral, p.referral_intent, p.referral_intent_slope)
        if self.luck("intention to recommend") < intent:
            w.count_firm(j, "referral_intended")
            if self.luck("recommending") < self.act_chance(j, p.referral_act):
                w.count_firm(j, "referral_acted")
                c.recommends[i] = j + 1

    def rewarding_membership(self, firm: int) -> Membership | None:
        """His membership in the first programme of the firm that would pay for one more newcomer."""
        referred = self.world.members.referred
        for m in self.running(firm):
            pays = m.card.referral_reward > ZERO or m.card.referral_welcome > ZERO
            if pays and m.is_member and referred[m.card.row, self.index] < m.card.referral_cap:
                return m
        return None

    def act_chance(self, firm: int, base: np.float32) -> np.float32:
        """Chance that he acts for the firm, or tells a weak tie, with the reward that he may hope for."""
        w, p = self.world, self.world.parameters
        m = self.rewarding_membership(firm)
        worth = ZERO if m is None else m.card.referral_reward / w.levers.usual_spend[firm]
        return w.rules.act_probability(
            base, worth, p.referral_reward_response, w.levers.standing[firm], p.referral_weaker_brand
        )

    # -- between two periods --------------------------------------------------------------------------------------

    def settle_introduction(self, others: list[Recommends]) -> None:
        """If he was won for a firm and has bought from it, he who recommended it is rewarded."""
        c, i = self.world.customers, self.index
        if c.introduced_by[i] == _NOBODY:
            return
        j = int(c.introduced_to[i])
        if c.visits[j, i] > 0:
            self.world.count_firm(j, "referral_converted")
            others[int(c.introduced_by[i])].be_rewarded(j)
        if c.visits[j, i] > 0 or not self.stays:
            c.introduced_by[i] = _NOBODY

    def be_rewarded(self, firm: int) -> None:
        """He has brought the firm a newcomer; a programme may pay for that."""
        w, c, i = self.world, self.world.customers, self.index
        m = self.rewarding_membership(firm)
        if m is not None:
            w.members.referred[m.card.row, i] += 1
            w.count_programme(m.card, "referral_rewards")
            worth = m.card.referral_reward / w.levers.usual_spend[firm]
            c.favour[firm, i] = c.favour[firm, i] + w.parameters.referral_thanks * worth

    def tell(self, others: list[Recommends]) -> None:
        """What he resolved to recommend he tells those of his ties who are no customers of the firm."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        if not c.recommends[i]:
            return
        j = int(c.recommends[i]) - 1
        m = self.rewarding_membership(j)
        welcome = ZERO if m is None else m.card.referral_welcome / w.levers.usual_spend[j]
        weak = self.act_chance(j, p.referral_weak)
        won = w.rules.persuade_probability(p.referral_conversion, welcome, p.referral_welcome_response)
        told = 0
        for k, tie in enumerate(c.ties[:, i]):
            other = others[int(tie)]
            if told >= p.referral_told or other is self or not other.can_be_told(j):
                continue
            if self.luck("telling a tie", k) < (ONE if k < p.strong_ties else weak):
                told += 1
                w.count_firm(j, "referral_told")
                other.be_made_to_think_of(j)
                if self.luck("being won by a recommendation", k) < won:
                    other.be_won(j, self.index, m)

    def can_be_told(self, firm: int) -> bool:
        """Whether he is there, not yet won by anybody, and neither is nor was a customer of the firm."""
        c, i = self.world.customers, self.index
        free = self.stays and c.introduced_by[i] == _NOBODY
        return bool(free and not self.has_bought(firm) and not self.has_left(firm) and c.last[i] != firm)

    def be_won(self, firm: int, by: int, m: Membership | None) -> None:
        """He leans to the firm like the one who recommended it, is curious, and may be given a welcome."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        w.count_firm(firm, "referral_won")
        c.introduced_by[i], c.introduced_to[i] = by, firm
        c.taste[firm, i] = w.rules.share_taste(c.taste[firm, i], c.taste[firm, by], p.referral_homophily)
        c.favour[firm, i] = c.favour[firm, i] + p.referral_pull
        if m is not None and m.card.referral_welcome > ZERO:
            c.offer[firm, i] = min(m.card.referral_welcome / w.levers.usual_spend[firm], _MOST_OFF)
            c.offer_ends[firm, i] = w.t + m.card.referral_valid
        if p.contract:
            if c.last[i] >= 0:
                self.leave_firm(int(c.last[i]), COMPETITIVE)
            c.last[i] = firm
