"""The figure of robustness: what each alternative gives up, and how often it is the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure, legend_below, shortened, thousands

if TYPE_CHECKING:
    from goodwill.lab.understand.robustness import Robustness

_REGRETS = (
    ("mean_regret", "average world", COLOURS[2], "o"),
    ("tenth_regret", "worst tenth", COLOURS[5], "s"),
    ("max_regret", "worst world", COLOURS[1], "D"),
)


def robustness_figure(found: Robustness) -> PaperFigure:
    """Regret of every alternative with its intervals, the least at worst on top; and the share of worlds in which it is best."""
    from matplotlib.lines import Line2D

    table = found.table.sort_values("max_regret", ascending=False)
    with figure(7.4, 1.95 + 0.5 * len(table)) as paper:
        regret, best = paper.subplots(1, 2, width_ratios=(1.7, 1), sharey=True)
        places = np.arange(len(table))
        regret.set_yticks(places, [shortened(str(name), 24) for name in table.index])
        for axes in (regret, best):
            axes.set_ylim(-0.6, len(table) - 0.4)
            axes.tick_params(axis="y", length=0)
            axes.grid(axis="x")
        scale = 100 if found.unit == "share" else 1
        for k, (measure, _, colour, mark) in enumerate(_REGRETS):
            heights = places + 0.22 * (1 - k)
            values = scale * table[measure].clip(lower=0)
            if found.replicates > 1:
                low, high = (
                    scale * table[f"{measure}_low"].clip(lower=0),
                    scale * table[f"{measure}_high"].clip(lower=0),
                )
                regret.hlines(heights, low, high, color=colour, linewidth=1.8)
            regret.plot(values, heights, mark, color=colour, markersize=5, markeredgecolor="white", markeredgewidth=0.6)
        regret.set_xlim(left=-0.02 * regret.get_xlim()[1])
        thousands(regret.xaxis)
        regret.locator_params(axis="x", nbins=5)
        regret.set_title("a  What it gives up against the best choice")
        unit = {"share": ", percentage points", "money": ", money a year", "balance": ", money"}.get(found.unit, "")
        regret.set_xlabel(f"regret: {found.label.lower()}{unit}")
        look: dict[str, Any] = {"markersize": 5, "linewidth": 1.8}
        handles = [Line2D([], [], color=colour, marker=mark, label=text, **look) for _, text, colour, mark in _REGRETS]
        legend_below(regret, handles, columns=3)
        shares = 100 * table["best"]
        best.barh(places, shares, height=0.42, color=COLOURS[0])
        if found.replicates > 1:
            best.hlines(places, 100 * table["best_low"], 100 * table["best_high"], color="black", linewidth=1.1)
        best.set_xlim(0, 100)
        best.set_title("b  How often it is the best")
        best.set_xlabel("% of worlds")
        best.spines["left"].set_color(GREY)
        caption(
            paper,
            f"{found.worlds:,} worlds of equal weight, {found.replicates} paired replications of each. Points: estimates that luck "
            "does not inflate; bars: 95 % intervals over replications, up to the end that luck inflates.",
        )
    return paper
