"""When to stop adding replications: at a wanted precision, looked at after fixed numbers of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from goodwill.lab.statistics.intervals import LEVEL, finite, interval

FEWEST = 5  # a variance from fewer replications is no ground for stopping


@dataclass(frozen=True)
class StoppingRule:
    """Go on until an interval is narrow enough, or `at_most` replications are done.

    half_width: wanted half width of the interval, in the unit of the outcome. relative: wanted half width as a share of the
    size of a mean: that of the values themselves, or of a reference they are differences to (see `reached`). At least
    one of the two is given; with both, both hold. batch: replications between two looks.

    The rule sees only the first 1, 2, 3, ... batches in the order of the replicate's number, never what happens to be
    finished: workers and interruptions cannot change where a study stops. Stopping when an interval looks narrow (Chow &
    Robbins 1965, Ann. Math. Stat. 36) is right only in the limit: stops come more often where the variance was
    underestimated. What that costs in coverage is measured in tests/lab/statistics/test_stopping.py.
    """

    half_width: float | None = None
    relative: float | None = None
    level: float = LEVEL
    batch: int = 10
    at_most: int = 200

    def __post_init__(self) -> None:
        if self.half_width is None and self.relative is None:
            raise ValueError("a stopping rule needs half_width, relative or both")
        for name in ("half_width", "relative"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be above 0, not {value}")
        if not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, not {self.level}")
        if self.batch < FEWEST:
            raise ValueError(f"batch must be at least {FEWEST}, not {self.batch}: less give no variance to stop on")
        if self.at_most < self.batch:
            raise ValueError(f"at_most ({self.at_most}) must be at least batch ({self.batch})")

    def looks(self) -> Iterator[int]:
        """Numbers of replications after which the rule looks; the last is `at_most`."""
        yield from range(self.batch, self.at_most, self.batch)
        yield self.at_most

    def reached(self, values: np.ndarray, reference: np.ndarray | None = None) -> bool:
        """Whether the interval of these values is narrow enough (replications in order; several columns: all of them).

        reference: the baseline's values, when `values` are differences to it and `relative` is meant as a share of its mean.
        Without one, `relative` is a share of the values' own mean, and the rule is half width / |mean| <= relative /
        (1 + relative): then the error relative to the true mean is at most `relative` (Law 2015, Simulation Modeling and
        Analysis, section 9.4.1).
        """
        columns = np.asarray(values, float)
        columns = columns[:, None] if columns.ndim == 1 else columns
        return all(self._narrow(column, reference) for column in columns.T)

    def stop(self, values: np.ndarray, reference: np.ndarray | None = None) -> int | None:
        """Replications after which the rule stops; None: it wants more than there are."""
        for n in self.looks():
            if n > len(values):
                return None
            if n == self.at_most or self.reached(values[:n], None if reference is None else reference[:n]):
                return n
        return None

    def _narrow(self, values: np.ndarray, reference: np.ndarray | None) -> bool:
        if len(finite(values)) < FEWEST:
            return False
        mean, low, high = interval(values, self.level)
        half = (high - low) / 2
        if self.half_width is not None and half > self.half_width:
            return False
        if self.relative is None:
            return True
        if reference is None:
            return half <= self.relative / (1 + self.relative) * abs(mean)
        return half <= self.relative * abs(interval(reference)[0])
