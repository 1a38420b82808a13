"""The result of a comparison: tables, figure, report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from goodwill.files import write_atomically
from goodwill.lab.outcomes import OUTCOMES
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.pairing import pairing
from goodwill.lab.statistics.ratios import jackknife_ratio
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

COMPARISONS = "runs"
"""Folder, in the output folder of comparisons, with one folder for each question."""
ANYWAY = (
    "Given anyway",
    "share",
    "share of what was given that went to purchases which would have been made without it",
)


@dataclass(frozen=True)
class Comparison:
    """What `compare` found. All money is per year in the scenario's currency, after the warm-up; intervals are 95 %.

    `runs` is the tidy table (replicate, arm, outcome, value); `summary` has mean and interval of each outcome and of its paired
    difference to the baseline.
    """

    scenario: Scenario
    arms: dict[str, Arm]
    firm: int
    baseline: str
    replications: list[dict[str, Any]] = field(repr=False)
    budget: float | None
    scaled: dict[str, dict[str, Any]]
    provenance: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, inputs: dict[str, Any], replications: list[dict[str, Any]]) -> Comparison:
        """A comparison from what was asked (plain data, as a store keeps it) and the replications that were run."""
        return cls(
            scenario=Scenario.from_dict(inputs["scenario"]),
            arms={name: Arm.of(name, content) for name, content in inputs["arms"].items()},
            firm=inputs["firm"],
            baseline=inputs["baseline"],
            replications=replications,
            budget=inputs["budget"],
            scaled=inputs["scaled"],
            provenance=inputs["provenance"],
        )

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """The comparison last run in a folder, finished or not. Raises `StudyError` when there are less than two replications."""
        from goodwill.errors import StudyError
        from goodwill.lab.jobs.store import MANIFEST, Store
        from goodwill.lab.replicate import stored_replications

        manifests = sorted(Path(folder).glob(f"{COMPARISONS}/*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns)
        if not manifests:
            raise StudyError(f"{folder}: holds no comparison; name the --output folder of a `goodwill compare`")
        store = Store(manifests[-1].parent, read_only=True)
        inputs, found = store.manifest(), list(stored_replications(store).values())
        if inputs is None or len(found) < 2:
            raise StudyError(
                f"{folder}: holds {len(found)} whole replications, and two are needed; run the comparison again"
            )
        return cls.of(inputs, found)

    @property
    def firm_name(self) -> str:
        """Name of the firm that tries the designs."""
        return self.scenario.firms[self.firm].name

    @cached_property
    def runs(self) -> pd.DataFrame:
        """replicate, arm, outcome, value: one row each."""
        rows = [
            (result["replicate"], arm, outcome, value)
            for result in self.replications
            for arm, found in result["arms"].items()
            for outcome, value in found["outcomes"].items()
        ]
        return pd.DataFrame(rows, columns=["replicate", "arm", "outcome", "value"])

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """replicate, arm, account, amount: currency per year, income positive."""
        rows = [
            (result["replicate"], arm, account, amount)
            for result in self.replications
            for arm, found in result["arms"].items()
            for account, amount in found["accounts"].items()
        ]
        return pd.DataFrame(rows, columns=["replicate", "arm", "account", "amount"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """replicate, arm, period, and the firm's share, retention, members, profit, revenue and liability in it."""
        frames = []
        for result in self.replications:
            for arm, found in result["arms"].items():
                table = pd.DataFrame(found["series"])
                table.insert(0, "period", np.arange(len(table)))
                table.insert(0, "arm", arm)
                table.insert(0, "replicate", result["replicate"])
                frames.append(table)
        return pd.concat(frames, ignore_index=True)

    def values(self, arm: str, outcome: str) -> np.ndarray:
        """An outcome of an arm, one number for each replication."""
        return np.array([r["arms"][arm]["outcomes"][outcome] for r in self.replications], float)

    def difference(self, arm: str, outcome: str) -> np.ndarray:
        """Paired differences of an outcome to the baseline, one for each replication."""
        return self.values(arm, outcome) - self.values(self.baseline, outcome)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """By arm and outcome: mean, low, high, and difference, difference_low, difference_high to the baseline.

        Beside `OUTCOMES`: incremental_profit (the difference in profit itself), roi (incremental profit over incremental programme
        cost, of the means, with an interval by the jackknife) and anyway.
        """
        rows = []
        for arm in self.arms:
            for outcome in (*OUTCOMES, "anyway"):
                mean, low, high = interval(self.values(arm, outcome))
                ends = (np.nan, np.nan, np.nan)
                if arm != self.baseline and outcome != "anyway":
                    ends = interval(self.difference(arm, outcome))
                rows.append((arm, outcome, mean, low, high, *ends))
            if arm != self.baseline:
                gain = interval(self.difference(arm, "profit"))
                rows.append((arm, "incremental_profit", *gain, *gain))
                rows.append((arm, "roi", *self._roi(arm), np.nan, np.nan, np.nan))
        columns = ["arm", "outcome", "mean", "low", "high", "difference", "difference_low", "difference_high"]
        return pd.DataFrame(rows, columns=columns)

    def _roi(self, arm: str) -> tuple[float, float, float]:
        """Incremental profit over incremental programme cost with a jackknife interval; NaN when the programme costs nothing."""
        gain, cost = self.difference(arm, "profit"), self.difference(arm, "programme_cost")
        if cost.mean() <= 0:
            return (float("nan"),) * 3
        return jackknife_ratio(gain, cost)

    def value(self, arm: str, outcome: str, column: str = "mean") -> float:
        """One number of `summary`."""
        rows = self.summary[(self.summary["arm"] == arm) & (self.summary["outcome"] == outcome)]
        return float(rows[column].iloc[0]) if len(rows) else float("nan")

    def variance_ratio(self, arm: str, outcome: str = "profit") -> float:
        """How many times smaller the variance of the difference is than with unpaired worlds."""
        return pairing(self.values(arm, outcome), self.values(self.baseline, outcome)).ratio

    @property
    def best(self) -> str:
        """Arm with the largest mean profit (the baseline included)."""
        return max(self.arms, key=lambda arm: self.value(arm, "profit"))

    # -- showing it ---------------------------------------------------------------------------------------------

    def table(self) -> Any:
        """The table of the comparison as a rich renderable; it prints itself in a terminal and in a notebook."""
        from goodwill.report.table import comparison_table

        return comparison_table(self)

    def plot(self) -> Any:
        """The figure of the comparison (matplotlib)."""
        from goodwill.plots.comparison import comparison_figure

        return comparison_figure(self)

    def report(self, path: str | Path) -> Path:
        """Write one self-contained HTML file; returns its path."""
        from goodwill.report.html import write_report

        return write_report(self, Path(path))

    def to_dict(self) -> dict[str, Any]:
        """Everything but the single runs, as plain data for JSON (NaN becomes null)."""
        from goodwill.report.verdict import Verdict

        verdict = Verdict(self)
        summary = self.summary.round(6).astype(object).where(self.summary.notna(), None)
        return {
            "scenario": self.scenario.name,
            "customers": self.scenario.customers,
            "firm": self.firm_name,
            "baseline": self.baseline,
            "best": self.best,
            "verdict": {"headline": verdict.headline, "reasons": verdict.sentences, "confidence": verdict.confidence},
            "currency": self.scenario.measurement.currency,
            "budget": self.budget,
            "scaled": self.scaled,
            "arms": {name: arm.to_dict() for name, arm in self.arms.items()},
            "summary": summary.to_dict(orient="records"),
            "provenance": self.provenance,
        }

    def to_json(self, path: str | Path) -> Path:
        """Write `to_dict` as JSON; returns the path."""
        text = json.dumps(self.to_dict(), indent=1)
        return write_atomically(Path(path), lambda file: file.write_text(text + "\n", encoding="utf-8"))
