"""Workers of a Dask cluster as an executor: a scheduler somewhere, with workers on as many machines as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.code import code_hash
from goodwill.lab.warm import ensure_compiled

ANSWERS_WITHIN = 10  # seconds
WORKERS_WITHIN = 30
INSTALL = 'install it: pip install "goodwill[cluster]"'


class DaskExecutor(Executor):
    """A Dask client as an executor. The same work may be given twice, and Dask does not look into what it is given."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._inner: Executor = client.get_executor(pure=False)

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        """Have a worker call the function."""
        return self._inner.submit(partial(function, *args, **keywords))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self._inner.shutdown(wait=wait)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask scheduler, and how many runs they do at a time. Left behind, the cluster stays as it was.

    address: such as tcp://host:8786, or the scheduler's JSON file.

    Raises `StudyError` when Dask is not installed, nobody answers, there are no workers, or they have another version of goodwill.
    """
    client = _connected(address)
    try:
        _check_workers(client, address)
        workers = client.scheduler_info(n_workers=-1)["workers"]
        yield DaskExecutor(client), sum(int(worker["nthreads"]) for worker in workers.values())
    finally:
        client.close()


def own_code() -> str:
    """The version of the code of this process."""
    return code_hash()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise StudyError(f"executor {address!r}: is a Dask cluster, and Dask is not installed; {INSTALL}") from None
    if address.endswith(".json") and not Path(address).is_file():  # Dask would wait for it
        raise StudyError(
            f"executor {address!r}: no scheduler answers there, for there is no such file; start one with "
            f"`dask scheduler --scheduler-file {address}`"
        )
    where = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
    try:
        return Client(**where, timeout=ANSWERS_WITHIN, set_as_default=False)
    except (OSError, ValueError, KeyError) as error:
        raise StudyError(
            f"executor {address!r}: no scheduler answers there ({str(error).rstrip('.')}); start one with `dask scheduler`, or name "
            "its address as it says it, such as tcp://host:8786"
        ) from None


def _check_workers(client: Any, address: str) -> None:
    """Workers are there, run the same code, and have it compiled: one on each machine does that for all."""
    from distributed import TimeoutError as NoneCame

    try:
        client.wait_for_workers(1, timeout=WORKERS_WITHIN)
    except NoneCame:
        raise StudyError(
            f"executor {address!r}: the scheduler has no workers; start some with `dask worker {address}`"
        ) from None
    try:
        found: dict[str, str] = client.run(code_hash)
    except Exception as error:  # whatever a worker without goodwill says
        raise StudyError(
            f"executor {address!r}: a worker cannot use goodwill ({type(error).__name__}: {error}); install the same version there"
        ) from None
    other = sorted(worker for worker, code in found.items() if code != own_code())
    if other:
        raise StudyError(
            f"executor {address!r}: worker {other[0]} has another version of goodwill, or of Python, NumPy or Numba, than this "
            "process, so that its numbers may differ; install the same there"
        )
    hosts = {worker.rsplit(":", 1)[0]: worker for worker in found}
    client.run(ensure_compiled, workers=list(hosts.values()))
