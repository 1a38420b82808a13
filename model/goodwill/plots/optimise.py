"""The figure of a search: how it went, what fresh luck says, where good designs lie."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, legend_below, thousands

if TYPE_CHECKING:
    from goodwill.lab.optimise.goals import Measure
    from goodwill.lab.optimise.results import Optimisation

SEARCHED, FRESH, BROKEN, BASELINE = COLOURS[4], COLOURS[0], COLOURS[1], "black"
_MOST_BELOW = 4
_NEAR = 4.0
"""Times the distance of the median from the best that is shown."""


def optimisation_figure(result: Optimisation) -> PaperFigure:
    """One goal: the search, the finalists, and the goal against the first constraint and the levers. Several: each pair of goals, and
    the first goal against the levers.
    """
    goals = list(itertools.combinations(range(len(result.question.goals)), 2))
    shown = Shown.of(result)
    below = _below(shown)
    count = len(goals) if goals else 1 + result.finished
    across = min(count, 2)
    rows = -(-count // across)
    with figure(7.4, 3.2 * rows + 2.4 * bool(below)) as paper:
        parts = paper.subfigures(1 + bool(below), 1, height_ratios=[3.2 * rows, 2.4][: 1 + bool(below)], squeeze=False)
        upper = list(parts[0, 0].subplots(rows, across, squeeze=False).flat)
        if goals:
            for axes, (first, second) in zip(upper, goals, strict=False):
                handles = draw_front(axes, shown, first, second)
            if len(upper) > count:
                upper[-1].set(xticks=[], yticks=[])
                upper[-1].set_axis_off()
                upper[-1].legend(handles=handles, loc="upper left")
            else:
                legend_below(upper[0], handles, columns=3)
            upper[0].set_title("The front")
        else:
            draw_search(upper[0], shown)
            if result.finished:
                draw_finalists(upper[1], shown)
        if below:
            row = parts[1, 0].subplots(1, len(below), sharey=True, squeeze=False)[0]
            for axes, draw in zip(row, below, strict=True):
                draw(axes)
            if len(result.question.goals) == 1:
                _near_the_best(row[0], shown)
            row[0].set_ylabel(_wrapped(result, result.question.goals[0].measure))
            row[0].set_title("Where good designs lie")
        caption(paper, caption_text(result))
    return paper


@dataclass(frozen=True)
class Shown:
    """Trials that ran and finalists, as they are drawn.

    What is measured as a value stands on the baseline's mean in the fresh worlds: of each design the paired difference is
    drawn, for the luck that all designs share would move all points alike and hide how sure their order is.
    """

    result: Optimisation
    trials: pd.DataFrame
    finalists: pd.DataFrame

    @classmethod
    def of(cls, result: Optimisation) -> Shown:
        """From a result, finished or not."""
        from goodwill.lab.optimise.goals import Measure

        trials = result.trials[result.trials["problem"] == ""].reset_index(drop=True)
        verdict = result.verdict
        if verdict is None:
            return cls(result, trials, pd.DataFrame())
        finalists = result.finalists.copy()
        before, now = result.search.judge.baseline, verdict.judge.baseline
        for name, measure in result.measures.items():
            if measure.paired or before is None or now is None:
                continue
            level = float(now[measure.outcome].mean())
            for end in ("", "_low", "_high"):
                trials[f"{name}{end}"] += level - float(before[measure.outcome].mean())
            ends = [verdict.fresh(finalist, Measure(measure.outcome, True)) for finalist in verdict.finalists]
            finalists[[name, f"{name}_low", f"{name}_high"]] = level + np.array(ends)
        return cls(result, trials, finalists)


def _near_the_best(axes: Axes, shown: Shown) -> None:
    """Leave out what lies so far from the best that all else would be squeezed together, and say how much is left out."""
    result = shown.result
    goal = result.question.goals[0]
    scale = _scale(result, goal.measure)
    values = goal.sign * scale * shown.trials[_name(result, goal.measure)].to_numpy(float)
    best = values.max()
    bound = best - _NEAR * (best - np.median(values))
    out = int((values < bound).sum())
    if not out or bound == best:
        return
    axes.autoscale_view()
    low, high = axes.get_ylim()
    axes.set_ylim((bound, high) if goal.maximise else (low, -bound))
    place = (0.99, 0.03, "bottom") if goal.maximise else (0.99, 0.97, "top")
    axes.annotate(
        f"{out} {'lower' if goal.maximise else 'higher'}", place[:2], xycoords="axes fraction", ha="right",
        va=place[2], color=GREY, fontsize=7.5,
    )  # fmt: skip


def _below(shown: Shown) -> list[Callable[[Axes], None]]:
    """The panels of the lowest row, which share the first goal as their height."""
    result = shown.result
    found: list[Callable[[Axes], None]] = []
    if result.question.constraints and len(result.question.goals) == 1:
        found.append(lambda axes: draw_constraint(axes, shown))
    for lever in _levers(result)[: _MOST_BELOW - len(found)]:
        found.append(partial(draw_lever, shown=shown, lever=lever))
    return found


def caption_text(result: Optimisation) -> str:
    """What was simulated, in one line."""
    question = result.question
    scenario = question.study.scenario
    ran = sum(trial.ran for trial in result.search.trials)
    text = f"{scenario.name}: {ran} designs, each in the same {question.search.replications} worlds"
    if result.finished:
        text += (
            f"; finalists in {question.verdict.replications} fresh worlds, 95 % intervals of all of them at once, paired with "
            f"{question.study.reference}"
        )
    return f"{text}. Seeds: worlds {scenario.seed}, search {question.search.seed} ({result.search.sampler})."


# -- one goal ---------------------------------------------------------------------------------------------------


def draw_search(axes: Axes, shown: Shown) -> None:
    """Every trial in its turn, and the best up to then."""
    result, table = shown.result, shown.trials
    goal = result.question.goals[0]
    scale, name = _scale(result, goal.measure), _name(result, goal.measure)
    turn, values = table["trial"].to_numpy(), scale * table[name].to_numpy(float)
    able = table["feasible"].to_numpy(bool)
    axes.plot(turn[able], values[able], "o", color=SEARCHED, markersize=3.5, label="design tried")
    if not able.all():
        axes.plot(turn[~able], values[~able], "x", color=BROKEN, markersize=3.5, label="breaks a constraint")
    best = pd.Series(np.where(able, goal.sign * values, -np.inf)).cummax().to_numpy() * goal.sign
    seen = np.isfinite(best)
    axes.step(turn[seen], best[seen], where="post", color=FRESH, label="best so far")
    if goal.measure.paired:
        axes.axhline(0, color=BASELINE, linewidth=0.8, zorder=1)
    _near_the_best(axes, shown)
    axes.grid(axis="y")
    thousands(axes.yaxis)
    axes.set_title("The search")
    axes.set_xlabel("design, in the order tried")
    axes.set_ylabel(_wrapped(result, goal.measure))
    legend_below(axes, axes.get_legend_handles_labels()[0], columns=3)


def draw_finalists(axes: Axes, shown: Shown) -> None:
    """What the search thought of each finalist, and what fresh luck says."""
    result = shown.result
    goal = result.question.goals[0]
    scale, name = _scale(result, goal.measure), _name(result, goal.measure)
    table = shown.finalists.sort_values(["rank", "rank_in_search"], na_position="last").reset_index(drop=True)
    seen = shown.trials.set_index("trial")[name].to_dict()
    for x, row in table.iterrows():
        height = len(table) - 1 - int(str(x))
        thought = scale * seen[row["trial"]]
        colour = GREY if pd.isna(row["rank"]) else FRESH
        axes.plot([thought, scale * row[name]], [height] * 2, color=LIGHT, linewidth=0.9, zorder=1)
        axes.plot([scale * row[f"{name}_low"], scale * row[f"{name}_high"]], [height] * 2, color=colour, linewidth=2.2)
        axes.plot([thought], [height], "o", color=SEARCHED, markerfacecolor="white", markersize=5, zorder=3)
        axes.plot([scale * row[name]], [height], "o", color=colour, markersize=5, zorder=4)
    names = [f"{row['arm']} (trial {row['trial']})" for _, row in table.iterrows()]
    axes.set_yticks(range(len(table) - 1, -1, -1), names)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if goal.measure.paired:
        axes.axvline(0, color="black", linewidth=0.8, zorder=1)
    axes.grid(axis="x")
    axes.locator_params(axis="x", nbins=5)
    thousands(axes.xaxis)
    axes.set_title("The finalists, tried again")
    axes.set_xlabel(_wrapped(result, goal.measure))
    handles = [
        _mark(SEARCHED, "search", filled=False),
        _mark(FRESH, "fresh worlds", line=True),
    ]
    if table["rank"].isna().any():
        handles.append(_mark(GREY, "breaks a constraint", line=True))
    legend_below(axes, handles, columns=2, points=31 + 12 * axes.get_xlabel().count("\n"))


def draw_constraint(axes: Axes, shown: Shown) -> None:
    """The goal against the first constraint, whose bound is a line: what it costs."""
    rule, goal = shown.result.question.constraints[0], shown.result.question.goals[0]
    _scatter(axes, shown, rule.measure, goal.measure, intervals=False)
    axes.locator_params(axis="x", nbins=3)


# -- several goals ----------------------------------------------------------------------------------------------


def draw_front(axes: Axes, shown: Shown, first: int, second: int) -> list[Any]:
    """Two of the goals: all trials, and the finalists on fresh luck with intervals on both axes; returns handles for a legend."""
    result = shown.result
    goals = result.question.goals[first], result.question.goals[second]
    handles = _scatter(axes, shown, goals[0].measure, goals[1].measure, intervals=True)
    axes.set_ylabel(_wrapped(result, goals[1].measure))
    right, up = (goal.maximise for goal in goals)
    arrow = {(True, True): "\u2197", (True, False): "\u2198", (False, True): "\u2196", (False, False): "\u2199"}[
        right, up
    ]
    axes.set_title(f"better {arrow}", loc="right", color=GREY, fontsize=8, fontweight="normal")
    return handles


def _scatter(axes: Axes, shown: Shown, across: Measure, up: Measure, intervals: bool) -> list[Any]:
    """Two measures: trials by the search's means, finalists by fresh means, bounds of constraints as lines."""
    result, table = shown.result, shown.trials
    x, y = _name(result, across), _name(result, up)
    sx, sy = _scale(result, across), _scale(result, up)
    able = table["feasible"].to_numpy(bool)
    handles = []
    axes.plot(sx * table[x][able], sy * table[y][able], "o", color=SEARCHED, markersize=3, alpha=0.55)
    handles.append(_mark(SEARCHED, "design tried", size=3))
    if not able.all():
        axes.plot(sx * table[x][~able], sy * table[y][~able], "x", color=BROKEN, markersize=3.5, alpha=0.7)
        handles.append(_mark(BROKEN, "breaks a constraint", mark="x", size=4))
    if result.finished:
        found = shown.finalists
        holds = found["front"].to_numpy(bool) if "front" in found else found["rank"].notna().to_numpy()
        for good, colour in ((True, FRESH), (False, GREY)):
            rows = found[holds == good]
            if not len(rows):
                continue
            if intervals:
                for row in rows.to_dict("records"):
                    axes.plot(
                        [sx * row[f"{x}_low"], sx * row[f"{x}_high"]], [sy * row[y]] * 2, color=colour, linewidth=1.1
                    )
                    axes.plot(
                        [sx * row[x]] * 2, [sy * row[f"{y}_low"], sy * row[f"{y}_high"]], color=colour, linewidth=1.1
                    )
            axes.plot(
                sx * rows[x], sy * rows[y], "o", color=colour, markersize=5, markerfacecolor=colour if good else "white"
            )
            word = ("on the front, fresh" if good else "dominated, fresh") if intervals else (
                "finalist, fresh" if good else "finalist that breaks it"
            )  # fmt: skip
            handles.append(_mark(colour, word, filled=good))
        best = found[found["chosen"]] if "chosen" in found else found.head(0)
        axes.plot(sx * best[x], sy * best[y], "o", color=FRESH, markersize=9, markerfacecolor="none")
    base = table[table["origin"] == "baseline"]
    axes.plot(sx * base[x], sy * base[y], "D", color=BASELINE, markersize=4.5)
    handles.append(_mark(BASELINE, str(result.question.study.reference), mark="D"))
    for rule in result.question.constraints:
        for bound in (rule.at_least, rule.at_most):
            if bound is not None and rule.measure == across:
                axes.axvline(sx * bound, color=BROKEN, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
            if bound is not None and rule.measure == up:
                axes.axhline(sy * bound, color=BROKEN, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axes.grid()
    for axis in (axes.xaxis, axes.yaxis):
        thousands(axis)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(_title(result, across))
    return handles


# -- levers -----------------------------------------------------------------------------------------------------


def draw_lever(axes: Axes, shown: Shown, lever: str) -> None:
    """The first goal of every trial that has the lever, against the lever's value; finalists by fresh luck."""
    result = shown.result
    goal = result.question.goals[0]
    scale, name = _scale(result, goal.measure), _name(result, goal.measure)
    trials = shown.trials[shown.trials[lever].notna()]
    places = _places(result, lever)
    where = trials[lever].map(lambda value: places.get(str(value), value)).to_numpy(float)
    able = trials["feasible"].to_numpy(bool)
    values = scale * trials[name].to_numpy(float)
    axes.plot(where[able], values[able], "o", color=SEARCHED, markersize=3, alpha=0.55)
    axes.plot(where[~able], values[~able], "x", color=BROKEN, markersize=3, alpha=0.7)
    if result.finished:
        found = shown.finalists
        found = found[found[lever].notna()]
        found = found[found["front"]] if "front" in found else found[found["rank"].notna()]
        spots = found[lever].map(lambda value: places.get(str(value), value)).to_numpy(float)
        axes.plot(spots, scale * found[name].to_numpy(float), "o", color=FRESH, markersize=4.5)
    factor = result.question.study.levers[lever]
    if places:
        axes.set_xticks(list(places.values()), list(places))
    elif factor.log:
        from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:g}"))
    else:
        axes.locator_params(axis="x", nbins=4)
    axes.margins(x=0.08)
    axes.grid(axis="y")
    thousands(axes.yaxis)
    arm = "" if factor.arm is None or len(result.question.space.arms) == 1 else f" ({factor.arm})"
    axes.set_xlabel(f"{factor.label or lever.replace('_', ' ')}{arm}")


def _levers(result: Optimisation) -> list[str]:
    """The levers to draw: those of the finalists' arms, the commonest arm first."""
    designs = [trial.design for trial in result.search.trials if trial.ran]
    if result.verdict is not None:
        designs = [finalist.trial.design for finalist in result.verdict.finalists]
    count = pd.Series([design.arm for design in designs if design.levers]).value_counts()
    names = [name for arm in count.index for name in result.question.space.arms.get(str(arm), {})]
    return list(dict.fromkeys(names))


def _places(result: Optimisation, lever: str) -> dict[str, float]:
    """Where the values of a lever stand that are not all numbers; empty for numbers."""
    factor = result.question.study.levers[lever]
    if factor.numeric:
        return {}
    return {"none" if value is None else str(value): float(x) for x, value in enumerate(factor.values)}


# -- words and marks --------------------------------------------------------------------------------------------


def _name(result: Optimisation, measure: Measure) -> str:
    return next(name for name, one in result.measures.items() if one == measure)


def _scale(result: Optimisation, measure: Measure) -> float:
    """Shares are drawn in per cent."""
    from goodwill.lab.optimise.results import unit_of

    return 100.0 if unit_of(result.question, measure.outcome) == "share" else 1.0


def _title(result: Optimisation, measure: Measure) -> str:
    from goodwill.report.optimise_words import Words

    return Words(result).title(measure, share="%")


def _wrapped(result: Optimisation, measure: Measure) -> str:
    return textwrap.fill(_title(result, measure), 30)


def _mark(colour: str, label: str, mark: str = "o", filled: bool = True, line: bool = False, size: float = 4.5) -> Any:
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {"markersize": size, "linewidth": 2.2 if line else 0}
    return Line2D([], [], color=colour, marker=mark, markerfacecolor=colour if filled else "white", label=label, **look)
