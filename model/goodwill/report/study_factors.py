"""How an outcome changes with a factor of a design: averages over everything else that was varied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goodwill.lab.statistics.averages import world_averages
from goodwill.lab.statistics.intervals import interval
from goodwill.report.study_findings import Findings, short

MOST_LEVELS = 12  # more different values than that in a grid are put into bins
BINS = 6  # of a sample, as well as the most different values shown singly


@dataclass(frozen=True)
class Level:
    """A value of a factor (or the middle of a bin of values), and the average there with its interval."""

    label: str
    place: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Levels:
    """The levels of a factor: the level of each point by number, labels, places on an axis; binned: ranges of values."""

    number: pd.Series
    labels: list[str]
    places: list[float]
    binned: bool


def levels_of(f: Findings, factor: str) -> Levels:
    """Single values of a factor, or bins of about as many points each where they are many."""
    values = f.results.points[factor]
    numeric = f.results.study.factors[factor].numeric
    keys = values if numeric else values.map(short)
    known = sorted(keys.unique()) if numeric else list(dict.fromkeys(keys))
    most = MOST_LEVELS if f.results.study.design.kind == "grid" else BINS
    if not numeric or len(known) <= most:
        places = [float(value) if numeric else float(x) for x, value in enumerate(known)]
        return Levels(keys.map({value: x for x, value in enumerate(known)}), [short(v) for v in known], places, False)
    bounds = np.quantile(values, np.linspace(0, 1, BINS + 1))
    number = pd.Series(np.clip(np.searchsorted(bounds, values, side="right") - 1, 0, BINS - 1), index=values.index)
    held = [x for x in range(BINS) if (number == x).any()]
    labels = [f"{bounds[x]:.3g} to {bounds[x + 1]:.3g}" for x in held]
    places = [float(values[number == x].mean()) for x in held]
    return Levels(number.map({x: place for place, x in enumerate(held)}), labels, places, True)


def response(f: Findings, outcome: str, arm: str, factor: str) -> list[Level]:
    """Average difference to the baseline (of a baseline alone: its mean) at each level of a factor.

    In a grid all else is the same at every level, and intervals are over worlds. In a sample of points, other factors differ between
    bins too, and intervals are over points, so that they hold that as well.
    """
    found = f.contrast(outcome)[[arm]].dropna()
    known = levels_of(f, factor)
    of_run = known.number.loc[found.index.get_level_values("point")].to_numpy()
    grid = f.results.study.design.kind == "grid"
    levels = []
    for x, (label, place) in enumerate(zip(known.labels, known.places, strict=True)):
        part = found[of_run == x]
        if len(part):
            rows = world_averages(part) if grid else part.groupby(level="point").mean()
            levels.append(Level(label, place, *interval(rows[arm].to_numpy())))
    return levels


def factors_shown(f: Findings) -> list[str]:
    """Factors with more than one value, by how much they move the best design's difference (or the outcome itself)."""
    ranges = {}
    for factor in f.results.study.factors:
        levels = response(f, f.outcome, f.shown[0], factor)
        if len(levels) > 1:
            means = [level.mean for level in levels]
            ranges[factor] = max(means) - min(means)
    return sorted(ranges, key=lambda name: -ranges[name])
