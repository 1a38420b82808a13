"""Figures of sensitivity: what decides an outcome, how much is luck, and which factors matter at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from goodwill.lab.understand.factors import named
from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, legend_below, shortened, thousands

if TYPE_CHECKING:
    from goodwill.lab.understand.morris import Screening
    from goodwill.lab.understand.sobol import SobolIndices

ALONE, JOINT = COLOURS[0], "#A9CCE6"


def sobol_figure(indices: SobolIndices) -> PaperFigure:
    """What decides the mean outcome (first and total order, with intervals), and what single worlds differ by, luck included."""
    table = indices.table.sort_values("total")
    with figure(7.4, 2.3 + 0.36 * len(table)) as paper:
        bars, strip = paper.subplots(2, 1, gridspec_kw={"height_ratios": (len(table) + 0.5, 1.1)})
        names = [shortened(named(indices.names, factor).label, 26) for factor in table.index]
        _rows(bars, names)
        places = np.arange(len(table))
        for column, shift, colour in (("first", 0.19, ALONE), ("total", -0.19, JOINT)):
            value = table[column].clip(0, 1.1)
            bars.barh(places + shift, value, height=0.34, color=colour)
            low, high = table[f"{column}_low"].clip(0, 1.1), table[f"{column}_high"].clip(0, 1.1)
            bars.hlines(places + shift, low, high, color="black", linewidth=1.1)
        bars.set_xlim(0, max(1.0, float(table[["first", "total"]].max().max()) * 1.02))
        bars.set_xticks(np.arange(0, 1.01, 0.2), [f"{share:.0%}" for share in np.arange(0, 1.01, 0.2)])
        bars.set_xlabel("of the variance of the mean outcome over the factors")
        bars.set_title(f"a  What decides it: {indices.label}")
        _variance_strip(strip, indices)
        handles = [_patch(ALONE, "by itself"), _patch(JOINT, "with all its interactions"), _line("95 % interval")]
        bars.legend(handles=handles, loc="lower right")
        note = f"Sobol indices, {indices.blocks:,} base points, {indices.replicates} paired worlds at each point"
        note += "; luck taken off" if indices.replicates > 1 else "; luck could not be taken off"
        caption(paper, f"{note}. Intervals: bootstrap over base points and worlds.")
    return paper


def _variance_strip(axes: Axes, indices: SobolIndices) -> None:
    """One bar: the variance between single worlds, by where it comes from."""
    share = indices.variance["share"].to_dict()
    parts = [("factors", "the factors", COLOURS[0])]
    parts += [("luck alike", "luck that is the same at all points", GREY), ("luck apart", "luck of each point", LIGHT)]
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0, 1)
    axes.set_xticks(np.arange(0, 1.01, 0.2), [f"{x:.0%}" for x in np.arange(0, 1.01, 0.2)])
    axes.set_title("b  Why single worlds differ")
    if not np.isfinite(share["luck"]):
        axes.set_xticks([])
        axes.text(0, 0, "With one world at each point, luck cannot be told from the factors.", va="center", fontsize=8)
        axes.spines["bottom"].set_visible(False)
        return
    left = 0.0
    for key, _, colour in parts:
        axes.barh(0, share[key], left=left, height=0.6, color=colour)
        left += share[key]
    legend_below(
        axes, [_patch(colour, f"{text}: {share[key]:.0%}") for key, text, colour in parts], columns=3, points=22
    )


def morris_figure(found: Screening) -> PaperFigure:
    """Which factors matter (right), and which act unevenly (up): mu* and sigma."""
    table = found.table
    with figure(5.6, 4.1) as paper:
        axes = paper.subplots()
        far = float(np.nanmax(table[["mu_star_high", "naive_mu_star"]].to_numpy())) * 1.1 or 1.0
        line = np.array([0, far])
        axes.plot(line, line, color=LIGHT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0)
        for x, (factor, row) in enumerate(table.iterrows()):
            clear = row["mu_star_low"] > 0
            colour = COLOURS[x % len(COLOURS)] if clear else LIGHT
            place = max(row["mu_star"], 0)
            axes.hlines(row["sigma"], max(row["mu_star_low"], 0), row["mu_star_high"], color=colour, linewidth=1.4)
            axes.vlines(place, max(row["sigma_low"], 0), max(row["sigma_high"], 0), color=colour, linewidth=1.4)
            axes.plot(place, row["sigma"], "o", color=colour, markersize=5.5, markeredgecolor="white")
            arrow = "\u2197 " if row["mu"] > 0 else "\u2198 "
            label = (arrow if clear else "") + shortened(named(found.names, factor).label, 24)
            axes.annotate(
                label, (place, row["sigma"]), xytext=(6, 5), textcoords="offset points", fontsize=8,
                color=colour if clear else GREY, fontweight="bold" if clear else "normal",
                bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "alpha": 0.8, "linewidth": 0},
            )  # fmt: skip
        axes.set_xlim(0, far)
        axes.set_ylim(0, max(float(np.nanmax(table["sigma_high"])) * 1.1, far * 0.35))
        thousands(axes.xaxis)
        thousands(axes.yaxis)
        axes.set_xlabel("size of the effect over the whole range of the factor (\u03bc*)")
        axes.set_ylabel("how much the effect differs (\u03c3)")
        axes.set_title(f"What matters: {found.label}")
        caption(
            paper,
            f"Morris screening, {found.trajectories} trajectories, {found.replicates} paired worlds at each point; in the unit of the "
            "outcome. Arrows: the outcome rises or falls with the factor. Grey: not to be told from luck. Above the dashed line, the "
            "effect depends on the other factors or changes its sign. Bars: 95 % intervals.",
        )
    return paper


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(np.arange(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def _patch(colour: str, label: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour, label=label)


def _line(label: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color="black", linewidth=1.1, label=label)
