"""A response surface: the mean outcome as a smooth function of the factors, with an error band, and a word on how far to trust it.

Two metamodels are tried, and the one that predicts left-out points better is taken:

- quadratic: a second-order polynomial by weighted least squares, weights one over the variances of the means of the points (Kleijnen
  2015, Design and Analysis of Simulation Experiments, chapters 2 and 3);
- spline: a thin-plate spline whose smoothness is chosen by cross-validation (scipy's RBFInterpolator).

Both are linear in the outcomes, so that every replicate gives its own surface, and the spread of these surfaces is the luck in
the mean surface, correlation across points by common random numbers included (Kleijnen 2015, section 3.5). What a smooth
function cannot follow is in addition to that: the squared error of the mean at left-out points, less what luck has to do with
it (as in `sobol`). The band takes both.

Factors are brought to 0..1 first (one that the study spreads by ratio: its logarithm).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName, named
from goodwill.lab.understand.noise import noise_of
from goodwill.lab.understand.resample import LEVEL
from goodwill.lab.understand.response import Response

FOLDS = 10
POOR = 0.5  # a surface that explains less of the variance between left-out points than this is called poor
MOST_KNOTS = 500  # a spline through more points than this takes a random part of them
SMOOTHING = (0.0, 1e-3, 1e-2, 1e-1, 1.0)
STEPS = {1: 101, 2: 31}
OTHERS = (50, 500)  # settings of the other factors over which is averaged, at least and at most
EFFORT = 25_000_000  # kernel evaluations that averaging a spline over other factors may take

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]


@dataclass(frozen=True)
class Surface:
    """The mean outcome over one or two factors, the others averaged over the design (or held).

    grid: one row a place: the factors, mean, low, high (95 % band of the mean outcome there). q2: share of the variance between
    points that predictions for left-out points explain, of what luck leaves to be explained. model: quadratic or spline.
    lack_of_fit: standard deviation of what no smooth surface follows, in the unit of the outcome.
    """

    factors: tuple[str, ...]
    grid: pd.DataFrame
    model: str
    q2: float
    lack_of_fit: float
    points: pd.DataFrame
    means: pd.Series
    label: str
    unit: str
    names: Mapping[str, FactorName]
    replicates: int
    held: Mapping[str, float]

    @property
    def poor(self) -> bool:
        """Whether the surface predicts too little to be read."""
        return not self.q2 >= POOR

    def text(self) -> str:
        """How good it is, in words."""
        from goodwill.report.numbers import by_unit, percent

        over = " and ".join(named(self.names, factor).label for factor in self.factors)
        quality = (
            f"{self.label} over {over}: a {self.model} surface explains "
            f"{percent(max(self.q2, 0), digits=0)} of what the means of left-out worlds differ by"
        )
        warn = ". That is poor: do not read values off it" if self.poor else ""
        amount = by_unit(self.lack_of_fit, self.unit, signed=self.unit == "share").lstrip("+")
        rest = (
            f"; it misses the mean outcome of a world by about {amount} (one standard deviation)"
            if self.lack_of_fit > 0
            else ""
        )
        return quality + rest + warn + "."


@dataclass(frozen=True)
class Metamodel:
    """A fitted model of the mean outcome over all factors; `over` reads a surface off it."""

    outcome: Response
    scale: Scale
    model: str
    predict: Callable[[np.ndarray], np.ndarray]
    q2: float
    lack: float

    @classmethod
    def of(cls, outcome: Response) -> Metamodel:
        """Fit one to an outcome whose factors are numbers."""
        outcome = outcome.varying().complete()
        x = outcome.numeric()
        scale = Scale.of(x, np.array([named(outcome.names, factor).logarithmic for factor in outcome.factors]))
        weights = _weights(noise_of(outcome.values).errors)
        model, fit, missed = best_fit(scale.to_unit(x), outcome.values, weights, outcome.label)
        lack, spread = max(mean_square(missed), 0.0), mean_square(outcome.values - outcome.values.mean(axis=0))
        q2 = 1 - lack / spread if spread > 0 else float("nan")
        return cls(outcome, scale, model, fit(scale.to_unit(x), outcome.values, weights), q2, lack)

    def over(
        self,
        factors: Sequence[str],
        at: Mapping[str, float] | None = None,
        steps: int | None = None,
        level: float = LEVEL,
    ) -> Surface:
        """The mean outcome over one or two factors, with a band; see `surface`."""
        if len(factors) not in STEPS or len(set(factors)) < len(factors):
            raise StudyError("a surface is drawn over one factor or two different ones")
        outcome, held = self.outcome, dict(at or {})
        chosen = _positions(outcome, factors)
        _positions(outcome, list(held))
        places = _places(self.scale, chosen, steps or STEPS[len(chosen)])
        work = len(places) * (min(len(outcome.points), MOST_KNOTS) if self.model == "spline" else 1)
        others = _others(outcome.numeric(), chosen, held, outcome.factors, int(np.clip(EFFORT // work, *OTHERS)))
        surfaces = np.zeros((len(places), outcome.values.shape[1]))
        for setting in others:
            where = np.tile(setting, (len(places), 1))
            where[:, chosen] = places
            surfaces += self.predict(self.scale.to_unit(where)) / len(others)
        mean, half = surfaces.mean(axis=1), _half_width(surfaces, self.lack, level)
        grid = pd.DataFrame(places, columns=list(factors)).assign(mean=mean, low=mean - half, high=mean + half)
        means = pd.Series(outcome.values.mean(axis=1), outcome.points.index)
        return Surface(
            tuple(factors), grid, self.model, self.q2, float(np.sqrt(self.lack)), outcome.points, means, outcome.label,
            outcome.unit, outcome.names, outcome.values.shape[1], held,
        )  # fmt: skip

    def strongest(self) -> list[str]:
        """The factors by how far the mean outcome moves over their range, the others averaged over the design; strongest first."""
        moves = {factor: float(np.ptp(self.over([factor], steps=21).grid["mean"])) for factor in self.outcome.factors}
        return sorted(moves, key=lambda factor: -moves[factor])


def surface(
    outcome: Response | Metamodel,
    factors: Sequence[str],
    at: Mapping[str, float] | None = None,
    steps: int | None = None,
) -> Surface:
    """The mean outcome over one or two factors, with a 95 % band.

    at: values at which other factors are held; those not named are averaged over the design.
    """
    return fitted(outcome).over(factors, at, steps)


def fitted(outcome: Response | Metamodel) -> Metamodel:
    """A metamodel of an outcome, or the one that there is already."""
    return outcome if isinstance(outcome, Metamodel) else Metamodel.of(outcome)


def _half_width(surfaces: np.ndarray, lack: float, level: float) -> np.ndarray:
    """Half width of the band: t over the replicates' surfaces, and what the surface cannot follow."""
    from scipy import stats

    n = surfaces.shape[1]
    luck = stats.t.ppf((1 + level) / 2, n - 1) ** 2 * surfaces.var(axis=1, ddof=1) / n if n > 1 else 0.0
    return np.asarray(np.sqrt(luck + stats.norm.ppf((1 + level) / 2) ** 2 * lack))


