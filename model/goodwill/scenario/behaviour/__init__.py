"""The customers' behaviour: one file per subject, one section per mechanism, each with one key that switches it off."""

from __future__ import annotations

from goodwill.scenario.behaviour.choice import Choice, Habit, Incidence, Outside
from goodwill.scenario.behaviour.commitment import Commitment
from goodwill.scenario.behaviour.defection import Defection
from goodwill.scenario.behaviour.experience import Expectation, Satisfaction, Zone
from goodwill.scenario.behaviour.life import Consideration, Stages
from goodwill.scenario.behaviour.programmes import Programmes
from goodwill.scenario.behaviour.word_of_mouth import WordOfMouth
from goodwill.scenario.declare import Section, section

__all__ = [
    "Behaviour",
    "Choice",
    "Commitment",
    "Consideration",
    "Defection",
    "Expectation",
    "Habit",
    "Incidence",
    "Outside",
    "Programmes",
    "Satisfaction",
    "Stages",
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
    zone: Zone = section(Zone, "zone of tolerance")
    commitment: Commitment = section(Commitment, "relational switching cost")
    consideration: Consideration = section(Consideration, "which firms come to mind")
    stages: Stages = section(Stages, "how far a relationship has come")
    defection: Defection = section(Defection, "leaving for good")
    word_of_mouth: WordOfMouth = section(WordOfMouth, "talking and listening")
    programmes: Programmes = section(Programmes, "how they see loyalty programmes")
