"""Results on disk: one small JSON file for each replication, written atomically, so that a killed comparison can go on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from goodwill.engine.jit import source_hash
from goodwill.errors import StudyError
from goodwill.files import write_atomically


def comparison_key(arms: dict[str, dict[str, Any]], firm: int, baseline: str) -> str:
    """Hash of everything that decides the numbers: scenarios of all arms, firm, baseline and the code that simulates."""
    text = json.dumps([arms, firm, baseline, source_hash()], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Store:
    """The folder of one comparison: `runs/<key>/<replicate>.json`.

    Raises `StudyError` when the folder cannot be written.
    """

    def __init__(self, folder: str | Path, key: str) -> None:
        self.folder = Path(folder)
        self.runs = self.folder / "runs" / key
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
            write_atomically(self.runs / ".writable", lambda path: path.write_text("", encoding="utf-8"))
        except OSError as error:
            reason = error.strerror or str(error)
            raise StudyError(
                f"{self.folder}: cannot be written ({reason}); choose another folder with --output"
            ) from None

    def _file(self, replicate: int) -> Path:
        return self.runs / f"{replicate:05d}.json"

    def save(self, result: dict[str, Any]) -> None:
        """Store one replication."""
        text = json.dumps(result)
        write_atomically(self._file(result["replicate"]), lambda path: path.write_text(text, encoding="utf-8"))

    def load(self, replicate: int) -> dict[str, Any] | None:
        """A stored replication; None when it is not there or damaged (it is then run again)."""
        path = self._file(replicate)
        try:
            result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            path.unlink(missing_ok=True)
            return None
        return result if result.get("replicate") == replicate and "arms" in result else None
