"""Figures of the relationships between customers and firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from goodwill.measures.loyalty_kinds import KINDS, kinds_by_firm
from goodwill.plots.style import COLOURS, LIGHT, PaperFigure, caption, figure, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

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
