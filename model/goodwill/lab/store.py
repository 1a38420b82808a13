"""Results on disk: what was asked, and one small JSON file for each replication, so that a killed comparison can go on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.code import code_hash

_INPUTS = "inputs.json"
_NEEDED = ("outcomes", "accounts", "series")


def comparison_key(
    scenario: dict[str, Any],
    arms: dict[str, dict[str, Any]],
    firm: int,
    baseline: str,
    budget: float | str | None,
    user: dict[str, str],
) -> str:
    """Hash of everything that decides the numbers: scenario, arms as they were given, firm, baseline, budget, code, user's code."""
    text = json.dumps(
        [scenario, arms, firm, baseline, budget, code_hash(), user], sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Store:
    """The folder of one comparison: `runs/<key>/inputs.json` and `runs/<key>/<replicate>.json`.

    Raises `StudyError` when the folder cannot be written.
    """

    def __init__(self, folder: str | Path, key: str) -> None:
        self.folder = Path(folder)
        self.runs = self.folder / "runs" / key
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
            write_atomically(self.runs / ".writable", lambda path: path.write_text("", encoding="utf-8"))
        except OSError as error:
            raise _cannot_write(self.folder, error) from None

    @classmethod
    def latest(cls, folder: str | Path) -> Store:
        """The comparison last run in a folder. Raises `StudyError` when there is none."""
        found = sorted(Path(folder).glob(f"runs/*/{_INPUTS}"), key=lambda path: path.stat().st_mtime_ns)
        if not found:
            raise StudyError(f"{folder}: holds no comparison; name the --output folder of a `goodwill compare`")
        store = cls.__new__(cls)
        store.folder, store.runs = Path(folder), found[-1].parent
        return store

    def save_inputs(self, inputs: dict[str, Any]) -> None:
        """Store what was asked, arms as they were scaled included."""
        self._write(self.runs / _INPUTS, inputs)

    def load_inputs(self) -> dict[str, Any] | None:
        """What was asked; None when it is not there or damaged."""
        return self._read(self.runs / _INPUTS, "scenario", "arms", "firm", "baseline", "scaled")

    def save(self, result: dict[str, Any]) -> None:
        """Store one replication."""
        self._write(self._file(result["replicate"]), result)

    def load(self, replicate: int) -> dict[str, Any] | None:
        """A stored replication; None when it is not there or damaged (it is then run again)."""
        result = self._read(self._file(replicate), "replicate", "arms")
        whole = (
            result is not None
            and result["replicate"] == replicate
            and isinstance(result["arms"], dict)
            and all(isinstance(arm, dict) and all(key in arm for key in _NEEDED) for arm in result["arms"].values())
        )
        return result if whole else None

    def stored(self) -> list[int]:
        """Numbers of the replications that have a file."""
        return sorted(int(path.stem) for path in self.runs.glob("*.json") if path.stem.isdigit())

    def _file(self, replicate: int) -> Path:
        return self.runs / f"{replicate:05d}.json"

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        # The hash tells a damaged file from a whole one, whatever was damaged.
        text = json.dumps({"sha256": _digest(content), "content": content}) + "\n"
        try:
            write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise _cannot_write(self.folder, error) from None

    def _read(self, path: Path, *keys: str) -> dict[str, Any] | None:
        try:
            envelope = json.loads(path.read_text(encoding="utf-8"))
            content = envelope["content"]
            whole = envelope["sha256"] == _digest(content)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return content if whole and isinstance(content, dict) and all(key in content for key in keys) else None


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _cannot_write(folder: Path, error: OSError) -> StudyError:
    reason = error.strerror or str(error)
    return StudyError(f"{folder}: cannot be written ({reason}); choose another folder with --output")
