"""Estimates against the truth: one panel for each world, one row for each estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.measurement.trial import REAL
from goodwill.plots.style import COLOURS, GREY, LIGHT, MINUS, PaperFigure, caption, figure, thousands

if TYPE_CHECKING:
    from goodwill.lab.measurement.results import Measured

NAMES = {
    "naive": "members against others", "before_after": "before and after",
    "matched": "matched on history", "matched_active": "matched, still buying",
    "weighted": "weighted by propensity", "differences": "difference in differences",
    "offer": "offered against held out", "holdout": "hold-out group", "holdout_adjusted": "hold-out, adjusted",
    "instrument": "instrument",
}  # fmt: skip
_CHANCE = ("offer", "holdout", "holdout_adjusted")


def title_of(label: dict[str, Any]) -> str:
    """A world in words: arm, case, values of factors."""
    plain = [str(label[name]) for name in ("arm", "case") if name in label]
    varied = [f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in label.items()
              if name not in ("arm", "case")]  # fmt: skip
    return ", ".join([*plain, *varied])


def percent(share: float) -> str:
    """A share as whole per cent, with a true minus sign."""
    return "" if not np.isfinite(share) else f"{100 * share:.0f} %".replace("-", MINUS)


def measurement_figure(measured: Measured, outcome: str | None = None) -> PaperFigure:
    """Mean and middle 95 % of the estimates of many data sets, the truth as a line, and how often the interval held it."""
    known = list(measured.manifest["measurement"]["outcomes"])
    outcome = outcome or known[0]
    if outcome not in known:
        raise StudyError(f"outcome {outcome!r} was not measured; measured were {', '.join(known)}")
    table = measured.performance[measured.performance["outcome"] == outcome]
    table = table[table["estimand"] == "att"] if (table["estimand"] == "att").any() else table
    worlds = list(dict.fromkeys(zip(table["point"], table["arm"], strict=True)))
    columns = min(len(worlds), max(1, min(3, len(set(table["arm"])))))
    rows = -(-len(worlds) // columns)
    many = table["estimator"].nunique()
    found = measured.estimates
    found = found[(found["data"] == REAL) & (found["outcome"] == outcome)]
    found = found[found["estimator"].isin(table["estimator"])]
    with figure(1.9 + 2.9 * columns, 1.0 + rows * (0.55 + 0.24 * many)) as fig:
        axes = fig.subplots(rows, columns, squeeze=False, sharey=True, sharex="row")
        means = {}
        for place, (point, arm) in enumerate(worlds):
            on = axes[place // columns][place % columns]
            part = table[(table["point"] == point) & (table["arm"] == arm)]
            estimates = found[(found["point"] == point) & (found["arm"] == arm)]
            means[point, arm] = _panel(on, part, estimates)
            on.set_title(title_of({name: part.iloc[0][name] for name in measured.labels}))
        for spare in range(len(worlds), rows * columns):
            axes[spare // columns][spare % columns].set_visible(False)
        for x, row in enumerate(axes):
            here = worlds[x * columns : (x + 1) * columns]
            parts = [t[[key in here for key in zip(t["point"], t["arm"], strict=True)]] for t in (table, found)]
            _limits(row[0], *parts)
        for place, world in enumerate(worlds):
            _mark_means(axes[place // columns][place % columns], means[world])
        for on in axes[-1]:
            on.set_xlabel(f"effect on a member, {measured.unit(outcome)}")
        trials = int(table["trials"].max())
        caption(
            fig,
            "Line: the true average effect on members. Dot and bar: mean and middle 95 % of the estimates in "
            f"{trials} simulated data sets. Right: bias in % of the truth / how often the 95 % interval held the truth. "
            f"Seed {measured.manifest['seed']}.",
        )
    return fig


def _panel(on: Any, part: pd.DataFrame, estimates: pd.DataFrame) -> list[tuple[float, int, str]]:
    """Draw a world; returns the means of the estimates, which are marked once the limits are known."""
    on.axvline(0, color=LIGHT, linewidth=0.8, zorder=0)
    on.axvline(part["truth"].mean(), color="black", linewidth=1.0, zorder=1)
    means: list[tuple[float, int, str]] = []
    for y, row in enumerate(part.to_dict("records")):
        values = estimates.loc[estimates["estimator"] == row["estimator"], "value"].dropna().to_numpy()
        colour = COLOURS[2] if row["estimator"] in _CHANCE else COLOURS[0] if row["estimator"] in NAMES else COLOURS[5]
        if values.size:
            low, high = np.quantile(values, [0.025, 0.975])
            on.plot([low, high], [y, y], color=colour, linewidth=4, alpha=0.35, solid_capstyle="butt", zorder=2)
            means.append((float(values.mean()), y, colour))
        text = f"{_signed(row['relative'])} / {percent(row['coverage'])}"
        on.annotate(
            text,
            (1.01, y),
            xycoords=("axes fraction", "data"),
            fontsize=7,
            va="center",
            color=GREY,
            annotation_clip=False,
        )
    on.annotate("bias / held", (1.01, -0.9), xycoords=("axes fraction", "data"), fontsize=7, va="center", color=GREY,
                annotation_clip=False)  # fmt: skip
    on.set_yticks(range(len(part)), [NAMES.get(name, name) for name in part["estimator"]])
    on.set_ylim(len(part) - 0.4, -0.6)
    on.tick_params(axis="y", length=0)
    on.grid(axis="x")
    thousands(on.xaxis)
    return means


def _mark_means(on: Any, means: list[tuple[float, int, str]]) -> None:
    """A dot at each mean, or an arrow at the edge beyond which it is."""
    low, high = on.get_xlim()
    for mean, y, colour in means:
        marker, edge = ("<", low) if mean < low else (">", high) if mean > high else ("o", mean)
        on.plot(edge, y, marker, color=colour, markersize=4.5, zorder=3, clip_on=False)


def _signed(share: float) -> str:
    text = percent(share)
    return f"+{text}" if text and share > 0 else text


def _limits(on: Any, table: pd.DataFrame, estimates: pd.DataFrame) -> None:
    """Room for nil, the truth and the middle 95 % of all estimates but an instrument's: weak, it would squeeze the rest."""
    usual = estimates[estimates["estimator"] != "instrument"]
    bars = (
        (usual if len(usual) else estimates)
        .groupby(["point", "arm", "estimator"])["value"]
        .quantile(np.array([0.025, 0.975]))
    )
    ends = [0.0, *table["truth"], *bars.dropna()]
    low, high = min(ends), max(ends)
    on.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
