"""The search: batches of designs, all tried in the same replications, proposed by Optuna or listed one by one.

What it searches is an abstract function, so that it can be tried on problems whose answer is known.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.optimise.goals import Constraint, Goal, Judge
from goodwill.lab.optimise.space import Design, Space
from goodwill.scenario.declare import Section, parameter

Sampler = Literal["auto", "tpe", "nsga2", "gp", "random"]
EVERY = "every design"
_HOPELESS = 20
"""So many designs without one that can be run: there is something wrong with the question."""


@dataclass(frozen=True)
class Evaluation:
    """Outcomes of a design, each [replications]; or why there are none."""

    outcomes: dict[str, np.ndarray] = field(default_factory=dict)
    problem: str = ""


class Evaluate(Protocol):
    """Tries designs: the same replicate is the same world with the same luck for each of them."""

    def __call__(self, designs: Sequence[Design], replicates: Sequence[int]) -> list[Evaluation]:
        """One evaluation for each design, in their order."""
        ...


class SearchPlan(Section):
    """How to search."""

    trials: int = parameter(
        100,
        meaning="designs to try, the baseline and the arms as written included",
        unit="designs",
        low=2,
        high=100_000,
        source="-",
    )
    replications: int = parameter(
        10,
        meaning="worlds each design is tried in, the same for all",
        unit="replications",
        low=2,
        high=100_000,
        source="-",
    )
    batch: int = parameter(
        4, meaning="designs proposed at a time; fixed here, so that results do not depend on the number of workers",
        unit="designs", low=1, high=1000, source="-",
    )  # fmt: skip
    sampler: Sampler = parameter(
        "auto",
        meaning="auto: every design if there are no more than trials, else tpe (tree-structured Parzen estimator); nsga2 (genetic); "
        "gp (Gaussian process, needs PyTorch); random",
        unit="choice",
        source="Bergstra et al. 2011 (tpe); Deb et al. 2002 (nsga2)",
    )
    seed: int = parameter(
        1, meaning="seed of the search, not of the luck in the worlds", unit="integer", low=0, source="-"
    )


@dataclass(frozen=True)
class Trial:
    """A design that was tried. origin: `baseline`, `as written` or `search`."""

    number: int
    design: Design
    origin: str
    outcomes: dict[str, np.ndarray]
    problem: str = ""

    @property
    def ran(self) -> bool:
        """Whether it could be run in all replications."""
        return not self.problem


@dataclass(frozen=True)
class Search:
    """All trials in the order they were tried. sampler: what was used. exhausted: nothing new was left to propose."""

    trials: list[Trial]
    judge: Judge
    sampler: str
    exhausted: bool = False

    @property
    def feasible(self) -> list[Trial]:
        """Trials that ran and hold all constraints, by their means."""
        return [trial for trial in self.trials if trial.ran and self.judge.feasible(trial.outcomes)]


def search(
    space: Space,
    goals: Sequence[Goal],
    constraints: Sequence[Constraint],
    evaluate: Evaluate,
    plan: SearchPlan | None = None,
    starts: Sequence[Design] = (),
    baseline: Design | None = None,
    watch: Callable[[Search], None] | None = None,
) -> Search:
    """Try designs until `plan.trials` have run; the baseline, which is a design too, and `starts` are tried first.

    watch: called after each batch with what is known by then. Raises `StudyError` when no design can be run.
    """
    plan = plan or SearchPlan()
    replicates = list(range(plan.replications))
    judge = Judge(goals, constraints)
    trials: list[Trial] = []
    known: dict[Design, Trial] = {}

    def run(designs: Sequence[Design], origin: str) -> None:
        new = [design for design in dict.fromkeys(designs) if design not in known]
        for design, found in zip(new, evaluate(new, replicates) if new else [], strict=True):
            if origin == "baseline" and not found.problem:
                judge.baseline = found.outcomes
            problem = found.problem or _not_numbers(found.outcomes, judge)
            trial = Trial(len(trials), design, origin, {} if problem else found.outcomes, problem)
            trials.append(trial)
            known[design] = trial

    if baseline is not None:
        run([baseline], "baseline")
        if trials[0].problem:
            raise StudyError(f"the baseline ({baseline}) cannot be run: {trials[0].problem}")
    run(starts, "as written")

    sampler: str = plan.sampler
    finite = space.size <= plan.trials
    if sampler == "auto":
        sampler = EVERY if finite else "tpe"
    proposals = _listed(space, known, plan) if sampler == EVERY else _asked(space, judge, sampler, plan, known, trials)
    exhausted = True
    for batch in proposals:
        if sum(trial.ran for trial in trials) >= plan.trials:
            exhausted = False
            break
        run(batch, "search")
        if len(trials) >= _HOPELESS and not any(trial.ran for trial in trials if trial.origin != "baseline"):
            raise StudyError(
                f"none of {len(trials)} designs can be run; the last one, {batch[-1]}: {trials[-1].problem}"
            )
        if watch is not None:
            watch(Search(list(trials), judge, sampler))
    return Search(trials, judge, sampler, exhausted)


def _not_numbers(outcomes: dict[str, np.ndarray], judge: Judge) -> str:
    """Which measure is not a number, in words; empty if all are."""
    for measure in judge.measures:
        bad = int((~np.isfinite(measure.of(outcomes, judge.baseline))).sum())
        if bad:
            return f"{measure.outcome} is not a number in {bad} of {len(outcomes[measure.outcome])} replications"
    return ""


def _listed(space: Space, known: dict[Design, Trial], plan: SearchPlan) -> Iterator[list[Design]]:
    """Every design that is not known yet, in batches."""
    rest = [design for design in space.designs() if design not in known]
    for first in range(0, len(rest), plan.batch):
        yield rest[first : first + plan.batch]


def _asked(
    space: Space, judge: Judge, sampler: str, plan: SearchPlan, known: dict[Design, Trial], trials: list[Trial]
) -> Iterator[list[Design]]:
    """Batches proposed by Optuna, which is told what came out before it is asked again.

    A design that was tried already is told again and not proposed, for the same luck would give the same numbers.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rules = judge.constraints
    directions: list[Any] = ["maximize" if goal.maximise else "minimize" for goal in judge.goals]
    study = optuna.create_study(directions=directions, sampler=_sampler(space, judge, sampler, plan))

    def tell(asked: Any, trial: Trial) -> None:
        outcomes = [t.outcomes for t in ([trial] if trial.ran else trials) if t.ran]
        # How good or how far off a design is that cannot be run is not known: it counts as the worst that is known.
        scores = np.min([judge.scores(x) for x in outcomes], axis=0) if outcomes else np.zeros(len(judge.goals))
        if sampler != "random":
            asked.set_constraint("can be run", -1.0 if trial.ran else 1.0)
            amounts = np.max([judge.violations(x) for x in outcomes], axis=0) if outcomes else np.zeros(len(rules))
            for rule, amount in zip(rules, amounts, strict=True):
                asked.set_constraint(rule.name, float(amount) / _scale(rule, trials, judge))
        study.tell(asked, [float(goal.sign * score) for goal, score in zip(judge.goals, scores, strict=True)])

    for trial in [t for t in trials if t.ran]:
        parameters = space.encoded(trial.design)
        if parameters is not None:
            study.enqueue_trial(parameters)
            asked = study.ask()
            space.suggest(asked)
            tell(asked, trial)
    while True:
        batch: list[Design] = []
        waiting: list[tuple[Any, Design]] = []
        for _ in range(20 * plan.batch):
            wanted = plan.trials - sum(trial.ran for trial in trials)
            if len(batch) >= min(plan.batch, max(wanted, 1)):
                break
            asked = study.ask()
            design = space.suggest(asked)
            if design in known:
                tell(asked, known[design])
                continue
            waiting.append((asked, design))
            if design not in batch:
                batch.append(design)
        if not batch:
            return
        yield batch
        for asked, design in waiting:
            tell(asked, known[design])


