"""Figures of a study: differences between arms by point, and how they settled as worlds were added."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from goodwill.lab.statistics.averages import world_averages
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.summary import mean_intervals
from goodwill.plots.style import (
    PaperFigure,
    arm_colours,
    caption,
    figure,
    label_lines,
    legend_below,
    shortened,
    thousands,
)

if TYPE_CHECKING:
    from goodwill.report.study_findings import Findings

FEW_POINTS = 12  # so many are drawn one by one
MANY = 300  # dots beyond this are drawn as pixels: the page stays small


def differences_figure(f: Findings, width: float = 7.0, note: bool = False) -> PaperFigure:
    """Paired differences of the first outcome: by case where there are few, else as a cloud of points for each arm."""
    few = len(f.results.points) <= FEW_POINTS
    rows = len(f.results.points) * len(f.shown) if few else 1.6 * len(f.shown)
    with figure(width, 1.35 + 0.24 * max(rows, 2) + (0.16 * len(f.results.points) if few else 0) + 0.3 * note) as paper:
        axes = paper.subplots()
        draw_points(axes, f) if few else draw_cloud(axes, f)
        if note:
            caption(paper, caption_text(f))
    return paper


def draw_points(axes: Axes, f: Findings) -> None:
    """Each point a block of rows, an arm a row: the mean paired difference with its interval."""
    scale, colours = _scale(f), arm_colours(f.results.arms, f.results.baseline)
    found = mean_intervals(f.contrast(f.outcome))
    points, designs = list(found["mean"].index), [arm for arm in f.results.arms if arm in f.shown]
    height, ticks = 0.0, []
    for point in reversed(points):
        first = height
        for arm in reversed(designs):
            mean, low, high = (scale * float(found[end].loc[point, arm]) for end in ("mean", "low", "high"))
            axes.plot([low, high], [height] * 2, color=colours[arm], linewidth=2.2, solid_capstyle="butt")
            axes.plot(
                [mean], [height], "o", color=colours[arm], markersize=5, markeredgecolor="white", markeredgewidth=0.6
            )
            height += 1.0
        ticks.append(((first + height - 1) / 2, f.point_name(point)))
        height += 0.7
    one = len(points) == 1
    if one:
        ticks = [(len(designs) - 1.0 - x, arm) for x, arm in enumerate(designs)]
    _names(axes, ticks, height - 0.7)
    _finish(axes, f)
    if not one and len(designs) > 1:
        handles = [
            Line2D([], [], color=colours[arm], marker="o", markersize=5, linewidth=2.2, label=shortened(arm, 28))
            for arm in designs
        ]
        legend_below(axes, handles, columns=min(4, len(handles)))


def draw_cloud(axes: Axes, f: Findings) -> None:
    """An arm a row: each point of the design a dot, the middle half of them a bar, their average a diamond with its interval."""
    scale, colours = _scale(f), arm_colours(f.results.arms, f.results.baseline)
    means = f.contrast(f.outcome).groupby(level="point").mean()
    designs = [arm for arm in f.results.arms if arm in f.shown]
    ticks = []
    for row, arm in enumerate(reversed(designs)):
        values, height = scale * means[arm].dropna().to_numpy(), 1.6 * row
        jitter = 2 * ((np.arange(len(values)) * 0.618034) % 1.0) - 1
        faint = min(0.6, 40 / max(len(values), 1) + 0.12)
        dots: dict[str, Any] = {"s": 7, "color": colours[arm], "alpha": faint, "linewidths": 0}
        axes.scatter(values, height - 0.22 + 0.3 * jitter, rasterized=len(values) > MANY, **dots)
        bar: dict[str, Any] = {"solid_capstyle": "butt"}
        above = [height + 0.32] * 2
        if len(values):
            axes.plot(np.quantile(values, [0.25, 0.75]), above, color=colours[arm], linewidth=5, alpha=0.35, **bar)
        found = f.difference(arm, f.outcome) if f.designs else f.mean(arm, f.outcome)
        axes.plot([scale * found.low, scale * found.high], above, color="black", linewidth=1.6, **bar)
        axes.plot([scale * found.mean], above[:1], "D", color="black", markersize=4.5, markeredgecolor="white")
        ticks.append((height, arm))
    _names(axes, ticks, 1.6 * (len(designs) - 1) + 1.0)
    _finish(axes, f)
    values = scale * means[designs].to_numpy()
    ends = [float(np.nanmin(values)), float(np.nanmax(values)), *([0.0] if f.designs else [])]
    room = 0.06 * (max(ends) - min(ends) or 1.0)  # the dots decide: an interval from two worlds may be far wider
    axes.set_xlim(min(ends) - room, max(ends) + room)


def convergence_figure(f: Findings, width: float = 5.0) -> PaperFigure:
    """Each arm's average difference with its interval, as worlds were added one by one."""
    scale, colours = _scale(f), arm_colours(f.results.arms, f.results.baseline)
    with figure(width, 2.9) as paper:
        axes = paper.subplots()
        ends, edges, last = [], [], 0
        for arm in f.shown:
            apart = f.contrast(f.outcome)[[arm]].dropna()
            rows = scale * world_averages(apart)[arm].to_numpy()
            if len(rows) < 3:
                continue
            counts = np.arange(2, len(rows) + 1)
            mean, low, high = np.array([interval(rows[:n]) for n in counts]).T
            axes.fill_between(counts, low, high, color=colours[arm], alpha=0.18, linewidth=0)
            axes.plot(counts, mean, color=colours[arm])
            ends.append((float(mean[-1]), shortened(arm), colours[arm]))
            start = min(len(counts) - 1, 2)  # the first intervals are so wide that nothing else could be seen
            edges += [float(low[start:].min()), float(high[start:].max())]
            last = max(last, len(rows))
        if f.designs:
            axes.axhline(0, color="black", linewidth=0.8, zorder=1)
            edges.append(0.0)
        if last:
            room = 0.06 * (max(edges) - min(edges) or 1.0)
            axes.set_ylim(min(edges) - room, max(edges) + room)
            axes.set_xlim(2, last)
            label_lines(axes, ends, last, gap=0.085)
        axes.grid(axis="y")
        thousands(axes.yaxis)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("worlds simulated")
        axes.set_ylabel(unit_label(f))
        axes.set_title(title(f))
    return paper


