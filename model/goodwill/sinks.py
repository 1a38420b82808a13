"""Where recorded purchases go: into memory, or into a Parquet file with bounded memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from goodwill.engine.draws import TRAITS_3
from goodwill.engine.philox import philox4x32
from goodwill.engine.state import PURCHASE_COLUMNS


class MemorySink:
    """Keeps all rows; about 130 bytes a purchase."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []

    def add(self, rows: np.ndarray) -> None:
        """Keep these rows."""
        self._parts.append(rows)

    def rows(self) -> np.ndarray:
        """All rows so far, [R, columns]."""
        return np.concatenate(self._parts) if self._parts else np.zeros((0, len(PURCHASE_COLUMNS)))


class ParquetSink:
    """Writes rows to a Parquet file, a hundred thousand at a time. Use as a context manager: the file appears when it is closed."""

    def __init__(self, path: str | Path, names: list[str]) -> None:
        self.path = Path(path)
        self._names = names
        self._parts: list[np.ndarray] = []
        self._waiting = 0
        self._writer: Any = None
        self._temporary = self.path.with_name(f".{self.path.name}.part")

    def add(self, rows: np.ndarray) -> None:
        """Take rows; written once enough have come together."""
        self._parts.append(rows)
        self._waiting += len(rows)
        if self._waiting >= 100_000:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from goodwill.record import purchase_table

        rows = np.concatenate(self._parts) if self._parts else np.zeros((0, len(PURCHASE_COLUMNS)))
        table = purchase_table(rows, self._names)
        for column in ("firm", "cause", "held_by"):
            table[column] = table[column].astype(str)
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._temporary, arrow.schema)
        self._writer.write_table(arrow)
        self._parts, self._waiting = [], 0

    def close(self) -> None:
        """Write the rest and put the file in its place."""
        self._flush()
        self._writer.close()
        self._temporary.replace(self.path)

    def __enter__(self) -> ParquetSink:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self.close()
        else:
            if self._writer is not None:
                self._writer.close()
            self._temporary.unlink(missing_ok=True)


def sample_panel(customers: int, size: int, key: tuple[np.uint32, np.uint32]) -> np.ndarray:
    """A random panel of `size` customers as a mask [N] uint8: those with the smallest of their own draws, the same in every run."""
    luck = np.array(
        [
            philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), np.uint32(TRAITS_3), *key)[1]
            for i in range(customers)
        ],
        np.uint32,
    )  # fmt: skip
    mask = np.zeros(customers, np.uint8)
    mask[np.argsort(luck, kind="stable")[:size]] = 1
    return mask
