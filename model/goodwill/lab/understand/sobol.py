"""Which factors decide an outcome, and how much is luck: Sobol indices of a stochastic simulation.

The outcome of replicate r at point x is y_r(x) = f(x) + e_r(x): the mean over all luck, and the luck of that replicate. What is
estimated:

- the indices of the mean f: first order V_j / V and total order T_j / V (Sobol 2001), with the estimators of Saltelli et al. (2010)
  for the first and of Jansen (1999) for the total order, and of Saltelli (2002) for pairs, all as SALib has them. V is the variance
  of f over the factors;
- the share of luck: E[Var(y | x)] / Var(y) over factors and luck together. It is the total index of the luck, seen as one more factor
  (Marrel, Iooss, Da Veiga & Ribatet 2012). It has two parts: luck that moves all points alike, which paired differences and
  rankings never notice, and luck that does something else at each point.

With n replicates only the mean of n is seen, and its luck would pass for an effect: numerators and V are all quadratic in the
outcomes, so that they are inflated by the (co)variance of the mean of n replicates. This part is known, and taken off: for a
quadratic form Q and the replicates y_1..y_n with mean m, Q(m) - sum_r Q(y_r - m) / (n (n - 1)) is what one gets by multiplying
only values of different replicates, so it is unbiased for Q(f), whether replicates share their luck across points (common
random numbers, as here) or not. Hart, Alexanderian & Gremaud (2017) look at the same randomness from the other side: indices of
each replicate's own surface, which are random; theirs describe single runs, these the expectation one decides on.

Intervals: bootstrap over blocks of the design and over replicates (see `resample`). With fewer than eight replicates they are too
narrow where luck acts through the factors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName, named
from goodwill.lab.understand.resample import RESAMPLES, resampled, shifted_interval, stretched
from goodwill.lab.understand.response import Response

NOTHING = 1e-9  # deviations, in standard deviations of the outcome, that are rounding and not luck
FEW = 8  # replicates below this make rough intervals
WIDE = 0.3  # intervals of indices wider than this call for more samples


@dataclass(frozen=True)
class SobolIndices:
    """What decides an outcome.

    table: a row a factor: first, total (of the mean outcome, corrected for luck) with the ends of their intervals, and what
    they would be uncorrected (naive_first, naive_total). pairs: second order, where the design has it. variance: a row each for
    `factors` (V), `luck`, `luck alike`, `luck apart`: variance, its share of the variance of single runs, and the interval of
    that share.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame | None
    variance: pd.DataFrame
    label: str
    names: Mapping[str, FactorName]
    blocks: int
    replicates: int
    left_out: int

    @property
    def explained(self) -> bool:
        """Whether the factors explain anything that can be told from luck."""
        return bool(self.variance["low"].to_dict()["factors"] > 0)

    @property
    def precise(self) -> bool:
        """Whether the intervals of the total indices are narrow enough to read."""
        return bool((self.table["total_high"] - self.table["total_low"]).max() <= WIDE)

    def text(self) -> str:
        """What was found, in words."""
        lines = []
        if not self.explained:
            lines.append(
                f"{self.label}: the factors explain nothing that can be told from luck. The indices mean nothing; more "
                "replications, or wider ranges, might."
            )
        else:
            rows = self.table.sort_values("total", ascending=False).to_dict("index")
            parts = []
            for name, row in rows.items():
                size, *ends = (_percent(row[column]) for column in ("total", "total_low", "total_high"))
                parts.append(f"{named(self.names, name).label} {size} [{', '.join(ends)}]")
            lines.append(
                f"{self.label}: share of the variance of its mean in which a factor has a hand: {'; '.join(parts)}."
            )
            alone = float(self.table["first"].sum())
            lines.append(f"Factors by themselves explain {_percent(alone)}; the rest is how they act together.")
            if not self.precise:
                lines.append("The intervals are wide: more samples would narrow them.")
        if self.replicates > 1:
            luck = self.variance.to_dict("index")["luck"]
            lines.append(
                f"Of the variance between single worlds, {_percent(luck['share'])} [{_percent(luck['low'])}, "
                f"{_percent(luck['high'])}] is luck."
            )
            if self.replicates < FEW:
                lines.append(f"With {self.replicates} replications the intervals are rough; {FEW} or more are better.")
        else:
            lines.append("One replication: luck cannot be told from the factors, and is part of these numbers.")
        if self.left_out:
            lines.append(
                f"{self.left_out} blocks of the design were left out because a run failed or had no such outcome."
            )
        return " ".join(lines)


