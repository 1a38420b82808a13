"""The figure of one run: market shares, retention, members and profit of all firms over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from goodwill.plots.style import COLOURS, DASHES, LIGHT, PaperFigure, caption, figure, label_lines, shortened, thousands

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.record import Record

NAMED = 8  # firms that get a colour of their own; the rest are drawn in grey
_LABELLED = 14  # names that fit beside one panel


def record_figure(record: Record) -> PaperFigure:
    """Shares, retention, profit and (if there are programmes) members over time, one line for each firm."""
    scenario = record.scenario
    kept = "subscribers kept" if scenario.kind == "contract" else "buyers who buy again"
    panels: list[tuple[str, str, str]] = [
        ("share", "Market share", "% of purchases"),
        ("retention", "Retention", f"% of {kept}"),
        ("profit", "Profit", f"{scenario.measurement.currency} a {scenario.period}"),
        ("buyers", "Buyers", f"customers a {scenario.period}"),
    ]
    if record.firms["members"].to_numpy().any():
        panels[3] = ("members", "Members of programmes", "customers")
    with figure(7.4, 0.5 + (4.7 if len(record.names) <= NAMED else 5.8)) as paper:
        for axes, (column, title, unit) in zip(paper.subplots(2, 2).flat, panels, strict=True):
            _draw(axes, record, column, _smoothing(record, column))
            axes.set_title(title)
            axes.set_ylabel(unit)
            axes.set_xlabel(scenario.period)
        caption(paper, _caption(record))
    return paper


def _smoothing(record: Record, column: str) -> int:
    """Periods in the moving mean of a column: a month; a quarter for the churn of a contract; none for what is a stock."""
    weekly = record.scenario.period == "week"
    if column == "members":
        return 1
    if column == "retention":
        return (13 if weekly else 3) if record.scenario.kind == "contract" else 1
    return min(4 if weekly else 1, max(1, record.periods))


def _caption(record: Record) -> str:
    scenario = record.scenario
    unit = scenario.period
    text = (
        f"{scenario.name}: one run of {scenario.customers:,} customers, {record.periods} {unit}s, seed {scenario.seed}, "
        f"replicate {record.simulation.replicate}."
    )
    if scenario.kind != "contract":
        text += f" Retention: buyers of {scenario.measurement.window} {unit}s who buy again in the next {scenario.measurement.window}."
    month, quarter = _smoothing(record, "share"), _smoothing(record, "retention")
    if month > 1:
        text += f" Moving means of {month} {unit}s."
    if quarter > 1:
        text += f" Retention: moving mean of {quarter} {unit}s."
    return text + (f" Shaded: warm-up of {scenario.warm_up} {unit}s." if scenario.warm_up else "")


def looks(record: Record) -> dict[str, tuple[str, Any, float]]:
    """Colour, dashes and width of each firm's line: the largest have colours, the others are grey."""
    sales = record.firms.groupby("firm")["purchases"].sum()
    order = sorted(record.names, key=lambda name: (-float(sales.get(name, 0)), record.names.index(name)))
    found = {}
    for rank, name in enumerate(order):
        own = rank < NAMED
        found[name] = (
            COLOURS[rank] if own else LIGHT,
            DASHES[rank // 4 % len(DASHES)] if own else "-",
            1.5 if own else 1.0,
        )
    return found


def _draw(axes: Axes, record: Record, column: str, smooth: int) -> None:
    table: pd.DataFrame = record.firms.pivot(index="period", columns="firm", values=column)
    scale = 100.0 if column in ("share", "retention") else 1.0
    styles = looks(record)
    ends = []
    for name in reversed(list(styles)):  # the largest on top
        line = (table[name] * scale).dropna()
        if smooth > 1:
            line = line.rolling(smooth).mean().dropna()
        if column == "members" and not line.any() or line.empty:
            continue
        colour, dashes, width = styles[name]
        few = len(line) <= 12
        axes.plot(
            line.index, line, color=colour, linestyle=dashes, linewidth=width, marker="o" if few else None, markersize=3
        )
        text = "#6B6B6B" if colour == LIGHT else colour
        ends.append((float(line.iloc[-1]), shortened(name), text))
    last = max(record.periods - 1, 1)
    axes.set_xlim(0, last)
    warm_up = min(record.scenario.warm_up, last)
    if warm_up:
        axes.axvspan(0, warm_up, color="#F1F1F1", zorder=0, linewidth=0)
    axes.margins(y=0.08)
    if column in ("share", "members", "buyers"):
        axes.set_ylim(bottom=0)
    if ends:
        ends = ends[-_LABELLED:]
        gap = 0.085 if len(ends) <= 10 else 0.075
        label_lines(axes, ends, last, gap=gap, size=7.5)
    else:
        axes.set_yticks([])
        axes.text(
            0.5,
            0.5,
            "not measured in a run this short",
            ha="center",
            va="center",
            transform=axes.transAxes,
            color="#6B6B6B",
        )
    axes.grid(axis="y")
    thousands(axes.yaxis)
    axes.locator_params(axis="x", nbins=6, integer=True)
