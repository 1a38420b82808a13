"""What an arm does to a customer, luck removed: the same people live through the time after the warm-up again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.compare import described_arms
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

FIRST_LIFE = 2**31  # lives have luck of their own, which no replicate has


@dataclass(frozen=True)
class Individuals:
    """Effects on the customers of one world over several lives. `effects`: [arm][lives, customers], purchases from the firm.

    In one life a customer's effect is partly luck: whether the week in which the card was nearly full brought him to town. The mean
    over lives is his expected effect, known up to `error`.
    """

    effects: dict[str, np.ndarray]
    visits_before: np.ndarray
    without: np.ndarray

    @cached_property
    def table(self) -> pd.DataFrame:
        """arm, customer, visits_before, without (mean purchases without the arm), effect (mean over lives), error (its s.e.)."""
        parts = []
        for arm, found in self.effects.items():
            part = {
                "arm": arm,
                "customer": np.arange(found.shape[1]),
                "visits_before": self.visits_before,
                "without": self.without,
                "effect": found.mean(axis=0),
                "error": found.std(axis=0, ddof=1) / np.sqrt(len(found)),
            }
            parts.append(pd.DataFrame(part))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def spread(self) -> pd.DataFrame:
        """Index arm: mean effect; between (s.d. of customers' expected effects), luck (s.d. of one customer's effect over lives),
        share_of_luck (of the variance of effects in a single life).

        By analysis of variance: what the means over lives differ by, less what luck alone would make them differ by.
        """
        rows = {}
        for arm, found in self.effects.items():
            luck = float(found.var(axis=0, ddof=1).mean())
            between = max(float(found.mean(axis=0).var(ddof=1)) - luck / len(found), 0.0)
            whole = between + luck
            rows[arm] = (found.mean(), between**0.5, luck**0.5, luck / whole if whole else np.nan)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "between", "luck", "share_of_luck"])


def individual_effects(
    scenario: Scenario,
    arms: dict[str, Any],
    *,
    firm: int | str = 0,
    baseline: str | None = None,
    replicate: int = 0,
    lives: int = 20,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Individuals:
    """Let the customers of one world live through the time after the warm-up several times, under each arm.

    In each life all draws are new, and the same under all arms; customers, their tastes and what they did in the warm-up are the same
    in all lives. Raises `StudyError` for arms that are felt before the end of the warm-up, or less than two lives.
    """
    if lives < 2:
        raise StudyError(f"lives is {lives}; at least two are needed to tell effects from luck")
    described, base = described_arms(arms, baseline)
    j = scenario.firm_index(firm)
    found: dict[str, np.ndarray] = {}
    before: np.ndarray | None = None
    for done, (name, arm) in enumerate(described.items()):
        start = Simulation(arm.apply(scenario, j), replicate=replicate, threads=threads)
        start.advance(scenario.warm_up)
        past = start.population.customers.visits[j].astype(np.int64)
        if before is not None and not np.array_equal(past, before):
            raise StudyError(
                f"arm {name!r} changes what customers do before the end of the warm-up (period {scenario.warm_up}), so there is no "
                "common past; let it start then"
            )
        before = past
        visits = np.empty((lives, len(past)))
        for life in range(lives):
            world = start.copy()
            world.key = (world.key[0], np.uint32(FIRST_LIFE + life))
            world.run()
            visits[life] = world.population.customers.visits[j].astype(np.int64) - past
            if progress is not None:
                progress(done * lives + life + 1, len(described) * lives)
        found[name] = visits
    assert before is not None
    effects = {name: visits - found[base] for name, visits in found.items() if name != base}
    return Individuals(effects, before, found[base].mean(axis=0))
