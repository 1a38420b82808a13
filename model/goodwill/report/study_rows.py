"""The tables of a study's report as text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.lab.outcomes import OUTCOMES
from goodwill.lab.statistics.averages import world_averages
from goodwill.lab.statistics.pairing import pairing
from goodwill.lab.statistics.planning import Needed, for_half_width
from goodwill.lab.statistics.summary import mean_intervals
from goodwill.report.numbers import DASH, by_unit, count, times
from goodwill.report.rows import Cell, Row, unit_in_words
from goodwill.report.study_findings import Estimate, Findings
from goodwill.report.verdict import named

SHOWN_POINTS = 40
MANY_ARMS = 5


def outcome_rows(f: Findings) -> list[Row]:
    """One row for each outcome, averaged over points; beneath, the difference and its interval, corrected for all arms."""
    rows = []
    for outcome in f.results.outcomes:
        label, unit = f.results.label(outcome)
        cells = []
        for arm in f.results.arms:
            found = f.mean(arm, outcome)
            if arm != f.results.baseline:
                below = _difference(f.corrected(arm, outcome), unit)
            else:
                below = Cell("" if f.designs else _ends(found, unit))
            cells.append(Cell(by_unit(found.mean, unit), below.text, below.sign))
        meaning = OUTCOMES[f.results.study.outcomes[outcome].of or outcome][2]
        words = unit_in_words(unit, f.currency)
        rows.append(Row(label, words, meaning, tuple(cells), strong=outcome == f.outcome))
    return rows


def turned(rows: list[Row], arms: list[str]) -> list[Row]:
    """The same table with a row for each arm: easier to read when there are many arms."""
    return [Row(arm, "", "", tuple(row.cells[x] for row in rows)) for x, arm in enumerate(arms)]


def point_rows(f: Findings) -> list[Row]:
    """The first outcome by point, the first `SHOWN_POINTS` of them; differences with their own intervals."""
    unit = f.results.label(f.outcome)[1]
    means = mean_intervals(f.values(f.outcome))["mean"]
    apart = mean_intervals(f.differences(f.outcome))
    rows = []
    for point in means.index[:SHOWN_POINTS]:
        cells = []
        for arm in f.results.arms:
            if arm == f.results.baseline:
                cells.append(Cell(by_unit(means.loc[point, arm], unit)))
                continue
            below = _difference(Estimate(*(float(apart[end].loc[point, arm]) for end in ("mean", "low", "high"))), unit)
            cells.append(Cell(by_unit(means.loc[point, arm], unit), below.text, below.sign))
        rows.append(Row(f.point_name(point), "", "", tuple(cells)))
    return rows


def _difference(found: Estimate, unit: str) -> Cell:
    if not np.isfinite(found.mean):
        return Cell("")
    text = by_unit(found.mean, unit, True)
    if np.isfinite(found.low):
        text += f" ({by_unit(found.low, unit, True)} to {by_unit(found.high, unit, True)})"
    return Cell(text, sign=found.sign)


def _ends(found: Estimate, unit: str) -> str:
    """The interval of a mean."""
    return f"{by_unit(found.low, unit)} to {by_unit(found.high, unit)}" if np.isfinite(found.low) else ""


@dataclass(frozen=True)
class Sure:
    """What the replications of an arm say of its difference to the baseline."""

    arm: str
    spread: str
    correlation: str
    saved: str
    worth: str
    needed: str


def sure_rows(f: Findings) -> list[Sure]:
    """Spread, pairing and replications needed for half the width, of every design; empty with one replication."""
    if not f.comparable or f.unit_of_spread == "point":
        return []
    unit, rows = f.results.label(f.outcome)[1], []
    for arm in f.designs:
        both = world_averages(f.values(f.outcome)[[arm, f.results.baseline]])
        apart = (both[arm] - both[f.results.baseline]).to_numpy()
        if len(apart) < 2:
            continue
        saved = pairing(both[arm].to_numpy(), both[f.results.baseline].to_numpy())
        ends = f" ({times(saved.low)} to {times(saved.high)})" if np.isfinite(saved.high) else ""
        worth = count(float(f"{saved.unpaired:.2g}")) if np.isfinite(saved.unpaired) and f.even else DASH
        spread = float(apart.std(ddof=1))
        needed = _needed(apart, f.difference(arm, f.outcome)) if f.even else DASH
        rows.append(
            Sure(arm, _size(spread, unit), f"{saved.correlation:.3f}", f"{times(saved.ratio)}{ends}", worth, needed)
        )  # fmt: skip
    return rows


def _needed(apart: np.ndarray, found: Estimate) -> str:
    wanted = (found.high - found.low) / 4
    if not wanted > 0:
        return DASH
    need: Needed = for_half_width(apart, wanted)
    return f"{count(need.replications)} ({count(need.low)} to {count(need.high)})"


def _size(spread: float, unit: str) -> str:
    """A standard deviation; of shares, in percentage points."""
    return by_unit(spread, unit, True).lstrip("+")


def failures(f: Findings) -> list[tuple[str, str, str]]:
    """How often, what, and where first: one row for each kind of error, the most frequent first."""
    failed = f.results.failed
    rows = []
    for error, found in sorted(failed.groupby("error"), key=lambda item: -len(item[1])):
        first = found.iloc[0]
        where = f"{named(str(first['arm']))}, point {first['point']}, replicate {first['replicate']}"
        rows.append((count(len(found)), str(error), where))
    return rows
