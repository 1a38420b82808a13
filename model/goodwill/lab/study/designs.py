"""Designs: which combinations of the factors are tried. SALib and SciPy draw samples; a factor says what a share of its range means.

All designs fill the unit cube first. A factor with values or whole numbers cuts its side into equal pieces, so that each is as
likely as the others.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from goodwill.lab.study.declared import Design, Factor

_BELOW_ONE = np.nextafter(1.0, 0.0)


def combinations(design: Design, factors: Mapping[str, Factor]) -> list[dict[str, Any]]:
    """The values of the factors in each point of the design, in order; one empty point without factors."""
    if design.kind == "cases" or not factors:
        return [{}]
    if design.kind == "grid":
        rows = itertools.product(*(factor.grid() for factor in factors.values()))
        return [dict(zip(factors, row, strict=True)) for row in rows]
    shares = unit_sample(design, len(factors))
    return [
        {name: factor.at(float(share)) for (name, factor), share in zip(factors.items(), row, strict=True)}
        for row in shares
    ]


def unit_sample(design: Design, factors: int) -> np.ndarray:
    """Points of the design in the unit cube, [points, factors], each below 1; the same for the same design and seed.

    Latin hypercube: McKay, Beckman & Conover (1979). Sobol: Saltelli et al. (2010), points * (factors + 2), with second_order
    points * (2 factors + 2). Morris: Morris (1991), trajectories * (factors + 1).
    """
    if design.kind == "latin_hypercube":
        from scipy.stats import qmc

        found = qmc.LatinHypercube(d=factors, rng=np.random.default_rng(design.seed)).random(design.samples)
    elif design.kind == "sobol":
        from SALib.sample import sobol

        found = sobol.sample(problem(factors), design.samples, calc_second_order=design.second_order, seed=design.seed)
    elif design.kind == "morris":
        from SALib.sample import morris

        found = morris.sample(problem(factors), design.trajectories, num_levels=design.levels, seed=design.seed)
    else:
        raise AssertionError(f"a {design.kind} design is not a sample")
    return np.clip(found, 0.0, _BELOW_ONE)


def problem(factors: int) -> dict[str, Any]:
    """The unit cube as SALib describes it."""
    return {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}
