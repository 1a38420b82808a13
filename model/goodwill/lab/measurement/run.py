"""Running a measurement: trials in all worlds, kept as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.code import code_hash
from goodwill.lab.jobs.job import Job, job_id
from goodwill.lab.jobs.runner import Progress, run_jobs
from goodwill.lab.jobs.store import Store
from goodwill.lab.measurement.estimate import Estimator
from goodwill.lab.measurement.question import Question
from goodwill.lab.measurement.results import Measured
from goodwill.lab.measurement.simulate import Design
from goodwill.lab.measurement.trial import try_estimators
from goodwill.lab.study.plan import Plan
from goodwill.lab.user_code import fingerprint
from goodwill.lab.warm import ensure_compiled
from goodwill.provenance import git_commit, versions
from goodwill.simulation import default_threads

# What a trial's numbers depend on; the rest of the lab asks for trials, or looks at what came of them.
CODE = tuple(f"lab/measurement/{part}" for part in ("data.py", "estimate.py", "estimators/", "simulate.py", "trial.py"))


def measure(
    question: Question | Mapping[str, Any] | str | Path,
    estimators: Mapping[str, Estimator] | None = None,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
    command: str | None = None,
) -> Measured:
    """Let estimators measure programmes on simulated data sets whose truth is known.

    Args:
        question: a file, a mapping with its keys, or a `Question`.
        estimators: your own, beside those of the question: name -> function of `Data` that returns an `Estimate`.
        folder: where trials are kept; the same call goes on after a kill. Default: a temporary one.
        workers: processes (default: all processors). Numbers do not depend on it.
        executor: any `concurrent.futures`-like executor to use instead; it stays yours to close.
        progress: called as progress(done, all), in trials.
        stage: called with a few words when something begins that takes a while.
        command: the command that runs it, for the manifest.

    Raises `ScenarioError` and `StudyError` for a question that makes no sense.
    """
    if isinstance(question, str | Path):
        question = Question.load(question)
    if isinstance(question, Question):
        if estimators:
            raise StudyError(
                "estimators: a finished question has its own; give them to Question.of, or give the mapping"
            )
    else:
        question = Question.of(question, estimators)
    workers = default_threads() if workers is None else max(1, workers)
    temporary = TemporaryDirectory(prefix="goodwill-measure-") if folder is None else None
    where = Path(temporary.name if temporary is not None else folder or ".")
    say = stage or (lambda words: None)
    say("checking every world of the measurement")
    cells = cells_of(question)
    store = Store(where)
    ids = {}
    for key, design in cells.items():
        asked = _asked(question, design)
        ids[key] = [job_id(asked, replicate) for replicate in range(question.replications)]
    labels = {
        point.index: {**({} if point.case is None else {"case": point.case}), **point.values}
        for point in Plan(question.study).points
    }
    store.save_manifest(
        {
            "measurement": question.to_dict(),
            "estimands": {name: method.estimand for name, method in question.methods.items()},
            "summaries": {name: method.summary for name, method in question.methods.items()},
            "cells": [
                {"point": point, "arm": arm, "runs": runs, "label": {"arm": arm, **labels[point]}}
                for (point, arm), runs in ids.items()
            ],
            "code": code_hash(*CODE),
            "git_commit": git_commit(),
            "versions": versions(),
            "seed": question.study.scenario.seed,
            "command": command,
        }
    )
    ensure_compiled(stage)
    say("simulating")
    total = sum(len(runs) for runs in ids.values())
    run_jobs(
        try_estimators,
        _jobs(question, cells, ids),
        store,
        workers=workers,
        executor=executor,
        total=total,
        progress=progress,
    )
    return Measured(where, keep_alive=temporary)


def cells_of(question: Question) -> dict[tuple[int, str], Design]:
    """The design of each world and programme. Raises `ScenarioError` or `StudyError` for one that makes no sense."""
    plan = Plan(question.study)
    found = {}
    for point in plan.points:
        world, firm = plan.world(point)
        for name in plan.arms:
            arm = plan.arm(point, name)
            if arm.programmes:
                try:
                    found[point.index, name] = Design.of(world, arm, firm=firm, **question.data.model_dump())
                except StudyError as error:
                    raise StudyError(f"{question.study.name}: arm {name!r}: {error}") from None
    return found


def _asked(question: Question, design: Design) -> str:
    """Stands for all that decides a trial but its luck."""
    worlds = [design.with_it.to_dict(), design.without.to_dict(), design.firm, vars(design.windows)]
    methods = {name: fingerprint(method.estimate) for name, method in question.methods.items()}
    return job_id(worlds, methods, list(question.outcomes), code_hash(*CODE))


def _jobs(
    question: Question, cells: Mapping[tuple[int, str], Design], ids: Mapping[tuple[int, str], list[str]]
) -> Iterator[Job]:
    """Replication by replication, so that an unfinished measurement says something of all worlds."""
    for replicate in range(question.replications):
        for key, design in cells.items():
            content = {
                "design": design, "methods": question.methods, "outcomes": question.outcomes, "replicate": replicate
            }  # fmt: skip
            yield Job(ids[key][replicate], content)
