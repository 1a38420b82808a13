"""How all figures look, and a figure that shows itself in a notebook without pyplot and its global state."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe & Ito (2008), without the yellow that is lost on white paper, and a wine red of Tol's.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#882255", "#333333")
GREY = "#6B6B6B"
LIGHT = "#BDBDBD"
MINUS = "\u2212"
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (5, 1.5, 1.5, 1.5)))

STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.labelsize": 8.5,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.5,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.dpi": 110,
    "savefig.dpi": 200,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
}


class PaperFigure(Figure):
    """A figure outside pyplot: it shows itself in a notebook, and `savefig` writes it with the style it was made in."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Write the figure; the same figure gives the same file."""
        metadata = {"Date": None} if str(options.get("format", fname)).endswith("svg") else None
        salt: Any = {"svg.hashsalt": options.pop("salt", "goodwill")}
        with mpl.rc_context({**STYLE, **salt}):
            super().savefig(fname, **{"metadata": metadata, **options})

    def svg(self, name: str = "figure") -> str:
        """The figure as an `<svg>` element whose ids begin with `name`, to stand in a page beside others."""
        import re

        text = io.StringIO()
        self.savefig(text, format="svg", salt=name)
        element = text.getvalue()
        element = element[element.index("<svg") :]
        element = re.sub(r"<metadata>.*?</metadata>\s*", "", element, flags=re.DOTALL)
        return re.sub(r'(\bid="|xlink:href="#|href="#|url\(#)', rf"\g<1>{name}-", element)

    def _repr_png_(self) -> bytes:
        image = io.BytesIO()
        self.savefig(image, format="png", dpi=130)
        return image.getvalue()


@contextmanager
def figure(width: float, height: float) -> Iterator[PaperFigure]:
    """A new figure (inches), with the style in force while it is drawn."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context(STYLE):
        layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.07, hspace=0.06, wspace=0.05)
        yield PaperFigure(figsize=(width, height), layout=layout)


def arm_colours(arms: Sequence[str], baseline: str) -> dict[str, str]:
    """A colour for each arm; the baseline is grey."""
    others = [arm for arm in arms if arm != baseline]
    colours = {arm: COLOURS[x % len(COLOURS)] for x, arm in enumerate(others)}
    return {baseline: GREY, **colours}


def caption(on: PaperFigure, text: str) -> None:
    """A line below everything: what was simulated, how often, with which seed."""
    import textwrap

    width, _ = on.get_size_inches()
    on.supxlabel(textwrap.fill(text, int(width * 18.5)), x=0.005, ha="left", fontsize=7, color=GREY)


def label_lines(
    axes: Axes, ends: Sequence[tuple[float, str, str]], x: float, gap: float = 0.055, size: float = 8
) -> None:
    """Names at the right end of lines, moved apart where they would overlap: (height, name, colour)."""
    low, high = axes.get_ylim()
    order = sorted(range(len(ends)), key=lambda k: ends[k][0])
    places = spread([(ends[k][0] - low) / (high - low) for k in order], gap)
    for k, place in zip(order, places, strict=True):
        height, name, colour = ends[k]
        axes.annotate(
            name,
            xy=(x, height),
            xycoords="data",
            xytext=(1.03, place),
            textcoords="axes fraction",
            va="center",
            ha="left",
            color=colour,
            fontsize=size,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.6,
                "shrinkA": 2,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Rising places moved as little as needed so that neighbours are `gap` apart (isotonic regression of the excess)."""
    blocks: list[tuple[float, int]] = []  # mean of place - index * gap, and how many it holds
    for index, place in enumerate(places):
        value, size = place - index * gap, 1
        while blocks and blocks[-1][0] > value:
            before, many = blocks.pop()
            value, size = (before * many + value * size) / (many + size), many + size
        blocks.append((value, size))
    flat = np.array([value for value, size in blocks for _ in range(size)])
    room = 1.06 - gap * (len(flat) - 1)
    return [float(value) for value in np.clip(flat, min(-0.06, room), room) + gap * np.arange(len(flat))]


def shortened(name: str, length: int = 18) -> str:
    """A name that fits beside a line."""
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"


def legend_below(axes: Axes, handles: Sequence[Any], columns: int, points: float = 31) -> None:
    """A legend so many points below the axes, clear of ticks and label whatever the size of the figure."""
    from matplotlib.transforms import ScaledTranslation

    figure = axes.figure
    assert figure is not None
    shift = ScaledTranslation(0, -points / 72, figure.dpi_scale_trans)
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=axes.transAxes + shift, ncols=columns,
        borderaxespad=0, borderpad=0, handlelength=1.4, columnspacing=1.2,
    )  # fmt: skip


def many(dots: Sized) -> dict[str, Any]:
    """How to draw many dots: as one picture, so that a page with the figure stays small."""
    return {"rasterized": len(dots) > 300}


def thousands(axis: Any) -> None:
    """Ticks such as 12,000 or 97.5, all with the digits their distance needs, with a true minus sign."""
    from matplotlib.ticker import Formatter

    class Separated(Formatter):
        def format_ticks(self, values: Any) -> list[str]:
            steps = np.diff(np.sort(np.asarray(values, float)))
            step = float(steps[steps > 0].min()) if (steps > 0).any() else 1.0
            digits = int(np.clip(-np.floor(np.log10(step) + 1e-9), 0, 6))
            while digits < 6 and not np.allclose(np.round(values, digits), values, atol=step / 100):
                digits += 1
            return [f"{value:,.{digits}f}".replace("-", MINUS) for value in np.asarray(values) + 0.0]

        def __call__(self, value: float, pos: int | None = None) -> str:
            return f"{value:,.6g}".replace("-", MINUS)

    axis.set_major_formatter(Separated())
