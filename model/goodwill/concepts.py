"""The systems of customer loyalty, row by row: what each is, what switches it on, and where to see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

GROUPS = {"A": "What goes on in the customer", "B": "What firms do", "C": "What is measured and booked"}
STATES = ("done", "partly", "not yet")


@dataclass(frozen=True)
class Concept:
    """One system.

    `keys` are scenario keys, or `kind NAME`, `template NAME`, `strategy NAME` and `record NAME` (a table of the record); `code` are
    files below the package; `test` is the file (and function) that shows its effect; `preset` is the market in which it is best
    seen, empty if there is none.
    """

    id: str
    system: str
    line: str
    state: str
    preset: str = ""
    keys: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    test: str = ""
    missing: str = field(default="")

    @property
    def group(self) -> str:
        """A: customers, B: firms, C: measures and books."""
        return self.id[0]


@cache
def concepts() -> tuple[Concept, ...]:
    """All systems, in the order of their ids."""
    rows = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(
        Concept(**{**row, "keys": tuple(row.get("keys", ())), "code": tuple(row.get("code", ()))}) for row in rows
    )
