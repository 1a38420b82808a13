"""A batch of jobs: what a worker does in one go, and the Parquet parts it writes.

A part appears in one step, so that a reader never sees half of one; the part of `runs` appears last, so that a job counts as
done only when all its tables are there.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodwill.errors import GoodwillError, StudyError
from goodwill.files import write_atomically
from goodwill.lab.jobs.job import RUNS, Job, Work, job_id

if TYPE_CHECKING:
    import pyarrow as pa

PARTS = "parts"
TOKEN = "store.token"
LAST_LINES = 12  # of a traceback, kept with a failed run


@dataclass(frozen=True)
class Place:
    """Where a store lies. A worker writes there itself if it sees the same folder, which the token proves."""

    folder: str
    token: str

    def is_here(self) -> bool:
        """Whether this machine sees the folder."""
        try:
            return (Path(self.folder) / TOKEN).read_text(encoding="utf-8") == self.token
        except OSError:
            return False


@dataclass(frozen=True)
class Batch:
    """What came of a batch: the jobs done, which of them failed, the seconds it took, and its parts if the worker could not
    write them.
    """

    ids: tuple[str, ...]
    failed: frozenset[str]
    seconds: float
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """File name of the parts; the same jobs give the same name, so that a batch done twice is there once."""
        return batch_name(self.ids)


def batch_name(ids: Sequence[str]) -> str:
    """Name of the parts of these jobs."""
    return job_id(*ids)


def do_batch(work: Work, jobs: Sequence[Job], place: Place, piece: int | None = None) -> Batch:
    """Do the jobs, one after the other, and write their parts. A job that fails has a row that says why.

    piece: a worker that sees the folder writes after every so many jobs, so that a kill loses no more than that; default: at the
    end. The pieces do not depend on who does the batch, so that one done twice is there once.
    """
    began = time.perf_counter()
    here = place.is_here()
    size = len(jobs) if piece is None or not here else piece
    failed: set[str] = set()
    parts: dict[str, bytes] = {}
    for first in range(0, len(jobs), size):
        done = _Piece()
        for job in jobs[first : first + size]:
            if not done.do(work, job):
                failed.add(job.id)
        parts = done.parts()
        if here:
            try:
                write_parts(Path(place.folder), batch_name(done.ids), parts)
            except OSError as error:
                raise cannot_write(Path(place.folder), error) from None
            parts = {}
    return Batch(tuple(job.id for job in jobs), frozenset(failed), time.perf_counter() - began, parts)


class _Piece:
    """Jobs done and not written yet."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._rows: list[dict[str, Any]] = []
        self._tables: dict[str, list[pa.Table]] = {}

    def do(self, work: Work, job: Job) -> bool:
        """Do a job; False when it fails."""
        start = time.perf_counter()
        done = True
        try:
            found = work(job.content)
            row = {**found[RUNS], "error": None, "trace": None}
            tables = {name: _table(job.id, columns) for name, columns in found.items() if name != RUNS}
            for name, table in tables.items():
                self._tables.setdefault(name, []).append(table)
        except Exception as error:  # whatever it is, the other jobs go on
            done = False
            row = failure(error)
        self.ids.append(job.id)
        self._rows.append({"run": job.id, **row, "seconds": time.perf_counter() - start})
        return done

    def parts(self) -> dict[str, bytes]:
        """The content of a file for each table."""
        parts = {name: _bytes(_joined(found)) for name, found in self._tables.items()}
        parts[RUNS] = _bytes(_rows(self._rows, sorted(parts)))
        return parts


def failure(error: BaseException) -> dict[str, str]:
    """The columns that say why a job failed: error, and the end of its trace for whoever looks for the cause."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    # A message of goodwill's own says it all; of anything else its kind is half the message.
    message = str(error) if isinstance(error, GoodwillError) else f"{type(error).__name__}: {error}"
    return {"error": message, "trace": "\n".join(lines[-LAST_LINES:])}


def failed_batch(job: Job, error: BaseException, place: Place) -> Batch:
    """The batch of one job that could not even be done, because its worker died each time."""
    part = _bytes(_rows([{"run": job.id, **failure(error), "seconds": None}], []))
    write_parts(Path(place.folder), batch_name([job.id]), {RUNS: part})
    return Batch((job.id,), frozenset([job.id]), 0.0)


def write_parts(folder: Path, name: str, parts: dict[str, bytes]) -> None:
    """Write the parts of a batch, that of `runs` last. Raises OSError."""
    for table in sorted(parts, key=lambda table: table == RUNS):
        write_atomically(folder / PARTS / table / f"{name}.parquet", partial(_fill, content=parts[table]))


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def cannot_write(folder: Path, error: OSError) -> StudyError:
    """What to say of a folder that cannot be written."""
    return StudyError(f"{folder}: cannot be written ({error.strerror or error}); choose another folder with --output")


def _table(run: str, columns: Any) -> pa.Table:
    import pyarrow as pa

    table = pa.table(dict(columns))
    return table.add_column(0, "run", pa.array([run] * len(table), pa.string()).dictionary_encode())


def _joined(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables, promote_options="permissive").unify_dictionaries()


def _rows(rows: list[dict[str, Any]], tables: list[str]) -> pa.Table:
    """One row for each job, with the names of the batch's other tables, to see later that all are there."""
    import pyarrow as pa

    names = list(dict.fromkeys(name for row in rows for name in row))
    # Missing is null, and not-a-number stays what it is: a share of nothing is not a failed run.
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    for name in ("error", "trace"):
        columns[name] = columns[name].cast(pa.string())
    columns["seconds"] = columns["seconds"].cast(pa.float64())
    return pa.table(columns).replace_schema_metadata({"tables": ",".join(tables)})


def _bytes(table: pa.Table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())
