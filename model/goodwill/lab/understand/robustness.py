"""How alternatives stand up to not knowing the world: regret and other measures of robustness, with the luck of the replicates.

A world is a point of the uncertainties; an alternative is an arm, or an arm with a setting of the levers. With f(a, x) the mean
outcome of alternative a in world x (turned round where less is better), the measures are those McPhail et al. (2018) compare.
All worlds weigh the same:

    mean           mean of f over worlds (Laplace: every world as likely)
    worst          minimum of f (Wald's maximin)
    worst_tenth    mean of f over the tenth of the worlds where it is least (conditional value at risk)
    hurwicz        half the minimum and half the maximum of f
    mean_regret    mean of regret max_b f(b, x) - f(a, x)
    tenth_regret   mean of regret over the tenth of the worlds where it is largest
    max_regret     maximum of regret (Savage's minimax regret chooses by it)
    satisfied      share of worlds in which f reaches a wanted level (domain criterion, Starr 1963)
    best           share of worlds in which no alternative is better

All but `mean` and the last two pick out alternatives or worlds by their means, and the mean of a few replicates that was picked
because it is high is too high: the best of several noisy means, and the worst world, overstate regret. So picks and values come
from different luck: the alternative and the order of the worlds from all replicates but one, the value from that one, averaged
over which one it is. This is on average not more than the true regret, where the plain value (`naive_...`) is on average not
less; where the two differ much, more replicates are needed. The last two are shares of yes and no and stay plain.

Intervals: bootstrap over replicates, the worlds being given, from the lower end of the one to the upper end of the other. With
one replicate there is neither correction nor interval.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.resample import RESAMPLES, bracket, resampled, stretched
from goodwill.lab.understand.response import MOST_MISSING

TAIL = 0.1  # share of the worlds in `worst_tenth` and `tenth_regret`: a mean, as percentiles of noisy values are noisier still
OPTIMISM = 0.5  # weight of the best world in Hurwicz's measure
OF_VALUE = ("mean", "worst", "worst_tenth", "hurwicz")
OF_REGRET = ("mean_regret", "tenth_regret", "max_regret")
SHARES = ("satisfied", "best")
MEASURES = (*OF_VALUE, *OF_REGRET, *SHARES)


@dataclass(frozen=True)
class Robustness:
    """Measures of every alternative.

    table: a row an alternative; for each measure its value, `<measure>_low` and `<measure>_high`, and `naive_<measure>` for
    those that pick. regret: [worlds, alternatives], plain, in the order of the worlds.
    """

    table: pd.DataFrame
    regret: pd.DataFrame
    values: pd.DataFrame
    wanted: float | None
    more_is_better: bool
    label: str
    unit: str
    worlds: int
    replicates: int

    @property
    def choice(self) -> str:
        """The alternative with the least maximum regret."""
        return str(self.table["max_regret"].idxmin())

    def text(self) -> str:
        """What was found, in words."""
        from goodwill.report.numbers import by_unit, percent

        def number(value: float) -> str:
            return by_unit(abs(value), "share" if self.unit == "share" else self.unit)

        rows = self.table.to_dict("index")
        least = rows[self.choice]
        lines = [
            f"{self.label}, {self.worlds:,} worlds. Least regret at worst: {self.choice}, which gives up at most "
            f"{number(max(least['max_regret'], 0))}{_between(number, least, 'max_regret')} against the best alternative of each world."
        ]
        average = str(self.table["mean"].idxmax() if self.more_is_better else self.table["mean"].idxmin())
        if average != self.choice:
            lines.append(f"Best on average over the worlds: {average}.")
        shares = "; ".join(f"{name} {percent(row['best'], digits=0)}" for name, row in rows.items())
        lines.append(f"Share of worlds in which each is best: {shares}.")
        gap = float((self.table["naive_max_regret"] - self.table["max_regret"]).max())
        size = float(self.table["naive_max_regret"].max())
        if self.replicates == 1:
            lines.append("One replication: regret is overstated by luck, by how much cannot be said.")
        elif gap > 0.2 * size:
            lines.append("Luck makes up much of the largest regrets: more replications would narrow them.")
        return " ".join(lines)


def robustness(
    results: Any,
    outcome: str,
    wanted: float | None = None,
    more_is_better: bool = True,
    levers: Sequence[str] = (),
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Robustness:
    """Robustness of all arms, the baseline included, over the points of a study.

    wanted: the level that satisfies (default: what the baseline reaches in the same world). levers: factors of the design that
    the firm chooses; then an alternative is an arm with a setting of them, and the design has to hold every setting in every
    world (a grid).
    """
    table, baseline = _alternatives(results, outcome, levers)
    label, unit = results.label(outcome)
    return assess(table, baseline, wanted, more_is_better, label, unit, seed, resamples)


def assess(
    table: pd.DataFrame,
    baseline: str | None,
    wanted: float | None,
    more_is_better: bool,
    label: str,
    unit: str,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Robustness:
    """Robustness from a table with the index (world, replicate) and a column an alternative."""
    if table.shape[1] < 2:
        raise StudyError(f"{label}: regret needs at least two alternatives")
    cube, order = _cube(table, label)
    names = pd.Index([str(name) for name in table.columns], name="alternative")
    sign = 1.0 if more_is_better else -1.0
    y = sign * cube
    worlds, n, _ = y.shape
    if wanted is None and baseline is None:
        raise StudyError(
            "say which level is `wanted`: without a baseline among the alternatives there is none to reach"
        )
    goal = [*names].index(str(baseline)) if wanted is None else float(sign * wanted)
    found, plain = _measures(y, goal, True), _measures(y, goal, False)
    wide = stretched(y.swapaxes(1, 2)).swapaxes(1, 2)
    if n > 1:
        draws = resampled(
            lambda _, reps: np.array([_measures(wide[:, reps], goal, crossed) for crossed in (True, False)]),
            worlds, n, seed, resamples, fixed_rows=True,
        )  # fmt: skip
        low, high = bracket([found, plain], [draws[:, 0], draws[:, 1]])
        low[-len(SHARES) :], high[-len(SHARES) :] = (np.clip(end[-len(SHARES) :], 0, 1) for end in (low, high))
    else:
        low, high = np.full_like(found, np.nan), np.full_like(found, np.nan)
    answer = pd.DataFrame(index=names)
    for x, measure in enumerate(MEASURES):
        turn = sign if measure in OF_VALUE else 1.0
        answer[measure] = turn * found[x]
        answer[f"{measure}_low"], answer[f"{measure}_high"] = np.sort([turn * low[x], turn * high[x]], axis=0)
        if measure not in SHARES:
            answer[f"naive_{measure}"] = turn * plain[x]
    means = y.mean(axis=1)
    regret = pd.DataFrame(means.max(axis=1, keepdims=True) - means, index=order, columns=names)
    values = pd.DataFrame(sign * means, index=order, columns=names)
    return Robustness(answer, regret, values, wanted, more_is_better, label, unit, worlds, n)


def _measures(y: np.ndarray, goal: int | float, crossed: bool) -> np.ndarray:
    """All measures, [measures, alternatives], of outcomes [worlds, replicates, alternatives], more being better.

    crossed: picks by the other replicates, values from the one left out. goal: the level that satisfies, or (a whole number)
    the position of the alternative to be reached.
    """
    n = y.shape[1]
    mean = y.mean(axis=1)
    if crossed and n > 1:
        found = np.mean([_picked((n * mean - y[:, r]) / (n - 1), y[:, r]) for r in range(n)], axis=0)
    else:
        found = _picked(mean, mean)
    level = mean[:, [goal]] if isinstance(goal, int) else goal
    best = mean >= mean.max(axis=1, keepdims=True) - 1e-12
    return np.concatenate([found, [(mean >= level - 1e-12).mean(axis=0), best.mean(axis=0)]])


def _picked(by: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Measures of values and of regret; what is best and worst is picked `by`, the numbers taken `of`, both [worlds, alternatives]."""
    worlds, tail = np.arange(len(by)), max(round(TAIL * len(by)), 1)
    best = by.argmax(axis=1)
    regret_by, regret_of = by[worlds, best][:, None] - by, of[worlds, best][:, None] - of
    rank, rank_regret = by.argsort(axis=0), regret_by.argsort(axis=0)
    value = np.take_along_axis(of, rank, axis=0)
    regret = np.take_along_axis(regret_of, rank_regret, axis=0)
    return np.array(
        [
            of.mean(axis=0),
            value[0],
            value[:tail].mean(axis=0),
            (1 - OPTIMISM) * value[0] + OPTIMISM * value[-1],
            regret_of.mean(axis=0),
            regret[-tail:].mean(axis=0),
            regret[-1],
        ]
    )


