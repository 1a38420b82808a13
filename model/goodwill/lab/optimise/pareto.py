"""Pareto fronts: who is dominated, how much a front covers. Everywhere here more is better."""

from __future__ import annotations

import numpy as np


def non_dominated(points: np.ndarray) -> np.ndarray:
    """For each of [n, goals] whether no other is at least as good in all goals and better in one."""
    no_worse = (points[:, None, :] >= points[None, :, :]).all(axis=2)
    better = (points[:, None, :] > points[None, :, :]).any(axis=2)
    dominated = np.any(no_worse & better, axis=0)
    return np.asarray(~dominated)


def hypervolume(points: np.ndarray, reference: np.ndarray) -> float:
    """Volume that is dominated by the points and dominates the reference (Zitzler & Thiele 1999), exact.

    Slices along the last goal (Knowles 2002; While et al. 2006, HSO); meant for two to four goals and tens of points.
    """
    gains = np.asarray(points, float) - np.asarray(reference, float)
    gains = gains[(gains > 0).all(axis=1)]
    if not len(gains):
        return 0.0
    if gains.shape[1] == 1:
        return float(gains.max())
    gains = gains[non_dominated(gains)]
    gains = gains[np.argsort(-gains[:, -1], kind="stable")]
    floors = np.append(gains[1:, -1], 0.0)
    volume = 0.0
    for count, thickness in enumerate(gains[:, -1] - floors, start=1):
        if thickness > 0:
            volume += thickness * hypervolume(gains[:count, :-1], np.zeros(gains.shape[1] - 1))
    return volume


def thinned(points: np.ndarray, reference: np.ndarray, many: int) -> list[int]:
    """Indices of `many` points that together cover the most: the best in each goal first, then greedily by hypervolume.

    Greedy choice reaches at least 63 % of the best possible volume, for volume is submodular (Nemhauser et al. 1978).
    """
    chosen = list(dict.fromkeys(int(x) for x in points.argmax(axis=0)))[:many]
    while len(chosen) < min(many, len(points)):
        rest = [x for x in range(len(points)) if x not in chosen]
        gains = [hypervolume(points[[*chosen, x]], reference) for x in rest]
        chosen.append(rest[int(np.argmax(gains))])
    return sorted(chosen)
