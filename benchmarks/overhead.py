"""Measures what it costs to have a study run, beside the runs themselves, as ratios taken in one interleaved session.

`python -m benchmarks.overhead` has the same small runs done by goodwill's runner, Mesa's batch runner, joblib, a plain pool of
processes and Dask, in turn for several rounds, and writes results/performance/overhead.json and its table in docs/performance.md;
`--quick` takes few runs and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import mesa
import psutil
from benchmarks.run import PAGE, ROOT, processor
from benchmarks.small_runs import SmallRun, one_run, study

from goodwill.files import write_atomically
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.run import run_study
from goodwill.lab.study.study import Study
from goodwill.provenance import git_commit, versions

SUMMARY = ROOT / "results" / "performance" / "overhead.json"
MARKS = ("<!-- overhead: begin -->", "<!-- overhead: end -->")
WORKERS = 2
RUNS_EACH = 600
ROUNDS = 5
Way = Callable[[int], tuple[float, float]]  # seconds on the clock, and of the processors


def _processor_seconds() -> float:
    """What this process and all below it have used so far, those that have ended included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            used += child.cpu_times().user + child.cpu_times().system
    return used


def _seconds(work: Callable[[], Any], expected: int) -> tuple[float, float]:
    began, before = time.perf_counter(), _processor_seconds()
    found = work()
    taken = time.perf_counter() - began, _processor_seconds() - before
    assert found == expected, f"{found} of {expected} runs"
    return taken


def goodwill_way(workers: int) -> Way:
    """A study in a folder of its own: planned, run, every run a row in Parquet, a manifest, one table at the end."""

    def way(runs: int) -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as folder:
            return _seconds(lambda: len(run_study(study(runs), folder=folder, workers=workers).runs), runs)

    return way


def goodwill_again(runs: int) -> tuple[float, float]:
    """The same study once more, when all its runs are there."""
    with tempfile.TemporaryDirectory() as folder:
        run_study(study(runs), folder=folder, workers=WORKERS)
        return _seconds(lambda: len(run_study(study(runs), folder=folder, workers=WORKERS).runs), runs)


def mesa_way(workers: int) -> Way:
    """`mesa.batch_run`."""

    def way(runs: int) -> tuple[float, float]:
        return _seconds(
            lambda: len(
                mesa.batch_run(
                    SmallRun, {"replicate": range(runs)}, number_processes=workers, max_steps=2, display_progress=False
                )
            ),
            runs,
        )

    return way


def loop(runs: int) -> tuple[float, float]:
    """Nothing but the runs, in this process."""
    return _seconds(lambda: len([one_run(replicate) for replicate in range(runs)]), runs)


def joblib_way(runs: int) -> tuple[float, float]:
    """Joblib with its default settings and warm workers."""
    from joblib import Parallel, delayed

    return _seconds(lambda: len(Parallel(n_jobs=WORKERS)(delayed(one_run)(r) for r in range(runs))), runs)


@contextmanager
def ways() -> Iterator[dict[str, Way]]:
    """All of them, by name, with their processes started."""
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        pool = stack.enter_context(multiprocessing.get_context("forkserver").Pool(WORKERS))
        cluster = stack.enter_context(
            LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
        )
        client = stack.enter_context(Client(cluster, set_as_default=False))

        def pool_way(runs: int) -> tuple[float, float]:
            return _seconds(lambda: len(pool.map(one_run, range(runs))), runs)

        def dask_way(runs: int) -> tuple[float, float]:
            return _seconds(lambda: len(client.gather(client.map(one_run, range(runs), pure=False))), runs)

        def goodwill_on_dask(runs: int) -> tuple[float, float]:
            with tempfile.TemporaryDirectory() as folder:
                address = cluster.scheduler_address
                return _seconds(lambda: len(run_study(study(runs), folder=folder, executor=address).runs), runs)

        yield {
            "the runs alone": loop,
            "goodwill": goodwill_way(1),
            "Mesa batch_run": mesa_way(1),
            "plain pool, 2": pool_way,
            "goodwill, 2": goodwill_way(WORKERS),
            "joblib, 2": joblib_way,
            "Mesa batch_run, 2": mesa_way(WORKERS),
            "Dask map, 2": dask_way,
            "goodwill on Dask, 2": goodwill_on_dask,
            "goodwill again, nothing to run": goodwill_again,
        }


