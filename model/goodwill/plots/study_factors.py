"""How each factor of a design changes what the arms bring: main effects, averaged over all else that was varied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from goodwill.plots.study import scale_of, unit_label
from goodwill.plots.style import PaperFigure, arm_colours, figure, shortened, thousands
from goodwill.report.study_factors import factors_shown, levels_of, response

if TYPE_CHECKING:
    from goodwill.report.study_findings import Findings

MOST_FACTORS = 9
MOST_ARMS = 6


def factors_figure(f: Findings, width: float = 7.4) -> PaperFigure:
    """One panel for each factor, the one that moves most first; one scale for all."""
    factors = factors_shown(f)[:MOST_FACTORS]
    columns = min(3, len(factors))
    lines = -(-len(factors) // columns)
    arms = f.shown[:MOST_ARMS]
    with figure(width, 0.5 + 2.15 * lines) as paper:
        panels = paper.subplots(lines, columns, sharey=True, squeeze=False)
        for axes, factor in zip(panels.flat, factors, strict=False):
            draw_factor(axes, f, factor, arms)
        for axes in list(panels.flat)[len(factors) :]:
            axes.set_visible(False)
        for row in panels:
            row[0].set_ylabel(_what(f))
        if len(arms) > 1:
            colours = arm_colours(f.results.arms, f.results.baseline)
            handles = [
                Line2D([], [], color=colours[arm], marker="o", markersize=4, label=shortened(arm, 28)) for arm in arms
            ]
            paper.legend(handles=handles, loc="outside upper left", ncols=min(4, len(arms)))
    return paper


def draw_factor(axes: Axes, f: Findings, factor: str, arms: list[str]) -> None:
    """Average difference of each arm at each value of a factor, with intervals."""
    scale, colours = scale_of(f, f.outcome), arm_colours(f.results.arms, f.results.baseline)
    for arm in arms:
        levels = response(f, f.outcome, arm, factor)
        place = [level.place for level in levels]
        mean, low, high = (
            scale * np.array([getattr(level, end) for level in levels]) for end in ("mean", "low", "high")
        )
        axes.vlines(place, low, high, color=colours[arm], linewidth=2, alpha=0.5)
        axes.plot(place, mean, "o-", color=colours[arm], markersize=4, linewidth=1.2)
    if f.designs:
        axes.axhline(0, color="black", linewidth=0.8, zorder=1)
    if not f.results.study.factors[factor].numeric:
        known = levels_of(f, factor)
        axes.set_xticks(known.places, [shortened(label, 12) for label in known.labels])
    axes.margins(x=0.08)
    axes.grid(axis="y")
    thousands(axes.yaxis)
    axes.set_xlabel(shortened(f.results.study.factors[factor].label or factor, 34))


def _what(f: Findings) -> str:
    unit = unit_label(f)
    if f.designs:
        return f"{f.label(f.outcome)}, difference\n{unit}"
    return f"{f.label(f.outcome)}\n{unit}" if unit != "percentage points" else f"{f.label(f.outcome)}, %"