def _scale(rule: Constraint, trials: Sequence[Trial], judge: Judge) -> float:
    """What one unit of violation is measured in, so that violations of several constraints can be added: the bound itself,
    or if that is 0 what the first design that ran has.
    """
    bound = abs(rule.at_most if rule.at_most is not None else rule.at_least or 0.0)
    if bound > 0:
        return bound
    sizes = (abs(float(rule.measure.of(t.outcomes, judge.baseline).mean())) for t in trials if t.ran)
    return next((size for size in sizes if size > 0), 1.0)


def _sampler(space: Space, judge: Judge, name: str, plan: SearchPlan) -> Any:
    """Optuna's sampler of that name."""
    import optuna

    samplers = optuna.samplers
    conditional = len(space.arms) > 1
    startup = max(10, min(2 * (len(space.levers) + conditional), plan.trials // 3))
    with warnings.catch_warnings():
        # Grouping by arm is called experimental by Optuna; without it the levers of an arm are not searched jointly.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        if name == "random":
            return samplers.RandomSampler(seed=plan.seed)
        if name == "tpe":
            return samplers.TPESampler(seed=plan.seed, n_startup_trials=startup, multivariate=True, group=conditional)
        if name == "nsga2":
            return samplers.NSGAIISampler(seed=plan.seed, population_size=max(8, plan.trials // 8))
        if importlib.util.find_spec("torch") is None:
            raise StudyError("search.sampler: gp needs PyTorch, which is not installed; install torch, or choose tpe")
        return samplers.GPSampler(seed=plan.seed, n_startup_trials=startup)
