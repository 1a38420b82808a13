"""The plan of a study: its points, and the frozen scenario of every cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from goodwill.branching import check_past
from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.code import code_hash
from goodwill.lab.jobs.job import Job, job_id
from goodwill.lab.study.designs import combinations
from goodwill.lab.study.past import Past
from goodwill.lab.study.study import Study
from goodwill.lab.user_code import Rules, UserCode
from goodwill.scenario.arms import Arm
from goodwill.scenario.paths import set_path
from goodwill.scenario.scenario import Scenario


@dataclass(frozen=True)
class Point:
    """A case, or one combination of the factors' values (in a case)."""

    index: int
    case: str | None
    values: dict[str, Any]

    def __str__(self) -> str:
        parts = [] if self.case is None else [f"case {self.case!r}"]
        parts += [
            f"{name} = {value:.6g}" if isinstance(value, float) else f"{name} = {value}"
            for name, value in self.values.items()
        ]
        return f"point {self.index}" + (f" ({', '.join(parts)})" if parts else "")


@dataclass(frozen=True)
class Cell:
    """A point and an arm: one frozen scenario. `error` instead of a scenario where the arm cannot be had (a budget out of reach)."""

    point: int
    arm: str
    scenario: dict[str, Any] | None
    key: str
    firm: int
    error: str | None = None


