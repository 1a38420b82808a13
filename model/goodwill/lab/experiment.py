"""Experiments: a folder with study files, the code that turns their results into an answer, and a README that carries the answer.

experiments/NAME/*.yaml      what is run: studies, searches, measurements
experiments/NAME/answer.py   `answer(found)`, found: file's stem -> its results; returns an `Answer`
experiments/NAME/README.md   question, design, and the answer between two marks
results/NAME/                figures, tables and where they come from: what is committed
results/NAME/runs/           the runs themselves, so that an interrupted experiment goes on; not committed
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.jobs.job import job_id
from goodwill.scenario.files import read_yaml

if TYPE_CHECKING:
    import pandas as pd

BEGIN, END = "<!-- answer: written by remake.py -->", "<!-- end of answer -->"
DPI = 150


@dataclass(frozen=True)
class Answer:
    """What an experiment found: Markdown with numbers and intervals, and the tables and figures it rests on, by file name."""

    text: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """An experiment's folder, and where its results go."""

    folder: Path
    results: Path

    @property
    def name(self) -> str:
        """Name of both folders."""
        return self.folder.name

    @property
    def files(self) -> list[Path]:
        """What is run. Raises `StudyError` when there is nothing."""
        found = sorted(self.folder.glob("*.yaml"))
        if not found:
            raise StudyError(f"{self.folder}: holds no study file; write study.yaml there")
        return found

    def hashes(self) -> dict[str, str]:
        """Hash of what each file says, by its stem: committed results belong to the same.

        Of the file's own content, not of the study with all that it leaves at its default: a new key of studies or scenarios
        does not make results stale. The code that made them has a hash of its own beside it.
        """
        return {path.stem: job_id(read_yaml(path)) for path in self.files}

    def remake(self, **options: Any) -> Answer:
        """Run what is missing, and refresh results and README. Options are those of `run_study`; raises what it raises."""
        found = {path.stem: asked(path).run(folder=self.results / "runs" / path.stem, **options) for path in self.files}
        answer: Answer = self._answer()(found)
        self._write(answer)
        return answer

    def _answer(self) -> Callable[[dict[str, Any]], Answer]:
        path = self.folder / "answer.py"
        spec = importlib.util.spec_from_file_location(f"answer_{self.name.replace('-', '_')}", path)
        if spec is None or spec.loader is None or not path.is_file():
            raise StudyError(f"{path}: is missing; it defines answer(found), which returns an Answer")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function: Callable[[dict[str, Any]], Answer] = module.answer
        return function

    def _write(self, answer: Answer) -> None:
        from goodwill.lab.code import code_hash
        from goodwill.provenance import git_commit, versions

        for name, table in answer.tables.items():
            text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            _write(self.results / f"{name}.csv", text)
        for name, figure in answer.figures.items():
            save = partial(figure.savefig, dpi=DPI, format="png", metadata={"Software": None})
            write_atomically(self.results / f"{name}.png", save)
        origin = {
            "asked": self.hashes(),
            "code": code_hash(),
            "git_commit": git_commit(),
            "versions": versions(),
            "command": f"python experiments/remake.py {self.name}",
        }
        _write(self.results / "provenance.json", json.dumps(origin, indent=1) + "\n")
        readme = self.folder / "README.md"
        _write(readme, with_answer(readme.read_text(encoding="utf-8"), answer.text, readme))


def asked(path: Path) -> Any:
    """What a file asks, by its keys: something with `hash()` and `run(folder=, workers=, ...)`. Raises `ScenarioError`."""
    from goodwill.lab.measurement.question import Question as Measurement
    from goodwill.lab.optimise.question import Question as Search
    from goodwill.lab.study.study import Study
    from goodwill.scenario.files import read_yaml

    keys = read_yaml(path, "a file of an experiment is a study file, or one with `goals:` or `estimators:`")
    if isinstance(keys, dict) and "goals" in keys:
        return Search.load(path)
    return Measurement.load(path) if isinstance(keys, dict) and "estimators" in keys else Study.load(path)


def with_answer(text: str, answer: str, place: Path) -> str:
    """A README with its answer put between the marks. Raises `StudyError` when they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise StudyError(f"{place}: has no place for the answer; put the lines {BEGIN} and {END} where it belongs")
    return f"{before}{BEGIN}\n\n{answer.strip()}\n\n{END}{after}"


def _write(path: Path, text: str) -> None:
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
