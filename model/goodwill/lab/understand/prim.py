"""PRIM, the patient rule induction method: a box in which an outcome is as frequent as can be (Friedman & Fisher 1999).

Peeling: from all points, a thin slice is cut off at the end of one factor, again and again: the cut that raises the mean most
for every point it gives up (the lenient criterion of Friedman & Fisher, which Kwakkel & Jaxa-Rozen 2016 recommend where factors
take few values). Pasting then moves each end out again while that raises the mean. Categories are peeled one at a time.

Own code, because the targets here are probabilities (an outcome that is not decided counts in proportion), which libraries for
scenario discovery do not take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

ALPHA = 0.05  # share of the points in the box that one cut takes; Friedman & Fisher advise 0.05 to 0.1
LEAST = 0.05  # smallest share of all points in a box


@dataclass(frozen=True)
class Side:
    """The restriction of one factor, a number: low <= x <= high (infinite: none), or a category: x in `among` (None: any)."""

    low: float = -np.inf
    high: float = np.inf
    among: frozenset[float] | None = None

    @property
    def free(self) -> bool:
        """Whether it restricts nothing."""
        return self.among is None and not np.isfinite(self.low) and not np.isfinite(self.high)

    def holds(self, x: np.ndarray) -> np.ndarray:
        """Where it is met."""
        inside = (x >= self.low) & (x <= self.high)
        return inside if self.among is None else inside & np.isin(x, list(self.among))


Box = tuple[Side, ...]


def inside(box: Box, x: np.ndarray) -> np.ndarray:
    """Which points [points, factors] are in the box."""
    found = np.ones(len(x), bool)
    for j, side in enumerate(box):
        if not side.free:
            found &= side.holds(x[:, j])
    return found


def loosened(box: Box) -> Iterator[Box]:
    """The box without one of its ends (or without what it says of a category), for each."""
    for j, side in enumerate(box):
        others = []
        if side.among is not None:
            others.append(Side())
        if np.isfinite(side.low):
            others.append(Side(high=side.high))
        if np.isfinite(side.high):
            others.append(Side(low=side.low))
        for other in others:
            yield (*box[:j], other, *box[j + 1 :])


@dataclass(frozen=True)
class Peeling:
    """The boxes of a peeling, from everything to the smallest, with the points in each and the sum of their outcomes."""

    boxes: list[Box]
    counts: np.ndarray
    sums: np.ndarray

    def quality(self) -> np.ndarray:
        """Of each box: sqrt(mass) (density - share of all)."""
        share = self.sums[0] / self.counts[0]
        return np.asarray(np.sqrt(self.counts / self.counts[0]) * (self.sums / self.counts - share))


class Peeler:
    """Peels the same points for one outcome after another; x [points, factors].

    Values are replaced by their rank among the values of their factor, so that a cut is a look at counts and sums by value.
    """

    def __init__(self, x: np.ndarray, categorical: np.ndarray, alpha: float = ALPHA, least: float = LEAST) -> None:
        self.categorical = categorical
        self.alpha = alpha
        self.smallest = max(int(np.ceil(least * len(x))), 2)
        self.values = [np.unique(column) for column in x.T]
        self.most = max(len(values) for values in self.values)
        ranks = [np.searchsorted(values, column) for values, column in zip(self.values, x.T, strict=True)]
        self.places = np.column_stack(ranks) + self.most * np.arange(x.shape[1])

    def peel(self, y: np.ndarray) -> Peeling:
        """Peel from everything to the smallest box allowed; y [points] in 0..1."""
        factors = self.places.shape[1]
        shape, size = (factors, self.most), factors * self.most
        box: Box = tuple(Side() for _ in range(factors))
        boxes, left = [box], np.arange(len(y))
        held, hits = [len(y)], [float(y.sum())]
        while True:
            where = self.places[left].ravel()
            counts = np.bincount(where, minlength=size).reshape(shape)
            sums = np.bincount(where, np.repeat(y[left], factors), size).reshape(shape)
            cut = self._best_cut(counts, sums)
            if cut is None:
                return Peeling(boxes, np.array(held), np.array(hits))
            j, first, last, gone = cut
            rank = self.places[left, j] - self.most * j
            stay = (rank >= first) & (rank <= last) & (rank != gone)
            box = (*box[:j], self._side(box[j], j, rank[stay], first, gone), *box[j + 1 :])
            left = left[stay]
            boxes.append(box)
            held.append(len(left))
            hits.append(float(y[left].sum()))

    def _best_cut(self, counts: np.ndarray, sums: np.ndarray) -> tuple[int, int, int, int] | None:
        """Factor, first and last rank kept, and the category that goes (-1: none); None if every cut would leave too few."""
        count, total, top = int(counts[0].sum()), float(sums[0].sum()), self.most - 1
        slice_, rows = max(int(self.alpha * count), 1), np.arange(len(counts))
        below, sums_below = counts.cumsum(axis=1), sums.cumsum(axis=1)
        above, sums_above = counts[:, ::-1].cumsum(axis=1), sums[:, ::-1].cumsum(axis=1)
        lower, upper = (below >= slice_).argmax(axis=1), (above >= slice_).argmax(axis=1)
        numbers = ~self.categorical
        gains = [
            self._gain(below[rows, lower], sums_below[rows, lower], count, total, numbers),
            self._gain(above[rows, upper], sums_above[rows, upper], count, total, numbers),
        ]
        if not numbers.all():
            gains.append(self._gain(counts, sums, count, total, np.broadcast_to(~numbers[:, None], counts.shape)))
        which = int(np.argmax([gain.max() for gain in gains]))
        best = int(gains[which].argmax())
        if not np.isfinite(gains[which].flat[best]):
            return None
        if which == 0:
            return best, int(lower[best]) + 1, top, -1
        if which == 1:
            return best, 0, top - int(upper[best]) - 1, -1
        return best // self.most, 0, top, best % self.most

    def _gain(
        self, gone: np.ndarray, sum_gone: np.ndarray, count: int, total: float, allowed: np.ndarray
    ) -> np.ndarray:
        """Rise of the mean for every point given up; minus infinity for what may not be cut."""
        stay = count - gone
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((total - sum_gone) / stay - total / count) / gone
        return np.where(allowed & (gone > 0) & (stay >= self.smallest), gain, -np.inf)

    def _side(self, side: Side, j: int, stay: np.ndarray, first: int, gone: int) -> Side:
        """The restriction of factor j after a cut that leaves these ranks: ends at values that are left."""
        values = self.values[j]
        if gone >= 0:
            return Side(among=frozenset(values[np.unique(stay)].tolist()))
        if first > 0:
            return Side(float(values[stay.min()]), side.high)
        return Side(side.low, float(values[stay.max()]))


def paste(box: Box, x: np.ndarray, y: np.ndarray, alpha: float = ALPHA) -> Box:
    """The box with its ends moved out again, while the mean inside does not fall."""
    while True:
        now = inside(box, x)
        count, mean = int(now.sum()), float(y[now].mean())
        best: tuple[float, Box] | None = None
        for j, side in enumerate(box):
            if side.among is not None or side.free:
                continue
            others = inside((*box[:j], Side(), *box[j + 1 :]), x)
            slice_ = max(int(alpha * count), 1)
            for wider in [side_ for step in {slice_, 1} for side_ in _wider(side, x[others, j], step)]:
                bigger = (*box[:j], wider, *box[j + 1 :])
                value = float(y[inside(bigger, x)].mean())
                if value >= mean and (best is None or value > best[0]):
                    best = value, bigger
        if best is None:
            return box
        box = best[1]


def _wider(side: Side, x: np.ndarray, step: int) -> list[Side]:
    """The side moved out so that about `step` more points are met, downwards and upwards."""
    found = []
    below, above = np.sort(x[x < side.low])[::-1], np.sort(x[x > side.high])
    if len(below):
        found.append(Side(-np.inf if len(below) <= step else float(below[step - 1]), side.high))
    if len(above):
        found.append(Side(side.low, np.inf if len(above) <= step else float(above[step - 1])))
    return found
