"""Work is kept whole or not at all, whoever did it and however it ended."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goodwill.errors import StudyError
from goodwill.lab.jobs import runner
from goodwill.lab.jobs.batch import do_batch
from goodwill.lab.jobs.job import RUNS, Job, Tables, job_id
from goodwill.lab.jobs.runner import run_jobs
from goodwill.lab.jobs.store import MANIFEST, Store

UNLUCKY, DEADLY = 13, 17


def work(number: int) -> Tables:
    if number == UNLUCKY:
        raise ValueError("unlucky")
    if number == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return {RUNS: {"square": float(number**2)}, "parts": {"k": [0, 1], "v": [float(number), -float(number)]}}


def jobs(*numbers: int) -> list[Job]:
    return [Job(job_id(number), number) for number in numbers]


def rows(store: Store, table: str = RUNS) -> list[dict[str, Any]]:
    found = [row for path in store.files(table) for row in pq.read_table(path).to_pylist()]
    return sorted(({k: v for k, v in row.items() if k not in ("seconds", "trace")} for row in found), key=str)


def test_every_job_has_one_row_and_a_failed_one_says_why(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_jobs(work, jobs(1, 2, UNLUCKY, 3, 2), store)
    found = {row["run"]: row for row in rows(store)}
    assert len(rows(store)) == len(found) == 4
    assert found[job_id(3)]["square"] == 9 and found[job_id(3)]["error"] is None
    assert found[job_id(UNLUCKY)]["error"] == "ValueError: unlucky"
    assert store.done == {job_id(1): False, job_id(2): False, job_id(UNLUCKY): True, job_id(3): False}
    assert len(rows(store, "parts")) == 6


def test_what_is_there_is_not_done_again_and_counts_as_done(tmp_path: Path) -> None:
    run_jobs(work, jobs(1, 2), Store(tmp_path))
    before = {path: os.stat(path).st_mtime_ns for path in Store(tmp_path).files(RUNS)}
    said: list[tuple[int, int]] = []
    store = Store(tmp_path)
    run_jobs(work, jobs(1, 2, 3), store, progress=lambda done, total: said.append((done, total)))
    assert said[0] == (2, 3) and said[-1] == (3, 3)
    assert {path: os.stat(path).st_mtime_ns for path in before} == before
    assert len(rows(store)) == 3


class Elsewhere(ThreadPoolExecutor):
    """An executor whose workers see none of our folders."""

    def submit(self, function: Any, work: Any, jobs: Any, place: Any) -> Any:  # type: ignore[override]
        return super().submit(function, work, jobs, type(place)("/nowhere", place.token))


@pytest.mark.parametrize("crew", [ThreadPoolExecutor, Elsewhere])
def test_any_executor_gives_the_same_rows_with_or_without_a_shared_folder(tmp_path: Path, crew: type[Executor]) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    run_jobs(work, jobs(*range(12)), here)
    with crew(2) as executor:  # type: ignore[call-arg]
        run_jobs(work, jobs(*range(12)), there, executor=executor, workers=2)
    assert rows(here) == rows(there) and rows(here, "parts") == rows(there, "parts")
    assert Store(tmp_path / "there").done == here.done


def test_a_dying_worker_takes_down_its_own_job_only(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_jobs(work, jobs(*range(10, 30)), store, workers=2)
    assert len(rows(store)) == len(store.done) == 20
    assert sorted(run for run, failed in store.done.items() if failed) == sorted([job_id(UNLUCKY), job_id(DEADLY)])
    died = next(row for row in rows(store) if row["run"] == job_id(DEADLY))
    assert "erminated" in died["error"]
    assert len(rows(store, "parts")) == 2 * 18


@pytest.mark.parametrize("harm", ["truncate", "flip", "flip part", "remove part", "half written", "foreign"])
def test_a_damaged_batch_is_done_again_and_the_others_stay(tmp_path: Path, harm: str) -> None:
    store = Store(tmp_path)
    for number in range(3):
        store.add(do_batch(work, jobs(number), store.place))
    whole, whole_parts = rows(store), rows(store, "parts")
    victim = Path(store.files(RUNS)[1])
    if harm == "truncate":
        victim.write_bytes(victim.read_bytes()[:-20])
    elif harm == "flip":
        content = bytearray(victim.read_bytes())
        content[8] ^= 0xFF
        victim.write_bytes(content)
    elif harm == "flip part":  # only seen when the folder is worked in again: readers look at the end of it
        part = tmp_path / "parts" / "parts" / victim.name
        content = bytearray(part.read_bytes())
        content[len(content) // 4] ^= 0xFF
        part.write_bytes(content)
    elif harm == "remove part":
        (tmp_path / "parts" / "parts" / victim.name).unlink()
    elif harm == "half written":  # killed between the parts: that of the runs is the last
        victim.unlink()
    else:
        victim.write_text("not parquet at all")
    again = Store(tmp_path)
    assert len(again.done) == (3 if harm == "flip part" else 2)
    run_jobs(work, jobs(0, 1, 2), again)
    assert again.dropped
    assert rows(again) == whole and rows(again, "parts") == whole_parts


def test_two_at_work_in_one_folder_are_told(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.at_work(), pytest.raises(StudyError, match="another goodwill is at work"):
        run_jobs(work, jobs(1), Store(tmp_path))
    run_jobs(work, jobs(1), Store(tmp_path))


def test_a_damaged_manifest_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_manifest({"a": 1})
    assert Store(tmp_path, read_only=True).manifest() == {"a": 1}
    (tmp_path / MANIFEST).write_text('{"a": ')
    with pytest.raises(StudyError, match=r"manifest\.json: is damaged .* delete this one file"):
        store.manifest()


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be written"):
        Store(tmp_path / "file" / "folder")


def test_an_error_of_the_store_is_not_a_failed_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    monkeypatch.setattr("goodwill.lab.jobs.batch.write_atomically", _disk_full)
    with pytest.raises(StudyError, match="No space left"):
        run_jobs(work, jobs(1), store)
    assert not store.done


def _disk_full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_only_a_few_jobs_are_looked_at_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: a generator of jobs is not listed before the work begins."""
    monkeypatch.setattr(runner, "LARGEST_BATCH", 10)
    looked: list[int] = []
    most = 0

    def many() -> Any:
        for number in range(2000, 2300):
            looked.append(number)
            yield Job(job_id(number), number)

    store = Store(tmp_path)

    def say(done: int, _: int) -> None:
        nonlocal most
        most = max(most, len(looked) - done)

    with ThreadPoolExecutor(2) as executor:
        run_jobs(work, many(), store, executor=executor, workers=2, total=300, progress=say)
    assert len(store.done) == 300
    assert most <= 2 * runner.QUEUE * 10