@dataclass(frozen=True)
class Scale:
    """Brings factors to 0..1, some by their logarithm."""

    low: np.ndarray
    high: np.ndarray
    logarithmic: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, logarithmic: np.ndarray) -> Scale:
        """The scale that brings a design to 0..1."""
        y = np.log(x, out=x.copy(), where=logarithmic)
        return cls(y.min(axis=0), y.max(axis=0), logarithmic)

    def to_unit(self, x: np.ndarray) -> np.ndarray:
        """Settings of the factors in 0..1."""
        return np.asarray((np.log(x, out=x.copy(), where=self.logarithmic) - self.low) / (self.high - self.low))

    def range(self, j: int, steps: int) -> np.ndarray:
        """Evenly spread places of factor j."""
        places = np.linspace(self.low[j], self.high[j], steps)
        return np.exp(places) if self.logarithmic[j] else places


def quadratic(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A second-order polynomial by weighted least squares, a column of y a surface."""
    root = np.sqrt(weights)[:, None]
    coefficients, *_ = np.linalg.lstsq(_terms(x) * root, y * root, rcond=None)
    return lambda z: _terms(z) @ coefficients


def _terms(x: np.ndarray) -> np.ndarray:
    """1, factors, squares and products."""
    centred = 2 * x - 1
    products = [centred[:, a] * centred[:, b] for a, b in combinations_with_replacement(range(x.shape[1]), 2)]
    return np.column_stack([np.ones(len(x)), centred, *products])


def spline(smoothing: float) -> Fit:
    """A thin-plate spline; smoothing in the scale of equally weighted points."""

    def fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        from scipy.interpolate import RBFInterpolator

        if len(x) > MOST_KNOTS:
            part = np.random.default_rng(0).permutation(len(x))[:MOST_KNOTS]
            x, y, weights = x[part], y[part], weights[part]
        kernel = "cubic" if x.shape[1] == 1 else "thin_plate_spline"
        found = RBFInterpolator(x, y, kernel=kernel, smoothing=smoothing / weights * weights.mean(), degree=1)
        return lambda z: np.asarray(found(z))

    return fit


def best_fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray, label: str) -> tuple[str, Fit, np.ndarray]:
    """The model that predicts left-out points best: its name, itself, and its errors there, [points, replicates]."""
    d = x.shape[1]
    distinct = len(np.unique(x, axis=0))
    terms = 1 + d + d * (d + 1) // 2
    candidates: list[tuple[str, Fit]] = []
    if distinct > terms + 1 and all(len(np.unique(column)) > 2 for column in x.T):
        candidates.append(("quadratic", quadratic))
    if distinct == len(x) and distinct > d + 2:
        candidates += [("spline", spline(smoothing)) for smoothing in SMOOTHING]
    if not candidates:
        raise StudyError(
            f"{label}: {distinct} different points with {d} factors are too few for a surface; {terms + 2} of them, three values "
            "a factor, are the least"
        )
    missed = [errors_left_out(fit, x, y, weights) for _, fit in candidates]
    k = int(np.argmin([np.mean(errors.mean(axis=1) ** 2) for errors in missed]))
    return *candidates[k], missed[k]


def errors_left_out(fit: Fit, x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Errors of predictions at points left out, for each replicate: in random folds, or each point by itself if there are few."""
    points = len(x)
    fold = np.random.default_rng(0).permutation(points) % FOLDS if points > 3 * FOLDS else np.arange(points)
    errors = np.zeros_like(y)
    for k in np.unique(fold):
        out = fold == k
        errors[out] = fit(x[~out], y[~out], weights[~out])(x[out]) - y[out]
    return errors


def mean_square(values: np.ndarray) -> float:
    """Mean over points of the squared expected value, from a table [points, replicates]; luck is taken off if there are replicates."""
    n = values.shape[1]
    luck = float(values.var(axis=1, ddof=1).mean()) / n if n > 1 else 0.0
    return float(np.mean(values.mean(axis=1) ** 2)) - luck


def _weights(errors: np.ndarray) -> np.ndarray:
    """One over the variances of the means, in units of their average; equal without replicates or without noise."""
    variances = errors**2
    if not np.isfinite(variances).all() or not (variances > 0).any():
        return np.ones(len(errors))
    variances = np.maximum(variances, variances.mean() / 100)
    weights = 1 / variances
    return np.asarray(weights / weights.mean())


def _positions(outcome: Response, factors: Sequence[str]) -> list[int]:
    unknown = [name for name in factors if name not in outcome.factors]
    if unknown:
        raise StudyError(f"{unknown[0]} is not a factor that varies; the study varies {', '.join(outcome.factors)}")
    return [outcome.factors.index(name) for name in factors]


def _places(scale: Scale, chosen: Sequence[int], steps: int) -> np.ndarray:
    axes = np.meshgrid(*(scale.range(j, steps) for j in chosen), indexing="ij")
    return np.column_stack([axis.ravel() for axis in axes])


def _others(
    x: np.ndarray, chosen: Sequence[int], held: Mapping[str, float], names: Sequence[str], most: int
) -> np.ndarray:
    """Settings of all factors over which is averaged: points of the design (`most` of them), with `held` in place."""
    if len(chosen) + len(held) == x.shape[1]:
        rows = x[:1].copy()
    else:
        rows = x[np.unique(np.linspace(0, len(x) - 1, min(most, len(x))).astype(int))].copy()
    for name, value in held.items():
        rows[:, names.index(name)] = value
    return rows
