"""The result of a search: trials, finalists, the choice or the front, and how much the search flattered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.jobs.store import Store
from goodwill.lab.optimise.goals import Judge, Measure
from goodwill.lab.optimise.pareto import non_dominated
from goodwill.lab.optimise.question import Question
from goodwill.lab.optimise.search import Search, Trial
from goodwill.lab.optimise.space import Design
from goodwill.lab.optimise.verdict import Finalist, Verdict
from goodwill.lab.outcomes import OUTCOMES
from goodwill.lab.statistics.intervals import interval

FILE = "optimisation.json"
NONE = "none"


@dataclass(frozen=True)
class Optimisation:
    """What `optimise` found. Intervals are 95 %; those of finalists hold for all of them at once.

    `verdict` is None while the search is not finished.
    """

    question: Question
    search: Search = field(repr=False)
    verdict: Verdict | None = field(repr=False)
    provenance: dict[str, Any] = field(repr=False)

    # -- what was tried -----------------------------------------------------------------------------------------

    @property
    def measures(self) -> dict[str, Measure]:
        """What goals and constraints look at, by the name it has in tables: the outcome's, or with ` (difference)` or ` (value)`
        where both of an outcome are wanted.
        """
        return named(self.search.judge)

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row for each design in the order they were tried: trial, origin, arm, its levers (empty: as written, or not of this
        arm), each measure with low and high by the search's replications, further outcomes, how far each constraint is
        violated, feasible, front (several goals) or rank, and why it could not be run.
        """
        judge = self.search.judge
        rows = []
        for trial in self.search.trials:
            row: dict[str, Any] = {"trial": trial.number, "origin": trial.origin, **self._design(trial.design)}
            for name, measure in self.measures.items():
                values = measure.of(trial.outcomes, judge.baseline) if trial.ran else np.array([])
                row[name], row[f"{name}_low"], row[f"{name}_high"] = interval(values)
            for name in self.question.study.outcomes:
                if name not in row:
                    row[name] = float(trial.outcomes[name].mean()) if trial.ran else np.nan
            amounts = judge.violations(trial.outcomes) if trial.ran else [np.nan] * len(judge.constraints)
            row.update(
                {f"{rule.name}_violation": amount for rule, amount in zip(judge.constraints, amounts, strict=True)}
            )
            row["feasible"] = trial.ran and judge.feasible(trial.outcomes)
            row["problem"] = trial.problem
            rows.append(row)
        table = self._table(rows)
        able = table["feasible"].to_numpy(bool)
        if able.any():
            scores = np.array([judge.scores(trial.outcomes) for trial in self.search.feasible])
            if len(judge.goals) > 1:
                front = np.zeros(len(table), bool)
                front[able] = non_dominated(scores)
                table.insert(len(table.columns) - 1, "front", front)
            else:
                rank = pd.Series(np.nan, table.index)
                rank[able] = pd.Series(-scores[:, 0]).rank(method="first").to_numpy()
                table.insert(len(table.columns) - 1, "rank", rank)
        return table

    # -- what came of it ----------------------------------------------------------------------------------------

    @cached_property
    def finalists(self) -> pd.DataFrame:
        """One row for each design that was tried again: trial, arm, levers; each measure on fresh luck with low and high; for each
        constraint whether it holds and with what confidence. With one goal: rank in the search, rank now (of those whose
        constraints hold), could_be_best, probability of being the best, chosen. With several: front, and stays, the
        share of resampled luck with which it is not dominated.
        """
        verdict = self._judged()
        front, stays = (verdict.on_front(), verdict.stays()) if verdict.several else (None, None)
        rows = []
        for x, finalist in enumerate(verdict.finalists):
            row: dict[str, Any] = {"trial": finalist.trial.number, **self._design(finalist.trial.design)}
            for name, measure in self.measures.items():
                row[name], row[f"{name}_low"], row[f"{name}_high"] = verdict.fresh(finalist, measure)
            for name in self.question.study.outcomes:
                if name not in row:
                    row[name] = float(finalist.fresh[name].mean())
            for rule in verdict.judge.constraints:
                row[f"{rule.name}_holds"] = verdict.holds(finalist, rule)
                row[f"{rule.name}_confidence"] = verdict.confidence(finalist, rule)
            if front is not None and stays is not None:
                row["front"], row["stays"] = bool(front[x]), float(stays[x])
            else:
                row["rank_in_search"] = finalist.rank
            rows.append(row)
        table = self._table(rows).set_index("trial", drop=False)
        if not verdict.several:
            contest = verdict.contest
            goal = verdict.judge.goals[0]
            name = next(name for name, measure in self.measures.items() if measure == goal.measure)
            table["rank"] = (goal.sign * table.loc[contest.index, name]).rank(ascending=False, method="first")
            table["could_be_best"] = contest["could_be_best"].astype(bool).reindex(table.index, fill_value=False)
            table["probability"] = contest["probability"].reindex(table.index)
            chosen = verdict.chosen
            table["chosen"] = table["trial"] == (None if chosen is None else chosen.trial.number)
        return table.reset_index(drop=True)

    @cached_property
    def gap(self) -> pd.DataFrame:
        """trial, measure, search, fresh, gap, low, high: what the search thought of each finalist, what fresh luck says, and the
        difference with its interval.
        """
        verdict = self._judged()
        rows = [
            (
                finalist.trial.number,
                name,
                verdict.searched(finalist, measure)[0],
                verdict.fresh(finalist, measure)[0],
                *verdict.gap(finalist, measure),
            )
            for finalist in verdict.finalists
            for name, measure in self.measures.items()
        ]
        return pd.DataFrame(rows, columns=["trial", "measure", "search", "fresh", "gap", "low", "high"])

    @property
    def best(self) -> dict[str, Any]:
        """With one goal: the row of `finalists` that was chosen. Raises `StudyError` when none holds the constraints."""
        verdict = self._judged()
        if verdict.several:
            raise StudyError("with several goals there is no best design; see `front`")
        if verdict.chosen is None:
            raise StudyError("no finalist holds all constraints on fresh luck; see `finalists`")
        row = self.finalists[self.finalists["chosen"]].iloc[0]
        return {str(key): value for key, value in row.items()}

    @property
    def front(self) -> pd.DataFrame:
        """With several goals: the finalists nobody dominates on fresh luck, in the order of the first goal."""
        verdict = self._judged()
        if not verdict.several:
            raise StudyError("with one goal there is no front; see `best` and `finalists`")
        name = next(iter(self.measures))
        return self.finalists[self.finalists["front"]].sort_values(name).reset_index(drop=True)

    @property
    def finished(self) -> bool:
        """Whether the verdict is there."""
        return self.verdict is not None

    def _judged(self) -> Verdict:
        if self.verdict is None:
            raise StudyError("the search is not finished; run the same again, and it goes on")
        return self.verdict

    def _design(self, design: Design) -> dict[str, Any]:
        """Arm and levers; a lever that was set to nothing says so, for it is empty where the arm has no such lever."""
        values = {name: NONE if value is None else value for name, value in design.levers}
        return {"arm": design.arm, **{name: values.get(name) for name in self.question.study.levers}}

    def _table(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        """A table in which levers keep their whole numbers, though they are missing where the arm has no such lever."""
        table = pd.DataFrame(rows)
        for lever in self.question.study.levers:
            whole = [
                isinstance(row[lever], int) and not isinstance(row[lever], bool)
                for row in rows
                if row[lever] is not None
            ]
            if whole and all(whole):
                table[lever] = table[lever].astype("Int64")
        return table

    # -- showing and keeping it ---------------------------------------------------------------------------------

    def plot(self) -> Any:
        """The figure (matplotlib)."""
        from goodwill.plots.optimise import optimisation_figure

        return optimisation_figure(self)

    def report(self, path: str | Path) -> Path:
        """Write one self-contained HTML file; returns its path."""
        from goodwill.report.optimise import write_report

        return write_report(self, Path(path))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, every replication included."""
        verdict = self.verdict
        return {
            "question": self.question.to_dict(),
            "sampler": self.search.sampler,
            "exhausted": self.search.exhausted,
            "trials": [
                {
                    "arm": trial.design.arm,
                    "levers": trial.design.values,
                    "origin": trial.origin,
                    "outcomes": _plain(trial.outcomes),
                    "problem": trial.problem,
                }
                for trial in self.search.trials
            ],
            "verdict": None
            if verdict is None
            else {
                "baseline": _plain(dict(verdict.judge.baseline or {})),
                "finalists": [
                    {"trial": f.trial.number, "rank": f.rank, "outcomes": _plain(f.fresh)} for f in verdict.finalists
                ],
            },
            "provenance": self.provenance,
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Optimisation:
        """The opposite of `to_dict`."""
        question = Question.of(content["question"], "stored question")
        trials = [
            Trial(number, Design.of(row["arm"], row["levers"]), row["origin"], _arrays(row["outcomes"]), row["problem"])
            for number, row in enumerate(content["trials"])
        ]
        base = next((trial.outcomes for trial in trials if trial.origin == "baseline"), None)
        judge = Judge(question.goals, question.constraints, base)
        found = Search(trials, judge, content["sampler"], content["exhausted"])
        stored = content["verdict"]
        verdict = None
        if stored is not None:
            finalists = [
                Finalist(trials[row["trial"]], row["rank"], _arrays(row["outcomes"])) for row in stored["finalists"]
            ]
            fresh = Judge(question.goals, question.constraints, _arrays(stored["baseline"]) or None)
            verdict = Verdict(finalists, found, fresh)
        return cls(question, found, verdict, content["provenance"])

    def save(self, store: Store) -> Path:
        """Keep it in a folder of runs."""
        return store.write(FILE, json.dumps(self.to_dict()) + "\n")

    @classmethod
    def load(cls, folder: str | Path) -> Optimisation:
        """What is in a folder, finished or not. Raises `StudyError` when there is none."""
        path = Path(folder) / FILE
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise StudyError(f"{folder}: holds no search; name the folder of a `goodwill optimise`") from None
        except (ValueError, KeyError) as error:
            raise StudyError(f"{path}: is damaged ({error}); run the search again: finished runs are kept") from None

    def to_json(self, path: str | Path) -> Path:
        """Write the tables and what was asked as JSON; returns the path."""
        content: dict[str, Any] = {"question": self.question.to_dict(), "trials": _records(self.trials)}
        if self.finished:
            content |= {"finalists": _records(self.finalists), "gap": _records(self.gap)}
        content["provenance"] = self.provenance
        text = json.dumps(content, indent=1)
        return write_atomically(Path(path), lambda file: file.write_text(text + "\n", encoding="utf-8"))


def named(judge: Judge) -> dict[str, Measure]:
    """Measures by the names they have in tables."""
    measures = judge.measures
    outcomes = [measure.outcome for measure in measures]
    return {m.outcome if outcomes.count(m.outcome) == 1 else f"{m.outcome} ({m.kind})": m for m in measures}


def unit_of(question: Question, outcome: str) -> str:
    """The unit of an outcome (see `OUTCOMES`)."""
    return OUTCOMES[question.study.outcomes[outcome].of or outcome][1]


def _plain(outcomes: dict[str, np.ndarray]) -> dict[str, list[float]]:
    return {name: [float(value) for value in values] for name, values in outcomes.items()}


def _arrays(outcomes: dict[str, list[float]]) -> dict[str, np.ndarray]:
    return {name: np.array(values, float) for name, values in outcomes.items()}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(table.to_json(orient="records", double_precision=10))
