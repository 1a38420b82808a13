"""A piece of work, and what comes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

RUNS = "runs"
"""The table every job has one row in."""

ID_DIGITS = 16

Tables = Mapping[str, Mapping[str, Any]]
"""What a job returns: table -> column -> values. `runs` has one value for each column, the others columns of equal length."""

Work = Callable[[Any], Tables]
"""Does one job, given its content. Has to be a function that a worker can import or cloudpickle can carry."""


@dataclass(frozen=True)
class Job:
    """A piece of work. `id` stands for everything that decides its result; `content` is what the work gets (plain data).

    `group`: jobs that follow each other and have the same one are best done by the same worker, who keeps what they share.
    """

    id: str
    content: Any
    group: Any = None


def job_id(*parts: Any) -> str:
    """Hash of plain data (16 hex digits): the same parts give the same id in any process."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]