def measure(runs: int, rounds: int) -> dict[str, Any]:
    """Milliseconds a run in the fastest round of each, on the clock and of processors, and the latter as ratios to the runs alone."""
    with ways() as all_ways:
        for way in all_ways.values():
            way(8)  # start and warm whatever has to be
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in all_ways}
        for _ in range(rounds):
            for name, way in all_ways.items():
                taken[name].append(way(runs))
    clock = {name: 1000 * min(seconds for seconds, _ in found) / runs for name, found in taken.items()}
    used = {name: 1000 * min(seconds for _, seconds in found) / runs for name, found in taken.items()}
    return {
        "runs": runs,
        "rounds": rounds,
        "clock_milliseconds_per_run": clock,
        "processor_milliseconds_per_run": used,
        "ratio": {name: used[name] / used["the runs alone"] for name in used},
        "load": os.getloadavg()[0],
        "machine": {"processor": processor(), "processors": os.cpu_count()},
        "versions": versions(),
        "git_commit": git_commit(),
    }


def measure_past(customers: int, rounds: int) -> dict[str, Any]:
    """What it saves that the arms of a study share their past: seconds of the processor with it, as a share of those without."""
    stamps = {f"card of {k}": {"programmes": [{"kind": "stamp_card", "stamps": k}]} for k in (6, 8, 10, 12)}

    def asked(branch_at: int | None) -> Study:
        return Study(
            scenario="coffee-town", set={"customers": customers, "firms.0.programmes": []}, arms={"nothing": {}, **stamps},
            replications=2, outcomes=["profit"], branch_at=branch_at,
        )  # fmt: skip

    saved = {}
    for branch_at in (None, 80):
        taken: dict[bool, list[float]] = {True: [], False: []}
        values = []
        for _ in range(rounds):
            for shared, found in taken.items():
                with nullcontext() if shared else patch.object(Plan, "past", lambda plan, point: None):
                    began = time.process_time()
                    values.append(run_study(asked(branch_at), workers=1).runs["profit"].tolist())
                    found.append(time.process_time() - began)
        assert all(one == values[0] for one in values)
        saved["warm-up of 52" if branch_at is None else f"branch_at: {branch_at}"] = min(taken[True]) / min(
            taken[False]
        )
    return {"customers": customers, "arms": 5, "share_of_time": saved}


def table(found: dict[str, Any]) -> str:
    """The measured part of the page."""
    lines = ["| who runs them | processor, ms a run | against the runs alone | clock, ms a run |", "|---|---|---|---|"]
    for name, used in found["processor_milliseconds_per_run"].items():
        shown = name.removesuffix(", 2") + (" (2 processes)" if name.endswith(", 2") else "")
        clock = found["clock_milliseconds_per_run"][name]
        lines.append(f"| {shown} | {used:.2f} | {found['ratio'][name]:.2f} times | {clock:.2f} |")
    machine = found["machine"]
    lines += [
        "",
        f"{found['runs']} runs of 100 customers x 12 months, the least of {found['rounds']} rounds in turn; {machine['processor']}, "
        f"{machine['processors']} processors, which others used as well (load {found['load']:.0f}): time of the processors, all "
        f"processes together, says what a runner costs, the clock what the machine left of them. goodwill at {found['git_commit']}.",
    ]
    past = found["past"]
    shares = " and ".join(f"{share:.0%} (`{what}`)" for what, share in past["share_of_time"].items())
    lines += [
        "",
        f"Sharing their past, {past['arms']} arms of coffee-town ({past['customers']:,} customers, 104 weeks) take {shares} of the "
        "processor's time that whole runs take, for the very same numbers.",
    ]
    return "\n".join(lines)


def write(found: dict[str, Any]) -> None:
    """Store the numbers and put their table into the page."""
    text = json.dumps(found, indent=1) + "\n"
    write_atomically(SUMMARY, lambda path: path.write_text(text, encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    begin, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
    page = page[:begin] + "\n\n" + table(found) + "\n\n" + page[end:]
    write_atomically(Path(PAGE), lambda path: path.write_text(page, encoding="utf-8"))


def main() -> None:
    """Measure, print, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs, to see that it works; nothing is written")
    chosen = parser.parse_args()
    found = measure(40, 1) if chosen.quick else measure(RUNS_EACH, ROUNDS)
    found["past"] = measure_past(1_000, 1) if chosen.quick else measure_past(20_000, 3)
    print(table(found))
    if not chosen.quick:
        write(found)


if __name__ == "__main__":
    main()
