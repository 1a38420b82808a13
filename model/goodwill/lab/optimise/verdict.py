"""The verdict: the finalists of a search once more, with luck they have never had.

The best of many noisy numbers is too good to be true: it was chosen for its luck as well (the optimiser's curse, Smith & Winkler
2006; the winner's curse). On fresh replications nobody was chosen for their luck, so the difference between the two estimates is
the honest measure of how much the search flattered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.optimise.goals import Arrays, Constraint, Goal, Judge, Measure
from goodwill.lab.optimise.pareto import hypervolume, non_dominated, thinned
from goodwill.lab.optimise.search import Evaluate, Search, Trial
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import LEVEL, interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.scenario.declare import Section, parameter

FRESH = 2**30
"""Number of the first replication of a verdict: far from those of any search, and from the pilots of a budget."""
_RESAMPLES = 2000

Interval = tuple[float, float, float]


class VerdictPlan(Section):
    """How to check what the search found."""

    replications: int = parameter(
        50, meaning="fresh worlds, which the search has not seen", unit="replications", low=2, high=100_000, source="-"
    )
    finalists: int | None = parameter(
        None,
        meaning="designs to try again; default: 5, with several goals 12",
        unit="designs",
        low=1,
        high=1000,
        source="-",
    )


@dataclass(frozen=True)
class Finalist:
    """A design with its fresh outcomes; rank: place in the search, from 1 (with several goals: 0)."""

    trial: Trial
    rank: int
    fresh: dict[str, np.ndarray]


@dataclass(frozen=True)
class Verdict:
    """Finalists with fresh outcomes, the baseline first if there is one, then by rank."""

    finalists: list[Finalist]
    found: Search
    judge: Judge
    """Goals and constraints, against the baseline in the fresh replications."""
    _intervals: dict[Measure, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def several(self) -> bool:
        """Whether there are several goals, so that the result is a front."""
        return len(self.judge.goals) > 1

    def fresh_values(self, measure: Measure) -> pd.DataFrame:
        """A measure of all finalists: one row a fresh replication, one column a trial's number."""
        return pd.DataFrame({f.trial.number: measure.of(f.fresh, self.judge.baseline) for f in self.finalists})

    def fresh(self, finalist: Finalist, measure: Measure) -> Interval:
        """Fresh mean and its interval, simultaneous over the finalists (max-t): whichever design is chosen by these very
        numbers, its interval is still to be trusted.
        """
        if measure not in self._intervals:
            self._intervals[measure] = simultaneous_intervals(self.fresh_values(measure), LEVEL)
        table = self._intervals[measure]
        mean, low, high = table.loc[finalist.trial.number, ["difference", "low", "high"]].to_numpy(float)
        return float(mean), float(low), float(high)

    def searched(self, finalist: Finalist, measure: Measure) -> Interval:
        """What the search thought, with the interval it would have reported: honest only for a design chosen beforehand."""
        return interval(measure.of(finalist.trial.outcomes, self.found.judge.baseline), LEVEL)

    def gap(self, finalist: Finalist, measure: Measure) -> Interval:
        """Search estimate minus fresh estimate with a 95 % interval (Welch 1947: two independent means)."""
        return welch(
            measure.of(finalist.trial.outcomes, self.found.judge.baseline),
            measure.of(finalist.fresh, self.judge.baseline),
        )

    def holds(self, finalist: Finalist, rule: Constraint) -> bool:
        """Whether the fresh mean keeps the bounds."""
        return rule.violation(float(rule.measure.of(finalist.fresh, self.judge.baseline).mean())) == 0

    def confidence(self, finalist: Finalist, rule: Constraint) -> float:
        """Confidence that the expected value keeps the bounds: one minus the p-value of a one-sided t-test of the nearer bound;
        1 or 0 where the replications do not differ.
        """
        from scipy import stats

        values = rule.measure.of(finalist.fresh, self.judge.baseline)
        mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
        slack = min(
            mean - rule.at_least if rule.at_least is not None else math.inf,
            rule.at_most - mean if rule.at_most is not None else math.inf,
        )
        if error == 0:
            return float(slack >= 0)
        return float(stats.t.cdf(slack / error, len(values) - 1))

    def feasible(self, finalist: Finalist) -> bool:
        """Whether all constraints hold by the fresh means."""
        return all(self.holds(finalist, rule) for rule in self.judge.constraints)

    # -- one goal -----------------------------------------------------------------------------------------------

    @property
    def winner(self) -> Finalist:
        """The design the search would have chosen: rank 1."""
        return min(self.finalists, key=lambda finalist: finalist.rank)

    @property
    def chosen(self) -> Finalist | None:
        """Best on fresh luck among the finalists whose constraints hold there; None if there is none."""
        able = [finalist for finalist in self.finalists if self.feasible(finalist)]
        return max(able, key=lambda finalist: self.judge.scores(finalist.fresh)[0], default=None)

    @cached_property
    def contest(self) -> pd.DataFrame:
        """Every finalist that holds the constraints against the best of the others in the goal (`compare_with_best`): lead,
        low, high, could_be_best, probability; by the trial's number.
        """
        goal = self.judge.goals[0]
        able = [finalist.trial.number for finalist in self.finalists if self.feasible(finalist)]
        return compare_with_best(self.fresh_values(goal.measure)[able], LEVEL, lowest=not goal.maximise)

    # -- several goals ------------------------------------------------------------------------------------------

    def scores(self) -> np.ndarray:
        """Fresh means of the goals, [finalists, goals], more is better."""
        return np.array([self.judge.scores(finalist.fresh) for finalist in self.finalists])

    def on_front(self) -> np.ndarray:
        """For each finalist whether it holds the constraints and no other that does dominates it, by fresh means."""
        able = np.array([self.feasible(finalist) for finalist in self.finalists])
        found = np.zeros(len(able), bool)
        if able.any():
            found[able] = non_dominated(self.scores()[able])
        return found

    def stays(self) -> np.ndarray:
        """Share of bootstrap samples of the fresh replications in which each finalist is not dominated by another."""
        samples = self._samples()
        return np.mean([non_dominated(sample) for sample in samples], axis=0)

    def volumes(self) -> dict[str, Interval]:
        """Hypervolume of the finalists: as the search saw it (`search`), and fresh with its 95 % interval by the bootstrap over
        replications (`fresh`). Mean, low, high.

        It is measured from the worst feasible trial of the search in each goal. Where there is a baseline, all is taken
        relative to it: the luck that all designs share moves the whole front and says nothing about it.
        """
        searched = self._relative(self.found.judge)
        reference = np.min([searched.scores(trial.outcomes) for trial in self.found.feasible], axis=0)
        able = [x for x, finalist in enumerate(self.finalists) if self.feasible(finalist)]
        seen = np.array([searched.scores(finalist.trial.outcomes) for finalist in self.finalists])
        relative = self._relative(self.judge)
        means = np.array([relative.scores(finalist.fresh) for finalist in self.finalists])
        fresh = hypervolume(means[able], reference)
        samples = [hypervolume(sample[able], reference) for sample in self._samples()[:500]]
        # A front of resampled means lies a little beyond the front of the means; the basic bootstrap takes that back.
        low, high = 2 * fresh - np.quantile(samples, [1 - (1 - LEVEL) / 2, (1 - LEVEL) / 2])
        return {
            "search": (hypervolume(seen, reference), math.nan, math.nan),
            "fresh": (fresh, max(float(low), 0.0), float(high)),
        }

    @staticmethod
    def _relative(judge: Judge) -> Judge:
        """The same goals as differences to the baseline, if there is one."""
        if judge.baseline is None:
            return judge
        return Judge([Goal(Measure(g.name, True), g.maximise) for g in judge.goals], [], judge.baseline)

    def _samples(self) -> np.ndarray:
        """Means of the goals, relative to the baseline, in bootstrap samples of the replications, the same for all designs:
        [samples, finalists, goals].
        """
        judge = self._relative(self.judge)
        values = np.array(
            [[goal.sign * goal.measure.of(f.fresh, judge.baseline) for goal in judge.goals] for f in self.finalists]
        )
        many = values.shape[2]
        rng = np.random.default_rng(FRESH)
        picks = rng.integers(0, many, (_RESAMPLES, many))
        weights = np.array([np.bincount(pick, minlength=many) for pick in picks]) / many
        return np.einsum("sr,dgr->sdg", weights, values)


