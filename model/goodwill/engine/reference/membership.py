"""One customer's place in one programme: member or not, his credits by lot, his tier."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.reference.card import Card
from goodwill.engine.reference.world import World
from goodwill.programmes.terms import HELD_OUT, NEVER_MEMBER, WAS_MEMBER


class Membership:
    """Customer `index` and a programme; what it holds lives in the arrays of the population."""

    def __init__(self, world: World, card: Card, index: int) -> None:
        self.world = world
        self.card = card
        self.index = index

    # -- the state ------------------------------------------------------------------------------------------------

    @property
    def joined(self) -> int:
        """Period of joining; negative for one who is not a member."""
        return int(self.world.members.joined[self.card.row, self.index])

    @property
    def is_member(self) -> bool:
        """Whether he is a member."""
        return self.joined >= 0

    @property
    def is_new(self) -> bool:
        """Whether he has never been a member."""
        return self.joined in (NEVER_MEMBER, HELD_OUT)

    @property
    def is_held_out(self) -> bool:
        """Whether he belongs to those who are kept out at random, and has not found his way in."""
        return self.joined == HELD_OUT

    @property
    def engaged(self) -> bool:
        """Whether he uses the card; one who has given it up stays a member."""
        return bool(self.world.members.engaged[self.card.row, self.index])

    @engaged.setter
    def engaged(self, value: bool) -> None:
        self.world.members.engaged[self.card.row, self.index] = value

    @property
    def balance(self) -> int:
        """Credits he can use."""
        return sum(int(self.world.members.lots[lot, self.index]) for lot in self.card.lots)

    @property
    def shown_balance(self) -> np.float32:
        """The same as the number with which he reckons, with his household's short of the last reward."""
        card, total = self.card, ZERO
        for lot in card.lots:
            total = total + np.float32(self.world.members.lots[lot, self.index])
        if card.pool_row >= 0 and card.rewards > 0:
            pooled = np.float32(self.world.members.pooled[card.pool_row, self.index])
            total = max(total, min(total + pooled, card.step_threshold[card.rewards - 1] - ONE))
        return np.float32(total)

    @property
    def tier(self) -> int:
        """His tier, 0 being the basic one."""
        return int(self.world.members.tier[self.card.tier_row, self.index]) if self.card.tier_row >= 0 else 0

    @property
    def bound(self) -> bool:
        """Whether a minimum term binds him."""
        card, joined = self.card, self.joined
        return card.term > 0 and joined >= 0 and self.world.t < joined + card.term

    # -- what happens to it ---------------------------------------------------------------------------------------

    def join(self) -> None:
        """Become a member; the fee is paid and the head start given, the first time, and a tier matched."""
        card, t, first_time = self.card, self.world.t, self.is_new
        self.world.members.joined[card.row, self.index] = t
        self.engaged = True
        self.count("joined")
        self.count("fees", card.first_fee if first_time else card.later_fee)
        self.count("trials", int(first_time and card.trial > 0))
        if first_time and card.head_start > 0:
            self.world.members.lots[card.lot_of(t), self.index] += card.head_start
            self.count("granted", card.head_start)

    def count(self, name: str, amount: int = 1) -> None:
        """Add to one of the programme's totals of this period."""
        self.world.count_programme(self.card, name, amount)

    def add(self, credits: int) -> None:
        """Put credits into the lot of this period."""
        self.world.members.lots[self.card.earning_lot(self.world.t), self.index] += credits

    def qualify(self, amount: int) -> None:
        """Something that counts towards a tier."""
        self.world.members.tier_spend[self.card.qualifying_part(self.world.t), self.index] += amount

    def take(self, credits: int) -> None:
        """Remove credits, oldest lots first; the balance must cover them."""
        card, lots = self.card, self.world.members.lots
        self.count("redeemed", credits)
        newest = self.world.t // card.lot_periods
        for age in reversed(range(card.lot_count)):
            lot = card.lot_first + (newest - age) % card.lot_count
            taken = min(credits, int(lots[lot, self.index]))
            lots[lot, self.index] -= taken
            credits -= taken

    def redeem(self, step: int) -> int:
        """Take one reward of the ladder for the credits it costs; returns these."""
        card, members = self.card, self.world.members
        credits, cents = int(card.step_threshold[step]), int(card.step_cents[step])
        self.take(credits)
        members.rewards[card.row, self.index] += 1
        members.worth[card.row, self.index] += cents
        self.count("rewards")
        self.count("reward_value", cents)
        return credits

    def empty_lot(self, lot: int) -> int:
        """Take everything out of one lot; returns how much it was."""
        credits = int(self.world.members.lots[lot, self.index])
        self.world.members.lots[lot, self.index] = 0
        return credits

    def end(self) -> None:
        """End the membership, if he is a member; what he holds is forfeited."""
        if not self.is_member:
            return
        card, members, i = self.card, self.world.members, self.index
        self.count("forfeited", sum(self.empty_lot(lot) for lot in card.all_lots))
        self.count("left")
        members.joined[card.row, i] = WAS_MEMBER
        self.engaged = False
        if card.bond_row >= 0:
            members.notice[card.bond_row, i] = 0
        if card.tier_row >= 0:
            members.tier[card.tier_row, i] = 0
            members.tier_shift[card.tier_row, i] = ZERO
            members.missed[card.tier_row, i] = 0
            for part in card.qualifying_parts:
                members.tier_spend[part, i] = 0
