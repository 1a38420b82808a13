from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib
from SALib.sample import morris as sample
from tests.lab.understand.worlds import hypercube, with_luck

from goodwill.errors import StudyError
from goodwill.lab.understand.morris import morris_layout, screening
from goodwill.lab.understand.response import Response

NAMES = ["habit", "price", "taste", "idle"]
PROBLEM = {"num_vars": 4, "names": NAMES, "bounds": [[0.0, 1.0]] * 4}


def design(trajectories: int = 20, seed: int = 1) -> pd.DataFrame:
    return pd.DataFrame(sample.sample(PROBLEM, trajectories, num_levels=4, seed=seed), columns=NAMES)


def straight(points: pd.DataFrame) -> np.ndarray:
    """Effects 10, -4 and (with the first) 6 * habit; none of `idle`."""
    return np.asarray(10 * points["habit"] - 4 * points["price"] + 6 * points["taste"] * points["habit"])


def test_without_luck_they_are_those_of_salib() -> None:
    points = design()
    mean = straight(points)
    ours = screening(Response(points, np.repeat(mean[:, None], 3, axis=1), "y"), resamples=20).table
    theirs = salib.analyze(PROBLEM, points.to_numpy(), mean, num_levels=4, seed=1)
    for name in ("mu", "mu_star", "sigma"):
        assert np.allclose(ours[name], np.asarray(theirs[name], float)), name
    assert ours["mu"]["price"] == pytest.approx(-4)
    assert ours["mu_star"]["idle"] == 0


@pytest.mark.statistical
def test_luck_does_not_make_an_idle_factor_look_busy() -> None:
    found = []
    for seed in range(60):
        points = design(10, seed + 1)
        found.append(
            screening(
                with_luck(points, straight(points), 5, apart=3, alike=10, seed=seed), seed=seed, resamples=60
            ).table
        )
    mean = sum(one[["mu_star", "naive_mu_star", "mu", "sigma", "naive_sigma"]] for one in found) / len(found)
    assert mean["mu_star"]["idle"] == pytest.approx(0, abs=0.15)
    assert mean["naive_mu_star"]["idle"] > 1.5
    assert 2.8 < mean["mu_star"]["price"] <= 4.0 <= mean["naive_mu_star"]["price"]
    assert mean["mu"]["price"] == pytest.approx(-4, abs=0.4)
    assert mean["sigma"]["idle"] < mean["naive_sigma"]["idle"] / 2
    clear = pd.DataFrame([one["mu_star_low"] > 0 for one in found]).mean()
    assert clear["idle"] <= 0.1
    assert clear["habit"] == 1
    inside = np.mean([one["mu_low"]["price"] <= -4 <= one["mu_high"]["price"] for one in found])
    assert inside >= 0.9


def test_the_words_name_what_matters_and_how() -> None:
    points = design()
    text = screening(with_luck(points, straight(points), 8, apart=1)).text()
    assert text.index("habit") < text.index("price")
    assert "No effect that can be told from luck: idle" in text
    assert "\u22124" in text


def test_steps_that_rounding_made_empty_count_as_no_effect() -> None:
    points = design(6)
    points["idle"] = 1
    layout = morris_layout(points)
    for t in range(6):
        assert sorted(layout.before[t]) == [5 * t + k for k in range(4)]
    found = screening(Response(points, straight(points)[:, None], "y"), resamples=20)
    assert found.table["mu_star"]["idle"] == 0
    assert "One replication" in found.text()


def test_trajectories_with_a_gap_are_left_out() -> None:
    points = design(12)
    outcome = with_luck(points, straight(points), 3, apart=1)
    outcome.values[3, 0] = np.nan
    assert screening(outcome, resamples=20).left_out == 1


def test_other_designs_are_refused() -> None:
    with pytest.raises(StudyError, match="not a Morris design"):
        morris_layout(hypercube(40, NAMES))
