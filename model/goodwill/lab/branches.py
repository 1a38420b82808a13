"""Several policies from saved worlds: each world goes on under each of them, with the same past and the same luck to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.compare import described_arms
from goodwill.lab.outcomes import OUTCOMES, firm_outcomes
from goodwill.lab.statistics.intervals import interval
from goodwill.record import Record
from goodwill.simulation import Simulation

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Branches:
    """What became of the worlds. Outcomes count from the period of the branch on; money is per year.

    runs: index (replicate, arm), a column for each outcome.
    """

    firm: str
    period: int
    baseline: str
    arms: tuple[str, ...]
    runs: pd.DataFrame

    def values(self, outcome: str) -> pd.DataFrame:
        """An outcome: a row for each world, a column for each arm."""
        return self.runs[outcome].unstack("arm")[list(self.arms)]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """arm, outcome, mean, difference to the baseline in the same worlds, and its interval low, high (with two worlds or more)."""
        rows = []
        for outcome in OUTCOMES:
            values = self.values(outcome)
            for arm in self.arms:
                ends = (np.nan,) * 3
                if arm != self.baseline:
                    ends = interval((values[arm] - values[self.baseline]).to_numpy())
                rows.append((arm, outcome, interval(values[arm].to_numpy())[0], *ends))
        return pd.DataFrame(rows, columns=["arm", "outcome", "mean", "difference", "low", "high"])


def branch_worlds(
    worlds: Sequence[str | Path],
    arms: Mapping[str, Any],
    *,
    firm: int | str = 0,
    baseline: str | None = None,
    rules: dict[str, Callable[..., Any]] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Branches:
    """Run every saved world on under every arm.

    Args:
        worlds: files of the same scenario in the same period, each with its own luck (`Simulation.save`).
        arms: name -> what the firm does from that period on, as for `compare`; one that changes nothing is added if there is none.
        firm: the firm that tries the arms, by position or name.
        baseline: arm the others are measured against; default: the one that changes nothing.
        rules: the user's own rules the worlds were run with.
        threads: threads of a simulation.
        progress: called as progress(done, all), in branches.

    Raises `StudyError` for worlds that do not belong together and arms that would have been felt before, `ScenarioError` for arms
    that do not fit.
    """
    if not worlds:
        raise StudyError("name at least one file of a saved world")
    described, base = described_arms(arms, baseline)
    rows: dict[tuple[int, str], dict[str, float]] = {}
    first: Simulation | None = None
    for file in worlds:
        world = Simulation.load(file, threads=threads, rules=rules)
        first = first or world
        if world.scenario != first.scenario or world.period != first.period:
            raise StudyError(f"{file}: is another world, or another period, than {worlds[0]}; branch them one by one")
        if world.period >= world.scenario.periods:
            raise StudyError(f"{file}: has run to its end; save it earlier, with --until")
        if (world.replicate, base) in rows:
            raise StudyError(f"{file}: has the same luck as one before it; save it with another --replicate")
        j = world.scenario.firm_index(firm)
        # All arms are tried first, so that one that does not fit is told before anything is run.
        for name, branch in {name: world.branch(arm, j) for name, arm in described.items()}.items():
            branch.run()
            rows[world.replicate, name] = firm_outcomes(Record.of(branch), j, start=world.period)
            if progress is not None:
                progress(len(rows), len(worlds) * len(described))
    assert first is not None
    runs = pd.DataFrame.from_dict(rows, orient="index")
    runs.index = pd.MultiIndex.from_tuples(list(rows), names=["replicate", "arm"])
    return Branches(
        first.scenario.firms[first.scenario.firm_index(firm)].name, first.period, base, tuple(described), runs
    )
