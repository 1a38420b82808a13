"""Everything that suits a study: what decides the outcome, when an arm loses, how arms stand up to doubt, where they break even.

| design | what is done |
|---|---|
| sobol | indices, and all that a sample is good for |
| morris | screening |
| latin hypercube, grid, sobol | rule (discovery), regret, break-even of the strongest factors, surface over two of them |
| cases | regret over the cases |

Each where there is enough for it: a rule takes 20 points, regret two arms and two worlds, a surface factors that are numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.understand.break_even import break_even, frontier
from goodwill.lab.understand.discovery import FEWEST_POINTS, discover
from goodwill.lab.understand.factors import named
from goodwill.lab.understand.morris import screening
from goodwill.lab.understand.response import Response, response
from goodwill.lab.understand.robustness import robustness
from goodwill.lab.understand.sobol import sobol_indices
from goodwill.lab.understand.surface import Metamodel

if TYPE_CHECKING:
    from goodwill.lab.study.results import Results
    from goodwill.plots.style import PaperFigure

SAMPLES = ("latin_hypercube", "grid", "sobol")
MOST_CURVES = 2
LESS_IS_BETTER = {"cost", "programme_cost", "liability", "breakage", "anyway"}


@dataclass(frozen=True)
class Finding:
    """One thing that was found out: a stem for its files, a heading, words, tables by name, and how to draw it."""

    name: str
    title: str
    text: str
    tables: dict[str, pd.DataFrame]
    draw: Callable[[], PaperFigure]


def explain(results: Results, outcome: str | None = None, arm: str | None = None, seed: int = 0) -> list[Finding]:
    """What can be understood of an outcome (default: the first) and an arm (default: each beside the baseline).

    Arms are looked at as paired differences to the baseline; without any, the outcome itself is. Raises StudyError for a study from
    which nothing of the kind can be learnt.
    """
    outcome = outcome or results.outcomes[0]
    others = [name for name in results.arms if name != results.baseline]
    if arm is not None and arm not in others:
        raise StudyError(f"there is no arm {arm!r} beside the baseline; the study has {', '.join(others) or 'none'}")
    if len(results.points) < 2:
        raise StudyError(
            f"{results.study.name}: a single point has nothing to compare; give the study uncertainties or levers, or cases"
        )
    found: list[Finding] = []
    less = less_is_better(results, outcome)
    for name in [arm] if arm is not None else others or [results.baseline]:
        answer = response(results, outcome, name, paired=bool(others))
        found += _of_an_arm(results, answer, name if len(others) > 1 else "", bool(others), less, seed)
    if others and results.study.design.kind != "morris":
        found += _of_all_arms(results, outcome, not less, seed)
    if not found:
        raise StudyError(
            f"{results.study.name}: {len(results.points)} points are too few to explain {outcome}; see what each analysis needs "
            "in docs/how-to/understand-a-study.md"
        )
    return found


def write_findings(found: Sequence[Finding], folder: Path) -> list[Path]:
    """Write every figure (PNG) and table (CSV) into a folder; returns the files."""
    files = []
    for finding in found:
        save = partial(finding.draw().savefig, format="png", dpi=150)
        files.append(write_atomically(folder / f"{finding.name}.png", save))
        for name, table in finding.tables.items():
            target = folder / f"{finding.name}-{name.replace('_', '-')}.csv"
            files.append(write_atomically(target, partial(table.to_csv, index=False)))
    return files


def understanding_section(results: Results) -> list[Finding]:
    """What a report says under 'Understanding': all of the first outcome; nothing where the study does not allow it."""
    try:
        return explain(results)
    except StudyError:
        return []


def less_is_better(results: Results, outcome: str) -> bool:
    """Whether an outcome of a study is one of which less is better."""
    declared = results.study.outcomes.get(outcome)
    return ((declared.of if declared is not None else None) or outcome) in LESS_IS_BETTER


def _of_an_arm(
    results: Results, outcome: Response, label: str, paired: bool, less: bool, seed: int
) -> Iterator[Finding]:
    from goodwill.plots.discovery import discovery_figure
    from goodwill.plots.sensitivity import morris_figure, sobol_figure

    kind = results.study.design.kind
    tables: dict[str, pd.DataFrame]
    if kind == "sobol" and outcome.points.shape[1] > 1:
        indices = sobol_indices(outcome, seed)
        tables = {"sobol": indices.table.reset_index(), "variance": indices.variance.reset_index()}
        if indices.pairs is not None:
            tables["sobol_pairs"] = indices.pairs.reset_index()
        yield _finding("sobol", label, "what decides it", indices.text(), tables, partial(sobol_figure, indices))
    if kind == "morris":
        found = screening(outcome, results.study.design.levels, seed)
        tables = {"morris": found.table.reset_index()}
        yield _finding("morris", label, "what matters", found.text(), tables, partial(morris_figure, found))
    if kind not in SAMPLES:
        return
    if paired and len(outcome.points) >= FEWEST_POINTS:
        rule = discover(outcome, above=less, seed=seed)
        worlds = pd.concat([rule.points, rule.probability], axis=1).reset_index()
        tables = {"probability_of_losing": worlds, "rules": rule.table()}
        title = "when it gains" if rule.wins else "when it loses"
        yield _finding("rule", label, title, rule.text(), tables, partial(discovery_figure, rule))
    yield from _curves(outcome, label, 0.0 if paired else None)


def _curves(outcome: Response, label: str, limit: float | None) -> Iterator[Finding]:
    """Break-even along the strongest factors, and the surface over two; nothing where factors are not numbers or points too few."""
    from goodwill.plots.surface import break_even_figure, surface_figure

    try:
        model = Metamodel.of(outcome)
    except StudyError:
        return
    strongest = model.strongest()
    for factor in strongest[:MOST_CURVES] if limit is not None else []:
        crossing = break_even(model, factor, limit or 0.0)
        tables = {"break_even": crossing.table, "curve": crossing.curve.grid}
        title = f"where it breaks even: {named(outcome.names, factor).label}"
        name = f"break-even-{_stem(factor)}"
        yield _finding(name, label, title, crossing.text(), tables, partial(break_even_figure, crossing))
    if len(strongest) > 1:
        plane = model.over(strongest[:2])
        tables = {"surface": plane.grid}
        if limit is not None:
            tables["frontier"] = frontier(model, strongest[0], strongest[1], limit)
        yield _finding(
            "surface", label, "over two factors", plane.text(), tables, partial(surface_figure, plane, limit)
        )


def _of_all_arms(results: Results, outcome: str, more: bool, seed: int) -> Iterator[Finding]:
    from goodwill.plots.robustness import robustness_figure

    study = results.study
    levers = [name for name in study.levers if name in results.points]
    if levers and (study.design.kind != "grid" or results.points.shape[1] == len(levers)):
        return  # the points are choices, not worlds
    wanted = None
    if levers:
        wanted = float(results.values(outcome)[results.baseline].mean())
    found = robustness(results, outcome, wanted, more, levers, seed)
    tables = {"robustness": found.table.reset_index(), "regret": found.regret.reset_index()}
    yield _finding("regret", "", "How arms stand up to doubt", found.text(), tables, partial(robustness_figure, found))


def _finding(
    name: str, arm: str, title: str, text: str, tables: dict[str, pd.DataFrame], draw: Callable[[], PaperFigure]
) -> Finding:
    return Finding(
        f"{_stem(arm)}-{name}" if arm else name,
        f"{arm}: {title}" if arm else title[0].upper() + title[1:],
        text,
        tables,
        draw,
    )


def _stem(name: str) -> str:
    """A name as part of a file's name."""
    import re

    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
