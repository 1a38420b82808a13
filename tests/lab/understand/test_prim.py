from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab.understand.worlds import hypercube

from goodwill.lab.understand.prim import Peeler, Side, inside, loosened, paste

NUMBERS = np.array([False, False, False])


def planted(points: int = 400) -> tuple[np.ndarray, np.ndarray]:
    x = hypercube(points, ["a", "b", "c"]).to_numpy()
    return x, ((x[:, 0] > 0.6) & (x[:, 1] < 0.5)).astype(float)


def test_a_planted_box_is_found() -> None:
    x, y = planted()
    boxes = Peeler(x, NUMBERS).peel(y).boxes
    found = next(box for box in boxes if y[inside(box, x)].mean() == 1)
    assert y[inside(found, x)].sum() > 0.85 * y.sum()
    whole = paste(found, x, y)
    held = inside(whole, x)
    assert y[held].mean() > 0.98
    assert y[held].sum() >= y.sum() - 1
    assert abs(whole[0].low - 0.6) < 0.02
    assert abs(whole[1].high - 0.5) < 0.02


def test_a_peeling_shrinks_patiently() -> None:
    x, y = planted()
    y = 0.5 * y + 0.2 * np.random.default_rng(0).random(len(y))
    boxes = Peeler(x, NUMBERS).peel(y).boxes
    held = [inside(box, x) for box in boxes]
    assert held[0].all()
    assert held[-1].sum() >= 0.05 * len(x)
    for before, after in zip(held, held[1:], strict=False):
        assert (after <= before).all() and after.sum() < before.sum()
        assert after.sum() >= 0.9 * before.sum()  # patient


def test_categories_and_few_values_are_peeled_whole() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.integers(0, 4, 300), rng.integers(0, 3, 300), rng.random(300)]).astype(float)
    y = (np.isin(x[:, 0], [1, 3]) & (x[:, 1] >= 1)).astype(float)
    boxes = Peeler(x, np.array([True, False, False])).peel(y).boxes
    found = next(box for box in boxes if y[inside(box, x)].mean() == 1)
    assert found[0].among == frozenset({1.0, 3.0})
    assert found[1] == Side(low=1.0)
    assert y[inside(found, x)].sum() == y.sum()


def test_factors_that_never_change_are_not_peeled() -> None:
    assert len(Peeler(np.ones((30, 3)), NUMBERS).peel(np.random.default_rng(0).random(30)).boxes) == 1


def test_loosened_drops_one_end_at_a_time() -> None:
    box = (Side(0.2, 0.8), Side(), Side(among=frozenset({1.0})))
    assert [*loosened(box)] == [
        (Side(high=0.8), Side(), box[2]),
        (Side(low=0.2), Side(), box[2]),
        (box[0], Side(), Side()),
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 60), st.integers(1, 3))
def test_pasting_never_lowers_the_mean_nor_drops_a_point(seed: int, points: int, factors: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 8, (points, factors)).astype(float), rng.random(points)
    box = Peeler(x, np.zeros(factors, bool)).peel(y).boxes[-1]
    wider = paste(box, x, y)
    before, after = inside(box, x), inside(wider, x)
    assert (after >= before).all()
    assert y[after].mean() >= y[before].mean() - 1e-12
