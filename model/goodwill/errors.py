"""The errors of goodwill: each message names the place, the value and the remedy. The command line exits with code 2."""

from __future__ import annotations


class GoodwillError(Exception):
    """Something a user can put right."""


class ScenarioError(GoodwillError):
    """A scenario, arm or programme that is not valid."""


class RuleError(GoodwillError):
    """A user's own rule that does not fit."""


class StudyError(GoodwillError):
    """A comparison that cannot be run, stored or resumed."""
