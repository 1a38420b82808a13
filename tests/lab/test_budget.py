"""Arms scaled to the same yearly cost."""

from __future__ import annotations

from typing import Any

import pytest

from goodwill.errors import StudyError
from goodwill.lab.budget import equal_budget, yearly_revenue
from goodwill.lab.compare import compare
from goodwill.lab.four_designs import designs
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

CUT: dict[str, Any] = {"programmes": [{"kind": "price_cut", "depth": 0.01}]}


@pytest.mark.slow
def test_every_design_costs_the_budget_in_fresh_worlds() -> None:
    market = Scenario.preset("grocery-coffee").with_(customers=10_000, periods=104)
    result = compare(market, designs(), budget="3%", replications=12, workers=2)
    assert result.budget == pytest.approx(0.03 * result.value("nothing", "revenue"), rel=0.02)
    for arm in result.scaled:
        cost = float(result.difference(arm, "programme_cost").mean())
        assert cost == pytest.approx(result.budget, rel=0.06), arm
        assert result.scaled[arm]["cost"] == pytest.approx(result.budget, rel=0.05)


def test_the_main_lever_is_scaled_and_nothing_else(small: Scenario) -> None:
    arm, how = equal_budget(small, Arm.of("cut", CUT), 0, budget=0.03 * yearly_revenue(small, 0), pilots=2)
    (cut,) = arm.programmes
    assert cut.depth == pytest.approx(0.01 * how["factor"])
    assert cut.model_copy(update={"depth": 0.01}) == Arm.of("cut", CUT).programmes[0]
    assert 0.02 < cut.depth < 0.05


def test_a_budget_above_what_bounds_allow(small: Scenario) -> None:
    with pytest.raises(StudyError, match="arm 'cut': a yearly cost of .* cannot be reached; the nearest found is"):
        equal_budget(small, Arm.of("cut", CUT), 0, budget=1e9, pilots=2)


def test_a_budget_below_the_fixed_cost(small: Scenario) -> None:
    dear = {"programmes": [{"kind": "stamp_card", "fixed_cost": 5000.0}]}
    with pytest.raises(StudyError, match="costs .* a year even with its levers at zero, more than the budget of 100"):
        equal_budget(small, Arm.of("card", dear), 0, budget=100, pilots=2)


def test_an_arm_without_programmes(small: Scenario) -> None:
    with pytest.raises(StudyError, match="has no programme"):
        equal_budget(small, Arm.of("idle", []), 0, budget=100)
