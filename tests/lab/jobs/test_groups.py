"""Jobs of a group go to one worker, and what it has done is written before the whole of it is."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from goodwill.lab.jobs import batch
from goodwill.lab.jobs.job import RUNS, Job, Tables, job_id
from goodwill.lab.jobs.runner import run_jobs
from goodwill.lab.jobs.store import Store


def who(content: tuple[int, float]) -> Tables:
    number, seconds = content
    time.sleep(seconds)
    return {RUNS: {"number": number, "worker": os.getpid(), "at": time.time()}, "other": {"value": [number]}}


def groups(count: int, size: int, seconds: float = 0.0) -> list[Job]:
    return [Job(job_id(g, k), (10 * g + k, seconds), group=g) for g in range(count) for k in range(size)]


def rows(store: Store) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return sorted(
        (row for path in store.files(RUNS) for row in pq.read_table(path).to_pylist()), key=lambda row: row["number"]
    )


def test_a_group_is_done_by_one_worker(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_jobs(who, groups(6, 4, 0.05), store, workers=2)
    done = rows(store)
    assert [row["number"] for row in done] == [10 * g + k for g in range(6) for k in range(4)]
    for g in range(6):
        assert len({row["worker"] for row in done[4 * g : 4 * g + 4]}) == 1
    assert len({row["worker"] for row in done}) == 2


def test_what_is_left_of_a_group_is_done_later(tmp_path: Path) -> None:
    run_jobs(who, groups(3, 4)[:6], Store(tmp_path))
    store = Store(tmp_path)
    run_jobs(who, groups(3, 4), store)
    assert len(rows(store)) == len(store.done) == 12


def test_a_group_is_written_in_pieces_that_do_not_depend_on_who_does_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    batch.do_batch(who, groups(1, 5), store.place, 2)
    names = [Path(path).name for path in store.files(RUNS)]
    assert len(names) == 3 and len(Store(tmp_path).done) == 5
    batch.do_batch(who, groups(1, 5), store.place, 2)  # as a scheduler does that lost sight of the first worker
    assert [Path(path).name for path in store.files(RUNS)] == names and len(rows(store)) == 5


def kill_at_the_third(content: tuple[int, str]) -> Tables:
    number, marker = content
    if number == 2 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return who((number, 1.05 if number < 2 else 0))  # longer than a piece


def test_a_kill_loses_only_what_the_worker_was_at(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    jobs = [Job(job_id(k), (k, str(tmp_path / "killed")), group=1) for k in range(4)]
    run_jobs(kill_at_the_third, jobs, store, workers=2)
    done = rows(store)
    assert [row["number"] for row in done] == [0, 1, 2, 3] and not any(store.done.values())
    killed = (tmp_path / "killed").stat().st_mtime
    assert done[0]["at"] < done[1]["at"] < killed < done[2]["at"]  # the first two were not done again
    assert len(Store(tmp_path / "store").done) == 4


def test_half_a_piece_is_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    jobs = groups(1, 4)
    done = batch.do_batch(who, jobs[:2], store.place)
    half = batch.do_batch(who, jobs[2:], store.place)
    runs = tmp_path / "parts" / RUNS / f"{half.name}.parquet"
    runs.unlink()  # killed between the parts: that of the runs is the last
    assert store.adopt([job.id for job in jobs], 2) == list(done.ids)
    assert [Path(path).stem for path in store.files("other")] == [done.name]
