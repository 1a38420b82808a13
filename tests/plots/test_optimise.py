"""Figures of searches: what they show is what was found, and nothing overlaps or runs out of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.lab.optimise.made import ONE, THREE, TWO, made
from tests.plots.test_figures import check_legible, drawn

from goodwill.plots.optimise import Shown, optimisation_figure


@pytest.mark.parametrize("change", [ONE, TWO, THREE], ids=["one", "two", "three"])
@pytest.mark.parametrize("finished", [True, False])
def test_it_is_legible(change: dict[str, Any], finished: bool, tmp_path: Path) -> None:
    check_legible(drawn(optimisation_figure(made(finished, **change)), tmp_path))


def test_values_stand_on_the_baseline_in_fresh_worlds() -> None:
    """A value is drawn as the baseline's fresh mean and the paired difference, free of the luck that all designs share."""
    found = made(**TWO)
    shown, verdict = Shown.of(found), found.verdict
    assert verdict is not None and verdict.judge.baseline is not None
    level = verdict.judge.baseline["retention"].mean()
    base = shown.trials[shown.trials["origin"] == "baseline"].iloc[0]
    assert base["retention"] == pytest.approx(level)
    wide, narrow = found.finalists, shown.finalists
    assert narrow["retention"].tolist() == pytest.approx(wide["retention"].tolist())
    spread = (narrow["retention_high"] - narrow["retention_low"]).mean()
    assert spread < 0.6 * (wide["retention_high"] - wide["retention_low"]).mean()


def test_every_trial_and_finalist_is_drawn() -> None:
    found = made(**ONE)
    figure = optimisation_figure(found)
    panels = {axes.get_title(loc="left"): axes for part in figure.subfigs for axes in part.axes}
    dots = sum(len(line.get_xdata()) for line in panels["The search"].lines if line.get_marker() in ("o", "x"))  # type: ignore[arg-type]
    assert dots == len(found.trials)
    assert len(panels["The finalists, tried again"].get_yticks()) == len(found.finalists)