def finalists_of(found: Search, plan: VerdictPlan) -> list[tuple[Trial, int]]:
    """Designs to try again with their ranks: the baseline if it was tried and holds the constraints, and the best in the goal, or with
    several goals the part of the front that covers most. Raises `NoFeasibleDesign`.
    """
    able = found.feasible
    if not able:
        raise NoFeasibleDesign(found)
    scores = np.array([found.judge.scores(trial.outcomes) for trial in able])
    several = scores.shape[1] > 1
    many = plan.finalists or (12 if several else 5)
    if several:
        front = [x for x in range(len(able)) if non_dominated(scores)[x]]
        chosen = [front[x] for x in thinned(scores[front], scores.min(axis=0), many)]
        ranks = dict.fromkeys(sorted(chosen, key=lambda x: tuple(scores[x])), 0)
    else:
        order = sorted(range(len(able)), key=lambda x: (-scores[x, 0], able[x].number))
        ranks = {x: rank for rank, x in enumerate(order, start=1) if rank <= many}
        ranks.update({x: order.index(x) + 1 for x in range(len(able)) if able[x].origin == "baseline"})
    return [(able[x], rank) for x, rank in ranks.items()]


def judge_fresh(found: Search, evaluate: Evaluate, plan: VerdictPlan | None = None) -> Verdict:
    """Run the finalists, and the baseline, in fresh replications. Raises `NoFeasibleDesign`, or `StudyError` for a run that fails."""
    plan = plan or VerdictPlan()
    picked = finalists_of(found, plan)
    base = [trial for trial in found.trials if trial.origin == "baseline"]
    trials = list({trial.number: trial for trial in (*base, *(trial for trial, _ in picked))}.values())
    evaluations = evaluate([trial.design for trial in trials], range(FRESH, FRESH + plan.replications))
    for trial, evaluation in zip(trials, evaluations, strict=True):
        if evaluation.problem:
            raise StudyError(f"verdict: {trial.design} cannot be run: {evaluation.problem}")
    fresh = {trial.number: evaluation.outcomes for trial, evaluation in zip(trials, evaluations, strict=True)}
    judge = Judge(found.judge.goals, found.judge.constraints, fresh[base[0].number] if base else None)
    return Verdict([Finalist(trial, rank, fresh[trial.number]) for trial, rank in picked], found, judge)


