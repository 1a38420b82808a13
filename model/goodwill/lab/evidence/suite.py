"""Running the suite: every target in every seed, in parallel, each result kept at once, a failed run a row like any other."""

from __future__ import annotations

import hashlib
import json
import math
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.code import code_hash
from goodwill.lab.evidence.measurement import Measurement
from goodwill.lab.evidence.mechanisms import ablated, mechanisms
from goodwill.lab.executors import run_all
from goodwill.scenario.scenario import Scenario

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """One run of one target: a seed, and the mechanism that is taken away ("" as the world is); broken: why it has no worlds."""

    measurement: Measurement
    without: str
    seed: int
    worlds: Mapping[str, Scenario]
    key: str
    broken: str = ""


@dataclass(frozen=True)
class Row:
    """What one run gave: numbers by name, or an error."""

    target: str
    without: str
    seed: int
    numbers: dict[str, float] | None
    error: str = ""
    seconds: float = 0.0


def key_of(target: str, worlds: Mapping[str, Scenario]) -> str:
    """Hash of all that decides a result but the seed: target, worlds, code."""
    content = [target, {name: world.to_dict() for name, world in worlds.items()}, code_hash("lab/evidence")]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def jobs_of(measurements: Iterable[Measurement], seeds: Sequence[int], ablation: bool = False) -> list[Job]:
    """All runs: of each target in its worlds, or, for an ablation, in its worlds less one mechanism after another."""
    jobs = []
    for measurement in measurements:
        try:
            worlds = dict(measurement.worlds())
        except Exception as error:  # a row like any other failure
            jobs.append(Job(measurement, "", seeds[0], {}, "", f"{type(error).__name__}: {error}"))
            continue
        tried = mechanisms(worlds) if ablation else [""]
        for without in tried:
            changed = ablated(worlds, without) if without else worlds
            key = key_of(measurement.target, changed)
            own = seeds[:1] if measurement.once else seeds
            jobs += [Job(measurement, without, seed, changed, key) for seed in own]
    return jobs


def run_job(job: Job) -> Row:
    """Run one job; whatever goes wrong in it becomes its row's error."""
    begun = time.perf_counter()
    name, without, seed = job.measurement.target, job.without, job.seed
    if job.broken:
        return Row(name, without, seed, None, job.broken)
    try:
        numbers = {key: float(value) for key, value in job.measurement.run(job.worlds, seed).items()}
    except Exception as error:  # the suite goes on, whatever it was
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
        return Row(name, without, seed, None, text, time.perf_counter() - begun)
    return Row(name, without, seed, numbers, "", time.perf_counter() - begun)


class Shelf:
    """A folder with one small file for each finished run, `<key>/<seed>.json`; failed runs are not kept, so they are tried again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, job: Job) -> Row | None:
        """The row of a job that was done before; None when there is none or it is damaged."""
        try:
            envelope = json.loads(self._file(job).read_text(encoding="utf-8"))
            text, stamp = envelope["numbers"], envelope["sha256"]
            if stamp != _stamp(text):
                return None
            numbers = {str(name): math.nan if value is None else float(value) for name, value in text.items()}
            return Row(job.measurement.target, job.without, job.seed, numbers, "", float(envelope["seconds"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def save(self, job: Job, row: Row) -> None:
        """Keep a finished run. Raises `StudyError` when the folder cannot be written."""
        if row.numbers is None:
            return
        numbers = {name: value if math.isfinite(value) else None for name, value in row.numbers.items()}
        content = {"target": row.target, "numbers": numbers, "seconds": row.seconds, "sha256": _stamp(numbers)}
        try:
            write_atomically(self._file(job), lambda path: path.write_text(json.dumps(content), encoding="utf-8"))
        except OSError as error:
            raise StudyError(
                f"{self.folder}: cannot be written ({error.strerror or error}); choose another --out"
            ) from None

    def _file(self, job: Job) -> Path:
        return self.folder / job.key / f"{job.seed:05d}.json"


def _stamp(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def run_suite(
    jobs: Sequence[Job],
    shelf: Shelf | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """All rows, in the order of the jobs. What the shelf holds is not run again; what is done is on the shelf at once."""
    found: dict[int, Row] = {}
    for place, job in enumerate(jobs):
        kept = shelf.load(job) if shelf and job.key else None
        if kept is not None:
            found[place] = kept
    if progress is not None:
        progress(len(found), len(jobs))
    todo = [(place, job) for place, job in enumerate(jobs) if place not in found]
    for place, row in run_all(_placed, todo, workers, executor):
        found[place] = row
        if shelf is not None:
            shelf.save(jobs[place], row)
        if progress is not None:
            progress(len(found), len(jobs))
    return [found[place] for place in range(len(jobs))]


def _placed(item: tuple[int, Job]) -> tuple[int, Row]:
    place, job = item
    return place, run_job(job)
