"""Effects on single customers, luck removed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.errors import StudyError
from goodwill.lab.individuals import Individuals, individual_effects
from goodwill.scenario.scenario import Scenario

ARMS: dict[str, Any] = {"nothing": [], "card": {"programmes": [{"kind": "stamp_card", "stamps": 5}]}}


def test_the_spread_of_people_and_of_luck() -> None:
    """Expected effects with s.d. 2 and luck with s.d. 3, both are found again."""
    rng = np.random.default_rng(1)
    expected = rng.normal(1.0, 2.0, 4000)
    found = Individuals({"card": expected + rng.normal(0, 3.0, (10, 4000))}, np.zeros(4000), np.zeros(4000))
    row = found.spread.loc["card"]
    assert tuple(row) == pytest.approx((1.0, 2.0, 3.0, 9 / 13), rel=0.06)
    table = found.table
    assert np.abs(table["effect"] - expected).mean() == pytest.approx(3 / np.sqrt(10) * np.sqrt(2 / np.pi), rel=0.05)
    assert table["error"].mean() == pytest.approx(3 / np.sqrt(10), rel=0.05)


def test_luck_alone_is_no_spread_of_people() -> None:
    rng = np.random.default_rng(2)
    found = Individuals({"card": rng.normal(0, 3.0, (10, 4000))}, np.zeros(4000), np.zeros(4000))
    assert found.spread.loc["card", "between"] < 0.3


def test_the_same_people_with_other_luck(small: Scenario) -> None:
    found = individual_effects(small, ARMS, lives=4, threads=1)
    effects = found.effects["card"]
    assert effects.shape == (4, small.customers)
    assert not np.array_equal(effects[0], effects[1])  # other luck
    assert np.array_equal(individual_effects(small, ARMS, lives=2, threads=1).effects["card"], effects[:2])
    # without purchases there is no card: who bought often before, and buys on, gains most
    table = found.table.sort_values("visits_before")
    assert table["effect"].tail(100).mean() > table["effect"].head(100).mean()
    assert np.corrcoef(found.visits_before, found.without)[0, 1] > 0.7


def test_an_arm_that_does_nothing_has_no_effect(small: Scenario) -> None:
    found = individual_effects(small, {"nothing": [], "idle": {"set": {"name": "the same"}}}, lives=2, threads=1)
    assert (found.effects["idle"] == 0).all() and np.isnan(found.spread.loc["idle", "share_of_luck"])


def test_there_has_to_be_a_common_past(small: Scenario) -> None:
    with pytest.raises(StudyError, match="common past"):
        individual_effects(small, {"nothing": [], "cheap": {"set": {"firms.0.price": 1.0}}}, lives=2, threads=1)
    with pytest.raises(StudyError, match="two are needed"):
        individual_effects(small, ARMS, lives=1)
