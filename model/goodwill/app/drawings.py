"""The drawings of the page: what happened so far, from the totals of a simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from goodwill.engine.state import CAUSES, FIRM_TOTALS, JOINED, LEFT, NEVER
from goodwill.notebook import COLOURS

if TYPE_CHECKING:
    from goodwill.simulation import Simulation

_COLUMN = {name: column for column, name in enumerate(FIRM_TOTALS)}
_SMOOTH = 4  # periods of the moving mean
_SAMPLE = 150  # customers shown as a network
_NOBODY = "#dddddd"
_DPI = 90  # sharp enough for half a screen, and drawn anew at every step


def colour_of(firm: int) -> str:
    """Colour of a firm, the same in every drawing."""
    return COLOURS[firm % len(COLOURS)]


def shares_figure(simulation: Simulation) -> Figure:
    """Share of purchases by firm over time."""
    purchases = _moving(_history(simulation, "purchases"))
    figure, axes = _figure(simulation, "share of purchases")
    shares = _ratio(purchases, purchases.sum(axis=1, keepdims=True))
    _lines(axes, simulation, shares)
    axes.set_ylim(0, 1.25 * float(np.nanmax(shares, initial=0.1)))  # room for the legend
    axes.legend(loc="upper left", ncols=4, frameon=False, fontsize=8)
    return figure


def loyalty_figure(simulation: Simulation) -> Figure:
    """Repeat rate (line) and retention between measuring windows (dots); under contract, customers kept from period to period."""
    contract = simulation.scenario.kind == "contract"
    what = "share of customers kept" if contract else "repeat rate (line), retention (dots)"
    figure, axes = _figure(simulation, what)
    if contract:
        subscribers = _history(simulation, "subscribers").astype(float)
        lost = np.sum([_history(simulation, f"left_{cause}") for cause in CAUSES[1:]], axis=0)
        kept = 1 - _ratio(_moving(lost[1:]), _moving(subscribers[:-1]))
        _lines(axes, simulation, np.vstack([np.full((1, kept.shape[1]), np.nan), kept]) if len(subscribers) else kept)
        return figure
    repeats, base = _moving(_history(simulation, "repeats")), _moving(_history(simulation, "repeat_base"))
    _lines(axes, simulation, _ratio(repeats, base))
    retention = _ratio(_history(simulation, "retained"), _history(simulation, "window_base"))
    for j in range(retention.shape[1]):
        axes.plot(np.arange(len(retention)), retention[:, j], "o", color=colour_of(j), markersize=4)
    return figure


def members_figure(simulation: Simulation) -> Figure:
    """Members of every programme over time."""
    figure, axes = _figure(simulation, "members")
    names = [firm.name for firm in simulation.scenario.firms]
    programmes = simulation.totals.programmes[: simulation.period]
    for q, (firm, _, kind, _) in enumerate(simulation.plan.programmes):
        members = np.cumsum(programmes[:, q, JOINED] - programmes[:, q, LEFT])
        axes.plot(members, color=colour_of(firm), label=f"{names[firm]}: {kind.replace('_', ' ')}")
    if simulation.plan.programmes:
        axes.legend(loc="upper left", frameon=False, fontsize=8)
    else:
        axes.text(0.5, 0.5, "no programme with members", transform=axes.transAxes, ha="center", color="grey")
    return figure


def network_figure(simulation: Simulation) -> Figure:
    """The first customers and their ties, each in the colour of the firm last bought from.

    They stand on a ring, where acquaintance is drawn from anyway; a layout by forces would take seconds at every step.
    """
    c, n = simulation.population.customers, min(_SAMPLE, simulation.scenario.customers)
    angle = 2 * np.pi * np.arange(n) / n
    place = np.column_stack([np.cos(angle), np.sin(angle)]) * (1 + 0.08 * (np.arange(n) % 3))[:, None]
    figure = Figure(figsize=(5.2, 4.4), dpi=_DPI)
    axes = figure.add_axes((0, 0, 1, 0.94))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_title(f"{n} of {simulation.scenario.customers:,} customers, by firm last bought from", fontsize=9)
    here = c.ties[:, :n] < n
    ends = np.stack([place[np.nonzero(here)[1]], place[c.ties[:, :n][here]]], axis=1)
    axes.add_collection(LineCollection(list(ends), colors="#999999", linewidths=0.4, alpha=0.5, zorder=1))
    gone = (c.exit[:n] != NEVER) & (c.exit[:n] <= simulation.period)
    colours = [_NOBODY if away or j < 0 else colour_of(int(j)) for j, away in zip(c.last[:n], gone, strict=True)]
    axes.scatter(place[:, 0], place[:, 1], s=18, c=colours, zorder=2, edgecolors="white", linewidths=0.3)
    for j, firm in enumerate(simulation.scenario.firms[: len(COLOURS)]):
        axes.plot([], [], "o", color=colour_of(j), label=firm.name)
    axes.plot([], [], "o", color=_NOBODY, label="none, or has left")
    axes.legend(loc="center", frameon=False, fontsize=8)
    return figure


def _figure(simulation: Simulation, what: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(5.2, 3.4), dpi=_DPI)
    axes = figure.add_axes((0.1, 0.14, 0.87, 0.77))
    axes.set_title(what, fontsize=9, loc="left")
    axes.set_xlabel(simulation.scenario.period, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    start = simulation.scenario.warm_up
    if simulation.period > start:  # here programmes start, if they do not say otherwise
        axes.axvline(start, color="grey", linestyle=":", linewidth=1)
    return figure, axes


def _lines(axes: Any, simulation: Simulation, values: np.ndarray) -> None:
    for j, firm in enumerate(simulation.scenario.firms[: values.shape[1]]):
        axes.plot(values[:, j], color=colour_of(j), label=firm.name, linewidth=1.5)


def _history(simulation: Simulation, name: str) -> np.ndarray:
    history: np.ndarray = simulation.totals.firms[: simulation.period, :, _COLUMN[name]]
    return history


def _moving(values: np.ndarray) -> np.ndarray:
    """Moving sum over the last periods."""
    sums = np.cumsum(values, axis=0, dtype=float)
    sums[_SMOOTH:] -= sums[:-_SMOOTH].copy()
    return sums


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
