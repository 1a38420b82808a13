"""Which factors matter at all: Morris's elementary effects, with the part that luck plays in them.

An elementary effect is the change of the outcome when one factor moves a step, per whole range of the factor. mu is its mean
over the trajectories, mu* the mean of its size (Campolongo, Cariboni & Saltelli 2007), sigma its standard deviation: large
where the effect is not straight or depends on other factors (Morris 1991).

Luck makes all sizes positive: mu* of a factor without any effect is about 0.8 standard errors of its effects, and sigma is
inflated too. So the size of an effect is taken as its mean over replicates, each with the sign that the other replicates have
on average: of a factor without effect that is 0 on average. It is at most the true mu* in expectation, where the plain mu*
(`naive_mu_star`, as SALib computes it) is at least that; with enough replicates the two meet. sigma is corrected like the
variances in `sobol`. Replicates share their luck across points, so that an effect is a paired difference.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName, named
from goodwill.lab.understand.resample import RESAMPLES, bracket, resampled, shifted_interval, stretched
from goodwill.lab.understand.response import Response


@dataclass(frozen=True)
class Screening:
    """Which factors matter.

    table: a row a factor: mu_star, mu, sigma with the ends of their intervals (mu_star_low ...), naive_mu_star, naive_sigma.
    Effects are in the unit of the outcome, for the whole range of the factor.
    """

    table: pd.DataFrame
    label: str
    unit: str
    names: Mapping[str, FactorName]
    trajectories: int
    replicates: int
    left_out: int

    @property
    def matter(self) -> list[str]:
        """Factors whose effect can be told from luck, the strongest first."""
        clear = self.table[self.table["mu_star_low"] > 0].sort_values("mu_star", ascending=False)
        return [str(name) for name in clear.index]

    def text(self) -> str:
        """What was found, in words."""
        from goodwill.report.numbers import by_unit

        def number(value: float) -> str:
            return by_unit(value, self.unit, signed=True)

        lines = []
        if self.matter:
            rows = self.table.to_dict("index")
            parts = [
                f"{named(self.names, name).label} {number(rows[name]['mu'])}{_shape(rows[name])}"
                for name in self.matter
            ]
            lines.append(
                f"{self.label}: what matters, the strongest first, and the average change over its whole range: {', '.join(parts)}."
            )
            if any("uneven" in part for part in parts):
                lines.append("Uneven: the effect depends on the other factors, or is not a straight line.")
        rest = [named(self.names, name).label for name in self.table.index if name not in self.matter]
        if rest:
            lines.append(f"No effect that can be told from luck: {', '.join(rest)}.")
        if self.replicates == 1:
            lines.append("One replication: luck cannot be told from the factors, and is part of these numbers.")
        if self.left_out:
            lines.append(f"{self.left_out} trajectories were left out because a run failed or had no such outcome.")
        return " ".join(lines)


def _shape(row: dict[Hashable, Any]) -> str:
    if row["sigma_low"] <= 0:
        return ""
    if abs(row["mu"]) < row["mu_star"] / 2:
        return " (up in some worlds and down in others)"
    return " (uneven)" if row["sigma"] > abs(row["mu"]) / 2 else ""


@dataclass(frozen=True)
class Trajectories:
    """Positions in the points before and after each step, and the sign of the step, all [trajectories, factors]."""

    before: np.ndarray
    after: np.ndarray
    sign: np.ndarray


def morris_layout(points: pd.DataFrame) -> Trajectories:
    """The trajectories of a design; StudyError if it is another design.

    A step that rounding made empty (a factor of whole numbers) counts as one of the factor that otherwise has none: its effect
    is 0.
    """
    values = points.to_numpy(float)
    rows, d = values.shape
    wrong = StudyError("the points are not a Morris design; use `design: {kind: morris, trajectories: 20}`")
    if d < 2 or rows % (d + 1):
        raise wrong
    count = rows // (d + 1)
    before = np.zeros((count, d), int)
    sign = np.ones((count, d))
    for t in range(count):
        begin = t * (d + 1)
        steps = np.diff(values[begin : begin + d + 1], axis=0)
        moved = [np.flatnonzero(step) for step in steps]
        owners = [int(m[0]) for m in moved if len(m) == 1]
        spare = [j for j in range(d) if j not in owners]
        if any(len(m) > 1 for m in moved) or len(set(owners)) < len(owners):
            raise wrong
        for k, m in enumerate(moved):
            j = int(m[0]) if len(m) else spare.pop()
            before[t, j] = begin + k
            sign[t, j] = np.sign(steps[k, j]) or 1.0
    return Trajectories(before, before + 1, sign)


def screening(outcome: Response, levels: int = 4, seed: int = 0, resamples: int = RESAMPLES) -> Screening:
    """Elementary effects of an outcome over a Morris design with that many levels, with intervals.

    A trajectory with a gap (a failed run) is left out as a whole.
    """
    points = pd.DataFrame(outcome.numeric(), columns=outcome.factors)
    layout = morris_layout(points)
    step = levels / (2 * (levels - 1))  # of the range, in all designs of SALib
    values = outcome.values[:, outcome.sound_replicates()]
    effects = layout.sign[:, :, None] * (values[layout.after] - values[layout.before]) / step
    whole = np.isfinite(effects).all(axis=(1, 2))
    effects = effects[whole]
    count, d, n = effects.shape
    if count < 2:
        raise StudyError(f"{outcome.label}: fewer than two trajectories are without a gap; run more of them")
    found, naive = corrected(effects), _plugged(effects)
    wide = stretched(effects)
    draws = resampled(lambda rows, reps: corrected(wide[rows][:, :, reps]), count, n, seed, resamples)
    low, high = shifted_interval(found, naive, draws)
    plain = resampled(lambda rows, reps: _plugged(wide[rows][:, :, reps]), count, n, seed, resamples)
    low[0], high[0] = bracket([found[0], naive[0]], [draws[:, 0], plain[:, 0]])
    table = pd.DataFrame(index=pd.Index(outcome.factors, name="factor"))
    for x, name in enumerate(("mu_star", "mu", "sigma")):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = found[x], low[x], high[x]
    table["naive_mu_star"], table["naive_sigma"] = naive[0], naive[2]
    return Screening(table, outcome.label, outcome.unit, outcome.names, count, n, int((~whole).sum()))


def corrected(effects: np.ndarray) -> np.ndarray:
    """mu*, mu and sigma of each factor from effects [trajectories, factors, replicates], luck taken off; [3, factors]."""
    n = effects.shape[2]
    if n < 2:
        return _plugged(effects)
    mean = effects.mean(axis=2)
    others = (n * mean[:, :, None] - effects) / (n - 1)
    size = (np.sign(others) * effects).mean(axis=(0, 2))
    deviations = effects - mean[:, :, None]
    noise = deviations.var(axis=0, ddof=1).sum(axis=1) / (n * (n - 1))
    return np.array([size, mean.mean(axis=0), np.sqrt(np.maximum(mean.var(axis=0, ddof=1) - noise, 0.0))])


def _plugged(effects: np.ndarray) -> np.ndarray:
    """The same if the means of the replicates are the truth: Morris's measures as they are usually computed."""
    mean = effects.mean(axis=2)
    return np.array([np.abs(mean).mean(axis=0), mean.mean(axis=0), mean.std(axis=0, ddof=1)])
