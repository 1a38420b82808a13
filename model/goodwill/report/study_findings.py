"""What a study says: averages over its points, the best arm, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.lab.statistics.averages import unit_of, world_averages
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.report.numbers import by_unit

if TYPE_CHECKING:
    from goodwill.lab.study.results import Results

LESS_IS_BETTER = ("cost", "programme_cost", "liability")
MANY_POINTS = 60  # beyond which points are counted, not told apart one by one


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves zero out."""
        return int(self.low > 0) - int(self.high < 0)


class Findings:
    """Averages over points, for a report. Every point weighs the same; intervals are over worlds (see `world_averages`)."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.outcome = results.outcomes[0]
        self._values: dict[str, pd.DataFrame] = {}

    # -- what there is ------------------------------------------------------------------------------------------

    def values(self, outcome: str) -> pd.DataFrame:
        """Values by (point, replicate) and arm, read once."""
        if outcome not in self._values:
            self._values[outcome] = self.results.values(outcome)
        return self._values[outcome]

    def differences(self, outcome: str) -> pd.DataFrame:
        """Paired differences to the baseline by (point, replicate) and arm."""
        values = self.values(outcome)
        return values.drop(columns=self.results.baseline).sub(values[self.results.baseline], axis=0)

    def whole(self, outcome: str) -> pd.DataFrame:
        """Values of the worlds that all arms have lived through (all that have this outcome at all): what averages are of."""
        return self.values(outcome).dropna(axis=1, how="all").dropna()

    @cached_property
    def worlds(self) -> pd.Series:
        """Whole worlds by point, of the points that have any."""
        return self.whole(self.outcome).groupby(level="point").size()

    @cached_property
    def comparable(self) -> bool:
        """Whether there is a world that the baseline and another arm have lived through."""
        known = self.whole(self.outcome)
        return bool(len(known)) and self.results.baseline in known and known.shape[1] > 1

    @cached_property
    def designs(self) -> list[str]:
        """All arms but the baseline, the best average first; those without a whole run last."""
        sign = 1 if self.lowest else -1
        means = {arm: self.mean(arm, self.outcome).mean for arm in self.results.arms if arm != self.results.baseline}
        return sorted(means, key=lambda arm: (np.isnan(means[arm]), sign * means[arm]))

    @property
    def shown(self) -> list[str]:
        """The arms figures show: the designs, or the baseline where it is alone."""
        return self.designs or [self.results.baseline]

    def contrast(self, outcome: str) -> pd.DataFrame:
        """What figures show of them: differences to the baseline, or its own values where it is alone."""
        return self.differences(outcome) if self.designs else self.values(outcome)

    @cached_property
    def empty(self) -> bool:
        """Whether no run has given the first outcome."""
        return bool(self.values(self.outcome).isna().all().all())

    @cached_property
    def unit_of_spread(self) -> str:
        """What intervals are over: "world" or, with one replication, "point"."""
        return unit_of(self.whole(self.outcome))

    @cached_property
    def even(self) -> bool:
        """Whether all points have as many whole worlds: then rows of averages are worlds, else weighted ones."""
        return bool(self.worlds.nunique() <= 1)

    @property
    def lowest(self) -> bool:
        """Whether less of the first outcome is better."""
        return (self.results.study.outcomes[self.outcome].of or self.outcome) in LESS_IS_BETTER

    @property
    def extreme(self) -> str:
        """Highest or lowest, whichever is better."""
        return "lowest" if self.lowest else "highest"

    # -- averages over points -----------------------------------------------------------------------------------

    def mean(self, arm: str, outcome: str) -> Estimate:
        """An outcome of an arm."""
        known = self.whole(outcome)
        if arm not in known:
            return Estimate(np.nan, np.nan, np.nan)
        return Estimate(*interval(world_averages(known)[arm].to_numpy()))

    def difference(self, arm: str, outcome: str, other: str | None = None) -> Estimate:
        """The paired difference of an arm to another (default: the baseline), by itself."""
        values = self.values(outcome)
        apart = (values[arm] - values[other or self.results.baseline]).to_frame("apart")
        return Estimate(*interval(world_averages(apart)["apart"].to_numpy()))

    @cached_property
    def _corrected(self) -> dict[str, pd.DataFrame]:
        return {}

    def corrected(self, arm: str, outcome: str) -> Estimate:
        """The paired difference to the baseline with an interval that holds for all arms at once."""
        if outcome not in self._corrected:
            apart = world_averages(self.differences(outcome).dropna(axis=1, how="all"))
            self._corrected[outcome] = simultaneous_intervals(apart)
        found = self._corrected[outcome]
        if arm not in found.index:
            return Estimate(np.nan, np.nan, np.nan)
        row = found.to_dict("index")[arm]
        return Estimate(row["difference"], row["low"], row["high"])

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Every arm against the best of the others, the best mean first (best.compare_with_best)."""
        found = compare_with_best(world_averages(self.whole(self.outcome)), lowest=self.lowest)
        return found.sort_values("mean", ascending=self.lowest, kind="stable")

    @property
    def candidates(self) -> list[str]:
        """The arms that could have the best average."""
        return [str(arm) for arm in self.ranking.index[self.ranking["could_be_best"].astype(bool)]]

    # -- by point -----------------------------------------------------------------------------------------------

    @cached_property
    def winners(self) -> pd.Series:
        """The arm with the best mean of each point that has whole runs."""
        known = self.whole(self.outcome)
        means = known.groupby(level="point").mean()
        return means.idxmin(axis=1) if self.lowest else means.idxmax(axis=1)

    @cached_property
    def clear_winners(self) -> pd.Series | None:
        """The arm that is clearly best in each point, by Hsu's comparisons (None where no arm is); None for very many points or one
        replication.
        """
        known = self.whole(self.outcome)
        points = known.index.get_level_values("point").unique()
        if len(points) > MANY_POINTS or self.unit_of_spread == "point":
            return None
        found: dict[int, str | None] = {}
        for point in points:
            table = compare_with_best(known.loc[[point]], lowest=self.lowest)
            left = table.index[table["could_be_best"].astype(bool)]
            found[point] = str(left[0]) if len(left) == 1 else None
        return pd.Series(found, dtype=object)

    def point_name(self, point: int) -> str:
        """What a point is called: its case, and the values of its factors."""
        row = self.results.points.loc[point]
        if not len(row):
            return "all arms"
        parts = [str(value) if name == "case" else f"{name} {short(value)}" for name, value in row.items()]
        return ", ".join(parts)

    # -- words for numbers --------------------------------------------------------------------------------------

    @property
    def currency(self) -> str:
        """Currency of the study's scenario."""
        return str(self.results.study.scenario.measurement.currency)

    def label(self, outcome: str) -> str:
        """What an outcome is called in a sentence."""
        return self.results.label(outcome)[0]

    def amount(self, value: float, outcome: str, signed: bool = False) -> str:
        """A number with its unit."""
        unit = self.results.label(outcome)[1]
        words = {"money": f" {self.currency} a year", "balance": f" {self.currency}", "points": " points"}.get(unit, "")
        if unit == "share" and signed:
            words = " percentage points"
        return by_unit(value, unit, signed) + words

    def range(self, found: Estimate, outcome: str) -> str:
        """The ends of a difference's interval."""
        unit = self.results.label(outcome)[1]
        return f"{by_unit(found.low, unit, True)} to {by_unit(found.high, unit, True)}"


def short(value: object) -> str:
    """A factor's value in few characters."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
