"""How a market or a record shows itself in a notebook: key numbers by firm and shares over time, as HTML with an inline drawing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from goodwill.record import Record

COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#222255")
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 460, 160, 40, 20
_MOST_FIRMS = len(COLOURS)


def market_html(record: Record) -> str:
    """A heading, a drawing and a table; figures are means over the last year, or over what there is of it."""
    scenario, periods = record.scenario, record.periods
    title = (
        f"{escape(scenario.name)}: {scenario.customers:,} customers, {len(record.names)} firms, "
        f"{scenario.period} {periods} of {scenario.periods}"
    )
    if periods == 0:
        return f"<div><b>{title}</b>; not run yet</div>"
    shares = record.firms["share"].to_numpy().reshape(periods, -1)
    drawing = line_drawing(_smooth(shares, 4), record.names, scenario.period, "share of purchases")
    return f"<div><b>{title}</b><br>{drawing}{_table(record)}</div>"


def _smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Moving mean over the last periods, NaN where there is nothing."""
    parts = [values[max(0, t + 1 - window) : t + 1] for t in range(len(values))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array([np.nansum(p, axis=0) / np.sum(~np.isnan(p), axis=0) for p in parts])


def line_drawing(values: np.ndarray, names: Sequence[str], unit: str, what: str) -> str:
    """Lines over time [T, J] as SVG, one for each name; of many firms the largest eight."""
    largest = np.argsort(-np.nan_to_num(values[-1]), kind="stable")[:_MOST_FIRMS]
    top = max(float(np.nanmax(values, initial=0.0)), 1e-9) * 1.05
    wide, high = _WIDTH - _LEFT - 90, _HEIGHT - _BOTTOM - 10
    last = max(len(values) - 1, 1)

    def x(t: float) -> float:
        return _LEFT + wide * t / last

    def y(value: float) -> float:
        return 10 + high * (1 - value / top)

    lines, labels = [], []
    level = -np.inf
    order = sorted(largest, key=lambda j: -np.nan_to_num(values[-1, j]))
    for place, j in enumerate(order):
        colour = COLOURS[place]
        points = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in enumerate(values[:, j]) if not np.isnan(v))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        level = max(y(float(np.nan_to_num(values[-1, j]))), level + 12)  # labels must not lie on each other
        labels.append(f'<text x="{_LEFT + wide + 6}" y="{level + 4:.1f}" fill="{colour}">{escape(names[j])}</text>')
    axis = (
        f'<path d="M{_LEFT},10 V{10 + high} H{_LEFT + wide}" fill="none" stroke="currentColor" stroke-width=".7"/>'
        f'<text x="{_LEFT - 4}" y="16" text-anchor="end">{top:.0%}</text>'
        f'<text x="{_LEFT - 4}" y="{10 + high}" text-anchor="end">0</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}">{escape(unit)} 0</text>'
        f'<text x="{_LEFT + wide}" y="{_HEIGHT - 4}" text-anchor="end">{len(values) - 1}</text>'
    )
    return (
        f'<svg role="img" aria-label="{escape(what)} over time" width="{_WIDTH}" height="{_HEIGHT}" '
        f'style="font: 11px sans-serif" fill="currentColor">{axis}{"".join(lines)}{"".join(labels)}</svg>'
    )


def _table(record: Record) -> str:
    """Key numbers of every firm."""
    year = record.firms[record.firms["period"] >= record.periods - record.scenario.periods_per_year]
    by_firm = year.groupby("firm", sort=False)
    sums = by_firm[["purchases", "sales", "revenue", "profit", "repeats", "repeat_base"]].sum()
    retention = by_firm["retention"].mean()
    members = by_firm["members"].last()
    satisfaction = by_firm["satisfaction"].mean()
    share = sums["purchases"] / max(sums["purchases"].sum(), 1)
    money = escape(record.scenario.measurement.currency)
    heads = (
        "firm", "share", "repeat rate", "retention", f"revenue, {money}", f"profit, {money}", "satisfaction", "members",
    )  # fmt: skip
    body = []
    for name in record.names:
        row = sums.loc[name]
        repeat = row["repeats"] / row["repeat_base"] if row["repeat_base"] else np.nan
        cells = (
            _percent(share[name]), _percent(repeat), _percent(retention[name]), f"{row['revenue']:,.0f}",
            f"{row['profit']:,.0f}", "" if np.isnan(satisfaction[name]) else f"{satisfaction[name]:.2f}",
            f"{members[name]:,.0f}" if members[name] else "",
        )  # fmt: skip
        body.append(f"<tr><td>{escape(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    span = min(record.periods, record.scenario.periods_per_year)
    return (
        '<table style="text-align: right; border-collapse: separate; border-spacing: 10px 0">'
        f'<caption style="text-align: left">last {span} {record.scenario.period}s</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _percent(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.1%}"
