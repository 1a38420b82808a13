"""Step 6, and the end of a purchase: leaving a firm for good, changing the provider, leaving the market."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.buying import Purchase
from goodwill.engine.reference.choosing import NO_FIRM, NOT_THERE
from goodwill.engine.reference.keeping import Keeps
from goodwill.engine.reference.membership import Membership
from goodwill.engine.state import CAUSES, COMPETITIVE, FAULT, MALICIOUS, NATURAL, REDRESSED, SILENT, UNANSWERED

# What a customer who leaves over a fault did about it.
_LEFT_AFTER = {SILENT: "left_silent", UNANSWERED: "left_unanswered", REDRESSED: "left_resolved"}


class Leaves(Keeps):
    """The ways in which a relationship ends, each with its cause."""

    def leave_firm(self, firm: int, cause: int) -> None:
        """Leave the firm, and with it its programmes."""
        self.count_loss(firm, cause)
        for m in self.memberships:
            if m.card.firm == firm:
                m.end()

    def count_loss(self, firm: int, cause: int) -> None:
        """Be lost to a firm, for one cause; whether he was satisfied even so is counted too."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        c.cause[firm, i] = cause
        w.count_firm(firm, f"left_{CAUSES[cause]}")
        if p.satisfaction_on:
            w.count_firm(firm, f"satisfied_{CAUSES[cause]}", int(c.satisfaction[firm, i] >= p.satisfaction_neutral))
        if p.recovery_on and cause == FAULT and c.complaint[firm, i] > 0:
            w.count_firm(firm, _LEFT_AFTER[int(c.complaint[firm, i])])

    def never_again(self, firm: int) -> None:
        """Without a contract, one who has left a firm does not come back."""
        self.world.customers.gone[self.index] |= 1 << firm

    # -- after a purchase -----------------------------------------------------------------------------------------

    def lapse(self, buy: Purchase) -> None:
        """The firm bought from before is dropped for a better rival (competitive)."""
        w, p, before = self.world, self.world.parameters, int(self.world.customers.last[self.index])
        if before in (NO_FIRM, buy.firm) or self.has_left(before):
            return
        advantage = self.utility(buy.firm, bonds=True) - self.utility(before, bonds=True)
        if any(card.term > 0 for card in w.cards):
            advantage = advantage - self.fee_utility(before)
        chance = w.rules.leave_probability(w.rules.lapse_hazard(advantage, p.defection_lapse))
        if self.luck("lapse to a rival", buy.occasion) < chance and not self.is_kept(before):
            self.never_again(before)
            self.pay_for_leaving(before)
            self.leave_firm(before, COMPETITIVE)

    def drop_out(self, buy: Purchase) -> None:
        """The firm just bought from is dropped, of itself (natural) or for a disappointing visit (fault)."""
        w, p = self.world, self.world.parameters
        on_trial = buy.visits_before <= ZERO
        natural = ZERO if on_trial and not p.defection_dropout_on_trial else w.customers.dropout[self.index]
        counts = p.satisfaction_on and p.defection_fault > ZERO
        fault = w.rules.fault_hazard(buy.value, p.defection_fault) if counts else ZERO
        chance = w.rules.leave_probability(natural + fault)
        luck = self.luck("dropping out after a purchase", buy.occasion)
        if luck < chance:
            # Given that he leaves, the luck is uniform below the chance: it picks the cause in proportion.
            cause = FAULT if luck * (natural + fault) < chance * fault else NATURAL
            self.never_again(buy.firm)
            if cause == FAULT:
                self.pay_for_leaving(buy.firm)
            self.leave_firm(buy.firm, cause)

    # -- at the end of a period -----------------------------------------------------------------------------------

    def end_relationships(self) -> None:
        """Contracts end or the firm ends a relationship; then natural exits leave the market."""
        p, present = self.world.parameters, self.present
        if p.defection_on and present and self.world.customers.last[self.index] >= 0:
            if p.contract:
                self.reconsider_contract()
            elif p.defection_malicious > ZERO:
                self.be_ended_by_firm()
        if p.defection_on and p.recovery_on and present and not p.contract:
            self.leave_over_failures()
        if p.natural_exit > ZERO and present:
            self.leave_market()
        if p.contract and self.stays and self.world.customers.last[self.index] < 0:
            self.seek_provider()

    def be_ended_by_firm(self) -> None:
        """Without a contract: the firm last bought from ends the relationship (malicious)."""
        w, firm = self.world, int(self.world.customers.last[self.index])
        chance = w.rules.leave_probability(w.parameters.defection_malicious)
        if not self.has_left(firm) and self.luck("ended by the firm") < chance:
            self.never_again(firm)
            self.leave_firm(firm, MALICIOUS)

    def leave_over_failures(self) -> None:
        """Without a contract: one with a grievance may never come back (fault)."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for j in w.firms:
            if c.grievance[j, i] > ZERO and not self.has_left(j):
                chance = r.leave_probability(r.grievance_hazard(c.grievance[j, i], p.recovery_hazard, ZERO))
                if self.luck("leaving over a failure", block=j) < chance:
                    self.never_again(j)
                    self.leave_firm(j, FAULT)

    def leave_market(self) -> None:
        """Leave the market altogether, at the end of the period (natural)."""
        w, c, i = self.world, self.world.customers, self.index
        if self.luck("natural exit") < w.rules.leave_probability(w.parameters.natural_exit):
            c.exit[i] = w.t + 1
            w.count_market("left_market")
            firm = int(c.last[i])
            if firm >= 0 and not self.has_left(firm):
                self.count_loss(firm, NATURAL)
            for m in self.memberships:
                m.end()

    def reconsider_contract(self) -> None:
        """Under contract: competing hazards of leaving the provider, then the choice of the next one."""
        c, p, r, i = self.world.customers, self.world.parameters, self.world.rules, self.index
        own = int(c.last[i])
        utilities = self.utilities_of_providers()
        rival = NOT_THERE
        for j, u in enumerate(utilities):
            if j != own:
                rival = max(rival, u)
        cost, base = self.switching_cost(own), c.dropout[i]
        lead = rival - utilities[own]
        kept = bool(p.programmes_on) and self.is_kept(own)
        compete = r.competitive_hazard(p.defection_competitive * base, lead, cost)
        if p.programmes_on:
            self.resent_being_kept(own, lead)
        fault = r.dissatisfaction_hazard(
            p.defection_discontent * base,
            c.satisfaction[own, i] if p.satisfaction_on else p.satisfaction_neutral,
            p.satisfaction_neutral,
            p.defection_satisfaction_weight,
            c.opinion[own, i] if p.talk_listened else ZERO,
            cost,
        )
        if p.recovery_on:
            fault = fault + r.grievance_hazard(c.grievance[own, i], p.recovery_hazard, cost)
        total = compete + fault + p.defection_malicious
        due = bool(p.programmes_on) and not kept and self.has_given_notice(own)
        if due or self.luck("leaving under contract") < r.leave_probability(total):
            part = self.luck("cause of leaving under contract") * total
            cause = COMPETITIVE if due or part < compete else FAULT if part < compete + fault else MALICIOUS
            if kept and cause == COMPETITIVE:
                self.give_notice(own)
                return
            if cause != MALICIOUS:
                self.pay_for_leaving(own)
            self.leave_firm(own, cause)
            c.last[i] = self.next_provider(utilities, barred=1 << own)

    def utilities_of_providers(self) -> list[np.float32]:
        """Utilities of the firms he could be with, with what they have sent him; what binds is in the cost of switching."""
        utilities = self.utilities(bonds=False)
        if self.world.offers:
            utilities = [u + self.favour_and_offer(j) for j, u in enumerate(utilities)]
        possible = self.possible_firms
        return [u if j in possible else NOT_THERE for j, u in enumerate(utilities)]

    def switching_cost(self, own: int) -> np.float32:
        """What holds him: procedural (habit), financial (credits and benefits of members he would lose), relational (commitment)."""
        c, p, r, i = self.world.customers, self.world.parameters, self.world.rules, self.index
        habit = r.habit_utility(c.habit[own, i], p.habit_strength) if p.habit_on else ZERO
        bond = r.relational_utility(c.commitment[own, i], p.commitment_weight) if p.commitment_on else ZERO
        at_stake = self.lost_value(own) if p.programmes_on else ZERO
        return r.switching_cost(
            p.defection_procedural * habit, p.defection_financial * at_stake, p.defection_relational * bond
        )

    def lost_value(self, firm: int) -> np.float32:
        """Financial cost of leaving the firm, in utility: credits forfeited, benefits of members lost, and a fee if he is bound."""
        return self.forfeited_value(firm) + self.lost_benefits(firm) + self.fee_utility(firm)

    def forfeited_value(self, firm: int) -> np.float32:
        """Utility of the credits he would forfeit by leaving the firm."""
        w, c, p = self.world, self.world.customers, self.world.parameters
        value = ZERO
        for m in self.memberships:
            if m.card.firm == firm and m.is_member and m.card.holds:
                worth = np.float32(m.balance) * m.card.credit_worth
                value = value + w.rules.money_utility(
                    worth, c.price_sensitivity[self.index], w.levers.usual_spend[firm], p.programmes_points_value
                )
        return value

    # -- minimum terms --------------------------------------------------------------------------------------------

    def bonds(self, firm: int) -> list[Membership]:
        """Memberships that bind him to the firm."""
        return [m for m in self.memberships if m.card.firm == firm and m.bound]

    def is_kept(self, firm: int) -> bool:
        """Whether he cannot leave the firm for a rival."""
        return any(m.card.binding for m in self.bonds(firm))

    def give_notice(self, firm: int) -> None:
        """One who would leave and is kept will go when the bond ends."""
        for m in self.memberships:
            if m.card.firm == firm and m.card.bond_row >= 0 and m.is_member:
                self.world.members.notice[m.card.bond_row, self.index] = 1

    def has_given_notice(self, firm: int) -> bool:
        """Whether he decided to leave the firm while he was kept."""
        notice = self.world.members.notice
        rows = (m.card.bond_row for m in self.memberships if m.card.firm == firm)
        return any(row >= 0 and notice[row, self.index] != 0 for row in rows)

    def exit_fee(self, firm: int) -> int:
        """Cents that leaving the firm now would cost him."""
        return sum(m.card.exit_fee for m in self.bonds(firm))

    def fee_utility(self, firm: int) -> np.float32:
        """The same in utility."""
        w, beta = self.world, self.world.customers.price_sensitivity[self.index]
        utility = w.rules.money_utility(np.float32(self.exit_fee(firm)), beta, w.levers.usual_spend[firm], ONE)
        return np.float32(utility)

    def pay_for_leaving(self, firm: int) -> None:
        """One who leaves of his own will before the end of his term pays for it."""
        for m in self.bonds(firm):
            m.count("exit_fees", m.card.exit_fee)

    def resent_being_kept(self, firm: int, lead: np.float32) -> None:
        """One who is bound and would rather be with a rival is the less satisfied for it."""
        w, satisfaction, p = self.world, self.world.customers.satisfaction, self.world.parameters
        if lead > ZERO and p.satisfaction_on and (self.is_kept(firm) or self.exit_fee(firm) > 0):
            satisfaction[firm, self.index] = w.rules.resentment(
                satisfaction[firm, self.index], lead, p.programmes_resentment
            )

    def lost_benefits(self, firm: int) -> np.float32:
        """What belonging to the firm's programmes is worth to him apart from credits: liking, discount, tier."""
        value = ZERO
        for m in self.running(firm):
            if m.is_member and m.engaged:
                value = value + self.world.customers.attention[self.index] * self.belonging_utility(m)
        return value

    def seek_provider(self) -> None:
        """Under contract, without a provider: take one of the firms he thinks of and has never left."""
        w, c, i = self.world, self.world.customers, self.index
        utilities = self.utilities_of_providers()
        left = sum(1 << j for j in w.firms if c.cause[j, i] != 0)
        c.last[i] = self.next_provider(utilities, left)

    def next_provider(self, utilities: list[np.float32], barred: int) -> int:
        """The firm that is best with the luck of the moment; those in the bits `barred` are out; -1 none."""
        best, chosen = NOT_THERE, NO_FIRM
        for j, u in enumerate(utilities):
            if not barred >> j & 1:
                full = u + self.world.rules.gumbel(self.luck_of_firm(j, "a change of provider"))
                if full > best:
                    best, chosen = full, j
        return chosen
