"""Doing jobs: in this process, in worker processes, or on any `concurrent.futures`-like executor.

Which worker does what, in which order and in which batches is left to chance and to the clock; results do not depend on it, because a
job's result depends on its content only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait

from goodwill.errors import StudyError
from goodwill.lab.executors import own_executor, stop
from goodwill.lab.jobs.batch import Batch, do_batch, failed_batch
from goodwill.lab.jobs.job import Job, Work
from goodwill.lab.jobs.store import Store

Progress = Callable[[int, int], None]

BATCH_SECONDS = 1.0  # work in one batch: long enough to cost nothing beside, short enough that a kill loses little
LARGEST_BATCH = 200
QUEUE = 2  # batches given out for each worker: none idles, and memory is bounded however long the study is
ATTEMPTS = 2  # a job that takes its worker down so often, each time alone, is written down as failed


def run_jobs(
    work: Work,
    jobs: Iterable[Job],
    store: Store,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    total: int | None = None,
    progress: Progress | None = None,
    largest: int | None = None,
) -> None:
    """Do the jobs that are not in the store yet, and keep them there.

    Args:
        work: does one job.
        jobs: may be a generator; only a few are looked at ahead.
        store: where results are kept.
        workers: processes; 1 works in this one. With an executor: how many workers it has, roughly.
        executor: used instead of processes of our own; it stays the caller's to close.
        total: number of jobs, for the progress; without it they are counted, and so listed, first.
        progress: called as progress(done, total). Jobs found in the store count as done: at the first call where jobs are listed,
            otherwise as they are come by.
        largest: jobs in a batch at most; 1 keeps each by itself as soon as it is done.

    Raises `StudyError` when the store cannot be written, or an executor of the caller's stops working.
    """
    if total is None:
        jobs = list(jobs)
        total = len(jobs)
    count = _Count(total, progress)
    with store.at_work():
        if isinstance(jobs, list):
            listed, jobs = jobs, [job for job in jobs if job.id not in store.done]
            count.add(len(listed) - len(jobs))
        todo, size = _Todo(_new(jobs, store, count)), _Size(LARGEST_BATCH if largest is None else largest)
        if executor is None and workers <= 1:
            _here(work, todo, store, count, size)
        else:
            _Crew(work, store, workers, executor, count, size).run(todo)
    count.say()


class _Count:
    """How many jobs are done; says so."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self._progress = 0, total, progress
        self._said = -1

    def add(self, jobs: int) -> None:
        self.done += jobs

    def say(self) -> None:
        if self._progress is not None and self.done != self._said:
            self._said = self.done
            self._progress(self.done, self.total)


def _new(jobs: Iterable[Job], store: Store, count: _Count) -> Iterator[Job]:
    """The jobs that are still to be done, each once."""
    given: set[str] = set()
    for job in jobs:
        if job.id in store.done or job.id in given:
            count.add(1)
        else:
            given.add(job.id)
            yield job


class _Size:
    """How many jobs make a batch, learnt from how long the last ones took; it at most doubles, as the first may be odd."""

    def __init__(self, largest: int) -> None:
        self.now = 1
        self._largest = largest

    def learn(self, batch: Batch) -> None:
        fitting = int(BATCH_SECONDS * len(batch.ids) / max(batch.seconds, 1e-6))
        self.now = max(1, min(fitting, 2 * len(batch.ids), self._largest))


class _Todo:
    """The jobs still to be done, taken in batches."""

    def __init__(self, jobs: Iterator[Job]) -> None:
        self._jobs = jobs
        self._held: Job | None = None  # looked at, and left for the next batch

    def take(self, size: int) -> list[Job]:
        """The next jobs: so many, and more if they belong to the group of the last one."""
        found: list[Job] = []
        while len(found) < size or (found[-1].group is not None and len(found) < LARGEST_BATCH):
            job = next(self._jobs, None) if self._held is None else self._held
            self._held = None
            if job is None:
                break
            if len(found) >= size and job.group != found[-1].group:
                self._held = job
                break
            found.append(job)
        return found


