"""From the numbers of many runs to one verdict: value, 95 % interval, met or missed and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from goodwill.lab.evidence.targets import Check, Target

LEVEL = 0.95
RESAMPLES = 2000

Numbers = Mapping[str, float]
Outcome = Literal["pass", "miss", "unclear", "failed", "not yet measurable"]


@dataclass(frozen=True)
class Finding:
    """A check on the runs: mean (or ratio of means), its 95 % interval, the runs that gave a number, the verdict.

    pass: the whole interval lies within the bounds. miss: the value lies outside. unclear: the value lies within, its interval reaches
    beyond. gap: how far the value lies outside, 0 within.
    """

    check: Check
    value: float
    low: float
    high: float
    runs: int
    outcome: Outcome
    gap: float


def mean_interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95 % interval by Student's t; of one number, or of equal ones, the number itself."""
    mean = float(values.mean())
    if values.size < 2 or np.ptp(values) == 0:
        return mean, mean, mean
    half = float(stats.t.ppf(0.5 + LEVEL / 2, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size))
    return mean, mean - half, mean + half


def ratio_interval(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float, float]:
    """Ratio of two means over the same runs, and its 95 % percentile bootstrap interval (a ratio of means has no t)."""
    value = float(top.mean() / bottom.mean()) if bottom.mean() else float("nan")
    if top.size < 2:
        return value, value, value
    rows = np.random.default_rng(0).integers(0, top.size, (RESAMPLES, top.size))
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = top[rows].mean(axis=1) / bottom[rows].mean(axis=1)
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        return value, float("nan"), float("nan")
    low, high = np.quantile(drawn, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return value, float(low), float(high)


def judge(check: Check, runs: Sequence[Numbers]) -> Finding:
    """The finding of one check over runs; a run whose number is missing (NaN) makes the check fail."""
    top = np.array([run.get(check.measure, np.nan) for run in runs], dtype=float)
    bottom = np.array([run.get(check.over, np.nan) for run in runs], dtype=float) if check.over else np.ones(top.size)
    known = np.isfinite(top) & np.isfinite(bottom)
    if not known.any() or not known.all():
        part = float(np.mean(top[known] / bottom[known])) if known.any() else float("nan")
        return Finding(check, part, float("nan"), float("nan"), int(known.sum()), "failed", float("nan"))
    value, low, high = ratio_interval(top, bottom) if check.over else mean_interval(top)
    if not np.isfinite([value, low, high]).all():
        return Finding(check, value, low, high, top.size, "failed", float("nan"))
    gap = max(check.low - value, value - check.high, 0.0)
    inside = check.low <= low and high <= check.high
    if inside or (check.or_zero and low <= 0.0 <= high):
        outcome: Outcome = "pass"
    else:
        outcome = "miss" if gap > 0 else "unclear"
    return Finding(check, value, low, high, top.size, outcome, gap)


def verdict_of(findings: Sequence[Finding], failed_runs: int) -> Outcome:
    """The verdict on a target: the worst of its checks; a run that failed is never passed over."""
    if not findings:
        return "failed" if failed_runs else "not yet measurable"
    order: tuple[Outcome, ...] = ("failed", "miss", "unclear", "pass")
    worst = min((finding.outcome for finding in findings), key=order.index)
    return "failed" if failed_runs else worst


def holds(target: Target, runs: Sequence[Numbers]) -> bool:
    """Whether all values lie within their bounds, whatever their intervals: the question of an ablation with few runs."""
    if not runs:
        return False
    found = [judge(check, runs) for check in target.checks]
    return all(finding.outcome == "pass" or finding.gap == 0.0 for finding in found)
