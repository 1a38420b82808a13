"""Results of a study that nobody ran: the numbers are made up, so that what is said of them is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.study.plan import Plan
from goodwill.lab.study.results import Results
from goodwill.lab.study.study import Study
from goodwill.scenario.starter import example

Value = Callable[[dict[str, Any], str, str, int], float]


class Invented(Results):
    """Results with the numbers of `value(factors and case of the point, arm, outcome, replicate)`."""

    def __init__(self, value: Value, worlds: int = 8, done: float = 1.0, **asked: Any) -> None:
        scenario = example().with_(customers=200, periods=40, warm_up=10).to_dict()
        self.plan = Plan(Study.from_dict({"name": "made-up", "scenario": scenario, "replications": worlds, **asked}))
        self.study = self.plan.study
        self.folder = Path("made-up")
        self.manifest = {
            "versions": {"goodwill": "0"}, "study_hash": "hash", "seed": 1, "git_commit": "commit", "code": "code",
            "sessions": [{"command": None}], "finished": done == 1,
        }  # fmt: skip
        self.kept = pd.DataFrame()
        rows = [
            {"point": point, "arm": arm, "replicate": replicate, "run": f"{point}-{arm}-{replicate}",
             **{name: value(dict(factors), arm, name, replicate) for name in self.outcomes}, "seconds": 0.1, "error": None}
            for point, factors in self.points.iterrows()
            for arm in self.arms
            for replicate in range(worlds)
        ]  # fmt: skip
        table = pd.DataFrame(rows)
        self.__dict__["keys"] = table[["point", "arm", "replicate", "run"]]
        self.__dict__["runs"] = table.head(round(done * len(table)))

    def fail(self, point: int, arm: str, replicate: int, error: str) -> None:
        """Let a run have failed."""
        runs = self.runs
        this = (runs["point"] == point) & (runs["arm"] == arm) & (runs["replicate"] == replicate)
        runs.loc[this, "error"] = error
        runs.loc[this, self.outcomes] = np.nan

    def sql(self, query: str) -> pd.DataFrame:
        """Ask about the customers."""
        import duckdb

        connection = duckdb.connect()
        connection.register("customers", self.kept)
        return connection.execute(query).df()


def luck(replicate: int, size: float = 1.0) -> float:
    """Luck of a world, the same for all arms and points."""
    return float(size * np.random.default_rng(replicate).standard_normal())
