"""Figures of understanding: what they show is what was found, and nothing overlaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from tests.lab.understand.worlds import FakeResults, hypercube, with_luck
from tests.plots.test_figures import check_legible, drawn

from goodwill.lab.understand.break_even import break_even
from goodwill.lab.understand.discovery import discover
from goodwill.lab.understand.factors import FactorName
from goodwill.lab.understand.morris import screening
from goodwill.lab.understand.response import Response
from goodwill.lab.understand.robustness import robustness
from goodwill.lab.understand.sobol import sobol_indices
from goodwill.lab.understand.surface import Metamodel
from goodwill.plots.discovery import discovery_figure
from goodwill.plots.robustness import robustness_figure
from goodwill.plots.sensitivity import morris_figure, sobol_figure
from goodwill.plots.surface import break_even_figure, surface_figure

NAMES = ["habit", "price", "word_of_mouth"]
WORDS = {"price": FactorName("the rival's price", "EUR"), "habit": FactorName("strength of habit", "utility")}
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}


def sloped(points: pd.DataFrame, replicates: int = 5) -> Response:
    outcome = with_luck(
        points, np.asarray(900 * (points["habit"] - 0.4) - 300 * points["price"] ** 2), replicates, 50, 30
    )
    return Response(outcome.points, outcome.values, "Profit of club against nothing", "money", WORDS)


def widths(axes: object, colour: str) -> list[float]:
    from matplotlib.colors import to_hex

    patches = axes.patches  # type: ignore[attr-defined]
    return [patch.get_width() for patch in patches if to_hex(patch.get_facecolor()) == colour.lower()]


@pytest.mark.parametrize("replicates", [1, 5])
def test_bars_of_sobol_are_the_indices(replicates: int, tmp_path: Path) -> None:
    points = pd.DataFrame(sobol_sample.sample(PROBLEM, 64, calc_second_order=False, seed=1), columns=NAMES)
    found = sobol_indices(sloped(points, replicates), resamples=50)
    figure = drawn(sobol_figure(found), tmp_path)
    check_legible(figure)
    bars = figure.axes[0]
    assert widths(bars, "#A9CCE6") == pytest.approx(np.sort(found.table["total"].clip(0, 1.1)).tolist())
    assert [label.get_text() for label in bars.get_yticklabels()][-1] == "strength of habit"
    strip = [patch.get_width() for patch in figure.axes[1].patches]
    assert sum(strip) == pytest.approx(1 if replicates > 1 else 0)


def test_morris_shows_every_factor_and_greys_the_idle_one(tmp_path: Path) -> None:
    points = pd.DataFrame(morris_sample.sample(PROBLEM, 20, num_levels=4, seed=1), columns=NAMES)
    found = screening(sloped(points), resamples=50)
    figure = drawn(morris_figure(found), tmp_path)
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert texts == {"\u2197 strength of habit", "\u2198 the rival's price", "word of mouth"}


def test_the_box_of_a_rule_is_drawn_around_its_worlds(tmp_path: Path) -> None:
    points = hypercube(150, NAMES)
    mean = np.where((points["habit"] > 0.6) & (points["price"] < 0.5), -90.0, 60.0)
    outcome = with_luck(points, mean, 4, apart=20)
    found = discover(Response(points, outcome.values, outcome.label, "money", WORDS), permutations=19)
    figure = drawn(discovery_figure(found), tmp_path)
    check_legible(figure)
    box = next(p for p in figure.axes[0].patches if isinstance(p, Rectangle))
    assert (box.get_x(), box.get_y() + box.get_height()) == pytest.approx((0.6, 0.5), abs=0.03)
    assert figure.axes[0].get_xlabel() == "strength of habit, utility"
    single = discover(outcome.__class__(points[["habit"]], outcome.values, "y"), permutations=19)
    assert len(drawn(discovery_figure(single), tmp_path).axes) == 3
    none = discover(with_luck(points, np.full(150, 9.0), 3, apart=1), permutations=9)
    assert "No rule" in drawn(discovery_figure(none), tmp_path)._supxlabel.get_text()  # type: ignore[attr-defined]


def test_regret_is_drawn_best_first(tmp_path: Path) -> None:
    points = hypercube(30, NAMES)
    club = sloped(points).values
    results = FakeResults(points, {"nothing": 0 * club, "paid club": club, "stamp card": club / 2 + 40}, "nothing")
    found = robustness(results, "profit")
    figure = drawn(robustness_figure(found), tmp_path)
    check_legible(figure)
    regret, best = figure.axes
    assert [label.get_text() for label in regret.get_yticklabels()][-1] == found.choice
    assert sum(patch.get_width() for patch in best.patches) == pytest.approx(100)


def test_a_surface_has_its_break_even_line_and_a_curve_its_mark(tmp_path: Path) -> None:
    model = Metamodel.of(sloped(hypercube(60, NAMES)))
    figure = drawn(surface_figure(model.over(["habit", "price"], steps=15)), tmp_path)
    check_legible(figure)
    assert "Black line: break-even" in figure._supxlabel.get_text()  # type: ignore[attr-defined]
    plain = drawn(surface_figure(model.over(["habit", "price"], steps=15), None), tmp_path)
    assert "break-even" not in plain._supxlabel.get_text()  # type: ignore[attr-defined]
    crossing = break_even(model, "habit")
    curve = drawn(break_even_figure(crossing), tmp_path)
    check_legible(curve)
    [mark] = [text.get_text() for text in curve.axes[0].texts]
    assert mark == f"break-even {crossing.table['value'][0]:.3g} utility"
