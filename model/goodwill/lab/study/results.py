"""The results of a study: tidy tables, read from its folder when they are asked for."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.jobs.job import RUNS
from goodwill.lab.jobs.store import Store
from goodwill.lab.outcomes import OUTCOMES
from goodwill.lab.statistics.summary import summarise
from goodwill.lab.study.budgets import scaling
from goodwill.lab.study.looks import quoted
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.study import Study

if TYPE_CHECKING:
    from goodwill.lab.understand.explain import Finding
    from goodwill.plots.style import PaperFigure

TABLE = "runs.parquet"
ASKED = "asked.parquet"
SCALED = "scaled.parquet"


class Results:
    """What a study found, finished or not. `Results.load(folder)` reads one; every table is a pandas DataFrame.

    A run that failed has its `error` and no outcomes (NaN).
    """

    def __init__(
        self, folder: str | Path, plan: Plan | None = None, keys: pd.DataFrame | None = None, keep_alive: Any = None
    ) -> None:
        self.folder = Path(folder)
        self._store = Store(self.folder, read_only=True)
        manifest = self._store.manifest()
        if manifest is None or "study" not in manifest:
            raise StudyError(f"{folder}: holds no study; name the folder of a `goodwill study run`")
        self.manifest: dict[str, Any] = manifest
        self.plan = plan or Plan(Study.from_dict(manifest["study"], str(folder)))
        self.study = self.plan.study
        if keys is not None:
            self.keys = keys
        self._keep_alive = keep_alive

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read the study of a folder. Raises `StudyError` when it holds none."""
        return cls(folder)

    # -- what was asked -----------------------------------------------------------------------------------------

    @property
    def points(self) -> pd.DataFrame:
        """Index `point`; `case` if there are cases; a column for each factor."""
        return self.plan.table

    @property
    def arms(self) -> list[str]:
        """Names of the arms, the baseline among them."""
        return list(self.plan.arms)

    @property
    def baseline(self) -> str:
        """The arm others are measured against."""
        return self.plan.baseline

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes; the first is the one that decides."""
        return list(self.study.outcomes)

    @cached_property
    def scaled(self) -> pd.DataFrame:
        """point, arm, budget, cost, factor, error: how arms were scaled to the budget; empty without one."""
        path = self.folder / SCALED
        return pd.read_parquet(path) if path.is_file() else scaling(self.plan)

    # -- what was found -----------------------------------------------------------------------------------------

    @cached_property
    def keys(self) -> pd.DataFrame:
        """point, arm, replicate, run: the runs that were asked for up to now, in order."""
        path = self.folder / ASKED
        try:
            return pd.read_parquet(path)
        except FileNotFoundError:
            return self.plan.keys({point.index: 0 for point in self.plan.points})
        except (OSError, ValueError) as error:
            raise StudyError(f"{path}: is damaged ({error}); run the study again: finished runs are kept") from None

    @cached_property
    def replications(self) -> dict[int, int]:
        """Replications by point that were asked for up to now."""
        counts = self.keys.groupby("point").size() // len(self.arms)
        return {point.index: int(counts.get(point.index, 0)) for point in self.plan.points}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """point, arm, replicate, run, a column for each outcome, seconds, error: one row for each run that is done."""
        found = self._read(RUNS)
        for name in self.outcomes:
            if name not in found:
                found[name] = np.nan
            found[name] = found[name].astype(float)
        return found[["point", "arm", "replicate", "run", *self.outcomes, "seconds", "error"]]

    @property
    def failed(self) -> pd.DataFrame:
        """The runs that failed, each with its error."""
        return self.runs[self.runs["error"].notna()]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """Index `point`: runs asked for, done, and failed."""
        done = self.runs.groupby("point")["error"].agg(done="size", failed="count")
        asked = pd.Series(self.replications, name="asked") * len(self.arms)
        table = asked.to_frame().join(done).fillna(0).astype(int)
        table.index.name = "point"
        return table

    @property
    def finished(self) -> bool:
        """Whether every run asked for is there."""
        return bool(self.manifest["finished"]) and len(self.runs) == len(self.keys)

    @property
    def accounts(self) -> pd.DataFrame:
        """point, arm, replicate, account, amount (currency per year, income positive); with `keep: [accounts]`."""
        return self._kept("accounts")

    @property
    def periods(self) -> pd.DataFrame:
        """point, arm, replicate, period and the firm's figures in it; with `keep: [periods]`."""
        return self._kept("periods")

    @property
    def customers(self) -> pd.DataFrame:
        """point, arm, replicate, customer, visits_before, visits, benefit, member; with `keep: [customers]`.

        It can be large; `sql` asks for what is needed only.
        """
        return self._kept("customers")

    def values(self, outcome: str) -> pd.DataFrame:
        """An outcome: a row for each (point, replicate), a column for each arm. `anyway` needs `keep: [customers]`."""
        runs = self.runs
        if outcome == "anyway" and outcome not in runs:
            runs = runs.assign(anyway=self._anyway())
        self._check_outcome(outcome, runs)
        wide = runs.pivot(index=["point", "replicate"], columns="arm", values=outcome)
        wide.columns.name = None
        return wide.reindex(columns=self.arms)

    def differences(self, outcome: str) -> pd.DataFrame:
        """An outcome's paired difference to the baseline: a row for each (point, replicate), a column for each other arm."""
        values = self.values(outcome)
        return values.drop(columns=self.baseline).sub(values[self.baseline], axis=0)

    def sql(self, query: str) -> pd.DataFrame:
        """Ask with SQL (DuckDB): tables `runs`, `points`, and those that were kept. Raises `StudyError` for a query that is wrong."""
        import duckdb

        connection = duckdb.connect()
        connection.register("runs", self.runs)
        connection.register("points", self.points.reset_index())
        connection.register("keys", self.keys)
        for table in self._store.tables():
            if table != RUNS:
                connection.execute(
                    f"create view {quoted(table)} as select point, arm, replicate, t.* exclude (place) from keys join "
                    f"{self._store.once(table)} t using (run)"
                )
        try:
            return connection.execute(query).df()
        except duckdb.Error as error:
            raise StudyError(f"the query cannot be answered: {error}") from None

    @cached_property
    def summary(self) -> pd.DataFrame:
        """point, arm, outcome: mean, low, high; the paired difference to the baseline with its interval, and with one that holds
        for all arms of the point at once (see statistics.summary.summarise).
        """
        return summarise({name: self.values(name) for name in self.outcomes}, self.baseline)

    def label(self, outcome: str) -> tuple[str, str]:
        """What an outcome is called, and its unit (see `OUTCOMES`)."""
        if outcome == "anyway":
            return "Given anyway", "share"
        declared = self.study.outcomes[outcome]
        label, unit, _ = OUTCOMES[declared.of or outcome]
        return (label if declared.of in (None, outcome) else outcome.replace("_", " ").capitalize()), unit

    def __repr__(self) -> str:
        done, asked = len(self.runs), len(self.keys)
        failed = f", {len(self.failed)} of them failed" if len(self.failed) else ""
        return f"<Results of {self.study.name}: {len(self.points)} points, {len(self.arms)} arms, {done:,} of {asked:,} runs{failed}>"

    # -- showing it ---------------------------------------------------------------------------------------------

    def plot(self) -> PaperFigure:
        """The differences of the first outcome by point, or, with one arm, what the factors change (matplotlib)."""
        from goodwill.report.study import study_figure
        from goodwill.report.study_findings import Findings

        return study_figure(Findings(self))

    def report(self, path: str | Path) -> Path:
        """Write one self-contained HTML file; returns its path."""
        from goodwill.report.study import write_study_report

        return write_study_report(self, path)

    def explain(self, outcome: str | None = None, arm: str | None = None) -> list[Finding]:
        """What decides an outcome (default: the first), when an arm loses, how arms stand up to doubt, where they break even."""
        from goodwill.lab.understand.explain import explain

        return explain(self, outcome, arm)

    # -- reading ------------------------------------------------------------------------------------------------

    def _check_outcome(self, outcome: str, runs: pd.DataFrame) -> None:
        from goodwill.scenario.explain import nearest

        if outcome not in runs:
            raise StudyError(f"outcome {outcome!r} was not measured{nearest(outcome, self.outcomes)}")

    def _kept(self, table: str) -> pd.DataFrame:
        if table not in self.study.keep:
            raise StudyError(f"{table}: were not kept; write `keep: [{table}]` into the study and run it again")
        return self._read(table)

    def _read(self, table: str) -> pd.DataFrame:
        """A table's rows of the runs asked for, in their order."""
        import duckdb

        keys = self.keys
        if not self._store.files(table):
            return keys.head(0).assign(seconds=pd.Series(dtype=float), error=pd.Series(dtype=object))
        connection = duckdb.connect()
        connection.register("keys", keys.assign(row=np.arange(len(keys))))
        try:
            found = connection.execute(
                f"select keys.*, t.* exclude (run) from keys join {self._store.once(table)} t using (run) order by row, place"
            ).df()
        except duckdb.Error as error:
            raise StudyError(
                f"{self.folder}: {table} cannot be read ({error}); `goodwill study resume` mends it"
            ) from None
        return found.drop(columns=["row", "place"])

    def _anyway(self) -> pd.Series:
        """Share of what was given that went to purchases which would have been made without it, by run (see `anyway_share`)."""
        if "customers" not in self.study.keep:
            raise StudyError("anyway: needs the customers; write `keep: [customers]` into the study and run it again")
        found = self.sql(
            f"""
            with base as (select point, replicate, customer, visits from customers where arm = '{self.baseline.replace("'", "''")}'),
            mine as (
                select c.run, c.point, c.replicate, c.arm, c.visits, base.visits as without,
                    case when isnan(c.benefit) then c.visits else c.benefit end as given
                from customers c join base using (point, replicate, customer)
            )
            select run, point, replicate, arm,
                sum(given * least(visits, without) / greatest(visits, 1)) / nullif(sum(given), 0) as anyway
            from mine group by all
            """
        )
        found = found[found["arm"] != self.baseline]
        return self.runs.merge(found, on=["point", "replicate", "arm"], how="left")["anyway"]


