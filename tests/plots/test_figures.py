"""Figures: what they show is what was found, and nothing overlaps or runs out of the page."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.plots.comparison import PANELS, comparison_figure, panel_figure
from goodwill.plots.record import record_figure
from goodwill.plots.style import COLOURS, PaperFigure, arm_colours, spread
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.starter import example
from goodwill.simulation import Simulation

PIXEL = 1.5


def drawn(figure: PaperFigure, tmp_path: Path) -> PaperFigure:
    figure.savefig(tmp_path / "figure.png", format="png", dpi=100)
    assert (tmp_path / "figure.png").stat().st_size > 5_000
    return figure


def boxes(figure: PaperFigure) -> list[tuple[str, Any]]:
    """Every text that can be seen, with its place in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    # Matplotlib keeps ticks beyond the axes but does not draw them.
    ticks = {id(label) for tick in figure.findobj(Tick) for label in (tick.label1, tick.label2)}
    texts = [text for text in figure.findobj(Text) if id(text) not in ticks]
    for axes in figure.axes:
        for axis, (low, high), place in ((axes.xaxis, axes.get_xlim(), 0), (axes.yaxis, axes.get_ylim(), 1)):
            texts += [label for label in axis.get_ticklabels() if low <= label.get_position()[place] <= high]
    shown = [
        (text.get_text(), Text.get_window_extent(text, renderer))  # without an annotation's line
        for text in texts
        if text.get_visible() and text.get_text().strip()
    ]
    return shown


def check_legible(figure: PaperFigure) -> None:
    found = boxes(figure)
    width, height = figure.canvas.get_width_height()
    for text, box in found:
        assert box.x0 >= -PIXEL and box.y0 >= -PIXEL, text
        assert box.x1 <= width + PIXEL and box.y1 <= height + PIXEL, text
    for (one, a), (other, b) in itertools.combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= PIXEL or down <= PIXEL, (one, other, across, down)


def compared(designs: int) -> Comparison:
    arms: dict[str, Any] = {
        f"design {x + 1}" if x else "one with a rather long name": {
            "programmes": [{"kind": "stamp_card", "reward": 2.0 + x}]
        }
        for x in range(designs)
    }
    market = example().with_({"population.trips_per_year": 26.0}, customers=400, periods=60, warm_up=20)
    return compare(market, arms, replications=4, workers=1)


@pytest.mark.parametrize("designs", [1, 4, 7])
def test_a_comparison_is_legible(designs: int, tmp_path: Path) -> None:
    result = compared(designs)
    check_legible(drawn(comparison_figure(result), tmp_path))
    for _, draw, _ in PANELS:
        check_legible(drawn(panel_figure(result, draw), tmp_path))


def test_the_panels_show_what_was_found(tmp_path: Path) -> None:
    result = compared(2)
    figure = drawn(comparison_figure(result), tmp_path)
    profit, loyalty, money, time = figure.axes
    dots = [np.sort(np.asarray(points.get_offsets())[:, 0]) for points in profit.collections]
    for arm, found in zip(list(result.arms)[1:], dots, strict=True):
        assert found == pytest.approx(np.sort(result.difference(arm, "profit")))
    assert "percentage points" in loyalty.get_xlabel()
    ends = [line.get_xdata()[0] for line in money.lines if line.get_marker() == "D"]
    gains = [result.value(arm, "incremental_profit") for arm in list(result.arms)[1:]]
    assert ends == pytest.approx(gains)
    years = 40 / 52
    last = [line.get_ydata()[-1] / years for line in time.lines if len(line.get_xdata()) > 2]
    assert last == pytest.approx(gains)
    text = figure._supxlabel.get_text()  # type: ignore[attr-defined]
    assert "n = 4" in text and "seed 1" in text


@pytest.mark.parametrize("firms", [1, 3, 12, 20])
def test_a_record_is_legible(firms: int, tmp_path: Path) -> None:
    shares = np.round(np.arange(firms, 0, -1) / (firms * (firms + 1) / 2), 4)
    shares[0] += 1 - shares.sum()
    content = [
        {"name": f"Firm number {j}", "share": float(s), "price": 5.0, "unit_cost": 3.0} for j, s in enumerate(shares)
    ]
    scenario = example().with_(customers=300, firms=content, periods=60, warm_up=20)
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    check_legible(drawn(record_figure(Record.of(simulation)), tmp_path))


@pytest.mark.parametrize("preset", ["coffee-town", "mobile-contract", "music-retailer"])
@pytest.mark.parametrize("periods", [5, 60])
def test_records_of_all_kinds(preset: str, periods: int, tmp_path: Path) -> None:
    scenario = Scenario.preset(preset).with_(customers=200, periods=periods, warm_up=min(periods - 1, 12))
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    check_legible(drawn(record_figure(Record.of(simulation)), tmp_path))


def test_a_notebook_shows_it_and_svg_can_stand_beside_others() -> None:
    result = compared(1)
    assert result.plot()._repr_png_().startswith(b"\x89PNG")
    one, again, other = (panel_figure(result, PANELS[0][1]).svg(name) for name in ("a", "a", "b"))
    assert one == again
    assert set(re.findall(r'\bid="([^"]+)"', one)).isdisjoint(re.findall(r'\bid="([^"]+)"', other))


def test_colours() -> None:
    assert len(set(COLOURS)) == len(COLOURS) == 8
    found = arm_colours(["a", "nothing", "b"], "nothing")
    assert found["nothing"] not in (found["a"], found["b"])


def test_labels_are_moved_apart_as_little_as_needed() -> None:
    assert spread([0.1, 0.5, 0.9], 0.1) == pytest.approx([0.1, 0.5, 0.9])
    assert spread([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])
    assert spread([0.0, 0.0, 0.9], 0.1) == pytest.approx([-0.05, 0.05, 0.9])
    assert min(np.diff(spread(list(np.full(10, 0.3)), 0.08))) == pytest.approx(0.08)
    assert spread([], 0.1) == []
