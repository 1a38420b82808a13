"""How many replications each point gets: so many as the study says, or more and more until it is precise.

A point is looked at when all its runs up to a fixed number of replications are there, and the next look is decided by their numbers
alone: neither workers nor a resume change what is run.
"""

from __future__ import annotations

import numpy as np

from goodwill.lab.jobs.job import RUNS
from goodwill.lab.jobs.store import Store
from goodwill.lab.statistics.stopping import StoppingRule
from goodwill.lab.study.plan import Plan, Point

DEFAULT = 20


class Looks:
    """What is to be run next. `replications`: how many each point has, or is getting."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan, self._store = plan, store
        self.replications: dict[int, int] = {point.index: 0 for point in plan.points}
        self._open = list(plan.points)

    def next(self) -> dict[int, range] | None:
        """The replicates to run by point; None when all is done."""
        study = self._plan.study
        wanted: dict[int, range] = {}
        if study.precision is None:
            for point in self._open:
                wanted[point.index] = range(study.replications or DEFAULT)
            self._open = []
        else:
            precision = study.precision
            found = self._found(precision.outcome) if any(self.replications.values()) else {}
            self._open = [point for point in self._open if not self._settled(point, found)]
            for point in self._open:
                have = self.replications[point.index]
                wanted[point.index] = range(have, min(have + precision.batch, precision.at_most))
        self.replications.update({index: replicates.stop for index, replicates in wanted.items()})
        return wanted or None

    def replications_before(self, wanted: dict[int, range]) -> int:
        """Replications of all points before those of a look."""
        return sum(self.replications.values()) - sum(len(replicates) for replicates in wanted.values())

    def _settled(self, point: Point, found: dict[str, float]) -> bool:
        """Whether a point is precise enough, or has got all it may get."""
        precision = self._plan.study.precision
        assert precision is not None
        have = self.replications[point.index]
        if have == 0:
            return False
        if have >= precision.at_most:
            return True
        values = {name: self._values(point, name, have, found) for name in self._plan.arms}
        base = values.pop(self._plan.baseline)
        rule = StoppingRule(
            precision.half_width, precision.relative, precision.level, precision.batch, precision.at_most
        )
        return rule.reached(np.column_stack([mine - base for mine in values.values()] or [base]), base)

    def _values(self, point: Point, arm: str, replications: int, found: dict[str, float]) -> np.ndarray:
        """The outcome in each replication, not-a-number where the run failed."""
        cell = self._plan.cell(point, arm)
        return np.array(
            [found.get(self._plan.run_id(cell, replicate), np.nan) for replicate in range(replications)], float
        )

    def _found(self, outcome: str) -> dict[str, float]:
        """The outcome of every run that has one, by id."""
        import duckdb

        name = quoted(outcome)
        query = f"select run, {name} from read_parquet($files, union_by_name = true) where {name} is not null"
        try:
            return dict(duckdb.execute(query, {"files": self._store.files(RUNS)}).fetchall())
        except duckdb.BinderException:
            return {}  # every run failed, so that no part has the outcome


def quoted(name: str) -> str:
    """A name as SQL wants a column's."""
    return '"' + name.replace('"', '""') + '"'