@dataclass(frozen=True)
class Layout:
    """Where the matrices of a Saltelli design stand in its points: positions of A and B [blocks], of AB and BA [factors, blocks]."""

    a: np.ndarray
    b: np.ndarray
    ab: np.ndarray
    ba: np.ndarray | None


def sobol_layout(points: pd.DataFrame) -> Layout:
    """The layout of a design as SALib writes it, with or without second order; StudyError if it is another design."""
    for second in (True, False):
        layout = _layout(len(points), points.shape[1], second)
        if layout is not None and _fits(points, layout):
            return layout
    raise StudyError("the points are not a Sobol design; use `design: {kind: sobol, samples: 256}`")


def sobol_indices(outcome: Response, seed: int = 0, resamples: int = RESAMPLES) -> SobolIndices:
    """Indices of an outcome over a Sobol design, corrected for luck, with intervals.

    A block of the design with a gap (a failed run) is left out as a whole.
    """
    layout = sobol_layout(outcome.points)
    whole, missing = _gapless(outcome, layout)
    spread = whole.std()
    if not spread > 0:
        raise StudyError(f"{outcome.label}: it is the same everywhere; there is nothing to explain")
    forms = _Forms(whole / spread, layout.ba is not None)
    n, d = forms.replicates, len(outcome.factors)
    found, naive = forms.corrected(forms.values), forms.plugged(forms.values)
    wide = stretched(forms.values)
    draws = resampled(lambda rows, reps: forms.corrected(wide[:, rows][:, :, reps]), forms.blocks, n, seed, resamples)
    low, high = shifted_interval(found, naive, draws)

    table = pd.DataFrame(index=pd.Index(outcome.factors, name="factor"))
    for name, begin in (("first", 0), ("total", d)):
        part = slice(begin, begin + d)
        table[name], table[f"{name}_low"], table[f"{name}_high"] = found[part], low[part], high[part]
        table[f"naive_{name}"] = naive[part]
    pairs = None
    rest = 2 * d
    if forms.second:
        couples = list(combinations(outcome.factors, 2))
        part = slice(rest, rest + len(couples))
        rest += len(couples)
        pairs = pd.DataFrame(
            {"second": found[part], "low": low[part], "high": high[part]},
            index=pd.MultiIndex.from_tuples(couples, names=["factor", "with"]),
        )
    shares = slice(rest, rest + 4)
    variance = pd.DataFrame(
        {"share": found[shares], "low": low[shares], "high": high[shares], "variance": found[-4:] * spread**2},
        index=pd.Index(["factors", "luck", "luck alike", "luck apart"], name="part"),
    )
    return SobolIndices(table, pairs, variance, outcome.label, outcome.names, forms.blocks, n, missing)


