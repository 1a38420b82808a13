"""What firms say and send to a customer: posts, samples, contact, coupons, warnings, gifts, offers to come back."""

from __future__ import annotations

import numpy as np

from goodwill.engine.draws import named_draws
from goodwill.engine.jit import interpreted
from goodwill.engine.maths import HALF, ONE, ZERO, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.reference.buying import Purchase
from goodwill.engine.reference.talking import Talks
from goodwill.engine.state import CAUSES, COMPETITIVE, FAULT, MALICIOUS, NATURAL
from goodwill.engine.steps.offers import COURTED, SAMPLED, WARNED

_normal, _philox, _uniform = interpreted(normal_quantile32), interpreted(philox4x32), interpreted(uniform32)
_MONTHS = np.float32(12.0)


class IsReached(Talks):
    """A customer as the one whom firms want to reach."""

    # -- what a firm knows of him ---------------------------------------------------------------------------------

    def file_luck(self, firm: int, name: str) -> np.float32:
        """His draw, once for all, for his file with a firm."""
        stream, word = named_draws()[name]
        counter = (self.index, 0, 0, stream + 256 * firm)
        return _uniform(_philox(*(np.uint32(x) for x in counter), *self.world.key)[word])

    def is_on_file(self, firm: int) -> bool:
        """Members are on file; of the others a share is."""
        member = any(m.is_member for m in self.memberships if m.card.firm == firm)
        covered = self.file_luck(firm, "on file with a firm") < self.world.levers.coverage[self.world.t, firm]
        return bool(member or covered)

    def file_is_wrong(self, firm: int) -> bool:
        """Whether the firm has somebody else's data in his file."""
        return bool(self.file_luck(firm, "file is wrong") < self.world.levers.file_error[self.world.t, firm])

    def was_sent(self, what: int, firm: int) -> bool:
        """Whether he has had this from the firm."""
        return bool(self.world.customers.sent[what, self.index] >> firm & 1)

    def mark_sent(self, what: int, firm: int, had: bool = True) -> None:
        """Note that he has had it, or that he may have it again."""
        sent = self.world.customers.sent
        sent[what, self.index] = sent[what, self.index] | 1 << firm if had else sent[what, self.index] & ~(1 << firm)

    def has_bought(self, firm: int) -> bool:
        """Whether he has ever bought from the firm, before the run or in it."""
        c, i = self.world.customers, self.index
        return bool(c.visits[firm, i] > 0 or (c.history.size and c.history[firm, i] > 0))

    # -- before he goes shopping ----------------------------------------------------------------------------------

    def read_posts(self) -> None:
        """Followers read most, those who know the firm less, others only what is passed on, if it pleases."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for j in w.firms:
            posts = w.levers.posts[w.t, j]
            if not (posts > ZERO and self.present):
                continue
            value = r.post_value(
                w.levers.commercial[w.t, j], posts * p.periods_per_year / _MONTHS, p.posts_right, p.posts_repelling,
                p.posts_often, p.posts_tiring, p.posts_floor,
            )  # fmt: skip
            closeness = p.posts_passed_on * max(value, ZERO)
            if self.knows(j):
                follows = self.has_bought(j) and not self.has_left(j)
                closeness = ONE if follows else p.posts_acquaintance
            if (
                self.luck("reading a firm's posts", block=j)
                < r.reading_probability(posts, p.posts_attention) * closeness
            ):
                self.be_made_to_think_of(j)
                c.opinion[j, i] = r.hear_messages(c.opinion[j, i], p.posts_influence * value)
                w.count_firm(j, "posts_read")

    def be_made_to_think_of(self, firm: int) -> None:
        """Know of the firm now, and think of it."""
        c = self.world.customers
        c.aware[self.index] |= 1 << firm
        if c.considered.size:
            c.considered[self.index] |= 1 << firm

    def fade_favours(self) -> None:
        """Thanks and curiosity pass."""
        w, favour, i = self.world, self.world.customers.favour, self.index
        for j in w.firms:
            favour[j, i] = w.rules.fade_favour(favour[j, i], w.parameters.offers_retention)

    def take_samples(self) -> None:
        """Samples of firms from which he never bought, one in a life from each."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for j in w.firms:
            chance = w.levers.sampling[w.t, j]
            barred = self.has_bought(j) or self.has_left(j) or self.was_sent(SAMPLED, j)
            if not (chance > ZERO and self.present) or barred or not self.luck("given a sample", block=j) < chance:
                continue
            self.mark_sent(SAMPLED, j)
            self.be_made_to_think_of(j)
            c.favour[j, i] = c.favour[j, i] + p.offers_sample_thanks
            w.count_firm(j, "samples")
            if p.expectation_on:
                noise = _normal(self.luck("experience of a sample", block=j))
                met = r.experience_level(w.levers.service[w.t, j], w.levers.inconsistency[w.t, j], noise)
                gain = r.kalman_gain(c.uncertainty[j, i], p.expectation_noise)
                c.uncertainty[j, i] = r.update_uncertainty(c.uncertainty[j, i], gain, p.expectation_drift)
                c.expectation[j, i] = r.update_expectation(c.expectation[j, i], met, gain)

    # -- at a purchase --------------------------------------------------------------------------------------------

    def redeem_offer(self, buy: Purchase) -> None:
        """A valid coupon of the firm is used."""
        w, c, i, j = self.world, self.world.customers, self.index, buy.firm
        if c.offer[j, i] > ZERO and c.offer_ends[j, i] >= w.t:
            off = int(np.float32(buy.cents) * c.offer[j, i] + HALF)
            buy.cents -= off
            c.offer[j, i] = ZERO
            w.count_firm(j, "offers_redeemed")
            w.count_firm(j, "offer_discount", off)

    def be_treated_personally(self, buy: Purchase) -> None:
        """Treatment that follows his file, if he is on file."""
        w, p, j = self.world, self.world.parameters, buy.firm
        depth = w.levers.personal[w.t, j]
        if depth > ZERO and self.is_on_file(j):
            wrong = self.file_is_wrong(j)
            discomfort = w.customers.discomfort[self.index]
            bonus = w.rules.personal_bonus(depth, ONE if wrong else ZERO, p.personal_gain, p.personal_loss, discomfort)
            buy.bonus = buy.bonus + bonus
            w.count_firm(j, "personalised")
            w.count_firm(j, "misaddressed", int(wrong))

    # -- at the end of a period -----------------------------------------------------------------------------------

    def get_gifts(self) -> None:
        """Gifts of the programmes he belongs to, and what they do."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        for m in self.running():
            card = m.card
            if not (card.gift_worth > ZERO and m.is_member and self.present):
                continue
            worth = card.gift_worth / w.levers.usual_spend[card.firm]
            felt, given, awaited = ZERO, 0, w.members.gift_awaited
            if card.gift_welcome and m.joined == w.t:
                felt, given = felt + r.gift_felt(worth, ZERO), given + 1
            if card.gift_birthday and w.t % int(p.periods_per_year) == c.birthday[i]:
                felt, given = felt + r.gift_felt(worth, awaited[card.row, i]), given + 1
                awaited[card.row, i] = r.await_gift(awaited[card.row, i], p.gifts_adaptation)
            if card.gift_surprise > ZERO and self.luck("surprise gift", block=card.stream) < card.gift_surprise:
                felt, given = felt + r.gift_felt(worth, ZERO), given + 1
            if given:
                w.count_programme(card, "gifts", given)
                c.favour[card.firm, i] = c.favour[card.firm, i] + p.gifts_thanks * felt
                if p.commitment_on:
                    c.commitment[card.firm, i] = c.commitment[card.firm, i] + p.gifts_bond * felt

    def be_counted_on_file(self) -> None:
        """Among the customers of each firm that keeps files."""
        w = self.world
        for j in w.firms:
            if w.levers.coverage[w.t, j] > ZERO and w.customers.visits[j, self.index] > 0 and self.stays:
                w.count_firm(j, "on_file", int(self.is_on_file(j)))

    def be_kept_in_contact(self) -> None:
        """Firms he bought from in the last year keep in contact, each at its level."""
        w, c, p, i = self.world, self.world.customers, self.world.parameters, self.index
        for j in w.firms:
            level = w.levers.contact[w.t, j]
            recent = not self.has_left(j) and w.t - int(c.last_bought[j, i]) < int(p.periods_per_year)
            mine = c.last[i] == j if p.contract else recent
            if level > ZERO and mine and c.visits[j, i] > 0 and self.stays:
                w.count_firm(j, "contacted")
                c.commitment[j, i] = w.rules.keep_contact(
                    c.commitment[j, i], level, c.contact_wanted[i], p.contact_bond, p.contact_pace, p.contact_intrusion
                )

    def be_won_back(self) -> None:
        """Firms he has left may ask him back, once."""
        w, c, i = self.world, self.world.customers, self.index
        for j in w.firms:
            lost = c.last[i] != j and c.last[i] >= 0 if w.parameters.contract else self.has_left(j)
            cause = int(c.cause[j, i])
            reach = w.levers.win_back[w.t, j]
            if not (reach > ZERO and lost and cause and self.stays) or self.was_sent(COURTED, j):
                continue
            if self.luck("reached by a win-back offer", block=j) < reach:
                self.mark_sent(COURTED, j)
                self.answer_win_back(j, cause)

    def answer_win_back(self, j: int, cause: int) -> None:
        """An offer that fits the cause, or the one for all, or none; he may come back."""
        w, c, p, r, i = self.world, self.world.customers, self.world.parameters, self.world.rules, self.index
        v, t = w.levers, w.t
        by_cause = v.win_back_by_cause[t, j] > ZERO
        if by_cause and cause in (NATURAL, MALICIOUS):
            return
        repair = bool(by_cause and cause == FAULT)
        w.count_firm(j, "win_back_offers")
        base = getattr(p, f"win_back_{CAUSES[cause]}")
        chance = r.win_back_probability(
            base,
            v.win_back_repair[t, j] if repair else v.win_back_depth[t, j],
            p.win_back_repair_response if repair else p.win_back_price_response,
            ONE if repair or cause == COMPETITIVE else p.win_back_mismatch,
        )
        if not self.luck("answer to a win-back offer", block=j) < chance:
            return
        w.count_firm(j, "won_back")
        self.be_made_to_think_of(j)
        if p.contract:
            self.leave_firm(int(c.last[i]), COMPETITIVE)
            c.last[i] = j
        c.gone[i] = c.gone[i] & ~(1 << j)
        c.cause[j, i] = 0
        self.mark_sent(COURTED, j, had=False)
        if repair:
            w.count_firm(j, "repairs")
            if p.satisfaction_on:
                c.satisfaction[j, i] = r.forgive(c.satisfaction[j, i], p.satisfaction_neutral, p.win_back_forgiven)
        else:
            c.offer[j, i] = v.win_back_depth[t, j]
            c.offer_ends[j, i] = t + int(v.win_back_valid[t, j])
        if p.expectation_on:
            c.uncertainty[j, i] = p.expectation_prior
            c.expectation[j, i] = r.reset_expectation(c.expectation[j, i], v.promise[t, j], p.win_back_reset)

    def be_missed(self) -> None:
        """A firm that has him on file and sees him fall behind his own pace sends him a coupon, once a pause."""
        w, c, i, t, v = self.world, self.world.customers, self.index, self.world.t, self.world.levers
        for j in w.firms:
            if not v.warning[t, j] > ZERO:
                continue
            if c.last_bought[j, i] == t:
                self.mark_sent(WARNED, j, had=False)
            if c.visits[j, i] == 0 or self.was_sent(WARNED, j) or c.rate[j, i] < v.warning_good[t, j]:
                continue
            if not w.rules.pace_kept(c.rate[j, i], self.periods_since(j)) < v.warning[t, j] or not self.is_on_file(j):
                continue
            self.mark_sent(WARNED, j)
            w.count_firm(j, "warnings")
            # Who has neither left nor bought elsewhere since has only not been shopping.
            lost = self.has_left(j) or not self.stays or c.last[i] != j
            w.count_firm(j, "false_warnings", int(not lost))
            if not self.file_is_wrong(j):
                self.be_made_to_think_of(j)
                c.offer[j, i] = v.warning_depth[t, j]
                c.offer_ends[j, i] = t + int(v.warning_valid[t, j])