def caption_text(f: Findings) -> str:
    """What was simulated, in one line."""
    study = f.results.study
    counts = sorted(set(f.worlds))
    many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    points = len(f.worlds)
    over = "over points" if f.unit_of_spread == "point" else "of the mean over worlds"
    return (
        f"{study.name}: {study.scenario.name}, {points:,} point{'s' if points > 1 else ''}, {many} paired world"
        f"{'s' if counts[-1] > 1 else ''} each, seed {study.scenario.seed}; bars: 95 % intervals {over}."
    )


def title(f: Findings) -> str:
    """What a figure of the first outcome shows."""
    against = "doing nothing" if f.results.baseline == "nothing" else f.results.baseline
    return f"{f.label(f.outcome)}: difference to {against}" if f.designs else f.label(f.outcome)


def unit_label(f: Findings, outcome: str | None = None) -> str:
    """The unit of differences on an axis."""
    unit = f.results.label(outcome or f.outcome)[1]
    return {
        "share": "percentage points",
        "money": f"{f.currency} a year",
        "balance": f.currency,
        "points": "points",
    }.get(unit, "")


def scale_of(f: Findings, outcome: str) -> float:
    """Shares are drawn in percentage points."""
    return 100.0 if f.results.label(outcome)[1] == "share" else 1.0


def _scale(f: Findings) -> float:
    return scale_of(f, f.outcome)


def _names(axes: Axes, ticks: list[tuple[float, str]], top: float) -> None:
    axes.set_yticks([place for place, _ in ticks], [textwrap.fill(name, 26) for _, name in ticks])
    axes.set_ylim(-0.7, top - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _finish(axes: Axes, f: Findings) -> None:
    axes.grid(axis="x")
    if f.designs:
        axes.axvline(0, color="black", linewidth=0.8, zorder=1)
    axes.margins(x=0.06)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=6)
    axes.set_title(title(f))
    axes.set_xlabel(unit_label(f))
