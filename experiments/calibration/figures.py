"""The two figures of the validation."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from goodwill.measures.dirichlet import Dirichlet

REAL, SIMULATED, NORM = "#1b1b1b", "#c2410c", "#64748b"
STYLE = {
    "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "figure.dpi": 200,
    "legend.frameon": False, "axes.titlesize": 10, "axes.titleweight": "bold", "axes.titlelocation": "left",
}  # fmt: skip
# Where a label goes, in points from its mark, when the usual place is taken.
LABELS = {
    ("coffee", "M2024"): (6, -3), ("coffee", "M5879"): (-4, 6), ("coffee", "M103"): (-9, -10), ("coffee", "M2"): (-3, 6),
    ("coffee", "OTHER"): (6, -8), ("soft_drinks", "M436"): (-24, -4), ("soft_drinks", "M1208"): (4, -9),
}  # fmt: skip
# Of the panel: share of households that bought in the category, and K as counted.
CATEGORY = {"coffee": (0.4844, 0.3053), "soft_drinks": (0.9154, 0.7452)}


def norm_line(brands: pd.DataFrame, category: str) -> pd.DataFrame:
    """Penetration and frequency of a Dirichlet with one S for the category, along market share."""
    bought, k = CATEGORY[category]
    real = brands.pivot(index="brand", columns="measure", values="real")
    mean = float((real["pen"] * real["w"]).sum())
    fitted = Dirichlet.from_norms(bought, mean / bought, real["share"], real["pen"])
    along = np.geomspace(0.008, 0.34, 60)
    lines = [Dirichlet(mean, k, fitted.strength, np.array([share])) for share in along]
    return pd.DataFrame(
        {
            "share": along,
            "pen": [float(d.penetration()[0]) for d in lines],
            "w": [float(d.purchases_per_buyer()[0]) for d in lines],
        }
    )


def _points(axis: Axes, brands: pd.DataFrame, category: str) -> None:
    for brand, part in brands.groupby("brand", sort=False):
        line = part.set_index("measure")
        real, made = line["real"], line["simulated"]
        axis.plot([real["pen"], made["pen"]], [real["w"], made["w"]], color="#cbd5e1", lw=0.8, zorder=1)
        spread = [[(line["high"][m] - line["low"][m]) / 2] for m in ("pen", "w")]
        axis.errorbar(
            made["pen"],
            made["w"],
            xerr=spread[0],
            yerr=spread[1],
            fmt="s",
            ms=4,
            color=SIMULATED,
            elinewidth=0.7,
            zorder=3,
        )
        axis.plot(real["pen"], real["w"], "o", ms=5, color=REAL, zorder=4)
        place = LABELS.get((category, str(brand)), (5, 4))
        axis.annotate(str(brand), (real["pen"], real["w"]), xytext=place, textcoords="offset points", fontsize=7)
    norm = norm_line(brands, category)
    axis.plot(norm["pen"], norm["w"], color=NORM, lw=1.2, ls="--", zorder=2)


def brands(tables: dict[str, pd.DataFrame], path: Path) -> None:
    """Penetration against purchases per buyer, real and simulated, with the Dirichlet norm."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.4), constrained_layout=True)
        for axis, (category, table) in zip(axes, tables.items(), strict=True):
            _points(axis, table, category)
            axis.set_title(category.replace("_", " ").capitalize())
            axis.set_xlabel("penetration (share of households, one year)")
            axis.set_xlim(left=0)
            axis.set_ylim(bottom=0)
        axes[0].set_ylabel("purchases per buyer")
        marks = [
            Line2D([], [], marker="o", ls="", color=REAL, label="real"),
            Line2D([], [], marker="s", ls="", color=SIMULATED, label="simulated, 95 % of panels of 2,469"),
            Line2D([], [], ls="--", color=NORM, label="Dirichlet norm, one S"),
        ]
        axes[1].legend(handles=marks, loc="lower right", fontsize=7)
        figure.savefig(path)
        plt.close(figure)


def tracking(curve: pd.DataFrame, path: Path) -> None:
    """Cumulative and weekly repeat purchases of the cohort."""
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.0), constrained_layout=True)
        looks = {
            "real": (REAL, "-", "CDNOW"), "simulated": (SIMULATED, "-", "preset, one run"),
            "bgnbd": (NORM, "--", "BG/NBD expectation"),
        }  # fmt: skip
        for name, (colour, dash, label) in looks.items():
            left.plot(curve["week"], curve[name] / 1000, color=colour, ls=dash, lw=1.3, label=label)
            right.plot(curve["week"][1:], np.diff(curve[name]), color=colour, ls=dash, lw=1.0)
        for axis in (left, right):
            axis.axvline(39, color="#cbd5e1", lw=0.8, zorder=0)
            axis.set_xlabel("week of 1997-98")
            axis.set_ylim(bottom=0)
        left.set_title("Cumulative repeat purchases")
        left.set_ylabel("thousands")
        left.annotate("not fitted", (40.5, 1), fontsize=7, color=NORM)
        right.set_title("Repeat purchases of the week")
        left.legend(loc="upper left", fontsize=7)
        figure.savefig(path)
        plt.close(figure)