def _cube(table: pd.DataFrame, label: str) -> tuple[np.ndarray, pd.Index]:
    """Values [worlds, replicates, alternatives] without gaps, and the worlds they are of."""
    wide = table.unstack(level=1)
    cube = wide.to_numpy(float).reshape(len(wide), table.shape[1], -1).swapaxes(1, 2)
    bad = ~np.isfinite(cube).all(axis=2)
    keep = bad.mean(axis=0) <= MOST_MISSING
    whole = ~bad[:, keep].any(axis=1)
    if not keep.any() or not whole.any():
        raise StudyError(
            f"{label}: no world has a value of every alternative; look at the column `error` of results.runs"
        )
    return cube[:, keep][whole], wide.index[whole]


def _alternatives(results: Any, outcome: str, levers: Sequence[str]) -> tuple[pd.DataFrame, str | None]:
    """Values with the index (world, replicate) and a column an alternative, and the baseline's column."""
    values = results.values(outcome)
    if not levers:
        return values, str(results.baseline)
    points = results.points
    worlds = points.drop(columns=list(levers))
    world = worlds.groupby(list(worlds.columns), sort=False, dropna=False).ngroup() if worlds.shape[1] else 0
    setting = points[list(levers)].astype(str).agg(lambda row: ", ".join(f"{k} {v}" for k, v in row.items()), axis=1)
    long = values.melt(ignore_index=False, var_name="arm").reset_index()
    long = long.merge(
        pd.DataFrame({"world": world, "setting": setting}, index=points.index), left_on="point", right_index=True
    )
    long["alternative"] = long["arm"].astype(str) + ", " + long["setting"]
    table = long.pivot(index=["world", "replicate"], columns="alternative", values="value")
    if table.isna().to_numpy().mean() > MOST_MISSING:
        raise StudyError(
            "not every setting of the levers was tried in every world; regret over settings needs `design: {kind: grid}`"
        )
    return table, None


def _between(number: Callable[[float], str], row: dict[Hashable, Any], measure: str) -> str:
    low, high = row[f"{measure}_low"], row[f"{measure}_high"]
    return f" [{number(max(low, 0))}, {number(max(high, 0))}]" if np.isfinite(low) else ""
