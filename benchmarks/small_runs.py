"""The small runs whose running is measured, as a function and as a Mesa model; worker processes import them from here."""

from __future__ import annotations

from functools import cache
from typing import Any

import mesa

from goodwill.lab.jobs.job import RUNS
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.simulate import simulate
from goodwill.lab.study.study import Study


def study(replications: int) -> Study:
    """Small runs: a hundred customers, a year."""
    return Study(
        scenario="mini", set={"customers": 100, "warm_up": 0}, horizon=12, arms={"as it is": {}}, outcomes=["profit", "share"],
        replications=replications,
    )  # fmt: skip


@cache
def _content() -> dict[str, Any]:
    return next(iter(Plan(study(1)).jobs(range(1)))).content


def one_run(replicate: int) -> dict[str, Any]:
    """The work itself: simulate and measure, as a study does."""
    return dict(simulate({**_content(), "replicate": replicate})[RUNS])


class SmallRun(mesa.Model):
    """The same run as a Mesa model, whose one step is the whole of it."""

    def __init__(self, replicate: int, rng: Any = None, seed: Any = None) -> None:
        super().__init__(rng=1)
        self.replicate = replicate
        self.found: dict[str, Any] = {}
        self.datacollector = mesa.DataCollector(
            model_reporters={name: lambda model, name=name: model.found.get(name) for name in ("profit", "share")}
        )

    def step(self) -> None:
        """Run, collect, stop."""
        self.found = one_run(self.replicate)
        self.datacollector.collect(self)
        self.running = False
