"""Optimising: search, then verdict, with every run kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.executors import crew
from goodwill.lab.jobs.runner import Progress
from goodwill.lab.jobs.store import Store
from goodwill.lab.optimise.question import Question
from goodwill.lab.optimise.results import Optimisation
from goodwill.lab.optimise.search import Search, search
from goodwill.lab.optimise.verdict import finalists_of, judge_fresh
from goodwill.lab.optimise.worlds import Worlds
from goodwill.lab.study.plan import Plan, Point
from goodwill.lab.study.simulate import check_outcomes
from goodwill.lab.user_code import Rules
from goodwill.lab.warm import ensure_compiled
from goodwill.provenance import git_commit, versions


def optimise(
    question: Question | Mapping[str, Any] | str | Path,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | str | None = None,
    rules: Rules | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
    command: str | None = None,
) -> Optimisation:
    """Search the levers for the best design, or for the front of good ones, and try what was found again with fresh luck.

    Args:
        question: a file, a mapping with its keys, or a `Question`.
        folder: where runs are kept; the same call goes on after a kill: the search is asked the same, and finds what was run.
            Default: a temporary one.
        workers: processes (default: all processors). Numbers do not depend on it.
        executor: any `concurrent.futures`-like executor to use instead, which stays yours to close; or the address of a Dask
            scheduler.
        rules: your own rules by name, as for `Market`.
        progress: called as progress(done, all), in runs.
        stage: called with a few words when something begins that takes a while.
        command: the command that runs it, for the manifest.

    Raises `ScenarioError` and `StudyError` for a question that makes no sense, `NoFeasibleDesign` (a `StudyError`) when no
    design holds the constraints; the trials are in the folder then.
    """
    if isinstance(question, str | Path):
        question = Question.load(question)
    elif not isinstance(question, Question):
        question = Question.of(question)
    say = stage or (lambda words: None)
    plan = Plan(question.study, rules, points=[Point(0, None, {})])
    plan.check()
    check_outcomes(plan.world(plan.points[0])[0], plan.measured["outcomes"], question.study.name)
    temporary = TemporaryDirectory(prefix="goodwill-optimise-") if folder is None else None
    store = Store(temporary.name if temporary is not None else Path(folder or "."))
    try:
        with crew(executor, workers) as (pool, count):
            return _run(question, plan, store, count, pool, progress, say, command)
    finally:
        if temporary is not None:
            temporary.cleanup()


def _run(
    question: Question,
    plan: Plan,
    store: Store,
    workers: int,
    executor: Executor | None,
    progress: Progress | None,
    say: Callable[[str], None],
    command: str | None,
) -> Optimisation:
    known = store.manifest() or {}
    if "study" in known:
        raise StudyError(f"{store.folder}: holds a study; choose another folder with --output")
    began = datetime.now(UTC).isoformat(timespec="seconds")
    about = {
        "optimise": question.to_dict(),
        "code": plan.code,
        "git_commit": git_commit(),
        "versions": {**versions(), "optuna": metadata.version("optuna")},
        "user_code": plan.user.described,
        "sessions": [*known.get("sessions", []), {"began": began, "command": command, "workers": workers}],
    }
    store.save_manifest(about)
    ensure_compiled(say)
    plans = question.search, question.verdict
    finalists = (question.verdict.finalists or 12) + 1
    worlds = Worlds(plan, store, workers, executor, progress)
    designs = min(plans[0].trials, question.space.size + 1 + len(question.starts))
    worlds.total = int(designs) * plans[0].replications + finalists * plans[1].replications

    def watch(found: Search) -> None:
        Optimisation(question, found, None, about).save(store)

    say("searching")
    found = search(
        question.space,
        question.goals,
        question.constraints,
        worlds,
        question.search,
        question.starts,
        question.baseline,
        watch,
    )
    watch(found)
    again = {0, *(trial.number for trial, _ in finalists_of(found, question.verdict))}  # 0: the baseline
    worlds.total = worlds.done + len(again) * question.verdict.replications
    say("trying the finalists again with fresh luck")
    result = Optimisation(question, found, judge_fresh(found, worlds, question.verdict), about)
    result.save(store)
    return result
