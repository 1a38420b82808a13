"""Made-up responses with a known truth, and luck of the kinds a simulation has."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.stats import qmc

from goodwill.lab.understand.response import Response

ISHIGAMI = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
ISHIGAMI_FIRST = np.array([0.3139, 0.4424, 0.0])
ISHIGAMI_TOTAL = np.array([0.5576, 0.4424, 0.2437])
ISHIGAMI_VARIANCE = 13.8446


def hypercube(points: int, names: list[str], seed: int = 3) -> pd.DataFrame:
    return pd.DataFrame(qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(points), columns=names)


def with_luck(
    points: pd.DataFrame, mean: np.ndarray, replicates: int, apart: float = 0.0, alike: float = 0.0, seed: int = 0
) -> Response:
    """Luck of its own in every run (standard deviation `apart`), and luck that a replicate has at all points (`alike`)."""
    rng = np.random.default_rng(seed)
    values = (
        np.asarray(mean, float)[:, None]
        + rng.normal(0, 1, (len(points), replicates)) * apart
        + rng.normal(0, 1, replicates) * alike
    )
    return Response(points, values, "Profit of club against nothing", "money")


class FakeResults:
    """Results as a study gives them (see `goodwill.lab.study.results`), from arrays [points, replicates] by arm."""

    def __init__(
        self, points: pd.DataFrame, arms: Mapping[str, np.ndarray], baseline: str, levers: tuple[str, ...] = ()
    ):
        self.points = points.rename_axis("point")
        self.arms = list(arms)
        self.baseline = baseline
        self.outcomes = ["profit"]
        shape = next(iter(arms.values())).shape
        index = pd.MultiIndex.from_product([self.points.index, range(shape[1])], names=["point", "replicate"])
        self._values = pd.DataFrame({name: values.ravel() for name, values in arms.items()}, index=index)
        measurement = SimpleNamespace(currency="EUR")
        factor = SimpleNamespace(label="", targets=("behaviour.habit.strength",), arm=None, log=False)
        factors = {str(name): factor for name in points.columns if name != "case"}
        self.study = SimpleNamespace(
            name="made-up",
            factors=factors,
            levers=dict.fromkeys(levers, factor),
            scenario=SimpleNamespace(measurement=measurement),
            arms={},
        )

    def values(self, outcome: str) -> pd.DataFrame:
        assert outcome in self.outcomes
        return self._values

    def differences(self, outcome: str) -> pd.DataFrame:
        values = self.values(outcome)
        return values.drop(columns=self.baseline).sub(values[self.baseline], axis=0)

    def label(self, outcome: str) -> tuple[str, str]:
        return "Profit", "money"
