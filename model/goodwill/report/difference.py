"""The paired difference between two arms, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from goodwill.lab.comparison import Comparison
from goodwill.lab.statistics.intervals import interval

ENOUGH_SEEN = 5_000  # replications beyond which more of them are no answer


@dataclass(frozen=True)
class Difference:
    """Paired difference of an outcome between two arms: mean, 95 % interval, and in how many worlds it is above zero."""

    mean: float
    low: float
    high: float
    ahead: int
    worlds: int

    @property
    def places(self) -> str:
        """In how many worlds it is ahead, in words."""
        if self.ahead in (0, self.worlds):
            return f"{'behind' if self.ahead == 0 else 'ahead'} in all {self.worlds} simulated worlds"
        return f"ahead in {self.ahead} of {self.worlds} simulated worlds"

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def worlds_needed(self) -> int | None:
        """Replications after which an interval around this mean would leave zero out; None: more than anybody would run."""
        if self.mean == 0 or not math.isfinite(self.high):
            return None
        half = (self.high - self.low) / 2
        needed = math.ceil(self.worlds * (half / self.mean) ** 2)
        return max(2, needed) if needed <= ENOUGH_SEEN else None


def difference(comparison: Comparison, arm: str, other: str, outcome: str) -> Difference:
    """The paired difference arm - other."""
    values = comparison.values(arm, outcome) - comparison.values(other, outcome)
    mean, low, high = interval(values)
    return Difference(mean, low, high, int(np.sum(values > 0)), int(np.isfinite(values).sum()))
