"""Paired comparison: several designs for one firm, in the same worlds with the same luck."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.comparison import Comparison
from goodwill.lab.executors import run_all
from goodwill.lab.replicate import replicate_arms
from goodwill.lab.store import Store, comparison_key
from goodwill.provenance import provenance
from goodwill.scenario.arms import Arm
from goodwill.scenario.explain import nearest
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import default_threads

NOTHING = "nothing"
Progress = Callable[[int, int], None]


def compare(
    scenario: Scenario,
    arms: Mapping[str, Any],
    *,
    firm: int | str = 0,
    replications: int = 20,
    baseline: str | None = None,
    budget: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every arm in the same replications and compare them.

    Args:
        scenario: the world all arms share.
        arms: name -> programmes (a list, an `Arm`, or the path of an arm file). An empty list is 'do nothing'.
        firm: the firm that tries the designs, by position or name.
        replications: worlds, each with its own luck; every arm is run in each.
        baseline: arm the others are measured against; default: the one without programmes, which is added if there is none.
        budget: scale every arm with programmes to this expected yearly cost (currency) first; see `equal_budget`.
        workers: processes (default: all processors). Numbers do not depend on it.
        executor: any `concurrent.futures`-like executor to use instead.
        folder: where to keep finished replications; with it an interrupted comparison goes on where it was.
        progress: called as progress(done, all), in replications.

    Raises `ScenarioError` for arms that do not fit, `StudyError` for a budget out of reach, a folder that cannot be written or a killed
    worker.
    """
    if replications < 2:
        raise StudyError(f"replications is {replications}; an interval needs at least 2")
    j = scenario.firm_index(firm)
    described = {name: Arm.of(name, value) for name, value in arms.items()}
    baseline = _baseline(described, baseline)
    if baseline not in described:
        described = {baseline: Arm.of(baseline, []), **described}
    scaled: dict[str, dict[str, Any]] = {}
    if budget is not None:
        from goodwill.lab.budget import equal_budget

        for name, arm in list(described.items()):
            if name != baseline and arm.programmes:
                described[name], scaled[name] = equal_budget(scenario, arm, j, budget)
    worlds = {name: arm.apply(scenario, j).to_dict() for name, arm in described.items()}
    store = None if folder is None else Store(folder, comparison_key(worlds, j, baseline))
    done: dict[int, dict[str, Any]] = {}
    if store is not None:
        for replicate in range(replications):
            stored = store.load(replicate)
            if stored is not None:
                done[replicate] = stored
    if progress is not None:
        progress(len(done), replications)
    began = time.perf_counter()
    workers = default_threads() if workers is None else max(1, workers)
    task = partial(replicate_arms, worlds, j, baseline)
    for result in run_all(task, [r for r in range(replications) if r not in done], workers, executor):
        done[result["replicate"]] = result
        if store is not None:
            store.save(result)
        if progress is not None:
            progress(len(done), replications)
    return Comparison(
        scenario=scenario,
        arms=described,
        firm=j,
        baseline=baseline,
        replications=[done[r] for r in sorted(done)],
        budget=budget,
        scaled=scaled,
        provenance={
            **provenance(scenario),
            "replications": replications,
            "seconds": round(time.perf_counter() - began, 2),
        },
    )


def _baseline(arms: Mapping[str, Arm], wanted: str | None) -> str:
    """Name of the baseline: the one wanted, else the only arm that changes nothing, else a new one."""
    if wanted is not None:
        if wanted not in arms:
            raise StudyError(f"baseline {wanted!r} is not an arm{nearest(wanted, list(arms))}")
        return wanted
    empty = [name for name, arm in arms.items() if not arm.programmes and not arm.set]
    return empty[0] if empty else NOTHING