class _Forms:
    """The quadratic forms behind the indices, for values [matrices, blocks, replicates] with matrices A, B, AB_1.. (BA_1..)."""

    def __init__(self, values: np.ndarray, second: bool) -> None:
        self.values = values
        self.second = second
        self.factors = (len(values) - 2) // (2 if second else 1)
        self.blocks, self.replicates = values.shape[1:]

    def of(self, values: np.ndarray) -> np.ndarray:
        """V, then numerators of first, total and second order, [forms, columns]; a column is one surface."""
        from SALib.analyze import sobol

        d = self.factors
        y = values - values.mean(axis=(0, 1))
        a, b, ab, ba = y[0], y[1], y[2 : 2 + d], y[2 + d :]
        size = np.var(np.r_[a, b], axis=0)
        forms = [np.ones_like(size)]
        forms += [sobol.first_order(a, ab[j], b) for j in range(d)]
        forms += [sobol.total_order(a, ab[j], b) for j in range(d)]
        if self.second:
            forms += [sobol.second_order(a, ab[j], ab[k], ba[j], b) for j, k in combinations(range(d), 2)]
        return np.array(forms) * size

    def plugged(self, values: np.ndarray) -> np.ndarray:
        """The quantities as they are if the means of the replicates are the truth, and luck has the variance it has in the sample."""
        return self._quantities(self.of(values.mean(axis=2)[:, :, None])[:, 0], values)

    def corrected(self, values: np.ndarray) -> np.ndarray:
        """The quantities, luck taken off."""
        n = values.shape[2]
        mean = values.mean(axis=2, keepdims=True)
        forms = self.of(mean)[:, 0]
        deviations = values - mean
        deviations = deviations - deviations.mean(axis=(0, 1))
        if n > 1 and np.abs(deviations).max() > NOTHING:
            forms = forms - self.of(deviations).sum(axis=1) / (n * (n - 1))
        return self._quantities(forms, values)

    def _quantities(self, forms: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Indices, then shares of the variance (factors, luck, luck alike, luck apart), then these four variances."""
        size = forms[0] if forms[0] > 0 else np.nan
        parts = np.array([max(forms[0], 0.0), *luck(np.concatenate([values[0], values[1]]))])
        return np.concatenate([forms[1:] / size, parts / (parts[0] + parts[1]), parts])


def luck(values: np.ndarray) -> tuple[float, float, float]:
    """Variance of luck in a table [points, replicates]: all of it, that of shifts common to all points, and the rest.

    Two-way layout with one entry a cell: with the mean squares of replicates MR and of the remainder ME, the variance of common
    shifts is (MR - ME) / points. NaN with one replicate.
    """
    rows, n = values.shape
    if n < 2:
        return np.nan, np.nan, np.nan
    everything = float(values.var(axis=1, ddof=1).mean())
    columns = rows * float(values.mean(axis=0).var(ddof=1))
    remainder = (everything * rows * (n - 1) - columns * (n - 1)) / max((rows - 1) * (n - 1), 1)
    alike = min(max((columns - remainder) / rows, 0.0), everything)
    return everything, alike, everything - alike


def _layout(rows: int, d: int, second: bool) -> Layout | None:
    step = 2 * d + 2 if second else d + 2
    if d < 2 or rows % step:
        return None
    begin = np.arange(0, rows, step)
    ab = begin + np.arange(1, d + 1)[:, None]
    return Layout(begin, begin + step - 1, ab, ab + d if second else None)


def _fits(points: pd.DataFrame, layout: Layout) -> bool:
    """Whether AB_j is A with column j of B, and BA_j the reverse."""
    for j in range(points.shape[1]):
        for mixed, base, other in ((layout.ab, layout.a, layout.b), (layout.ba, layout.b, layout.a)):
            if mixed is None:
                continue
            for k in range(points.shape[1]):
                column = points.iloc[:, k].to_numpy()
                if (column[mixed[j]] != column[other if k == j else base]).any():
                    return False
    return True


def _gapless(outcome: Response, layout: Layout) -> tuple[np.ndarray, int]:
    """Values [matrices, blocks, replicates] without gaps, and how many blocks were left out."""
    order = np.array([layout.a, layout.b, *layout.ab, *(layout.ba if layout.ba is not None else ())])
    values = outcome.values[:, outcome.sound_replicates()][order]
    whole = np.isfinite(values).all(axis=(0, 2))
    if whole.sum() < 2:
        raise StudyError(f"{outcome.label}: fewer than two blocks of the design are without a gap; run more samples")
    return values[:, whole], int((~whole).sum())


def _percent(share: float) -> str:
    from goodwill.report.numbers import percent

    return percent(min(max(share, 0.0), 1.0), digits=0)