def _here(work: Work, todo: _Todo, store: Store, count: _Count, size: _Size) -> None:
    """In this process. What is done is kept at least every second, so Ctrl-C loses no more than that."""
    while jobs := todo.take(size.now):
        count.say()
        batch = do_batch(work, jobs, store.place, size.now)
        store.add(batch)
        size.learn(batch)
        count.add(len(jobs))


class _Crew:
    """Workers in other processes, and what they are at."""

    def __init__(
        self, work: Work, store: Store, workers: int, executor: Executor | None, count: _Count, size: _Size
    ) -> None:
        self._work, self._store, self._workers, self._count = work, store, max(1, workers), count
        self._given = executor
        self._executor = executor
        self._size = size
        self._flying: dict[Future[Batch], tuple[list[Job], int | None]] = {}
        self._alone = False
        self._suspects: deque[Job] = deque()
        self._deaths: dict[str, int] = {}

    def run(self, todo: _Todo) -> None:
        finished = False
        try:
            while self._submit(todo):
                self._count.say()
                self._collect()
            finished = True
        finally:
            if not finished:
                if self._given is not None:
                    for future in self._flying:
                        future.cancel()
                elif self._executor is not None:
                    stop(self._executor)

    def _submit(self, todo: _Todo) -> bool:
        """Give out work; False when there is none left and none under way."""
        if self._suspects:
            # Whoever was under way when a worker died is tried again alone, so that only the one to blame is blamed.
            if not self._flying:
                self._give([self._suspects.popleft()])
                self._alone = True
            return True
        while len(self._flying) < QUEUE * self._workers:
            jobs = todo.take(self._size.now)
            if not jobs:
                break
            self._give(jobs)
        return bool(self._flying)

    def _give(self, jobs: list[Job]) -> None:
        piece = self._size.now if len(jobs) > self._size.now else None
        if self._executor is None:
            self._executor = own_executor(self._workers)
        try:
            future = self._submitted(self._executor, jobs, piece)
        except (BrokenExecutor, RuntimeError) as error:
            if self._given is not None:
                raise _gave_up(error) from error
            self._executor = own_executor(self._workers)  # a worker died while nobody was looking
            future = self._submitted(self._executor, jobs, piece)
        self._flying[future] = jobs, piece

    def _submitted(self, executor: Executor, jobs: list[Job], piece: int | None) -> Future[Batch]:
        if piece is None:
            return executor.submit(do_batch, self._work, jobs, self._store.place)
        return executor.submit(do_batch, self._work, jobs, self._store.place, piece)

    def _collect(self) -> None:
        done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
        alone, self._alone = self._alone, False
        for future in done:
            jobs, piece = self._flying.pop(future)
            if future.cancelled():
                raise _gave_up(CancelledError("it cancelled the work"))
            error = future.exception()
            if error is None:
                batch = future.result()
                self._store.add(batch)
                self._size.learn(batch)
                self._count.add(len(jobs))
            elif _lost(error):
                self._died(jobs, piece, error, alone)
            else:
                raise error

    def _died(self, jobs: list[Job], piece: int | None, error: BaseException, alone: bool) -> None:
        """A batch came to nothing because its worker was killed, or lost."""
        if isinstance(error, BrokenExecutor):
            if self._given is not None:
                raise _gave_up(error) from error
            if self._executor is not None:
                stop(self._executor)  # and with it whoever is still writing
            self._executor = None  # a new crew is made for what is left
        kept = set(self._store.adopt([job.id for job in jobs], piece))
        self._count.add(len(kept))
        for job in [job for job in jobs if job.id not in kept]:
            if alone:
                self._deaths[job.id] = self._deaths.get(job.id, 0) + 1
            if self._deaths.get(job.id, 0) >= ATTEMPTS:
                self._store.add(failed_batch(job, error, self._store.place))
                self._count.add(1)
            else:
                self._suspects.append(job)


def _lost(error: BaseException) -> bool:
    """Whether it says that a worker is gone (Dask has errors of its own for that), and nothing about the work."""
    return isinstance(error, BrokenExecutor) or type(error).__module__.startswith("distributed")


def _gave_up(error: BaseException) -> StudyError:
    return StudyError(
        f"the executor stopped working ({type(error).__name__}: {error}); "
        "what is done is kept if a folder was given: run the same again with a new executor"
    )
