"""The figure of scenario discovery: the worlds in which an arm loses, the rule that boxes them, and how good rules get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from goodwill.lab.understand.discovery import encoded
from goodwill.lab.understand.factors import named
from goodwill.lab.understand.prim import Box, Side, inside
from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, many, shortened

if TYPE_CHECKING:
    from goodwill.lab.understand.discovery import Discovery, Rule

LOSES, GAINS = COLOURS[1], COLOURS[0]


def discovery_figure(found: Discovery) -> PaperFigure:
    """Worlds over the two factors that separate them best, with the boxes; and coverage against density."""
    import textwrap

    with figure(7.4, 3.9) as paper:
        if len(found.trajectory):
            worlds, trade = paper.subplots(1, 2, gridspec_kw={"width_ratios": (1.5, 1)})
            _trade_off(trade, found)
        else:
            worlds = paper.subplots()
        _worlds(worlds, found)
        paper.suptitle(
            textwrap.shorten(f"When it {'gains' if found.wins else 'loses'}: {found.label}", 90),
            x=0.01,
            ha="left",
            fontsize=10,
            fontweight="bold",
        )
        caption(paper, _note(found))
    return paper


def _note(found: Discovery) -> str:
    verb = "Gains" if found.wins else "Loses"
    parts = [f"{verb} when {rule.conditions()} (permutation p = {rule.p:.2g})" for rule in found.rules]
    rule = "; or else: ".join(parts) or "No rule that can be told from chance"
    faint = ""
    if any(len(one.restrictions) > 2 for one in found.rules[:1]):
        faint = " Pale dots: worlds that fail what the rule says of other factors."
    return f"{rule}. {found.undecided:,} of {len(found.points):,} worlds are undecided.{faint}"


def _worlds(axes: Axes, found: Discovery) -> None:
    """The worlds as dots coloured by the probability of losing, with the boxes over two factors."""
    from matplotlib.colors import LinearSegmentedColormap

    x, categorical, categories = encoded(found.points)
    single = x.shape[1] == 1
    if single:  # nothing to spread them over upwards
        x = np.column_stack([x, np.random.default_rng(1).random(len(x))])
        categorical, categories = np.append(categorical, False), [*categories, []]
    across, up = (0, 1) if single else _two(found)
    shades = LinearSegmentedColormap.from_list("loses", [GAINS, "#E4E4E4", LOSES])
    rng = np.random.default_rng(0)
    jitter = np.where(categorical, 0.18, 0.0) * rng.uniform(-1, 1, x.shape)
    shown = x + jitter
    first = found.rules[0] if found.rules else None
    elsewhere = np.zeros(len(x), bool) if first is None else ~_otherwise_inside(first, x, across, up)
    look: dict[str, Any] = {"cmap": shades, "vmin": 0, "vmax": 1, "s": 13, "linewidths": 0}
    look |= many(found.points)
    look["alpha"] = np.where(elsewhere, 0.3, 1.0)
    dots = axes.scatter(shown[:, across], shown[:, up], c=found.probability, **look)
    for k, rule in enumerate(found.rules):
        box = (*rule.box, Side()) if single else rule.box
        if not (box[across].free and box[up].free):
            _draw_box(axes, box, x, across, up, k)
    axes.yaxis.set_visible(not single)
    for axis, j, put in ((axes.xaxis, across, axes.set_xlabel), (axes.yaxis, up, axes.set_ylabel))[
        : 1 if single else 2
    ]:
        name = named(found.names, found.points.columns[j])
        put(shortened(name.title, 40))
        if categorical[j]:
            axis.set_ticks(range(len(categories[j])), categories[j])
    bar = axes.figure.colorbar(dots, ax=axes, ticks=[0, 0.5, 1], pad=0.02, aspect=30)
    bar.ax.set_yticklabels(["gains", "undecided", "loses"])
    bar.outline.set_visible(False)
    axes.set_title("a  Worlds, and the box of the rule" if found.rules else "a  Worlds: no rule")


def _otherwise_inside(rule: Rule, x: np.ndarray, across: int, up: int) -> np.ndarray:
    """Worlds that meet the restrictions that the two axes do not show."""
    return inside(
        tuple(Side() if j in (across, up) else side for j, side in enumerate(rule.box)), x[:, : len(rule.box)]
    )


def _draw_box(axes: Axes, box: Box, x: np.ndarray, across: int, up: int, k: int) -> None:
    from matplotlib.patches import Rectangle

    ends = []
    for j in (across, up):
        side, gap = box[j], 0.02 * np.ptp(x[:, j])
        if side.among is not None:
            low, high = min(side.among) - 0.35, max(side.among) + 0.35
        else:
            low = side.low - gap / 2 if np.isfinite(side.low) else x[:, j].min() - gap
            high = side.high + gap / 2 if np.isfinite(side.high) else x[:, j].max() + gap
        ends.append((low, high - low))
    (left, width), (bottom, height) = ends
    style = ("-", (0, (4, 2)))[min(k, 1)]
    axes.add_patch(
        Rectangle((left, bottom), width, height, fill=False, edgecolor="black", linewidth=1.4, linestyle=style)
    )


def _two(found: Discovery) -> tuple[int, int]:
    """The two factors to draw: those the rules restrict, else those in which losing and gaining worlds differ most."""
    columns = [str(name) for name in found.points.columns]
    order = [columns.index(item.factor) for rule in found.rules for item in rule.restrictions]
    x, _, _ = encoded(found.points)
    ranks = pd.DataFrame(x).rank().to_numpy()
    apart = (
        np.abs(np.corrcoef(ranks.T, found.probability.to_numpy())[-1, :-1])
        if found.probability.nunique() > 1
        else np.ones(len(columns))
    )
    order += [int(j) for j in np.argsort(-np.nan_to_num(apart))]
    unique = list(dict.fromkeys(order))
    return unique[0], unique[1]


def _trade_off(axes: Axes, found: Discovery) -> None:
    """Coverage and density along the peeling, the rule marked, and what it does in worlds it was not fitted to."""
    way = found.trajectory
    axes.plot(way["coverage"], way["density"], color=LIGHT, linewidth=1.2, zorder=1)
    axes.scatter(way["coverage"], way["density"], s=9, color=GREY, zorder=2, label="boxes on the way")
    if found.rules:
        rule = found.rules[0]
        axes.plot(rule.coverage, rule.density, "o", color="black", markersize=7, label="the rule")
        axes.plot(
            rule.unseen_coverage, rule.unseen_density, "o", color="black", markerfacecolor="white", markersize=7,
            label="in worlds it was not fitted to",
        )  # fmt: skip
    axes.set_xlim(-0.03, 1.05)
    axes.set_ylim(-0.03, 1.05)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axes.set_xticks(ticks, [f"{t:.0%}" for t in ticks])
    axes.set_yticks(ticks, [f"{t:.0%}" for t in ticks])
    what = "gains" if found.wins else "losses"
    axes.set_xlabel(f"share of all {what} in the box")
    axes.set_ylabel(f"share of its worlds that {'gain' if found.wins else 'lose'}")
    axes.grid()
    axes.legend(loc="lower left")
    axes.set_title("b  How good a rule gets")
