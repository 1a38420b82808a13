"""What measures a target: worlds to run, and a function from the worlds and a seed to numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from goodwill.scenario.scenario import Scenario

Worlds = Mapping[str, Scenario]
Run = Callable[[Worlds, int], dict[str, float]]


@dataclass(frozen=True)
class Measurement:
    """How one target is measured.

    worlds: builds the scenarios by name; they are what an ablation changes. run: a pure function of worlds and seed. once: the result
    knows no luck, one run is enough.
    """

    target: str
    worlds: Callable[[], Worlds]
    run: Run
    once: bool = False
