"""Running a study: plan, budgets, runs in batches, more replications until it is precise, and the table of results."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.code import code_hash
from goodwill.lab.executors import crew
from goodwill.lab.jobs.runner import Progress, run_jobs
from goodwill.lab.jobs.store import Store
from goodwill.lab.study.budgets import scale
from goodwill.lab.study.looks import Looks
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.results import Results, write_asked, write_table
from goodwill.lab.study.simulate import check_outcomes, simulate
from goodwill.lab.study.study import Study
from goodwill.lab.user_code import Rules
from goodwill.lab.warm import ensure_compiled
from goodwill.provenance import git_commit, versions

Stage = Callable[[str], None]
ENOUGH = 2  # worlds for each worker with which nobody idles, though all arms of a world are for the same one


def run_study(
    study: Study,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | str | None = None,
    rules: Rules | None = None,
    progress: Progress | None = None,
    stage: Stage | None = None,
    command: str | None = None,
) -> Results:
    """Run what of a study is not in the folder yet, and read the results.

    Args:
        study: what is asked.
        folder: where runs are kept; the same call goes on after a kill. Default: a temporary one, gone with the results.
        workers: processes (default: all processors); with an executor, how many workers it has. Numbers do not depend on it.
        executor: any `concurrent.futures`-like executor to use instead, which stays yours to close; or the address of a Dask
            scheduler, such as tcp://host:8786.
        rules: your own rules by name, as for `Market`.
        progress: called as progress(done, all), in runs.
        stage: called with a few words when something begins that takes a while.
        command: the command that runs it, for the manifest.

    Raises `ScenarioError` for a point that is not a valid scenario, before anything is run; `StudyError` for a folder that
    cannot be written or that another process works in, and for a cluster that cannot be used.
    """
    with crew(executor, workers) as (pool, count):
        return _run(study, folder, count, pool, rules, progress, stage, command)


def _run(
    study: Study,
    folder: str | Path | None,
    workers: int,
    executor: Executor | None,
    rules: Rules | None,
    progress: Progress | None,
    stage: Stage | None,
    command: str | None,
) -> Results:
    temporary = TemporaryDirectory(prefix="goodwill-study-") if folder is None else None
    where = Path(temporary.name if temporary is not None else folder or ".")
    say = stage or (lambda words: None)
    say("checking every point of the study")
    plan = Plan(study, rules)
    plan.check()
    for case in dict.fromkeys(point.case for point in plan.points):
        first = next(point for point in plan.points if point.case == case)
        check_outcomes(plan.world(first)[0], plan.measured["outcomes"], study.name)
    store = Store(where)
    began, session = time.perf_counter(), _begin(store, plan, workers, command)
    ensure_compiled(stage)
    if study.budget is not None or any(case.budget is not None for case in study.cases.values()):
        say("scaling the arms to the same yearly cost")
        scale(plan, where, workers, executor)
        plan.check()
    say("simulating")
    looks = Looks(plan, store)
    before, finished = len(store.done), False
    try:
        while (wanted := looks.next()) is not None:
            keys = write_asked(plan, where, looks.replications)
            worlds = sum(len(wanted[index]) for index in wanted)
            points = [point for point in plan.points if point.index in wanted]
            run_jobs(
                simulate,
                plan.jobs(wanted, points, together=worlds >= ENOUGH * workers),
                store,
                workers=workers,
                executor=executor,
                total=worlds * len(plan.arms),
                progress=_shifted(progress, looks.replications_before(wanted) * len(plan.arms)),
            )
        write_table(plan, store, keys)
        finished = True
    finally:
        session["runs"] = len(store.done) - before
        session["seconds"] = round(time.perf_counter() - began, 2)
        _note(store, session, finished)
    return Results(where, plan, keys, keep_alive=temporary)


def resume_study(folder: str | Path, **options: Any) -> Results:
    """Go on with the study of a folder; options as for `run_study`. Raises `StudyError` where there is none of this version."""
    manifest = read_manifest(folder)
    if manifest["code"] != code_hash():
        raise StudyError(
            f"{folder}: was run with another version of goodwill ({manifest['versions']['goodwill']}, commit "
            f"{manifest['git_commit']}), whose runs are not mixed with this one's; go on with that version, or run the study "
            "anew with `goodwill study run`"
        )
    return run_study(Study.from_dict(manifest["study"], str(folder)), folder=folder, **options)


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """What was asked of a folder. Raises `StudyError` when it holds no study."""
    manifest = Store(folder, read_only=True).manifest()
    if manifest is None or "study" not in manifest:
        raise StudyError(f"{folder}: holds no study; name the folder of a `goodwill study run`")
    return manifest


def _begin(store: Store, plan: Plan, workers: int, command: str | None) -> dict[str, Any]:
    """Write the manifest, with a session that has begun; returns the session."""
    known = store.manifest() or {}
    session = {"began": datetime.now(UTC).isoformat(timespec="seconds"), "command": command, "workers": workers}
    store.save_manifest(
        {
            "study": plan.study.to_dict(),
            "study_hash": plan.study.hash(),
            "code": plan.code,
            "git_commit": git_commit(),
            "versions": versions(),
            "user_code": plan.user.described,
            "points": len(plan.points),
            "arms": list(plan.arms),
            "baseline": plan.baseline,
            "seed": plan.study.scenario.seed,
            "finished": False,
            "sessions": [*known.get("sessions", []), session],
        }
    )
    return session


def _note(store: Store, session: dict[str, Any], finished: bool) -> None:
    """End the session in the manifest."""
    manifest = store.manifest() or {}
    manifest["sessions"][-1] = session
    manifest["finished"] = finished
    store.save_manifest(manifest)


def _shifted(progress: Progress | None, before: int) -> Progress | None:
    """Progress over all looks: what earlier looks did counts as done."""
    if progress is None or not before:
        return progress
    return lambda done, total: progress(before + done, before + total)