def write_asked(plan: Plan, folder: Path, replications: dict[int, int]) -> pd.DataFrame:
    """Write which runs are asked for, and how arms were scaled: what later versions of goodwill need to read the results."""
    keys = plan.keys(replications)
    write_atomically(folder / ASKED, keys.to_parquet)
    if plan.scaled:
        write_atomically(folder / SCALED, scaling(plan).to_parquet)
    return keys


def write_table(plan: Plan, store: Store, keys: pd.DataFrame) -> Path:
    """Write the one table of all runs, FOLDER/runs.parquet, with the factors' values beside the outcomes."""
    import duckdb

    connection = duckdb.connect()
    connection.register("keys", keys.assign(row=np.arange(len(keys))))
    points = plan.table.reset_index()
    for name in points.columns:
        if points[name].map(lambda value: isinstance(value, list | dict)).any():
            points[name] = points[name].map(json.dumps)
    connection.register("points", points)
    target = store.folder / TABLE
    query = (
        "select points.*, arm, replicate, t.* exclude (trace, place) from keys join points using (point) "
        f"join {store.once(RUNS)} t using (run) order by row"
    )

    def write(path: Path) -> None:
        place = str(path).replace("'", "''")
        connection.execute(f"copy ({query}) to '{place}' (format parquet)")

    return write_atomically(target, write)
