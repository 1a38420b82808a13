"""Break-even: the value of a factor at which an outcome crosses a limit (a difference: 0), with its interval, or none, or several.

The curve is a response surface (see `surface`). Its band says for each value of the factor whether the outcome there can be
told from the limit; the interval of a crossing is the stretch around it where it cannot (a test inverted, as Fieller does for
ratios). A stretch that reaches the end of the range is open there, and a stretch without a crossing is undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from goodwill.lab.understand.factors import named, shown
from goodwill.lab.understand.response import Response
from goodwill.lab.understand.surface import Metamodel, Surface, surface


@dataclass(frozen=True)
class BreakEven:
    """Where an outcome crosses the limit along a factor.

    table: a row a crossing: value, low, high (infinite: open), direction (`up`: above the limit beyond it). undecided:
    stretches where the outcome cannot be told from the limit although the curve does not cross it. curve: the surface it is
    read off.
    """

    table: pd.DataFrame
    undecided: tuple[tuple[float, float], ...]
    curve: Surface
    limit: float

    def text(self) -> str:
        """What was found, in words."""
        factor = self.curve.factors[0]
        name, grid = named(self.curve.names, factor), self.curve.grid
        if len(self.table) == 0:
            side = "above" if grid["mean"].iloc[0] > self.limit else "below"
            sure = ", but not everywhere for certain" if self.undecided else ""
            stretch = f"{shown(grid[factor].iloc[0], 3)} to {name.amount(grid[factor].iloc[-1])}"
            text = f"{self.curve.label} stays {side} {shown(self.limit)} for {name.label} from {stretch}{sure}: no break-even"
        else:
            parts = [
                f"{name.label} {name.amount(row['value'])} [{_end(row['low'])}, {_end(row['high'])}] "
                f"({'above' if row['direction'] == 'up' else 'below'} {shown(self.limit)} beyond it)"
                for row in self.table.to_dict("records")
            ]
            text = f"{self.curve.label} breaks even at {'; and at '.join(parts)}"
        return text + (". The curve predicts poorly: take this as a hint only." if self.curve.poor else ".")


def break_even(
    outcome: Response | Metamodel,
    factor: str,
    limit: float = 0.0,
    at: Mapping[str, float] | None = None,
    steps: int = 401,
) -> BreakEven:
    """Crossings of the mean outcome along one factor, the others averaged over the design or held `at` values."""
    curve = surface(outcome, [factor], at, steps)
    grid = curve.grid
    table, undecided = crossings(
        grid[factor].to_numpy(), grid["mean"].to_numpy(), grid["low"].to_numpy(), grid["high"].to_numpy(), limit
    )
    return BreakEven(table, undecided, curve, limit)


def frontier(
    outcome: Response | Metamodel, along: str, factor: str, limit: float = 0.0, steps: int = 41
) -> pd.DataFrame:
    """Break-even values of `factor` for each value of `along`, none to several: columns along, value, low, high, direction."""
    plane = surface(outcome, [along, factor], None, steps)
    found = []
    for value, line in plane.grid.groupby(along):
        table, _ = crossings(
            line[factor].to_numpy(), line["mean"].to_numpy(), line["low"].to_numpy(), line["high"].to_numpy(), limit
        )
        found.append(table.assign(**{along: value}))
    return pd.concat(found, ignore_index=True)[[along, "value", "low", "high", "direction"]]


def crossings(
    x: np.ndarray, mean: np.ndarray, low: np.ndarray, high: np.ndarray, limit: float
) -> tuple[pd.DataFrame, tuple[tuple[float, float], ...]]:
    """Crossings of a curve with a band through a limit, and undecided stretches without a crossing."""
    above = mean > limit
    rows, crossed = [], np.zeros(len(x), bool)
    open_ = (low <= limit) & (high >= limit)
    stretches = _runs(open_)
    for k in np.flatnonzero(above[1:] != above[:-1]).tolist():
        share = (limit - mean[k]) / (mean[k + 1] - mean[k])
        value = float(x[k] + share * (x[k + 1] - x[k]))
        touching = [stretch for stretch in stretches if stretch[0] <= k + 1 and stretch[1] >= k]
        if touching:
            first, last = touching[0][0], touching[-1][1]
            crossed[first : last + 1] = True
            ends = _edge(x, low, high, limit, first, -1), _edge(x, low, high, limit, last, +1)
        else:  # the band is narrower than the grid: its two lines cross within this step
            ends = _edge(x, low, low, limit, k, +1), _edge(x, high, high, limit, k, +1)
        rows.append((value, min(*ends, value), max(*ends, value), "up" if above[k + 1] else "down"))
    table = pd.DataFrame(rows, columns=["value", "low", "high", "direction"])
    rest = tuple((float(x[b]), float(x[e])) for b, e in stretches if not crossed[b : e + 1].any())
    return table, rest


def _edge(x: np.ndarray, low: np.ndarray, high: np.ndarray, limit: float, k: int, step: int) -> float:
    """Where the band leaves the limit beyond place k; infinite at the end of the range."""
    beyond = k + step
    if not 0 <= beyond < len(x):
        return step * np.inf
    band = low if low[beyond] > limit else high
    share = (limit - band[k]) / (band[beyond] - band[k])
    return float(x[k] + np.clip(share, 0, 1) * (x[beyond] - x[k]))


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """First and last positions of the runs of true flags."""
    padded = np.concatenate([[False], flags, [False]]).astype(int)
    change = np.diff(padded)
    return [*zip(np.flatnonzero(change == 1).tolist(), (np.flatnonzero(change == -1) - 1).tolist(), strict=True)]


def _end(value: float) -> str:
    return shown(value, 3) if np.isfinite(value) else "open"
