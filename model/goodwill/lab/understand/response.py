"""An outcome of a study as a table of numbers: one row a point, one column a replicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName, names_of

CASE = "case"
MOST_MISSING = 0.1  # a replicate without a value at more than this share of the points is left out as a whole


@dataclass(frozen=True)
class Response:
    """An outcome over the points of a study.

    points: one column a factor. values: [points, replicates], NaN where a run failed or the outcome is not defined; the same
    column is the same luck. unit: as `goodwill.report.numbers.by_unit` knows it. names: of the factors, in words.
    """

    points: pd.DataFrame
    values: np.ndarray
    label: str
    unit: str = "plain"
    names: Mapping[str, FactorName] = field(default_factory=dict)

    @property
    def factors(self) -> list[str]:
        """Names of the factors, as columns have them."""
        return [str(name) for name in self.points.columns]

    def only(self, **values: Any) -> Response:
        """The points at which factors (or the case) have these values."""
        keep = np.ones(len(self.points), bool)
        for factor, value in values.items():
            if factor not in self.factors:
                raise StudyError(f"{factor} is not a factor of the study; it varies {', '.join(self.factors)}")
            keep &= (self.points[factor] == value).to_numpy()
        if not keep.any():
            raise StudyError(f"no point of the study has {', '.join(f'{k} = {v}' for k, v in values.items())}")
        return replace(self, points=self.points[keep], values=self.values[keep])

    def complete(self) -> Response:
        """Only points and replicates without a gap: first go replicates that failed often, then the points that still have one."""
        values = self.values[:, self.sound_replicates()]
        rows = np.isfinite(values).all(axis=1)
        return replace(self, points=self.points[rows], values=values[rows])

    def sound_replicates(self) -> np.ndarray:
        """Which replicates have a value at nearly every point, [replicates]; StudyError if none has."""
        keep = (~np.isfinite(self.values)).mean(axis=0) <= MOST_MISSING
        if not keep.any():
            raise StudyError(
                f"{self.label}: every replicate failed, or is undefined, at more than {MOST_MISSING:.0%} of the points; "
                "look at the column `error` of results.runs, or take an outcome that is always defined"
            )
        return np.asarray(keep)

    def varying(self) -> Response:
        """Without factors that never change."""
        return replace(self, points=self.points.loc[:, self.points.nunique(dropna=False) > 1])

    def numeric(self) -> np.ndarray:
        """The factors as numbers, [points, factors]; raises StudyError for one that is not a number."""
        for factor in self.factors:
            if not is_number(self.points[factor]):
                raise StudyError(
                    f"{factor}: its values are not numbers, which this analysis needs; "
                    f"look at one of them at a time, as in response.only({factor}={self.points[factor].iloc[0]!r})"
                )
        return self.points.to_numpy(float)


def response(results: Any, outcome: str, arm: str | None = None, paired: bool = True) -> Response:
    """The outcome of an arm at each point: less the baseline's in the same world (`paired`), or by itself.

    results: of `goodwill.lab.study`. Without `arm`, the only one there is beside the baseline.
    """
    table = results.differences(outcome) if paired else results.values(outcome)
    name = chosen([str(column) for column in table.columns], arm)
    values = table[name].unstack("replicate").reindex(results.points.index)
    label, unit = results.label(outcome)
    what = f"{label} of {name}" + (f" against {results.baseline}" if paired else "")
    return Response(results.points, values.to_numpy(float), what, unit, names_of(results))


def chosen(arms: Sequence[str], arm: str | None) -> str:
    """The arm that was asked for, or the only one."""
    if arm is None and len(arms) == 1:
        return arms[0]
    if arm is None or arm not in arms:
        asked = "say which arm" if arm is None else f"there is no arm {arm!r}"
        raise StudyError(f"{asked}; the study has {', '.join(arms)}")
    return arm


def is_number(column: pd.Series) -> bool:
    """Whether a factor has order and distances."""
    return bool(pd.api.types.is_numeric_dtype(column)) and not pd.api.types.is_bool_dtype(column)
