"""Where a result comes from: seed, scenario, versions, commit."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from goodwill import __version__

_PACKAGES = ("numpy", "numba", "llvmlite", "pandas", "mesa", "pydantic", "scipy")


@cache
def versions() -> dict[str, str]:
    """Versions of goodwill, Python and the packages results may depend on."""
    found = {"goodwill": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


@cache
def git_commit() -> str:
    """Commit of the source tree goodwill runs from, with '+' when it has changes; 'unknown' outside a repository."""
    folder = Path(__file__).resolve().parent
    try:
        commit = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "-C", str(folder), "status", "--porcelain", "--", str(folder)],
            capture_output=True, text=True, timeout=5, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return commit + ("+" if changed else "")


def provenance(scenario: Any, replicate: int | None = None) -> dict[str, Any]:
    """What to store beside a result of a scenario."""
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash(),
        "seed": scenario.seed,
        **({} if replicate is None else {"replicate": replicate}),
        "git_commit": git_commit(),
        "versions": versions(),
    }
