"""The folder of finished work: a manifest, and Parquet parts by table.

    FOLDER/manifest.json            what was asked, versions, commit, sessions
    FOLDER/parts/runs/*.parquet     one row for each job: run, its columns, error, trace, seconds
    FOLDER/parts/<table>/*.parquet  further tables, each row with the run it belongs to

Jobs are known by what decides their result, so one folder may hold the work of several questions: each finds what it needs.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.jobs.batch import PARTS, TOKEN, Batch, Place, batch_name, cannot_write, write_parts
from goodwill.lab.jobs.job import RUNS

MANIFEST = "manifest.json"
LOCK = ".lock"


class Store:
    """A folder of finished work. Raises `StudyError` when it cannot be written (unless it is only to be read)."""

    def __init__(self, folder: str | Path, read_only: bool = False) -> None:
        self.folder = Path(folder)
        self.done: dict[str, bool] = {}
        """The jobs done: id -> whether it failed."""
        self.dropped: list[Path] = []
        """Damaged parts that were found; their jobs are to be done again."""
        self._tidy = False
        if not read_only:
            self._token = self._own_token()
        self._look()

    @property
    def place(self) -> Place:
        """What a worker has to know of the folder."""
        return Place(str(self.folder.resolve()), self._token)

    def add(self, batch: Batch) -> None:
        """Note a batch as done, and write its parts if the worker could not."""
        if batch.parts:
            try:
                write_parts(self.folder, batch.name, batch.parts)
            except OSError as error:
                raise cannot_write(self.folder, error) from None
        self.done.update((name, name in batch.failed) for name in batch.ids)

    def files(self, table: str) -> list[str]:
        """The parts of a table, for pandas, pyarrow or DuckDB."""
        return sorted(str(path) for path in (self.folder / PARTS / table).glob("*.parquet"))

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of all jobs done, as plain data."""
        import pyarrow.parquet as pq

        for path in self.files(RUNS):
            yield from pq.read_table(path).to_pylist()

    def once(self, table: str) -> str:
        """SQL of a table for DuckDB, each run's rows from one part only, with `place`, their order in it.

        A worker that was given up, on a cluster whose scheduler died, may still write what was meanwhile done again. Both parts hold
        the same.
        """
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in self.files(table))
        parts = f"read_parquet([{files}], union_by_name = true, filename = true, file_row_number = true)"
        return (
            f"(select p.* exclude (filename, file_row_number), file_row_number as place from {parts} p "
            f"join (select run, min(filename) as filename from {parts} group by run) using (run, filename))"
        )

    def tables(self) -> list[str]:
        """The tables there are."""
        return sorted(path.name for path in (self.folder / PARTS).glob("*") if any(path.glob("*.parquet")))

    # -- the manifest -------------------------------------------------------------------------------------------

    def manifest(self) -> dict[str, Any] | None:
        """What was asked; None when nothing was yet. Raises `StudyError` for a damaged one."""
        path = self.folder / MANIFEST
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StudyError(
                f"{path}: is damaged ({error}); delete this one file and run the study again: finished runs are kept"
            ) from None
        if not isinstance(content, dict):
            raise StudyError(
                f"{path}: is damaged; delete this one file and run the study again: finished runs are kept"
            )
        return content

    def save_manifest(self, content: dict[str, Any]) -> None:
        """Write what was asked."""
        self.write(MANIFEST, json.dumps(content, indent=1) + "\n")

    def write(self, name: str, text: str) -> Path:
        """Write a small text file into the folder."""
        try:
            return write_atomically(self.folder / name, lambda path: path.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise cannot_write(self.folder, error) from None

    # -- what is there ------------------------------------------------------------------------------------------

    def _own_token(self) -> str:
        path = self.folder / TOKEN
        try:
            if path.is_file() and (known := path.read_text(encoding="utf-8")):
                write_atomically(
                    self.folder / ".writable", lambda temporary: temporary.write_text("", encoding="utf-8")
                )
                (self.folder / ".writable").unlink(missing_ok=True)
                return known
            token = f"{time.time_ns():x}-{secrets.token_hex(8)}"
            write_atomically(path, lambda temporary: temporary.write_text(token, encoding="utf-8"))
        except OSError as error:
            raise cannot_write(self.folder, error) from None
        return token

    def adopt(self, ids: Sequence[str], piece: int | None = None) -> list[str]:
        """The jobs of a batch, lost sight of because a worker died, that were written all the same. Of the others nothing is left."""
        adopted: list[str] = []
        size = piece or len(ids)
        for first in range(0, len(ids), size):
            name = batch_name(ids[first : first + size])
            found = self._read(self.folder / PARTS / RUNS / f"{name}.parquet")
            if found is None:
                self._drop(name)
            else:
                self.done.update(found)
                adopted += found
        return adopted

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Own the folder while its work is done. Raises `StudyError` when another process is at work in it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise StudyError(
                f"{self.folder}: another goodwill is at work here; wait for it, or choose another folder with --output"
            ) from None
        try:
            if not self._tidy:
                self._look(tidy=True)
                self._tidy = True
            yield
        finally:
            lock.release()

    def _look(self, tidy: bool = False) -> None:
        """Which jobs are done: those of whole batches. When tidy, what is damaged or half written goes, to be done again."""
        self.done.clear()
        names = {Path(path).stem for table in self.tables() for path in self.files(table)}
        for name in sorted(names):
            found = self._read(self.folder / PARTS / RUNS / f"{name}.parquet", thoroughly=tidy)
            if found is not None:
                self.done.update(found)
            elif tidy:
                self._drop(name)

    def _read(self, path: Path, thoroughly: bool = False) -> dict[str, bool] | None:
        """The jobs of a batch, and which failed; None when it, or another table's part of it, is damaged or not there.

        thoroughly: hold every page of the other tables against its checksum too.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(path, page_checksum_verification=True)
            others = (table.schema.metadata or {})[b"tables"].decode()
            for other in filter(None, others.split(",")):
                part = self.folder / PARTS / other / path.name
                if thoroughly:
                    pq.read_table(part, page_checksum_verification=True)
                else:
                    pq.ParquetFile(part).close()
            ids: list[str] = table["run"].to_pylist()
            failed = [error is not None for error in table["error"].to_pylist()]
        except (OSError, KeyError, pa.ArrowException):
            return None
        return dict(zip(ids, failed, strict=True)) if batch_name(ids) == path.stem else None

    def _drop(self, name: str) -> None:
        for path in (self.folder / PARTS).glob(f"*/{name}.parquet"):
            self.dropped.append(path)
            path.unlink(missing_ok=True)
