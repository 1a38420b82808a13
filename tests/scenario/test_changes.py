"""Firms change their levers in the course of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.engine.levers import plan_of
from goodwill.errors import ScenarioError
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario
from goodwill.schedule import scheduled_plan
from goodwill.simulation import Simulation


def world(*changes: dict[str, Any], **keys: Any) -> Scenario:
    return Scenario.preset("coffee-town").with_(
        {"changes": list(changes), **keys}, customers=300, periods=20, warm_up=4
    )


def test_without_changes_the_plan_is_that_of_the_scenario() -> None:
    one, other = scheduled_plan(world()), plan_of(world())
    assert all(np.array_equal(a, b) for a, b in zip(one.levers, other.levers, strict=True))


def test_levers_hold_until_the_next_change_whatever_the_order() -> None:
    plan = scheduled_plan(
        world(
            {"start": 12, "set": {"firms.0.price": 4.5}},
            {"start": 7, "set": {"firms.0.price": 3.0, "firms.1.promise": 9}},
        )
    )
    before = plan_of(world())
    price = plan.levers.price[:, 0]
    assert price[7:12].tolist() == [300.0] * 5 and price[12:].tolist() == [450.0] * 8
    assert price[:7].tolist() == before.levers.price[:7, 0].tolist()
    assert plan.levers.promise[7:, 1].tolist() == [9.0] * 13
    ratio = np.log(price.astype(float) / plan.usual_price[0])
    np.testing.assert_allclose(plan.levers.log_price_ratio[:, 0], ratio, atol=1e-6)  # against the price of the start
    for j in (2, 3):
        assert np.array_equal(plan.levers.price[:, j], before.levers.price[:, j])


def test_costs_follow() -> None:
    plan = scheduled_plan(
        world(
            {
                "start": 5,
                "set": {"firms.0.fixed_cost": 52_000.0, "firms.0.media.spend": 5_200.0, "firms.0.contact.level": 2},
            }
        )
    )
    before = plan_of(world())
    assert plan.firm_cost[4, 0] == before.firm_cost[4, 0] and plan.firm_cost[5, 0] == 100_000.0
    assert plan.advertising_cost[5, 0] - plan.advertising_cost[4, 0] == pytest.approx(10_000.0)
    assert plan.levers.contact[4, 0] == before.levers.contact[4, 0] and plan.levers.contact[5, 0] == 2
    assert plan.outreach_costs["contacted"][5, 0] > plan.outreach_costs["contacted"][4, 0]


def test_price_cuts_work_on_the_new_price() -> None:
    cut = {"kind": "price_cut", "depth": 0.1, "start": 10}
    plan = scheduled_plan(world({"start": 5, "set": {"firms.0.price": 3.0}}, **{"firms.0.programmes": [cut]}))
    assert plan.levers.price[[9, 10], 0].tolist() == [300.0, 270.0]


def test_customers_answer_only_from_then_on() -> None:
    plain, changed = (Simulation(s, threads=1) for s in (world(), world({"start": 9, "set": {"firms.0.price": 2.0}})))
    plain.run()
    changed.run()
    assert np.array_equal(plain.totals.firms[:9], changed.totals.firms[:9])
    bought = [s.totals.firms[9:, 0, 0].sum() for s in (plain, changed)]
    assert bought[1] > 1.1 * bought[0]


def test_both_engines_agree() -> None:
    scenario = world({"start": 9, "set": {"firms.0.price": 2.0, "firms.1.service": 9.0}}).with_(customers=40)
    one, other = (Simulation(scenario, threads=1, engine=engine) for engine in ("compiled", "reference"))  # type: ignore[arg-type]
    one.run()
    other.run()
    assert all(np.array_equal(a, b) for a, b in zip(one.totals, other.totals, strict=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": 20, "set": {"firms.0.price": 2}}, r"changes.0.start: is 20, but the run ends after 20 periods"),
        ({"start": 0, "set": {"firms.0.price": 2}}, r"changes.0.start"),
        ({"start": 3, "set": {}}, r"changes.0.set"),
        ({"start": 3, "set": {"behaviour.habit.on": False}}, "only what firms do can change"),
        ({"start": 3, "set": {"firms.0.share": 0.2}}, "stays the same through a run; a firm can change price, service"),
        ({"start": 3, "set": {"firms.0.programmes.0.stamps": 3}}, "end it, and let another one start"),
        ({"start": 3, "set": {"firms.0.strategy": None}}, "a strategy begins with its own `first`"),
        ({"start": 3, "set": {"firms.0.price": -2}}, "firms.0.price"),
        ({"start": 3, "set": {"firms.Nobody.price": 2}}, "there is no entry 'Nobody'"),
        ({"start": 3, "set": {"firms.0.media.budget": 2}}, "unknown key"),
    ],
)
def test_mistakes_are_explained(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        world(change)


def test_costs_with_one_value_for_the_run_cannot_change() -> None:
    with pytest.raises(
        ScenarioError, match="encounter costs would change, which is reckoned with one value for the whole run"
    ):
        Simulation(world({"start": 3, "set": {"firms.0.surprise.cost": 2.0}}), threads=1)


def test_an_arm_that_begins_later() -> None:
    arm = Arm.of("late", {"programmes": [{"kind": "service", "gain": 1}], "set": {"firms.0.price": 3.0}})
    scenario = arm.apply(world(), 0, start=8)
    assert scenario.firms[0].programmes[-1].start == 8
    assert [(c.start, c.set) for c in scenario.changes] == [(8, {"firms.0.price": 3.0})]
    assert scenario.at(7).firms[0].price == world().firms[0].price and scenario.at(8).firms[0].price == 3.0
    assert Scenario.from_dict(scenario.to_dict()) == scenario and scenario.hash() != world().hash()
