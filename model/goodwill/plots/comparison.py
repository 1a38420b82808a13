"""The figure of a comparison: what each design earns, what it does to loyalty, where the money goes, and when."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from goodwill.accounts.ledger import ACCOUNTS
from goodwill.lab.statistics.intervals import interval
from goodwill.plots.style import (
    GREY,
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
    from goodwill.lab.comparison import Comparison

# Kinds of money in the third panel: label, accounts summed in it, colour (Tol's muted scheme, so that they are not taken
# for designs). What is earned first, then what is spent. Every account has its place here.
_KINDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "margin on extra sales",
        ("sales at usual prices", "cost of goods", "extra lines", "cost of extra lines", "cost to serve"),
        "#117733",
    ),
    ("fees, partners", ("membership fees", "exit fees", "partner settlement", "partner fees"), "#88CCEE"),
    ("lower prices", ("price reductions", "member discounts", "paid with credits"), "#CC6677"),
    (
        "rewards, paid and owed",
        ("rewards", "provision for credits", "stored value paid in", "stored value used"),
        "#AA4499",
    ),
    (
        "service and redress",
        ("service", "complaints and redress", "surprises", "recognition", "value of the offer"),
        "#DDCC77",
    ),
    (
        "people, marketing, measuring",
        (
            "workforce",
            "marketing budget",
            "market research",
            "advertising",
            "contact",
            "database",
            "offers sent",
            "suggestions",
            "offers redeemed",
            "gifts",
            "referral rewards",
        ),
        "#44AA99",
    ),
    ("running it", ("programme, fixed", "programme, members", "fixed costs"), "#332288"),
)
assert {name for _, names, _ in _KINDS for name in names} == set(ACCOUNTS)


def comparison_figure(comparison: Comparison) -> PaperFigure:
    """Four panels: incremental profit, change of loyalty, money by kind, profit over time."""
    arms = _designs(comparison)
    height = 5.2 + 0.42 * max(0, len(arms) - 4)
    with figure(7.4, height) as paper:
        panels = paper.subplots(2, 2, gridspec_kw={"width_ratios": (1.1, 1)})
        draw_profit(panels[0, 0], comparison)
        draw_loyalty(panels[0, 1], comparison, names=False)
        draw_money(panels[1, 0], comparison)
        draw_time(panels[1, 1], comparison)
        for letter, axes in zip("abcd", panels.flat, strict=True):
            axes.set_title(f"{letter}  {axes.get_title(loc='left')}")
        caption(paper, caption_text(comparison))
    return paper


def panel_figure(comparison: Comparison, draw: Callable[[Axes, Comparison], None], width: float = 5.0) -> PaperFigure:
    """One panel by itself, for a page on which panels flow."""
    with figure(width, 2.15 + 0.34 * len(_designs(comparison))) as paper:
        axes = paper.subplots()
        draw(axes, comparison)
    return paper


def caption_text(comparison: Comparison) -> str:
    """What was simulated, in one line."""
    scenario = comparison.scenario
    budget = (
        ""
        if comparison.budget is None
        else (f"each design scaled to {comparison.budget:,.0f} {scenario.measurement.currency} a year; ")
    )
    return (
        f"{comparison.firm_name} in {scenario.name}: n = {len(comparison.replications)} paired worlds of "
        f"{scenario.customers:,} customers, {scenario.periods - scenario.warm_up} {scenario.period}s after "
        f"{scenario.warm_up} of warm-up, seed {scenario.seed}; {budget}bars: 95 % intervals of the mean over worlds."
    )


def _designs(comparison: Comparison) -> list[str]:
    return [arm for arm in comparison.arms if arm != comparison.baseline]


def _rows(axes: Axes, comparison: Comparison, names: bool = True) -> dict[str, int]:
    """One row for each design, the first on top; returns their heights."""
    arms = _designs(comparison)
    heights = {arm: len(arms) - 1 - x for x, arm in enumerate(arms)}
    axes.set_yticks(list(heights.values()), [textwrap.fill(arm, 14) if names else "" for arm in heights])
    axes.set_ylim(-0.6, max(len(arms), 1) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.axvline(0, color="black", linewidth=0.8, zorder=1)
    return heights


def draw_profit(axes: Axes, comparison: Comparison) -> None:
    """Incremental profit by design: every world a dot, the mean with its interval, the number beside it."""
    from goodwill.report.numbers import money

    colours = arm_colours(list(comparison.arms), comparison.baseline)
    heights = _rows(axes, comparison)
    for arm, height in heights.items():
        values = comparison.difference(arm, "profit")
        mean, low, high = interval(values)
        jitter = _jitter(len(values))
        axes.scatter(values, height - 0.2 + 0.16 * jitter, s=5, color=colours[arm], alpha=0.35, linewidths=0)
        axes.plot([low, high], [height + 0.06] * 2, color=colours[arm], linewidth=2.2, solid_capstyle="butt")
        axes.plot(
            [mean],
            [height + 0.06],
            "o",
            color=colours[arm],
            markersize=4.5,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
        axes.annotate(
            money(mean, True), (high, height + 0.06), xytext=(5, 0), textcoords="offset points",
            ha="left", va="center", fontsize=8, color=colours[arm], fontweight="bold",
        )  # fmt: skip
    axes.margins(x=0.1)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("Incremental profit")
    axes.set_xlabel(f"{comparison.scenario.measurement.currency} a year more than {_baseline(comparison)}")


def draw_loyalty(axes: Axes, comparison: Comparison, names: bool = True) -> None:
    """Change of retention and of the repeat rate by design, with intervals."""
    colours = arm_colours(list(comparison.arms), comparison.baseline)
    heights = _rows(axes, comparison, names)
    marks = (("retention", "Retention", 0.14, "o", True), ("repeat_rate", "Repeat rate", -0.14, "s", False))
    drawn = []
    for outcome, label, shift, mark, filled in marks:
        for arm, height in heights.items():
            mean, low, high = (100 * value for value in interval(comparison.difference(arm, outcome)))
            if not np.isfinite(mean):
                continue
            colour = colours[arm]
            axes.plot([low, high], [height + shift] * 2, color=colour, linewidth=2.2, solid_capstyle="butt")
            axes.plot(
                [mean],
                [height + shift],
                mark,
                color=colour,
                markersize=4.5,
                markerfacecolor=colour if filled else "white",
            )
            if (label, mark, filled) not in drawn:
                drawn.append((label, mark, filled))
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {"color": GREY, "markersize": 4.5, "linewidth": 2.2}
    handles = [
        Line2D([], [], marker=mark, markerfacecolor=GREY if filled else "white", label=label, **look)
        for label, mark, filled in drawn
    ]
    if handles:
        legend_below(axes, handles, columns=2)
    thousands(axes.xaxis)
    axes.margins(x=0.08)
    axes.set_title("Change of loyalty")
    axes.set_xlabel("percentage points")


def draw_money(axes: Axes, comparison: Comparison) -> None:
    """What each design brings and costs more than the baseline, by kind; a diamond where it ends: the incremental profit."""
    heights = _rows(axes, comparison)
    means = comparison.accounts.groupby(["arm", "account"])["amount"].mean()

    def more(arm: str, names: tuple[str, ...]) -> float:
        return sum(
            float(means.get((arm, name), 0.0)) - float(means.get((comparison.baseline, name), 0.0)) for name in names
        )

    from matplotlib.patches import Patch

    amounts = {label: {arm: more(arm, names) for arm in heights} for label, names, _ in _KINDS}
    largest = max((abs(value) for by_arm in amounts.values() for value in by_arm.values()), default=0.0)
    ends = {arm: [0.0, 0.0] for arm in heights}
    handles: list[Any] = []
    for label, _, colour in _KINDS:
        if not any(abs(value) > 0.002 * largest for value in amounts[label].values()):
            continue
        handles.append(Patch(facecolor=colour, label=label))
        for arm, height in heights.items():
            value = amounts[label][arm]
            side = int(value < 0)
            axes.barh(height, value, left=ends[arm][side], height=0.5, color=colour, edgecolor="white", linewidth=0.5)
            ends[arm][side] += value
    for arm, height in heights.items():
        end: dict[str, Any] = {"markersize": 4.5, "markeredgecolor": "white", "markeredgewidth": 0.8}
        axes.plot([sum(ends[arm])], [height], "D", color="black", zorder=5, **end)
    from matplotlib.lines import Line2D

    handles.append(Line2D([], [], color="black", marker="D", markersize=4.5, linewidth=0, label="incremental profit"))
    legend_below(axes, handles, columns=2)
    axes.use_sticky_edges = False
    axes.margins(x=0.06)
    thousands(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("What it brings and what it costs")
    axes.set_xlabel(f"{comparison.scenario.measurement.currency} a year more than {_baseline(comparison)}")


def draw_time(axes: Axes, comparison: Comparison) -> None:
    """Incremental profit added up since the programmes began, with bands."""
    colours = arm_colours(list(comparison.arms), comparison.baseline)
    scenario = comparison.scenario
    table = comparison.series.pivot(index="period", columns=["arm", "replicate"], values="profit")
    table = table[table.index >= scenario.warm_up]
    unit = scenario.period
    when = np.arange(len(table) + 1)
    axes.axhline(0, color="black", linewidth=0.8)
    ends = []
    for arm in _designs(comparison):
        gains = np.cumsum((table[arm] - table[comparison.baseline]).to_numpy(), axis=0)
        gains = np.vstack([np.zeros(gains.shape[1]), gains])
        mean, low, high = np.array([interval(row) if row.any() else (0.0, 0.0, 0.0) for row in gains]).T
        axes.fill_between(when, low, high, color=colours[arm], alpha=0.2, linewidth=0)
        axes.plot(when, mean, color=colours[arm])
        ends.append((float(mean[-1]), shortened(arm), colours[arm]))
    axes.set_xlim(0, len(table))
    axes.margins(y=0.06)
    label_lines(axes, ends, len(table), gap=0.085)
    axes.grid(axis="y")
    thousands(axes.yaxis)
    axes.set_title("Incremental profit added up")
    axes.set_xlabel(f"{unit}s since the start of the designs")
    axes.set_ylabel(scenario.measurement.currency)


def _baseline(comparison: Comparison) -> str:
    return "doing nothing" if comparison.baseline == "nothing" else comparison.baseline


def _jitter(count: int) -> np.ndarray[Any, Any]:
    """Heights between -1 and 1 that look random and are always the same (golden ratio)."""
    return 2 * ((np.arange(count) * 0.618034) % 1.0) - 1


PANELS: tuple[tuple[str, Callable[[Axes, Any], None], str], ...] = (
    (
        "profit",
        draw_profit,
        "Profit a year beyond the baseline's: dots are single worlds, bars 95 % intervals of the mean.",
    ),
    ("loyalty", draw_loyalty, "Change of retention and repeat rate, in percentage points, with 95 % intervals."),
    ("money", draw_money, "Where that profit comes from: what each design brings and costs, by kind."),
    ("time", draw_time, "The same profit added up over time, with 95 % bands."),
)
