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


def peel(
    x: np.ndarray, y: np.ndarray, categorical: np.ndarray, alpha: float = ALPHA, least: float = LEAST
) -> list[Box]:
    """The boxes of a peeling, from everything to the smallest allowed; x [points, factors], y [points] in 0..1."""
    smallest = max(int(np.ceil(least * len(x))), 2)
    box: Box = tuple(Side() for _ in range(x.shape[1]))
    boxes = [box]
    left = np.ones(len(x), bool)
    while True:
        best: tuple[float, Box, np.ndarray] | None = None
        count, mean = int(left.sum()), float(y[left].mean())
        for j in range(x.shape[1]):
            cuts = _categories if categorical[j] else _ends
            for side, stay in cuts(box[j], x[left, j], alpha):
                many = int(stay.sum())
                if many < smallest or many == count:
                    continue
                gain = (float(y[left][stay].mean()) - mean) / (count - many)
                if best is None or gain > best[0]:
                    keep = left.copy()
                    keep[left] = stay
                    best = gain, (*box[:j], side, *box[j + 1 :]), keep
        if best is None:
            return boxes
        _, box, left = best
        boxes.append(box)


def _ends(side: Side, x: np.ndarray, alpha: float) -> list[tuple[Side, np.ndarray]]:
    """A slice off the lower, and off the upper end: whole ties, at least one value."""
    values = np.unique(x)
    if len(values) < 2:
        return []
    low = values[min(max(np.searchsorted(values, np.quantile(x, alpha)), 1), len(values) - 1)]
    high = values[max(min(np.searchsorted(values, np.quantile(x, 1 - alpha), side="right") - 1, len(values) - 2), 0)]
    return [
        (Side(float(low), side.high, side.among), x >= low),
        (Side(side.low, float(high), side.among), x <= high),
    ]


def _categories(side: Side, x: np.ndarray, alpha: float) -> list[tuple[Side, np.ndarray]]:
    """Without one category, for each."""
    values = np.unique(x)
    return [(Side(among=frozenset(values[values != gone].tolist())), x != gone) for gone in values if len(values) > 1]


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
            for wider in _wider(side, x[others, j], max(int(alpha * count), 1)):
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
