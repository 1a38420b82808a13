"""How many replications are needed, judged from a pilot."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from goodwill.lab.statistics.intervals import LEVEL, finite

MOST = 10_000_000  # a larger number is no plan


@dataclass(frozen=True)
class Needed:
    """Replications needed, and how far that number itself is uncertain, for it rests on the variance of a pilot.

    low, high: the number at the ends of the interval of the standard deviation (chi-square: normal outcomes assumed). Plan with
    `high` when running again would be dear.
    """

    replications: int
    low: int
    high: int
    pilot: int


def spread_interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Standard deviation over replications and its chi-square interval (normal outcomes assumed)."""
    from scipy import stats

    values = finite(values)
    n = len(values)
    if n < 2:
        raise ValueError(f"a pilot needs at least two replications, not {n}")
    spread = float(values.std(ddof=1))
    low, high = stats.chi2.ppf([(1 + level) / 2, (1 - level) / 2], n - 1)
    return spread, spread * math.sqrt((n - 1) / low), spread * math.sqrt((n - 1) / high)


def for_half_width(pilot: np.ndarray, half_width: float, level: float = LEVEL) -> Needed:
    """Replications after which the t-interval of the mean is expected to be `half_width` to each side.

    pilot: what the interval is for, by replication; for a difference of arms its paired differences.
    """
    if not half_width > 0:
        raise ValueError(f"half_width must be above 0, not {half_width}")
    return _needed(pilot, level, lambda spread: replications_for_half_width(spread, half_width, level))


def for_power(pilot: np.ndarray, effect: float, power: float = 0.8, level: float = LEVEL) -> Needed:
    """Replications after which a true difference of `effect` is found, with this power, by the paired two-sided t-test."""
    if effect == 0 or not math.isfinite(effect):
        raise ValueError("effect must be a number other than 0: nothing finds a difference that is not there")
    if not 1 - level < power < 1:
        raise ValueError(f"power must lie between {1 - level:.3g} and 1, not {power}")
    return _needed(pilot, level, lambda spread: replications_for_power(spread, effect, power, level))


def replications_for_half_width(spread: float, half_width: float, level: float = LEVEL) -> int:
    """The smallest n with t(n - 1) * spread / sqrt(n) <= half_width."""
    from scipy import stats

    def enough(n: int) -> bool:
        return bool(stats.t.ppf((1 + level) / 2, n - 1) * spread / math.sqrt(n) <= half_width)

    return _smallest(enough)


def replications_for_power(spread: float, effect: float, power: float = 0.8, level: float = LEVEL) -> int:
    """The smallest n at which the paired two-sided t-test has the power, for a known standard deviation of the differences."""
    return _smallest(lambda n: power_of(n, spread, effect, level) >= power)


def power_of(n: int, spread: float, effect: float, level: float = LEVEL) -> float:
    """Power of the paired two-sided t-test with n replications, by the noncentral t distribution (Cohen 1988)."""
    from scipy import stats

    if spread == 0:
        return 1.0
    bar = stats.t.ppf((1 + level) / 2, n - 1)
    shift = abs(effect) / spread * math.sqrt(n)
    beyond = stats.nct.sf(bar, n - 1, shift) + stats.nct.cdf(-bar, n - 1, shift)
    # scipy's noncentral t gives NaN far out, where the normal is right to the last digit that matters
    return float(beyond) if np.isfinite(beyond) else float(stats.norm.sf(bar - shift))


def _needed(pilot: np.ndarray, level: float, rule: Callable[[float], int]) -> Needed:
    spread, low, high = spread_interval(pilot, level)
    return Needed(rule(spread), rule(low), rule(high), len(finite(pilot)))


def _smallest(enough: Callable[[int], bool]) -> int:
    """The smallest n >= 2 for which a rule holds that holds for all larger n too (doubling, then halving)."""
    high = 2
    while not enough(high):
        high *= 2
        if high > MOST:
            raise ValueError(f"more than {MOST:,} replications would be needed; ask for less")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