class NoFeasibleDesign(StudyError):
    """No design holds all constraints; says which came nearest. `found` is the whole search."""

    def __init__(self, found: Search) -> None:
        self.found = found
        judge = found.judge
        ran = [trial for trial in found.trials if trial.ran]

        def distance(trial: Trial) -> float:
            amounts = judge.violations(trial.outcomes)
            return sum(amount / _size(rule) for amount, rule in zip(amounts, judge.constraints, strict=True))

        nearest = min(ran, key=distance)
        said = [
            f"{rule.name}{' (difference)' if rule.measure.paired else ''} is {_mean(nearest.outcomes, rule, judge):,.6g} "
            f"and has to be {rule.words}"
            for rule, amount in zip(judge.constraints, judge.violations(nearest.outcomes), strict=True)
            if amount > 0
        ]
        super().__init__(
            f"none of {len(ran)} designs holds all constraints. Trial {nearest.number} came nearest, {nearest.design}: "
            f"{'; '.join(said)}. Loosen that, widen the levers, or give the search more trials"
        )


def _mean(outcomes: Arrays, rule: Constraint, judge: Judge) -> float:
    return float(rule.measure.of(outcomes, judge.baseline).mean())


def _size(rule: Constraint) -> float:
    return abs(rule.at_most if rule.at_most is not None else rule.at_least or 0.0) or 1.0


def welch(first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray, level: float = LEVEL) -> Interval:
    """Difference of two independent means with its t-interval, degrees of freedom by Welch and Satterthwaite."""
    from scipy import stats

    a, b = np.asarray(first, float), np.asarray(second, float)
    gap = float(a.mean() - b.mean())
    if min(len(a), len(b)) < 2:
        return gap, math.nan, math.nan
    parts: Any = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = math.sqrt(sum(parts))
    if error == 0:
        return gap, gap, gap
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return gap, gap - half, gap + half
