"""A study on a Dask cluster: a real scheduler and worker processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.errors import StudyError
from goodwill.lab import cluster as dask
from goodwill.lab.study.results import Results
from goodwill.lab.study.run import run_study
from goodwill.lab.study.study import Study


def small(**changes: Any) -> Study:
    content = {
        "name": "small", "scenario": "mini", "set": {"customers": 300, "warm_up": 6}, "horizon": 24, "replications": 4,
        "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card"}]}}, "outcomes": ["profit", "members"],
        "keep": ["periods"],
    }  # fmt: skip
    return Study.from_dict({**content, **changes})


def numbers(results: Results) -> pd.DataFrame:
    return results.runs.drop(columns="seconds")


# -- what is told before anything is run ------------------------------------------------------------------------


def test_without_dask_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError, match=r"Dask is not installed; install it: pip install .goodwill\[cluster\]"):
        run_study(small(), executor="tcp://127.0.0.1:8786")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nobody", "missing.json"])
def test_a_scheduler_that_does_not_answer_is_told(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask, "ANSWERS_WITHIN", 0.2)
    file = tmp_path / "study.yaml"
    file.write_text(yaml.safe_dump(small().to_dict()), encoding="utf-8")
    told = CliRunner().invoke(app, ["study", "run", str(file), "-o", str(tmp_path / "out"), "--executor", address])
    assert told.exit_code == 2
    assert f"executor '{address}': no scheduler answers there" in told.output.replace("\n", " ")
    assert not (tmp_path / "out").exists()


# -- a real one -------------------------------------------------------------------------------------------------


@dataclass
class Running:
    """Processes of a cluster on this machine."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def started(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen([sys.executable, "-m", *arguments], stdout=file, stderr=subprocess.STDOUT)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    alone = ["--no-dashboard", "--scheduler-file", str(file)]
    scheduler = started(
        ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *alone], tmp_path / "scheduler.log"
    )
    workers = [
        started(
            ["distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / f"w{k}"), *alone],
            tmp_path / f"worker-{k}.log",
        )
        for k in range(3)
    ]  # fmt: skip
    try:
        until = time.time() + 60
        while not file.exists() or not file.read_text(encoding="utf-8"):
            assert time.time() < until, (tmp_path / "scheduler.log").read_text(encoding="utf-8")
            time.sleep(0.1)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=90)
        yield Running(address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


class Elsewhere(dask.DaskExecutor):
    """Workers that do not see the folder of the study."""

    def submit(self, function: Any, /, work: Any, jobs: Any, place: Any, *more: Any) -> Future[Any]:  # type: ignore[override]
        return super().submit(function, work, jobs, replace(place, folder="/nowhere"), *more)


@pytest.mark.slow
def test_numbers_are_those_of_this_machine_with_and_without_a_shared_folder(running: Running, tmp_path: Path) -> None:
    here = run_study(small(), workers=1)
    there = run_study(small(), executor=running.address, folder=tmp_path / "there")
    pd.testing.assert_frame_equal(numbers(there), numbers(here))
    pd.testing.assert_frame_equal(there.periods.drop(columns="run"), here.periods.drop(columns="run"))
    assert there.manifest["sessions"][-1]["workers"] == 3
    with dask.cluster(running.address) as (pool, _):
        assert isinstance(pool, dask.DaskExecutor)
        far = Elsewhere(pool.client)
        sent = run_study(small(), executor=far, workers=3, folder=tmp_path / "sent")
    pd.testing.assert_frame_equal(numbers(sent), numbers(here))


@pytest.mark.slow
def test_a_worker_killed_in_mid_study_changes_nothing(running: Running, tmp_path: Path) -> None:
    study = small(set={"customers": 20_000, "warm_up": 6}, horizon=60, replications=24)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        if not killed and done >= of // 6:
            killed.append(done)
            os.kill(running.workers[0].pid, signal.SIGKILL)

    there = run_study(study, executor=running.address, folder=tmp_path / "there", progress=kill)
    assert killed and killed[0] < 48 and running.workers[0].wait() == -signal.SIGKILL
    assert there.finished and there.failed.empty
    pd.testing.assert_frame_equal(numbers(there), numbers(run_study(study, workers=2)))
    assert len(there.periods) == 48 * 60  # what the killed one had written is there once


@pytest.mark.slow
def test_a_cluster_that_cannot_be_used_is_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    # The workers say what they are; this process thinks itself another version.
    monkeypatch.setattr(dask, "own_code", lambda: "0123456789ab")
    with pytest.raises(StudyError, match="has another version of goodwill"), dask.cluster(running.address):
        pass
    monkeypatch.undo()
    monkeypatch.setattr(dask, "WORKERS_WITHIN", 1)
    for worker in running.workers:
        worker.kill()
        worker.wait()
    told = "the scheduler has no workers; start some with `dask worker"
    with pytest.raises(StudyError, match=told), dask.cluster(running.address):
        pass


@pytest.mark.slow
def test_a_study_whose_scheduler_dies_is_taken_up_again(running: Running, tmp_path: Path) -> None:
    study = small(set={"customers": 20_000, "warm_up": 6}, horizon=60, replications=24)

    def kill(done: int, of: int) -> None:
        if done >= of // 6:
            os.kill(running.scheduler.pid, signal.SIGKILL)

    with pytest.raises(StudyError, match="stopped working"):
        run_study(study, executor=running.address, folder=tmp_path / "there", progress=kill)
    said: list[int] = []
    there = run_study(study, workers=2, folder=tmp_path / "there", progress=lambda done, of: said.append(done))
    assert said[0] >= 8
    pd.testing.assert_frame_equal(numbers(there), numbers(run_study(study, workers=2)))