class Plan:
    """What a study runs. Raises `ScenarioError` for a point that is not a valid scenario, before anything is run.

    points: instead of those of the study's design, for whoever chooses points as he goes.
    """

    def __init__(self, study: Study, rules: Rules | None = None, points: list[Point] | None = None) -> None:
        self.study = study
        self.code = code_hash()
        self.arms = study.all_arms
        self.baseline = study.reference
        self.points = _points(study) if points is None else points
        self.scaled: dict[str, dict[str, Any]] = {}
        """Arms scaled to the budget, by the job that scaled them (see `budgets`)."""
        self._worlds: dict[str, tuple[Scenario, int]] = {}
        self._check_factors_act()
        self.user = UserCode.of(rules, self._some_scenarios())

    @cached_property
    def table(self) -> pd.DataFrame:
        """The points: index `point`; `case` if there are cases, and a column for each factor."""
        columns: dict[str, list[Any]] = {}
        if self.study.cases:
            columns["case"] = [point.case for point in self.points]
        for name in self.study.factors:
            columns[name] = [point.values[name] for point in self.points]
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.points), name="point"))

    # -- cells --------------------------------------------------------------------------------------------------

    def world(self, point: Point) -> tuple[Scenario, int]:
        """The scenario of a point before any arm, and the firm that tries the arms there."""
        mine = {name: value for name, value in point.values.items() if self._of_world(name)}
        key = json.dumps([point.case, mine], sort_keys=True)
        if key not in self._worlds:
            content, place = self.study.world(point.case)
            for name, value in mine.items():
                for path in self.study.factors[name].targets:
                    self._set(content, path, value, f"{place}: {name}")
            scenario = Scenario.from_dict(content, place=f"{place}: {point}" if mine else place)
            case = None if point.case is None else self.study.cases[point.case]
            who = self.study.firm if case is None or case.firm is None else case.firm
            if len(self._worlds) > 64:
                self._worlds.clear()
            self._worlds[key] = scenario, scenario.firm_index(who)
        return self._worlds[key]

    def arm(self, point: Point, name: str) -> Arm:
        """An arm with the levers' values of a point, as it is before any budget."""
        arm = self.arms[name]
        mine = {lever: value for lever, value in point.values.items() if self.study.factors[lever].arm == name}
        if not mine:
            return arm
        content = arm.to_dict()
        for lever, value in mine.items():
            for path in self.study.factors[lever].targets:
                place = f"{self.study.name}: levers.{lever}"
                if path.startswith("set."):
                    content["set"][path.removeprefix("set.")] = value
                else:
                    self._set(content, path, value, place)
        try:
            return Arm.of(name, content)
        except ScenarioError as error:
            raise ScenarioError(f"{self.study.name}: {point}: {error}") from None

    def cell(self, point: Point, name: str) -> Cell:
        """The frozen scenario of a point and an arm. Raises `ScenarioError`."""
        from goodwill.lab.study.budgets import scaled_arm

        world, firm = self.world(point)
        arm = self.arm(point, name)
        found = scaled_arm(self, point, name, arm)
        if isinstance(found, str):
            return Cell(point.index, name, None, job_id(found), firm, found)
        try:
            content = found.apply(world, firm, self.study.branch_at).to_dict()
        except ScenarioError as error:
            raise ScenarioError(f"{self.study.name}: {point}: {error}") from None
        return Cell(point.index, name, content, job_id(content), firm)

    def check(self) -> None:
        """See that every cell is a valid scenario, and with `branch_at` that its arm changes nothing before.

        Raises `ScenarioError` for the first that is not.
        """
        for point in self.points:
            cells = {name: self.cell(point, name) for name in self.arms}
            if self.study.branch_at is not None:
                self._check_past(point, cells, self.study.branch_at)

    # -- runs ---------------------------------------------------------------------------------------------------

    def run_id(self, cell: Cell, replicate: int) -> str:
        """The id of a run: its frozen scenario, replicate, what is measured, the code and the user's own code."""
        return job_id(cell.key, replicate, cell.firm, self.measured, self.code, self.user.described)

    def jobs(
        self, replicates: Mapping[int, range] | range, points: list[Point] | None = None, together: bool = False
    ) -> Iterator[Job]:
        """The runs of the points (default: all) in these replicates (for all points, or by point).

        together: all arms of a world are for the same worker, who then runs their common past once.
        """
        for point in self.points if points is None else points:
            cells = [self.cell(point, name) for name in self.arms]
            past = self.past(point)
            for replicate in replicates if isinstance(replicates, range) else replicates[point.index]:
                group = (point.index, replicate) if together and past is not None else None
                for cell in cells:
                    yield self.job(cell, replicate, past, group)

    def job(self, cell: Cell, replicate: int, past: Past | None = None, group: Any = None) -> Job:
        """One run; `past` and `group` only make it faster (see `jobs`)."""
        return Job(self.run_id(cell, replicate), self._content(cell, replicate, past), group)

    def past(self, point: Point) -> Past | None:
        """What the arms of a point have in common: the baseline's world until arms begin; None when there is nothing."""
        if len(self.arms) == 1:
            return None
        base = self.cell(point, self.baseline)
        if base.scenario is None:
            return None
        period = base.scenario["warm_up"] if self.study.branch_at is None else self.study.branch_at
        return Past(base.key, int(period), base.scenario) if period else None

    def keys(self, replications: Mapping[int, int]) -> pd.DataFrame:
        """point, arm, replicate, run of so many replications by point."""
        columns: dict[str, list[Any]] = {"point": [], "arm": [], "replicate": [], "run": []}
        for point in self.points:
            for name in self.arms:
                cell = self.cell(point, name)
                count = replications[point.index]
                columns["point"] += [point.index] * count
                columns["arm"] += [name] * count
                columns["replicate"] += range(count)
                columns["run"] += [self.run_id(cell, replicate) for replicate in range(count)]
        return pd.DataFrame(columns)

    def _content(self, cell: Cell, replicate: int, past: Past | None) -> dict[str, Any]:
        return {"cell": cell, "past": past, "replicate": replicate, **self.measured, "user": self.user}

    @cached_property
    def measured(self) -> dict[str, Any]:
        """What every run measures and keeps (plain data)."""
        outcomes = {name: outcome.model_dump(mode="json") for name, outcome in self.study.outcomes.items()}
        if self.study.branch_at is not None:
            for outcome in outcomes.values():
                if outcome["start"] is None and (outcome["stop"] is None or outcome["stop"] > self.study.branch_at):
                    outcome["start"] = self.study.branch_at
        return {"outcomes": outcomes, "keep": sorted(self.study.keep)}

    # -- checks -------------------------------------------------------------------------------------------------

    def _check_past(self, point: Point, cells: dict[str, Cell], period: int) -> None:
        base = cells[self.baseline].scenario
        for name, cell in cells.items():
            if name == self.baseline or base is None or cell.scenario is None:
                continue
            try:
                check_past(Scenario.from_dict(base), Scenario.from_dict(cell.scenario), period)
            except StudyError as error:
                raise ScenarioError(f"{self.study.name}: {point}: arm {name!r}, branch_at: {error}") from None

    def _of_world(self, name: str) -> bool:
        return self.study.factors[name].arm is None

    def _set(self, content: dict[str, Any], path: str, value: Any, place: str) -> None:
        try:
            set_path(content, path, value)
        except ScenarioError as error:
            raise ScenarioError(f"{place}: {error}") from None

    def _check_factors_act(self) -> None:
        """Every factor has to change something: a path that an arm's own `set` overrides would vary nothing."""
        for name, factor in self.study.factors.items():
            if factor.arm is not None:
                continue
            for path in factor.targets:
                if all(path in arm.set for arm in self.arms.values()):
                    raise ScenarioError(
                        f"{self.study.name}: {name}: every arm sets {path} itself, so varying it does nothing"
                    )

    def _some_scenarios(self) -> list[Scenario]:
        """A scenario of each case and arm: all classes a worker may have to know."""
        first: dict[str | None, Point] = {}
        for point in self.points:
            first.setdefault(point.case, point)
        return [self.arm(point, name).apply(*self.world(point)) for point in first.values() for name in self.arms]


def _points(study: Study) -> list[Point]:
    """The points of the study's design, in each case."""
    cases: list[str | None] = list(study.cases) or [None]
    pairs = [(case, row) for case in cases for row in combinations(study.design, study.factors)]
    return [Point(index, case, values) for index, (case, values) in enumerate(pairs)]
