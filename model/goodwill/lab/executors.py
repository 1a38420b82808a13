"""Running many replications: in this process, in worker processes, or on any `concurrent.futures`-like executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from typing import TypeVar

from goodwill.errors import StudyError
from goodwill.simulation import default_threads

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_all(
    task: Callable[[Item], Result], items: Iterable[Item], workers: int, executor: Executor | None = None
) -> Iterator[Result]:
    """Results in the order they are done. With one worker and no executor everything runs in this process.

    Raises `StudyError` when a worker process is killed; what was yielded before is the caller's.
    """
    todo = list(items)
    if executor is None and (workers == 1 or len(todo) <= 1):
        for item in todo:
            yield task(item)
        return
    own = executor is None
    if executor is None:
        executor = own_executor(min(workers, len(todo)))
    waiting: set[Future[Result]] = set()
    finished = False
    try:
        waiting = {executor.submit(task, item) for item in todo}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
        finished = True
    except BrokenExecutor as error:
        raise StudyError(
            f"a worker process was killed ({type(error).__name__}), perhaps for lack of memory; "
            "what is done is kept if a folder was given: run the same command again, with fewer --workers"
        ) from error
    finally:
        if not finished and own:
            stop(executor)
        elif not finished:
            for future in waiting:
                future.cancel()


@contextmanager
def crew(executor: Executor | str | None, workers: int | None) -> Iterator[tuple[Executor | None, int]]:
    """An executor, and how many workers it has: none and all processors unless said otherwise; an address is a Dask cluster.

    Raises `StudyError` for a cluster that cannot be used.
    """
    if isinstance(executor, str):
        from goodwill.lab.cluster import cluster

        with cluster(executor) as (pool, count):
            yield pool, count if workers is None else max(1, workers)
    else:
        yield executor, default_threads() if workers is None else max(1, workers)


def own_executor(workers: int) -> Executor:
    """Worker processes of our own. They do not import the user's script again, and it is noticed when one of them is killed."""
    from loky import get_reusable_executor

    executor: Executor = get_reusable_executor(max_workers=workers, timeout=300, initializer=_leave_ctrl_c)
    return executor


def stop(executor: Executor) -> None:
    """End worker processes of our own, whatever they are at. It ends their futures too."""
    executor.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]


def _leave_ctrl_c() -> None:
    """In a worker: Ctrl-C in a terminal reaches every process; only the one that started the work answers it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
