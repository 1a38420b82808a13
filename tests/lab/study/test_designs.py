"""Designs have the structure their authors gave them."""

from __future__ import annotations

import numpy as np
import pytest

from goodwill.lab.study.declared import Design, Factor
from goodwill.lab.study.designs import combinations, unit_sample


def test_latin_hypercube_has_one_point_in_each_stratum() -> None:
    found = unit_sample(Design(kind="latin_hypercube", samples=40), 3)
    assert found.shape == (40, 3)
    for column in found.T:
        assert sorted((column * 40).astype(int)) == list(range(40))


@pytest.mark.parametrize(("second", "rows"), [(False, 16 * 5), (True, 16 * 8)])
def test_sobol_design_is_saltellis(second: bool, rows: int) -> None:
    found = unit_sample(Design(kind="sobol", samples=16, second_order=second), 3)
    assert found.shape == (rows, 3)
    block = found[: 8 if second else 5]
    for k in range(3):  # AB_k is A but for one column, which is B's
        assert np.array_equal(np.delete(block[1 + k], k), np.delete(block[0], k))
        assert block[1 + k, k] == block[-1, k]


def test_morris_design_moves_one_factor_at_a_time() -> None:
    found = unit_sample(Design(kind="morris", trajectories=6, levels=4), 5).reshape(6, 6, 5)
    moved = np.abs(np.diff(found, axis=1)) > 1e-9
    assert (moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()


def test_same_seed_same_design_and_another_differs() -> None:
    for kind in ("latin_hypercube", "sobol", "morris"):
        one, same, other = (unit_sample(Design(kind=kind, samples=8, seed=seed), 4) for seed in (1, 1, 2))
        assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_whole_numbers_and_values_are_equally_likely() -> None:
    whole = Factor(path="x", low=3, high=6, integer=True)
    named = Factor(path="x", values=("a", "b", "c"))
    shares = (np.arange(1200) + 0.5) / 1200
    assert np.unique([whole.at(s) for s in shares], return_counts=True)[1].tolist() == [300] * 4
    assert np.unique([named.at(s) for s in shares], return_counts=True)[1].tolist() == [400] * 3
    assert Factor(path="x", low=1, high=100, log=True).at(0.5) == pytest.approx(10)


def test_a_grid_has_every_combination() -> None:
    factors = {"a": Factor(path="a", values=(1, 2)), "b": Factor(path="b", low=0, high=1, levels=3)}
    found = combinations(Design(kind="grid"), factors)
    assert [(row["a"], row["b"]) for row in found] == [(1, 0), (1, 0.5), (1, 1), (2, 0), (2, 0.5), (2, 1)]
