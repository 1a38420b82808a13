"""Trying designs in simulated worlds: runs go through the store of jobs, so that what was run once is never run again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from goodwill.errors import ScenarioError
from goodwill.lab.jobs.job import RUNS, Job
from goodwill.lab.jobs.runner import Progress, run_jobs
from goodwill.lab.jobs.store import Store
from goodwill.lab.optimise.search import Evaluation
from goodwill.lab.optimise.space import Design
from goodwill.lab.study.past import Past
from goodwill.lab.study.plan import Cell, Plan, Point
from goodwill.lab.study.simulate import simulate


class Worlds:
    """evaluate() of a search: every design in the same replications, each once.

    total: runs expected in all, for the progress.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        workers: int,
        executor: Executor | None = None,
        progress: Progress | None = None,
        total: int = 0,
    ) -> None:
        self._plan, self._store, self._workers, self._executor = plan, store, workers, executor
        self._progress, self.total, self.done = progress, total, 0
        self._rows: dict[str, dict[str, float | str | None]] = {}
        self._read: set[str] = set()
        # Then all designs have the same past, which workers keep.
        self._one_world = all(factor.arm is not None for factor in plan.study.factors.values())

    def __call__(self, designs: Sequence[Design], replicates: Sequence[int]) -> list[Evaluation]:
        """Outcomes of each design, or why it cannot be run."""
        cells: dict[Design, Cell] = {}
        pasts: dict[Design, Past | None] = {}
        problems: dict[Design, str] = {}
        for design in designs:
            point = Point(0, None, design.values)
            try:
                cells[design] = self._plan.cell(point, design.arm)
                pasts[design] = self._plan.past(point) if self._one_world else None
            except ScenarioError as error:
                problems[design] = str(error).removeprefix(f"{self._plan.study.name}: {point}: ")
        jobs = [
            self._plan.job(cell, replicate, pasts[design]) for design, cell in cells.items() for replicate in replicates
        ]
        run_jobs(
            simulate,
            jobs,
            self._store,
            workers=self._workers,
            executor=self._executor,
            total=len(jobs),
            progress=self._say,
        )
        self.done += len(jobs)
        self._say(0, 0)
        self._look(jobs)
        return [
            self._evaluation(cells[design], replicates) if design in cells else Evaluation(problem=problems[design])
            for design in designs
        ]

    def _say(self, done: int, of: int) -> None:
        if self._progress is not None:
            self._progress(min(self.done + done, self.total), self.total)

    def _look(self, jobs: Sequence[Job]) -> None:
        """Read the rows of these runs; parts that were read before are not read again."""
        if all(job.id in self._rows for job in jobs):
            return
        import pyarrow.parquet as pq

        for path in self._store.files(RUNS):
            if path not in self._read:
                self._read.add(path)
                self._rows.update((row["run"], row) for row in pq.read_table(path).to_pylist())

    def _evaluation(self, cell: Cell, replicates: Sequence[int]) -> Evaluation:
        rows = [self._rows[self._plan.run_id(cell, replicate)] for replicate in replicates]
        errors = [str(row["error"]) for row in rows if row["error"] is not None]
        if errors:
            return Evaluation(problem=f"{len(errors)} of {len(rows)} runs failed: {errors[0]}")
        names = self._plan.study.outcomes
        return Evaluation({name: np.array([row[name] for row in rows], float) for name in names})
