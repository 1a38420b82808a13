"""The customers' behaviour: one file per subject, one section per mechanism, each with one key that switches it off."""

from __future__ import annotations

from goodwill.scenario.behaviour.bonds import Bonds, Fairness, Trust
from goodwill.scenario.behaviour.choice import Choice, Habit, Incidence, Outside
from goodwill.scenario.behaviour.commitment import Commitment
from goodwill.scenario.behaviour.defection import Defection
from goodwill.scenario.behaviour.encounter import Experiences, Surprise
from goodwill.scenario.behaviour.experience import Delight, Expectation, Match, Satisfaction, Zone
from goodwill.scenario.behaviour.life import Consideration, Stages
from goodwill.scenario.behaviour.outreach import Contact, GiftsFelt, Offers, Personal, Posts, Returning
from goodwill.scenario.behaviour.programmes import Programmes
from goodwill.scenario.behaviour.recovery import Recovery
from goodwill.scenario.behaviour.referral import Recommending
from goodwill.scenario.behaviour.spending import Spending
from goodwill.scenario.behaviour.value import Value
from goodwill.scenario.behaviour.word_of_mouth import WordOfMouth
from goodwill.scenario.declare import Section, section

__all__ = [
    "Behaviour",
    "Bonds",
    "Choice",
    "Commitment",
    "Consideration",
    "Contact",
    "Defection",
    "Delight",
    "Expectation",
    "Experiences",
    "Fairness",
    "GiftsFelt",
    "Habit",
    "Incidence",
    "Match",
    "Offers",
    "Outside",
    "Personal",
    "Posts",
    "Programmes",
    "Recommending",
    "Recovery",
    "Returning",
    "Satisfaction",
    "Spending",
    "Stages",
    "Surprise",
    "Trust",
    "Value",
    "WordOfMouth",
    "Zone",
]


class Behaviour(Section):
    """Every mechanism of the customers."""

    incidence: Incidence = section(Incidence, "how often customers shop in the category")
    choice: Choice = section(Choice, "how they choose a firm")
    outside: Outside = section(Outside, "the option to buy nothing")
    habit: Habit = section(Habit, "procedural switching cost")
    expectation: Expectation = section(Expectation, "what they expect")
    satisfaction: Satisfaction = section(Satisfaction, "how experiences satisfy")
    match: Match = section(Match, "how well a firm suits a customer")
    delight: Delight = section(Delight, "what counts beyond satisfaction")
    spending: Spending = section(Spending, "what a relationship does to spending and cost")
    zone: Zone = section(Zone, "zone of tolerance")
    commitment: Commitment = section(Commitment, "relational switching cost")
    consideration: Consideration = section(Consideration, "which firms come to mind")
    stages: Stages = section(Stages, "how far a relationship has come")
    value: Value = section(Value, "delivered value: eight kinds of benefit and cost")
    recovery: Recovery = section(Recovery, "failures, complaints and redress")
    trust: Trust = section(Trust, "trust in firms")
    fairness: Fairness = section(Fairness, "resentment of unequal treatment")
    bonds: Bonds = section(Bonds, "what feeds and wears commitment besides delight")
    experiences: Experiences = section(Experiences, "five kinds of staged experience")
    surprise: Surprise = section(Surprise, "unexpected extra service")
    defection: Defection = section(Defection, "leaving for good")
    word_of_mouth: WordOfMouth = section(WordOfMouth, "talking and listening")
    programmes: Programmes = section(Programmes, "how they see loyalty programmes")
    offers: Offers = section(Offers, "what samples and coupons do")
    gifts: GiftsFelt = section(GiftsFelt, "what gifts do")
    personal: Personal = section(Personal, "personal treatment")
    contact: Contact = section(Contact, "levels of contact")
    win_back: Returning = section(Returning, "coming back after leaving")
    posts: Posts = section(Posts, "reading firms' posts")
    referral: Recommending = section(Recommending, "recommending firms to others")
