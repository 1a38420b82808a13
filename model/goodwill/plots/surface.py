"""Figures of response surfaces: a map with its break-even line, and the curve over one factor with its break-even points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from goodwill.lab.understand.factors import FactorName, named
from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, many, thousands

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from goodwill.lab.understand.break_even import BreakEven
    from goodwill.lab.understand.surface import Surface

_UNITS = {"share": "share", "money": "money a year", "balance": "money"}


def surface_figure(surface: Surface, limit: float | None = 0.0) -> PaperFigure:
    """The mean outcome over two factors, where it crosses the limit (None: there is none), and where that cannot be told."""
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    across, up = surface.factors
    grid = surface.grid
    x, y = np.unique(grid[across]), np.unique(grid[up])
    mean, low, high = (grid[column].to_numpy().reshape(len(x), len(y)).T for column in ("mean", "low", "high"))
    middle = float(mean.mean()) if limit is None else limit
    reach = max(abs(mean - middle).max(), 1e-12)
    shades = LinearSegmentedColormap.from_list("gain", [COLOURS[1], "#F4F4F4", COLOURS[0]])
    norm = TwoSlopeNorm(middle, middle - reach, middle + reach)
    words = "Dots: points of the study. "
    with figure(5.8, 4.4) as paper:
        axes = paper.subplots()
        filled = axes.contourf(x, y, mean, levels=16, cmap=shades, norm=norm)
        if limit is not None:
            clear = np.maximum(
                low - limit, limit - high
            )  # how far the band is from the limit, negative where it holds it
            if clear.min() < 0:
                words = f"Hatched: cannot be told from {limit:g} (95 %). {words}"
                axes.contourf(x, y, clear, levels=[clear.min() - 1, 0], colors="none", hatches=["////"])
            if mean.min() < limit < mean.max():
                words = f"Black line: break-even. {words}"
                axes.contour(x, y, mean, levels=[limit], colors="black", linewidths=1.8)
        axes.scatter(
            surface.points[across], surface.points[up], s=4, color=GREY, alpha=0.5, linewidths=0, **many(surface.points)
        )
        _axis(axes, "x", named(surface.names, across), x)
        _axis(axes, "y", named(surface.names, up), y)
        bar = paper.colorbar(filled, ax=axes, aspect=30, pad=0.02)
        bar.set_label(_UNITS.get(surface.unit, ""), fontsize=8)
        bar.outline.set_visible(False)
        thousands(bar.ax.yaxis)
        axes.set_title(surface.label)
        caption(paper, words + surface.text())
    return paper


def break_even_figure(found: BreakEven) -> PaperFigure:
    """The mean outcome over one factor with its band, and where it crosses the limit."""
    curve = found.curve
    factor = curve.factors[0]
    grid = curve.grid
    x = grid[factor].to_numpy()
    with figure(5.8, 3.7) as paper:
        axes = paper.subplots()
        axes.scatter(curve.points[factor], curve.means, s=7, color=LIGHT, linewidths=0, zorder=1, **many(curve.points))
        axes.fill_between(x, grid["low"], grid["high"], color=COLOURS[0], alpha=0.18, linewidth=0, zorder=2)
        axes.plot(x, grid["mean"], color=COLOURS[0], zorder=3)
        axes.axhline(found.limit, color="black", linewidth=0.8, zorder=2)
        name = named(curve.names, factor)
        for row in found.table.to_dict("records"):
            left, right = max(row["low"], x.min()), min(row["high"], x.max())
            axes.hlines(found.limit, left, right, color=COLOURS[1], linewidth=3.2, zorder=4)
            axes.plot(
                row["value"], found.limit, "o", color=COLOURS[1], markersize=6.5, markeredgecolor="white", zorder=5
            )
            axes.annotate(
                f"break-even {name.amount(row['value'])}", (row["value"], found.limit), zorder=6,
                xytext=(7, -15 if row["direction"] == "up" else 8), textcoords="offset points", ha="left",
                fontsize=8, fontweight="bold", color=COLOURS[1],
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "alpha": 0.75, "linewidth": 0},
            )  # fmt: skip
        _axis(axes, "x", name, x)
        thousands(axes.yaxis)
        axes.set_ylabel(_UNITS.get(curve.unit, ""))
        axes.set_title(curve.label)
        others = "the other factors averaged" if curve.points.shape[1] > 1 else ""
        held = ", ".join(f"{named(curve.names, key).label} held at {value:g}" for key, value in curve.held.items())
        note = "; ".join(part for part in (held or others, "dots: mean of each point") if part)
        crossing = " Orange: the interval of the crossing." if len(found.table) else ""
        caption(paper, f"Line: mean outcome with its 95 % band; {note}.{crossing} {curve.text()}")
    return paper


def _axis(axes: Axes, which: str, name: FactorName, values: np.ndarray) -> None:
    """Label, ticks and limits of a factor's axis."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_label_text(name.title)
    if name.logarithmic:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    else:
        thousands(axis)
    (axes.set_xlim if which == "x" else axes.set_ylim)(float(values.min()), float(values.max()))
