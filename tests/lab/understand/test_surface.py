from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.lab.understand.worlds import hypercube, with_luck

from goodwill.errors import StudyError
from goodwill.lab.understand.factors import FactorName
from goodwill.lab.understand.response import Response
from goodwill.lab.understand.surface import mean_square, surface

NAMES = ["habit", "price", "taste"]
POINTS = hypercube(100, NAMES)


def curved(points: pd.DataFrame) -> np.ndarray:
    return np.asarray(50 * points["habit"] - 80 * (points["price"] - 0.4) ** 2 + 20 * points["habit"] * points["taste"])


def test_a_quadratic_is_found_exactly() -> None:
    found = surface(with_luck(POINTS, curved(POINTS), 2), ["habit", "price"], at={"taste": 0.5}, steps=11)
    assert found.model == "quadratic"
    assert found.q2 == pytest.approx(1)
    truth = curved(found.grid.assign(taste=0.5))
    assert np.allclose(found.grid["mean"], truth, atol=1e-6)
    averaged = surface(with_luck(POINTS, curved(POINTS), 2), ["habit"], steps=3)
    slopes = np.diff(averaged.grid["mean"]) / np.diff(averaged.grid["habit"])
    assert np.allclose(slopes, 50 + 20 * POINTS["taste"].mean(), atol=0.01)


def test_a_wave_takes_a_spline() -> None:
    points = hypercube(150, ["habit", "price"])
    wave = 100 * np.sin(7 * points["habit"]) + 30 * points["price"]
    found = surface(with_luck(points, wave, 5, apart=10), ["habit", "price"], steps=15)
    assert found.model == "spline"
    assert found.q2 > 0.95
    truth = 100 * np.sin(7 * found.grid["habit"]) + 30 * found.grid["price"]
    assert np.sqrt(np.mean((found.grid["mean"] - truth) ** 2)) < 12


@pytest.mark.statistical
def test_the_band_covers_the_mean_surface() -> None:
    inside = []
    for seed in range(40):
        outcome = with_luck(POINTS, curved(POINTS), 6, apart=30, alike=20, seed=seed)
        found = surface(outcome, ["habit"], at={"price": 0.5, "taste": 0.5}, steps=9)
        truth = curved(found.grid.assign(price=0.5, taste=0.5))
        inside.append(((found.grid["low"] <= truth) & (truth <= found.grid["high"])).mean())
    assert 0.9 <= np.mean(inside) <= 1.0


def test_noise_makes_a_poor_surface_and_says_so() -> None:
    rough = np.random.default_rng(0).normal(0, 50, 100)  # every world its own
    found = surface(with_luck(POINTS, rough, 5, apart=5), ["habit", "price"], steps=5)
    assert found.poor
    assert found.lack_of_fit == pytest.approx(50, rel=0.3)
    assert "That is poor: do not read values off it" in found.text()


def test_luck_is_not_taken_for_lack_of_fit() -> None:
    found = surface(with_luck(POINTS, curved(POINTS), 4, apart=20, alike=100), ["habit"])
    assert found.q2 > 0.85
    assert found.lack_of_fit < 6


def test_mean_square_takes_luck_off() -> None:
    rng = np.random.default_rng(1)
    mean = rng.normal(0, 2, (4000, 1))
    assert mean_square(mean + rng.normal(0, 5, (4000, 3))) == pytest.approx(np.mean(mean**2), abs=0.5)
    assert mean_square(mean) == pytest.approx(np.mean(mean**2))


def test_a_factor_spread_by_ratio_is_taken_by_its_logarithm() -> None:
    points = pd.DataFrame({"reach": np.geomspace(1, 1000, 12)})
    outcome = Response(
        points, np.log(points["reach"].to_numpy())[:, None], "y", names={"reach": FactorName("reach", "", True)}
    )
    found = surface(outcome, ["reach"], steps=4)
    assert np.allclose(found.grid["reach"], [1, 10, 100, 1000])
    assert np.allclose(found.grid["mean"], np.log(found.grid["reach"]), atol=1e-6)


def test_what_cannot_be_drawn_is_refused() -> None:
    outcome = with_luck(POINTS, curved(POINTS), 2)
    with pytest.raises(StudyError, match="talk is not a factor that varies; the study varies habit, price, taste"):
        surface(outcome, ["talk"])
    with pytest.raises(StudyError, match="one factor or two different ones"):
        surface(outcome, NAMES)
    with pytest.raises(StudyError, match="too few for a surface"):
        surface(with_luck(POINTS.head(4), np.arange(4.0), 2), ["habit"])
