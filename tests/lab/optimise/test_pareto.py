from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodwill.lab.optimise.pareto import hypervolume, non_dominated, thinned

POINTS = st.integers(1, 4).flatmap(
    lambda goals: st.lists(st.tuples(*[st.integers(-2, 6)] * goals), min_size=1, max_size=6)
)


def union_of_boxes(points: np.ndarray) -> float:
    """Inclusion and exclusion: an independent way to the volume above 0."""
    total = 0.0
    for many in range(1, len(points) + 1):
        for group in itertools.combinations(np.maximum(points, 0), many):
            total += (-1) ** (many + 1) * float(np.prod(np.min(group, axis=0)))
    return total


@given(POINTS)
def test_hypervolume_is_the_volume_of_the_union(points: list[tuple[int, ...]]) -> None:
    array = np.array(points, float)
    assert hypervolume(array, np.zeros(array.shape[1])) == pytest.approx(union_of_boxes(array))


def test_hypervolume_of_a_known_front() -> None:
    """Under f2 = 1 - sqrt(f1), from the reference (1, 1): the integral of sqrt, two thirds."""
    first = np.linspace(0, 1, 2001)
    front = -np.column_stack([first, 1 - np.sqrt(first)])
    assert hypervolume(front, np.array([-1.0, -1.0])) == pytest.approx(2 / 3, abs=1e-3)


@given(POINTS)
def test_nobody_on_the_front_is_dominated_and_everybody_else_is(points: list[tuple[int, ...]]) -> None:
    array = np.array(points)
    front = non_dominated(array)
    assert front.any()
    for x, y in itertools.product(range(len(array)), repeat=2):
        if (array[x] >= array[y]).all() and (array[x] > array[y]).any():
            assert not front[y]
    for y in np.flatnonzero(~front):
        assert any((array[x] >= array[y]).all() and (array[x] > array[y]).any() for x in np.flatnonzero(front))


def test_thinning_keeps_the_ends_and_covers_most() -> None:
    first = np.linspace(0, 1, 30)
    front = np.column_stack([first, np.sqrt(1 - first**2)])
    kept = thinned(front, np.zeros(2), 5)
    assert len(kept) == 5 and {0, 29} <= set(kept)
    whole = hypervolume(front, np.zeros(2))
    assert hypervolume(front[kept], np.zeros(2)) > 0.8 * whole
    assert thinned(front, np.zeros(2), 99) == list(range(30))
    assert thinned(front, np.zeros(2), 1) in ([0], [29])
