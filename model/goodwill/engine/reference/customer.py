"""The customer of the reference engine: his period, step by step."""

from __future__ import annotations

from goodwill.engine.maths import ZERO
from goodwill.engine.reference.choosing import NO_FIRM, Choice
from goodwill.engine.reference.hearing import Hears
from goodwill.engine.reference.looks import Looks
from goodwill.engine.reference.meeting import Meets
from goodwill.engine.reference.noting import Notes
from goodwill.engine.reference.referring import Recommends
from goodwill.engine.reference.relating import Relates
from goodwill.engine.reference.shopping import Shops
from goodwill.engine.reference.spending import Spends


class Customer(Looks, Hears, Shops, Spends, Notes, Relates, Recommends, Meets):
    """One customer of a market; what he is can be read off his properties, what he does off his methods."""

    on_record = False  # whether his purchases are written down

    def step(self) -> None:
        """One period of his life, in the order of the period."""
        w, p = self.world, self.world.parameters
        if p.value_on:
            self.weigh_offers()
        self.hear_talk()
        if p.posts_on:
            self.read_posts()
        self.hear_firms()
        if w.offers:
            self.fade_favours()
            if p.offers_on:
                self.take_samples()
        trips = self.shopping_trips()
        w.count_market("present", int(self.present))
        w.count_market("arrived", int(w.customers.arrival[self.index] == w.t))
        w.count_market("trips", trips)
        self.bought = 0
        for trip in range(trips):
            self.go_shopping(trip)
        if p.programmes_on:
            if w.customers.birthday.size:
                self.get_gifts()
            self.review_memberships()
        self.end_relationships()
        self.be_approached()
        if p.talk_listened:
            self.talk()
        if p.referral_on:
            self.may_recommend()
        if p.stages_on:
            self.move_on(trips)
        self.let_time_pass()
        self.be_counted()
        self.forget_luck()

    def be_approached(self) -> None:
        """What firms do at the end of the period about those they have, miss or lost."""
        w, p = self.world, self.world.parameters
        if p.contact_on:
            self.be_kept_in_contact()
        if w.offers and p.win_back_on:
            self.be_won_back()
        if w.offers and p.offers_on:
            self.be_missed()
        self.be_counted_on_file()

    def go_shopping(self, trip: int) -> None:
        """One trip: one purchase, none, or two of different brands. Under contract, he is served by his provider."""
        w, p = self.world, self.world.parameters
        if p.contract:
            self.buy(trip, 2 * trip, Choice(int(w.customers.last[self.index]), [], []))
            return
        first = self.choose(trip)
        if first.firm == NO_FIRM:
            return
        self.buy(trip, 2 * trip, first)
        if p.incidence_extra_brand > ZERO and self.wants_second_brand(trip):
            second = self.choose(trip, other_than=first.firm)
            if second.firm != NO_FIRM:
                self.buy(trip, 2 * trip + 1, second)

    def buy(self, trip: int, occasion: int, choice: Choice) -> None:
        """A purchase and all that follows from it."""
        p = self.world.parameters
        reason = (0, 0)
        if self.on_record:
            reason = self.why_stay(choice.firm) if p.contract else self.why(choice, trip)
        kinds = self.deciding_kinds_of_value(choice) if self.on_record and p.value_on and not p.contract else 0
        purchase = self.start_purchase(trip, occasion, choice.firm)
        if p.match_on:
            purchase.bonus = purchase.bonus + self.world.customers.match[choice.firm, self.index]
        if p.spending_on:
            self.fill_basket(purchase)
        if p.programmes_on:
            self.before_paying(purchase)
        purchase.value_held_by = kinds
        if self.world.offers:
            self.redeem_offer(purchase)
        if self.world.customers.discomfort.size:
            self.be_treated_personally(purchase)
        if p.encounter_on:
            self.meet(purchase)
        if p.experience_on:
            self.experience_visit(purchase)
        if p.encounter_on:
            self.bond(purchase)
        if p.defection_on and p.defection_lapse > ZERO and not p.contract:
            self.lapse(purchase)
        if p.habit_on:
            self.form_habits(choice.firm)
            if p.experiences_on:
                self.get_involved(purchase)
        self.enter_purchase(purchase)
        if p.spending_on:
            self.add_lines(purchase)
        if p.programmes_on:
            self.after_paying(purchase)
        if self.on_record:
            self.write_down(purchase, reason)
        if p.defection_on and not p.contract:
            self.drop_out(purchase)
