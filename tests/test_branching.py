"""A branch is a run from the start of the scenario in which its policy was scheduled; what would have been felt before is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.branches import assert_same, random_policy, whole_run
from tests.engine.worlds import differences, random_scenario

from goodwill.errors import GoodwillError, ScenarioError, StudyError
from goodwill.programmes.templates import template_names
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

T = 14
CARD = {"kind": "stamp_card", "stamps": 6, "reward": 1.5}
CLUB = {"kind": "paid_club", "fee": 1.0, "months": 1.0, "discount": 0.1}


def coffee_town(**changes: Any) -> Scenario:
    return Scenario.preset("coffee-town").with_(
        {"firms.0.programmes": [], **changes}, customers=600, periods=32, warm_up=6
    )


def trunk(scenario: Scenario, t: int = T, **options: Any) -> Simulation:
    simulation = Simulation(scenario, **{"threads": 1, "branchable": True, **options})
    simulation.advance(t)
    return simulation


@pytest.mark.parametrize("seed", range(24))
def test_branches_of_random_worlds_are_whole_runs(seed: int) -> None:
    scenario = random_scenario(seed)
    t = 1 + seed % (scenario.periods - 5)
    branch = trunk(scenario, t).branch(random_policy(scenario, t, seed))
    branch.run()
    assert_same(branch, whole_run(branch.scenario, branchable=True))


@pytest.mark.parametrize("template", template_names())
def test_every_programme_can_begin_in_a_branch(template: str) -> None:
    scenario = coffee_town()
    before = trunk(scenario)
    branch = before.branch([{"template": template}])
    branch.run()
    assert_same(branch, whole_run(branch.scenario, branchable=True))
    plain = whole_run(branch.scenario)  # what is remembered for branches changes nothing
    for name, a, b in zip(plain.totals._fields, plain.totals, branch.totals, strict=True):
        assert np.array_equal(a, b), name


def test_the_run_it_came_from_stays_as_it_is() -> None:
    scenario = coffee_town()
    before = trunk(scenario)
    card, price = before.branch([CARD]), before.branch({"set": {"firms.0.price": 2.5}})
    card.run()
    price.run()
    before.run()
    assert_same(before, whole_run(scenario, branchable=True))
    assert differences(before, price) and Record.of(card).firms["members"].sum() > 0


def test_levers_change_from_the_period_on_and_not_before() -> None:
    branch = trunk(coffee_town()).branch({"set": {"firms.0.price": 2.5, "firms.0.promise": 9.0}})
    price, promise = branch.plan.levers.price[:, 0], branch.plan.levers.promise[:, 0]
    assert set(price[T:].tolist()) == {250.0} and price[0] != 250
    assert len(set(price[:T].tolist())) == 1 and set(promise[T:].tolist()) == {9.0}
    usual = branch.scenario.at(T).firms[0].usual_price
    assert usual == pytest.approx(price[0] / 100)  # customers feel the change against the price they know


def test_a_programme_that_runs_can_be_ended_and_followed_by_another() -> None:
    scenario = coffee_town(**{"firms.0.programmes": [{**CARD, "start": 4}]})
    branch = trunk(scenario).branch(
        {"set": {"firms.0.programmes.0.stop": T + 1}, "programmes": [{**CARD, "stamps": 9, "start": T + 1}]}
    )
    branch.run()
    assert_same(branch, whole_run(branch.scenario))
    programmes = Record.of(branch).programmes
    assert programmes.query(f"period > {T}").groupby("programme")["purchases"].sum().iloc[0] == 0


def test_branches_of_branches_in_both_engines() -> None:
    scenario = coffee_town().with_(customers=60)
    for engine in ("compiled", "reference"):
        first = trunk(scenario, 8, engine=engine).branch([CARD])
        first.advance(9)
        second = first.branch({"set": {"firms.0.service": 8.5}, "programmes": [CLUB]})
        second.run()
        assert_same(second, whole_run(second.scenario, branchable=True))


def test_in_period_0_everything_is_still_open() -> None:
    start = Simulation(coffee_town(), threads=1)
    branch = start.branch({"programmes": [CARD], "set": {"firms.0.price": 2.5}})
    branch.run()
    assert branch.scenario.firms[0].price == 2.5
    assert_same(branch, whole_run(branch.scenario))


# -- firms that act -----------------------------------------------------------------------------------------------


def rivals(**changes: Any) -> Scenario:
    """Firms with workforces, budgets, instruments and strategies; the first one keeps to its plan."""
    return Scenario.preset("supermarket-rivals").with_(
        {
            "firms.0.strategy": None, "firms.0.options": [], "firms.0.promise": 7.0,
            **changes,
        },
        customers=800, periods=80,
    )  # fmt: skip


@pytest.mark.parametrize(
    "policy",
    [
        [{"kind": "points", "per_currency": 1, "threshold": 100}, {"kind": "service", "gain": 0.5}],
        {"set": {"firms.0.price": 0.9, "firms.0.promise": 8.0}},
        {"set": {"firms.1.price": 0.9, "firms.0.service": 8.0}},
        {"set": {"firms.0.strategy": {"kind": "defend", "first": 60}, "firms.0.options": [CARD]}},
    ],
)
def test_rivals_answer_a_branch_as_they_would_have_answered_the_run(policy: Any) -> None:
    before = trunk(rivals(), 60)
    assert before.firms is not None and any(conduct.written for conduct in before.firms.each)
    branch = before.branch(policy)
    branch.run()
    whole = whole_run(branch.scenario, branchable=True)
    assert_same(branch, whole)
    assert len(Record.of(whole).choices) > 0 and len(Record.of(whole).workforce) > 0


def test_strategies_that_begin_and_options_that_run_go_on() -> None:
    scenario = coffee_town(
        **{
            "firms.1.options": [CARD, CLUB],
            "firms.1.strategy": {
                "kind": "schedule",
                "steps": [{"period": 8, "launch": 0}, {"period": 20, "launch": 1}],
            },
        }
    )
    branch = trunk(scenario).branch([{"kind": "service", "gain": 1.0}])
    branch.run()
    assert_same(branch, whole_run(branch.scenario))
    assert len(Record.of(branch).choices) == 2


# -- what is refused ----------------------------------------------------------------------------------------------

COPYCAT = {"kind": "copy_leader", "first": 2, "every": 2}
LOOKS_AHEAD = {"kind": "best_response", "first": 2, "every": 4, "horizon": 4}


@pytest.mark.parametrize(
    ("changes", "policy", "words"),
    [
        ({}, {"set": {"behaviour.habit.strength": 0.9}}, "behaviour.habit.strength is"),
        ({}, {"set": {"firms.0.share": 0.5}}, "firms.0.share: stays the same|shares sum to"),
        ({}, [{**CARD, "start": 3}], "would have begun before; start it in period 14 or later"),
        ({}, [{"kind": "service", "gain": 1, "start": 3}], "service of .* differs from period 3 on"),
        ({"firms.0.programmes": [CARD]}, {"set": {"firms.0.programmes.0.stamps": 5}}, "its terms differ in the branch"),
        ({"firms.0.programmes": [CARD]}, {"set": {"firms.0.programmes.0.stop": T}}, "stop it in 15 or later"),
        ({"firms.0.programmes": [CARD]}, {"set": {"firms.0.programmes": []}}, "is missing in the branch"),
        ({"firms.1.strategy": COPYCAT}, [CARD], "has chosen between its options already"),
        (
            {"firms.1.strategy": COPYCAT, "firms.1.options": [CARD]},
            {"set": {"firms.1.strategy.every": 5}},
            "decides from period 2 on; set its `first` to 14",
        ),
        ({"firms.1.strategy": LOOKS_AHEAD, "firms.1.options": [CARD]}, [CARD], "would have seen the change coming"),
        ({}, {"set": {"firms.0.surprise.cost": 3.0}}, "reckoned with one value for the whole run"),
        (
            {"firms.0.workforce": {"on": True, "wage_bill": 100.0}},
            {"set": {"firms.0.promise": 8.0}},
            "unless it has a promise",
        ),
    ],
)
def test_what_would_have_been_felt_before_is_refused(changes: dict[str, Any], policy: Any, words: str) -> None:
    before = trunk(coffee_town(**changes))
    with pytest.raises(GoodwillError, match=words):
        before.branch(policy)


def test_programmes_for_members_need_a_run_that_remembers() -> None:
    before = trunk(coffee_town(), branchable=False)
    with pytest.raises(StudyError, match="branchable=True"):
        before.branch([CARD])
    branch = before.branch([{"kind": "service", "gain": 1.0}])  # everybody's; nothing is asked of the past
    branch.run()
    assert_same(branch, whole_run(branch.scenario))


def test_a_branch_may_be_a_whole_scenario() -> None:
    before = trunk(coffee_town())
    scheduled = before.scenario.with_({"changes": [{"start": 20, "set": {"firms.1.price": 2.0}}]})
    branch = before.branch(scheduled)
    branch.run()
    assert_same(branch, whole_run(scheduled, branchable=True))
    with pytest.raises(StudyError, match="customers is 600 in the run and 601"):
        before.branch(before.scenario.with_(customers=601))
    with pytest.raises(ScenarioError, match="arm 'branch'"):
        before.branch({"set": {"firms.0.prize": 2}})
