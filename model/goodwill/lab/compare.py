"""Paired comparison: several designs for one firm, in the same worlds with the same luck."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.amount import budget_of, share_of
from goodwill.lab.budget import yearly_revenue
from goodwill.lab.code import code_hash
from goodwill.lab.comparison import COMPARISONS, Comparison
from goodwill.lab.executors import run_all
from goodwill.lab.jobs.job import RUNS, Job, job_id
from goodwill.lab.jobs.runner import run_jobs
from goodwill.lab.jobs.store import Store
from goodwill.lab.replicate import replicate_job, stored_replications
from goodwill.lab.study.budgets import scale_arm, scaling_content
from goodwill.lab.user_code import Rules, UserCode
from goodwill.lab.warm import ensure_compiled
from goodwill.provenance import provenance
from goodwill.scenario.arms import Arm, unused_name
from goodwill.scenario.explain import nearest
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import default_threads

Progress = Callable[[int, int], None]
Stage = Callable[[str], None]


def compare(
    scenario: Scenario,
    arms: Mapping[str, Any],
    *,
    firm: int | str = 0,
    replications: int = 20,
    baseline: str | None = None,
    budget: float | str | None = None,
    rules: Rules | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
    stage: Stage | None = None,
    command: str | None = None,
) -> Comparison:
    """Run every arm in the same replications and compare them.

    Args:
        scenario: the world all arms share.
        arms: name -> programmes (a list, an `Arm`, or the path of an arm file). An empty list is 'do nothing'.
        firm: the firm that tries the designs, by position or name.
        replications: worlds, each with its own luck; every arm is run in each.
        baseline: arm the others are measured against; default: the one without programmes, which is added if there is none.
        budget: scale every arm with programmes to this expected yearly cost first: currency, or a share of the firm's
            yearly revenue such as "3%"; see `equal_budget`.
        rules: your own rules by name, as for `Market`; every worker compiles them once, up to a minute.
        workers: processes (default: all processors). Numbers do not depend on it.
        executor: any `concurrent.futures`-like executor to use instead.
        folder: where to keep finished replications; with it an interrupted comparison goes on where it was.
        progress: called as progress(done, all), in replications.
        stage: called with a few words when something begins that takes a while.
        command: the command that makes this comparison, for its provenance.

    Raises `ScenarioError` for arms that do not fit, `StudyError` for a budget out of reach, a folder that cannot be
    written, a run that failed, or an executor of yours that stops working.
    """
    if folder is None:
        with TemporaryDirectory(prefix="goodwill-compare-") as place:
            return compare(
                scenario, arms, firm=firm, replications=replications, baseline=baseline, budget=budget, rules=rules, workers=workers,
                executor=executor, folder=place, progress=progress, stage=stage, command=command,
            )  # fmt: skip
    if replications < 2:
        raise StudyError(f"replications is {replications}; an interval needs at least 2")
    j = scenario.firm_index(firm)
    described, baseline = described_arms(arms, baseline)
    # Mistakes are told before anything is run.
    user = UserCode.of(rules, [arm.apply(scenario, j) for arm in described.values()])
    amount = None if budget is None else _checked(budget)
    key = key_of(scenario, described, j, baseline, budget, user)
    store = Store(Path(folder) / COMPARISONS / key)
    workers = default_threads() if workers is None else max(1, workers)
    say = stage or (lambda words: None)
    began = time.perf_counter()
    ensure_compiled(stage)
    known = store.manifest()
    scaled: dict[str, dict[str, Any]] = {}
    if known is not None:
        described = {name: Arm.of(name, content) for name, content in known["arms"].items()}
        scaled, amount = known["scaled"], known["budget"]
    elif amount is not None:
        say("scaling the designs to the same yearly cost")
        amount, described, scaled = _scaled(scenario, described, j, baseline, amount, user, workers, executor)
    origin = {**provenance(scenario), "replications": replications, "command": command, "user_code": user.described}
    inputs = {
        "scenario": scenario.to_dict(),
        "arms": {name: arm.to_dict() for name, arm in described.items()},
        "firm": j,
        "baseline": baseline,
        "budget": amount,
        "scaled": scaled,
        "provenance": origin,
    }
    store.save_manifest(inputs)
    worlds = {name: arm.apply(scenario, j).to_dict() for name, arm in described.items()}
    asked = {"arms": worlds, "firm": j, "baseline": baseline, "user": user}
    jobs = [Job(job_id(key, replicate), {**asked, "replicate": replicate}) for replicate in range(replications)]
    run_jobs(replicate_job, jobs, store, workers=workers, executor=executor, progress=progress, largest=1)
    done = stored_replications(store)
    origin["seconds"] = round(time.perf_counter() - began, 2)
    return Comparison.of(inputs, [found for replicate, found in done.items() if replicate < replications])


def described_arms(arms: Mapping[str, Any], baseline: str | None) -> tuple[dict[str, Arm], str]:
    """The arms, checked, with one that changes nothing if there was none, and the name of the baseline."""
    described = {name: Arm.of(name, value) for name, value in arms.items()}
    baseline = _baseline(described, baseline)
    if baseline not in described:
        described = {baseline: Arm.of(baseline, []), **described}
    return described, baseline


def key_of(
    scenario: Scenario,
    arms: Mapping[str, Arm],
    firm: int,
    baseline: str,
    budget: float | str | None,
    user: UserCode | None = None,
) -> str:
    """The key under which a comparison is stored: the same for the same question to the same code."""
    contents = {name: arm.to_dict() for name, arm in arms.items()}
    described = {} if user is None else user.described
    return job_id(scenario.to_dict(), contents, firm, baseline, budget, code_hash(), described)


def _scaled(
    scenario: Scenario,
    arms: dict[str, Arm],
    firm: int,
    baseline: str,
    budget: float | str,
    user: UserCode,
    workers: int,
    executor: Executor | None,
) -> tuple[float, dict[str, Arm], dict[str, dict[str, Any]]]:
    """The budget in currency, the arms scaled to it, and how."""
    share = share_of(budget)
    amount = float(budget) if share is None else share * yearly_revenue(scenario, firm, rules=user.rules)
    concerned = [arm for name, arm in arms.items() if name != baseline and arm.programmes]
    contents = [scaling_content(scenario, arm, firm, amount, user) for arm in concerned]
    found = dict(run_all(_scale_one, contents, workers, executor))
    scaled = {arm.name: {"factor": found[arm.name]["factor"], "cost": found[arm.name]["cost"]} for arm in concerned}
    changed = {name: Arm.of(name, json.loads(found[name]["arm"])) for name in found}
    return amount, {name: changed.get(name, arm) for name, arm in arms.items()}, scaled


def _scale_one(content: dict[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """One arm scaled, with its name, as any process can do it."""
    return content["name"], scale_arm(content)[RUNS]


def _checked(budget: float | str) -> float | str:
    try:
        return budget_of(budget)
    except ValueError as error:
        raise StudyError(str(error)) from None


def _baseline(arms: Mapping[str, Arm], wanted: str | None) -> str:
    """Name of the baseline: the one wanted, else the only arm that changes nothing, else a new one."""
    if wanted is not None:
        if wanted not in arms:
            raise StudyError(f"baseline {wanted!r} is not an arm{nearest(wanted, list(arms))}")
        return wanted
    empty = [name for name, arm in arms.items() if not arm.programmes and not arm.set]
    if empty:
        return empty[0]
    return unused_name(arms)
