"""Short forms: programmes with a few levers that say the rest themselves, in the full language."""

from __future__ import annotations

from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.terms import Mechanics
from goodwill.scenario.declare import parameter


class ShortForm(Programme):
    """A programme for members with few levers; it writes itself out in full, and is translated from there."""

    holdout: float = parameter(
        0.0,
        meaning="share of customers, drawn at random, who are kept out, so that the effect can be measured",
        unit="share",
        low=0,
        high=1,
        source="data of the firm",
    )

    def in_full(self) -> LoyaltyProgramme:
        """The same programme with all its sections."""
        raise TypeError(f"{type(self).__name__} does not say what it stands for: write its in_full()")

    def mechanics(self, calendar: Calendar) -> Mechanics:
        """What the full programme does."""
        return self.in_full().mechanics(calendar)
