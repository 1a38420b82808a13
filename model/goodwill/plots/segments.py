"""The effect of arms on segments of customers defined before the programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.lines import Line2D

from goodwill.lab.statistics.segments import BEFORE
from goodwill.plots.style import PaperFigure, arm_colours, figure, legend_below, shortened, thousands

if TYPE_CHECKING:
    from goodwill.report.study_findings import Findings


def segments_figure(f: Findings, table: pd.DataFrame, width: float = 5.0) -> PaperFigure:
    """A block of rows for each segment, an arm a row: change of purchases per customer with its interval."""
    ends = ["effect", "low", "high"]
    before = table[table["defined"] == BEFORE].assign(**{end: 1000 * table[end] for end in ends})
    segments, arms = (
        list(dict.fromkeys(before["segment"])),
        [arm for arm in f.results.arms if arm in set(before["arm"])],
    )
    colours = arm_colours(f.results.arms, f.results.baseline)
    with figure(width, 1.4 + 0.26 * len(segments) * (len(arms) + 0.7)) as paper:
        axes = paper.subplots()
        height, ticks = 0.0, []
        for segment in reversed(segments):
            first = height
            for arm in reversed(arms):
                for _, row in before[(before["segment"] == segment) & (before["arm"] == arm)].iterrows():
                    axes.plot(
                        [row["low"], row["high"]],
                        [height] * 2,
                        color=colours[arm],
                        linewidth=2.2,
                        solid_capstyle="butt",
                    )
                    axes.plot([row["effect"]], [height], "o", color=colours[arm], markersize=5, markeredgecolor="white")
                height += 1.0
            ticks.append(((first + height - 1) / 2, segment))
            height += 0.7
        axes.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
        axes.set_ylim(-0.7, height - 1.0)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.axvline(0, color="black", linewidth=0.8, zorder=1)
        axes.margins(x=0.06)
        thousands(axes.xaxis)
        axes.set_title("Change of purchases, by past purchases")
        axes.set_xlabel("more purchases per 1,000 customers")
        if len(arms) > 1:
            handles = [
                Line2D([], [], color=colours[arm], marker="o", markersize=5, label=shortened(arm, 28)) for arm in arms
            ]
            legend_below(axes, handles, columns=min(3, len(handles)))
    return paper
