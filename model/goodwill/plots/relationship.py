"""Figures of the relationships between customers and firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from goodwill.engine.state import STAGES
from goodwill.measures.churn import LOSSES, churn_by_cause
from goodwill.measures.loyalty_kinds import KINDS, kinds_by_firm
from goodwill.measures.quadrants import QUADRANTS, longevity_and_profit, quadrants
from goodwill.plots.style import COLOURS, LIGHT, PaperFigure, caption, figure, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from goodwill.record import Record


def kinds_figure(record: Record) -> PaperFigure:
    """What holds each firm's repeat customers: shares of the seven kinds of loyalty; needs purchases on record."""
    table = kinds_by_firm(record.loyalty_kinds)
    shares = table.pivot(index="firm", columns="kind", values="share").reindex(columns=list(KINDS)).fillna(0)
    with figure(7.4, 1.4 + 0.3 * len(record.names)) as paper:
        axes = paper.subplots()
        stacked_bars(axes, [str(name) for name in shares.index], list(KINDS), 100 * shares.to_numpy())
        axes.set_title("What holds repeat customers")
        axes.set_xlabel("% of the firm's repeat customers on record")
        caption(paper, f"{len(record.loyalty_kinds):,} pairs of a repeat customer and a firm. {about(record)}")
    return paper


def churn_figure(record: Record) -> PaperFigure:
    """Losses after the warm-up by firm and cause, as shares of the firm's customers a year."""
    scenario = record.scenario
    table = churn_by_cause(record.churn, scenario.warm_up)
    rates = table.pivot(index="firm", columns="cause", values="rate").reindex(index=record.names, columns=list(LOSSES))
    with figure(7.4, 1.4 + 0.3 * len(record.names)) as paper:
        axes = paper.subplots()
        stacked_bars(axes, record.names, list(LOSSES), 100 * scenario.periods_per_year * rates.fillna(0).to_numpy())
        axes.set_title("Customers lost, by cause")
        axes.set_xlabel("% of the firm's customers a year")
        caption(paper, about(record))
    return paper


def funnel_figure(record: Record) -> PaperFigure:
    """Where each firm's relationships stand at the end, by stage; needs `behaviour.stages.on`."""
    table = record.funnel.pivot(index="firm", columns="stage", values="customers")
    counts = table.reindex(index=record.names, columns=list(STAGES)).to_numpy(float)
    with figure(7.4, 1.9 + 0.3 * len(record.names)) as paper:
        axes = paper.subplots()
        stacked_bars(axes, record.names, list(STAGES), 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
        axes.set_title("Stages of relationships")
        axes.set_xlabel("% of the customers in the market")
        caption(paper, about(record))
    return paper


def curve_figure(curves: Mapping[str, pd.DataFrame], note: str = "", least: int = 30) -> PaperFigure:
    """Satisfaction-loyalty curves (see `goodwill.measures.satisfaction_curve`), one a market; boxes with few purchases left out."""
    with figure(4.6, 3.2) as paper:
        axes = paper.subplots()
        for x, (name, table) in enumerate(curves.items()):
            full = table[table["purchases"] >= least]
            axes.plot(
                full["box"], 100 * full["repurchase"], marker="o", ms=3.5, color=COLOURS[x % len(COLOURS)], label=name
            )
        axes.set_ylim(0, 102)
        axes.set_xlabel("satisfaction (box of ten)")
        axes.set_ylabel("% who buy there next time")
        axes.set_title("Satisfaction and loyalty")
        axes.legend(loc="lower right")
        if note:
            caption(paper, note)
    return paper


def quadrants_figure(record: Record, firm: int | str) -> PaperFigure:
    """Length of the relationship and profit of a firm's customers, in four quadrants; needs `behaviour.spending.on`."""
    table = quadrants(record, firm)
    with figure(5.4, 3.8) as paper:
        axes = paper.subplots()
        for x, name in enumerate(QUADRANTS):
            part = table[table["quadrant"] == name]
            label = f"{name} ({len(part) / max(len(table), 1):.0%})"
            axes.scatter(part["longevity"], part["profit"], s=5, alpha=0.5, color=COLOURS[x], label=label, linewidths=0)
        axes.set_xlabel(f"{record.scenario.period}s from the first to the last purchase")
        axes.set_ylabel(f"profit, {record.scenario.measurement.currency}")
        axes.set_title("Who is a friend?")
        axes.legend(loc="upper left", markerscale=3)
        caption(paper, f"r = {longevity_and_profit(table):.2f}. {about(record)}")
    return paper


def stacked_bars(axes: Axes, rows: Sequence[str], parts: Sequence[str], values: np.ndarray) -> None:
    """Horizontal bars, one a row, each divided into parts [rows, parts], the first row on top."""
    colours = [LIGHT, *COLOURS]
    left = np.zeros(len(rows))
    places = np.arange(len(rows))[::-1]
    for x, part in enumerate(parts):
        axes.barh(places, values[:, x], left=left, height=0.72, color=colours[x % len(colours)], label=part)
        left += values[:, x]
    axes.set_yticks(places, [shortened(row) for row in rows])
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0)


def about(record: Record) -> str:
    """What was simulated, in one sentence."""
    scenario = record.scenario
    return (
        f"{scenario.name}: one run of {scenario.customers:,} customers, {record.periods} {scenario.period}s, seed "
        f"{scenario.seed}, replicate {record.simulation.replicate}."
    )
