"""One customer's place in one programme: member or not, his credits by lot, his tier."""

from __future__ import annotations

import numpy as np

from goodwill.engine.maths import ZERO
from goodwill.engine.reference.card import Card
from goodwill.engine.reference.world import World


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
    def engaged(self) -> bool:
        """Whether he uses the card; one who has given it up stays a member."""
        return bool(self.world.members.engaged[self.card.row, self.index])

    @engaged.setter
    def engaged(self, value: bool) -> None:
        self.world.members.engaged[self.card.row, self.index] = value

    @property
    def balance(self) -> int:
        """Credits he holds."""
        return sum(int(self.world.members.lots[lot, self.index]) for lot in self.card.lots)

    @property
    def shown_balance(self) -> np.float32:
        """The same as the number with which he reckons."""
        total = ZERO
        for lot in self.card.lots:
            total = total + np.float32(self.world.members.lots[lot, self.index])
        return total

    @property
    def tier(self) -> int:
        """His tier, 0 being the basic one."""
        return int(self.world.members.tier[self.card.tier_row, self.index]) if self.card.tier_row >= 0 else 0

    # -- what happens to it ---------------------------------------------------------------------------------------

    def join(self) -> None:
        """Become a member; the fee is paid and the head start given."""
        card, t = self.card, self.world.t
        self.world.members.joined[card.row, self.index] = t
        self.engaged = True
        self.world.count_programme(card, "joined")
        self.world.count_programme(card, "fees", card.fee)
        if card.head_start > 0:
            self.add(card.head_start)
            self.world.count_programme(card, "granted", card.head_start)

    def add(self, credits: int) -> None:
        """Put credits into the lot of this period."""
        self.world.members.lots[self.card.lot_of(self.world.t), self.index] += credits

    def spend_on_tier(self, cents: int) -> None:
        """Money that counts towards a tier."""
        self.world.members.tier_spend[self.card.tier_row, self.index] += cents

    def redeem(self) -> None:
        """Take one reward for the credits it costs, oldest lots first; the balance must cover it."""
        card, lots = self.card, self.world.members.lots
        due = card.threshold
        newest = self.world.t // card.lot_periods
        for age in reversed(range(card.lot_count)):
            lot = card.lot_first + (newest - age) % card.lot_count
            taken = min(due, int(lots[lot, self.index]))
            lots[lot, self.index] -= taken
            due -= taken
        self.world.members.rewards[card.row, self.index] += 1
        self.world.count_programme(card, "redeemed", card.threshold)
        self.world.count_programme(card, "rewards")

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
        self.world.count_programme(card, "forfeited", sum(self.empty_lot(lot) for lot in card.lots))
        self.world.count_programme(card, "left")
        members.joined[card.row, i] = -1
        self.engaged = False
        if card.tier_row >= 0:
            members.tier[card.tier_row, i] = 0
            members.tier_spend[card.tier_row, i] = 0
            members.tier_shift[card.tier_row, i] = ZERO
