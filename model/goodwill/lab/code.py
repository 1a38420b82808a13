"""Which version of the code a result comes from: what another version stored is never mixed in."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_NO_NUMBERS = ("app", "commands", "plots", "report")  # folders that only show what others computed
_LIBRARIES = ("llvmlite", "numba", "numpy")
# Of the laboratory, what a run's numbers depend on; the rest plans runs, or looks at their results.
_RUN = ("lab/budget.py", "lab/outcomes.py", "lab/replicate.py", "lab/study/past.py", "lab/study/simulate.py")


@cache
def code_hash(*also: str) -> str:
    """Hash of all code that decides the numbers of a run (12 hex digits).

    also: files or folders of the package whose code decides the result too, such as `lab/evidence`.
    """
    digest = hashlib.sha256(repr([sys.version_info[:2], *map(metadata.version, _LIBRARIES)]).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        place = path.relative_to(_PACKAGE).as_posix()
        folder = place.split("/")[0]
        if folder in _NO_NUMBERS or (folder == "lab" and not place.startswith((*_RUN, *also))):
            continue
        digest.update(place.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
