"""Scenario discovery: in which worlds does an arm lose? A rule one can read, or the word that there is none.

The points of a study are worlds; an arm loses in a world when its mean outcome is below a limit (a paired difference below 0).
A few replicates do not always decide that, so that each world counts with its probability of losing, and the undecided ones are
counted. PRIM (see `prim`) looks for a box of worlds in which losing is frequent (density) and which holds most of the losing
worlds (coverage), after Bryant & Lempert (2010). Of the boxes along its way the one is taken that chance would least easily
produce: the best sqrt(mass) (density - share of all worlds), the binomial test quality of Kloesgen (1996). Ends it does not
need are dropped.

Three guards against seeing a rule in noise: the quasi-p-value of each end (Bryant & Lempert: how likely are as many losses in a
box of that size if the end made no difference); a permutation test of the whole rule (how often shuffled outcomes give one as
good, search included); and coverage and density in worlds that the search did not see (five-fold cross-validation). Without a
permutation p below 0.05 there is no rule.

If an arm loses in more than half the worlds, the rule says when it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName, named, shown
from goodwill.lab.understand.noise import noise_of
from goodwill.lab.understand.prim import Box, Peeler, Peeling, Side, inside, loosened, paste
from goodwill.lab.understand.resample import LEVEL
from goodwill.lab.understand.response import Response, is_number

CHANCE = 0.05
PERMUTATIONS = 199
PATIENCE = (0.02, 0.05, 0.1)  # shares that one cut takes, for the rule; the permutation test peels by the usual 0.05
FOLDS = 5
RARE = 0.5  # a first rule of less density says `most often`; further ones are not worth saying
HALVES = 20
FEWEST_POINTS = 20


@dataclass(frozen=True)
class Restriction:
    """What a rule says of one factor; bounds are NaN where there is none.

    quasi_p: see the module; of two ends the larger. kept: share of random halves of the worlds in which PRIM restricts this
    factor too.
    """

    factor: str
    name: FactorName
    low: float
    high: float
    among: tuple[str, ...]
    quasi_p: float
    kept: float
    whole: bool

    def text(self) -> str:
        """The restriction in words."""
        label, most = self.name.label, 9
        low, high = shown(self.low), self.name.amount(self.high, most)
        if self.among:
            return f"{label} is {' or '.join(self.among)}"
        if np.isfinite(self.low) and np.isfinite(self.high):
            return f"{label} is {high}" if self.low == self.high else f"{label} is between {low} and {high}"
        if np.isfinite(self.low):
            return f"{label} is {'at least' if self.whole else 'above'} {self.name.amount(self.low, most)}"
        return f"{label} is {'at most' if self.whole else 'below'} {high}"


@dataclass(frozen=True)
class Rule:
    """A box of worlds: what it asks, and how well it separates.

    coverage: share of all wanted worlds that it holds. density: share of its worlds that are wanted. mass: share of all worlds
    in it. The same in worlds that were not used to find it (unseen_*; averages over folds). p: of the permutation test.
    """

    restrictions: tuple[Restriction, ...]
    box: Box
    coverage: float
    density: float
    mass: float
    unseen_coverage: float
    unseen_density: float
    p: float

    def conditions(self) -> str:
        """What it asks, in words."""
        return " and ".join(item.text() for item in self.restrictions)


@dataclass(frozen=True)
class Discovery:
    """When an arm loses (or, `wins`, when it does not).

    rules: none, one or more, each found in the worlds outside those before it. probability: of losing, by point. share: of
    worlds that lose. undecided: points whose 95 % interval holds the limit. trajectory: coverage, density, mass and restricted
    factors along the peeling of the first rule.
    """

    rules: tuple[Rule, ...]
    points: pd.DataFrame
    probability: pd.Series
    share: float
    undecided: int
    limit: float
    above: bool
    wins: bool
    trajectory: pd.DataFrame
    p: float
    label: str
    names: Mapping[str, FactorName]
    replicates: int

    def table(self) -> pd.DataFrame:
        """The rules, a row a restriction."""
        rows = [
            {
                "rule": number,
                "factor": item.factor,
                "low": item.low,
                "high": item.high,
                "among": " ".join(item.among),
                "quasi_p": item.quasi_p,
                "kept": item.kept,
                "coverage": rule.coverage,
                "density": rule.density,
                "unseen_coverage": rule.unseen_coverage,
                "unseen_density": rule.unseen_density,
                "p": rule.p,
            }
            for number, rule in enumerate(self.rules, start=1)
            for item in rule.restrictions
        ]
        return pd.DataFrame(rows)

    def text(self) -> str:
        """What was found, in words."""
        from goodwill.report.numbers import percent

        count, n = len(self.points), self.replicates
        side = f"{'above' if self.above else 'below'} {shown(self.limit)}"
        lines = [
            f"{self.label} is {side} in {percent(self.share, digits=0)} of {count:,} worlds"
            + (
                f" ({self.undecided:,} undecided after {n} replications)."
                if n > 1
                else " (one replication: no margin)."
            )
        ]
        if self.rules:
            verb = "gains" if self.wins else "loses"
            for x, rule in enumerate(self.rules):
                when = "it {} when" if x == 0 else "or else it {} when"
                if rule.density < RARE:
                    when = f"{when.removesuffix('when')}most often when"
                what = "gains" if self.wins else "losses"
                line = (
                    f"{when.format(verb)} {rule.conditions()}: this covers {percent(rule.coverage, digits=0)} of the {what}, and "
                    f"{percent(rule.density, digits=0)} of such worlds {verb[:-1]} (in worlds it was not fitted to: "
                    f"{percent(rule.unseen_coverage, digits=0)} and {percent(rule.unseen_density, digits=0)}; p = {rule.p:.2g})."
                )
                lines.append(line[0].upper() + line[1:])
        elif self.share in (0.0, 1.0) or len(self.trajectory) == 0:
            lines.append("There is no rule to find.")
        else:
            lines.append(
                f"No rule separates these worlds better than chance might (p = {self.p:.2g} for the best). More points, or other "
                "factors, may show one."
            )
        return " ".join(lines)


def discover(
    outcome: Response,
    limit: float = 0.0,
    above: bool = False,
    most_rules: int = 2,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Discovery:
    """When is the mean outcome below the limit, or, `above`, above it? At most so many rules."""
    outcome = outcome.varying().complete()
    x, categorical, categories = encoded(outcome.points)
    noise = noise_of(outcome.values)
    means = outcome.values.mean(axis=1)
    losing = noise.probability_below(-means, -limit) if above else noise.probability_below(means, limit)
    tail = (1 - LEVEL) / 2
    undecided = int(((losing > tail) & (losing < 1 - tail)).sum())
    if len(x) < FEWEST_POINTS:
        raise StudyError(
            f"{outcome.label}: {len(x)} points are too few to look for a rule; {FEWEST_POINTS} is the least"
        )
    share = float(losing.mean())
    wins = share > 0.5
    target = 1 - losing if wins else losing
    rng = np.random.default_rng(seed)
    search = _Search(x, categorical)
    rules: list[Rule] = []
    rest = np.ones(len(x), bool)
    first, first_p = pd.DataFrame(), 1.0
    while len(rules) < most_rules and rest.sum() >= FEWEST_POINTS and target[rest].sum() >= 2:
        part = search.within(rest)
        p = part.chance(target[rest], permutations, rng)
        box, peeling = part.settled(target[rest])
        if not rules:
            first, first_p = _trajectory(peeling), p
        if p > CHANCE:
            break
        density = float(target[rest][inside(box, part.x)].mean())
        if all(side.free for side in box) or (rules and density < RARE):
            break
        rules.append(
            _rule(outcome, part, box, target[rest], categories, p, float(target[rest].sum() / target.sum()), rng)
        )
        rest &= ~inside(box, x)
    return Discovery(
        tuple(rules), outcome.points, pd.Series(losing, outcome.points.index, name="probability of losing"), share,
        undecided, limit, above, wins, first, first_p, outcome.label, outcome.names,
        outcome.values.shape[1],
    )  # fmt: skip


@dataclass(frozen=True)
class _Search:
    """PRIM on some points, and the choice of a box."""

    x: np.ndarray
    categorical: np.ndarray

    def within(self, rows: np.ndarray) -> _Search:
        return _Search(self.x[rows], self.categorical)

    @cached_property
    def _peeler(self) -> Peeler:
        return Peeler(self.x, self.categorical)

    def quality(self, box: Box, y: np.ndarray) -> float:
        """sqrt(mass) (density - share of all)."""
        held = inside(box, self.x)
        return float((y[held].mean() - y.mean()) * np.sqrt(held.mean())) if held.any() else 0.0

    def settled(self, y: np.ndarray) -> tuple[Box, Peeling]:
        """The best box that peelings of different patience lead to, pasted, without ends it does not need; and its peeling."""
        found = []
        for alpha in PATIENCE:
            peeling = Peeler(self.x, self.categorical, alpha).peel(y)
            box = self._trimmed(paste(peeling.boxes[int(peeling.quality().argmax())], self.x, y), y)
            found.append((box, peeling))
        return max(found, key=lambda pair: self.quality(pair[0], y))

    def _trimmed(self, box: Box, y: np.ndarray) -> Box:
        while True:
            needless = [
                (self.quality(other, y), other)
                for other in loosened(box)
                if self.quasi_p(box, other, y) > CHANCE or self.quality(other, y) >= self.quality(box, y)
            ]
            if not needless:
                return box
            box = max(needless, key=lambda found: found[0])[1]

    def quasi_p(self, box: Box, looser: Box, y: np.ndarray) -> float:
        """Chance of as many hits in a box of this size if the end that `looser` lacks made no difference (binomial)."""
        from scipy.special import betainc

        held, loose = inside(box, self.x), inside(looser, self.x)
        count, hits, rate = int(held.sum()), float(y[held].sum()), float(y[loose].mean())
        return float(betainc(hits, count - hits + 1, rate)) if hits > 0 else 1.0

    def chance(self, y: np.ndarray, permutations: int, rng: np.random.Generator) -> float:
        """Share of shufflings of the outcomes over the worlds whose best box is as good as ours (ours counted)."""

        def statistic(values: np.ndarray) -> float:
            return float(self._peeler.peel(values).quality().max())

        ours = statistic(y)
        as_good = sum(statistic(rng.permutation(y)) >= ours - 1e-12 for _ in range(permutations))
        return (1 + as_good) / (1 + permutations)

    def unseen(self, y: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
        """Coverage and density in folds the search did not see."""
        fold = rng.permutation(len(y)) % FOLDS
        hits = held = 0.0
        for k in range(FOLDS):
            train, test = self.within(fold != k), self.within(fold == k)
            box = train.settled(y[fold != k])[0]
            found = inside(box, test.x)
            hits += float(y[fold == k][found].sum())
            held += float(found.sum())
        return hits / float(y.sum()), hits / held if held else float("nan")

    def kept(self, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """How often each factor is restricted in random halves, [factors]."""
        found = np.zeros(self.x.shape[1])
        for _ in range(HALVES):
            half = rng.permutation(len(y)) < len(y) / 2
            part = self.within(half)
            found += [not side.free for side in part.settled(y[half])[0]]
        return found / HALVES


def _trajectory(peeling: Peeling) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "coverage": peeling.sums / peeling.sums[0],
            "density": peeling.sums / peeling.counts,
            "mass": peeling.counts / peeling.counts[0],
            "restricted": [sum(not side.free for side in box) for box in peeling.boxes],
        }
    )


def _rule(
    outcome: Response, search: _Search, box: Box, y: np.ndarray, categories: list[list[str]], p: float, left: float,
    rng: np.random.Generator,
) -> Rule:  # fmt: skip
    """The box with all that is to be said of it; `left`: share of the wanted worlds among those it was found in."""
    kept = search.kept(y, rng)
    held = inside(box, search.x)
    coverage, density = search.unseen(y, rng)
    restrictions = []
    for j, side in enumerate(box):
        if side.free:
            continue
        others = search.x[inside((*box[:j], Side(), *box[j + 1 :]), search.x), j]
        factor = outcome.factors[j]
        whole = not categories[j] and bool((search.x[:, j] == np.round(search.x[:, j])).all())
        low, high = _tidy(side, others, whole)
        quasi_p = max(search.quasi_p(box, other, y) for other in loosened(box) if other[j] != side)
        among = tuple(categories[j][int(k)] for k in sorted(side.among)) if side.among is not None else ()
        restrictions.append(
            Restriction(factor, named(outcome.names, factor), low, high, among, quasi_p, float(kept[j]), whole)
        )
    inner = float(y[held].sum())
    return Rule(
        tuple(restrictions), box, left * inner / float(y.sum()), inner / float(held.sum()), float(held.mean()),
        left * coverage, density, p,
    )  # fmt: skip


def encoded(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[list[str]]]:
    """Factors as numbers [points, factors], which of them are categories, and the names of these."""
    columns, categorical, names = [], [], []
    for name in points.columns:
        column = points[name]
        numeric = is_number(column)
        found = [] if numeric else sorted({str(value) for value in column})
        columns.append(np.array([float(value) if numeric else found.index(str(value)) for value in column], float))
        categorical.append(not numeric)
        names.append(found)
    if not columns:
        raise StudyError("the study has no factor that varies; discovery needs uncertainties or levers")
    return np.column_stack(columns), np.array(categorical), names


def _tidy(side: Side, x: np.ndarray, whole: bool) -> tuple[float, float]:
    """The bounds with as few digits as still separate the same worlds; whole numbers as they are."""
    low, high = (side.low, side.high)
    if whole:
        return (low if np.isfinite(low) else np.nan), (high if np.isfinite(high) else np.nan)
    tidy_low = _between(float(np.max(x[x < low], initial=-np.inf)), low) if np.isfinite(low) else np.nan
    tidy_high = _between(high, float(np.min(x[x > high], initial=np.inf))) if np.isfinite(high) else np.nan
    return tidy_low, tidy_high


def _between(low: float, high: float) -> float:
    """The number with fewest decimals strictly between two."""
    if not np.isfinite(low) or not np.isfinite(high):
        return high if np.isfinite(high) else low
    middle = (low + high) / 2
    scale = int(np.floor(np.log10(high - low))) if high > low else 0
    for digits in range(-scale - 2, -scale + 3):
        value = round(middle, digits)
        if low < value < high:
            return float(value)
    return middle
