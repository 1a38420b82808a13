"""The targets as data: what a source found, where, and by which criteria the model is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from goodwill.errors import StudyError
from goodwill.scenario.explain import nearest
from goodwill.scenario.yaml_core import CoreLoader

FILE = Path(__file__).with_name("targets.yaml")

Tag = Literal["imposed", "emergent", "exact"]


@dataclass(frozen=True)
class Check:
    """One number that has to lie between two bounds.

    measure: name of the number in a run's measurements. over: another one; then it is the ratio of the two means. or_zero:
    an interval that contains 0 will do as well (the effect may be absent).
    """

    measure: str
    meaning: str
    low: float = float("-inf")
    high: float = float("inf")
    over: str = ""
    or_zero: bool = False

    @property
    def name(self) -> str:
        """What it is called in tables."""
        return f"{self.measure} / {self.over}" if self.over else self.measure

    def bounds(self) -> str:
        """The bounds in words."""
        low, high = f"{self.low:g}", f"{self.high:g}"
        if self.low == float("-inf"):
            words = f"at most {high}"
        elif self.high == float("inf"):
            words = f"at least {low}"
        else:
            words = f"{low} to {high}"
        return f"{words}, or not told from 0" if self.or_zero else words


@dataclass(frozen=True)
class Target:
    """One published regularity.

    statement, numbers, source: what was found, by whom. checks: the criterion. tag: imposed (a parameter was set from it),
    emergent (it comes out), exact (a worked example); why says so. world: what is run. miss: why it is not met, when it is not.
    """

    id: str
    subject: str
    statement: str
    numbers: str
    source: str
    confidence: str
    tag: Tag
    why: str
    world: str
    checks: tuple[Check, ...]
    miss: str = ""


@cache
def all_targets() -> dict[str, Target]:
    """Every target by its id, in order."""
    content = yaml.load(FILE.read_text(encoding="utf-8"), CoreLoader)
    return {entry["id"]: _target(entry) for entry in content}


def chosen(ids: Sequence[str] | None) -> dict[str, Target]:
    """The targets with these ids (all by default). Raises `StudyError` for one that does not exist."""
    known = all_targets()
    for name in ids or ():
        if name not in known:
            raise StudyError(
                f"target {name!r} does not exist{nearest(name, list(known))}; known are {', '.join(known)}"
            )
    return {name: known[name] for name in known if not ids or name in ids}


def _target(entry: Mapping[str, Any]) -> Target:
    return Target(**{**entry, "checks": tuple(Check(**check) for check in entry["checks"])})
