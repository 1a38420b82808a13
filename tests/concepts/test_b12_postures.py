"""B12: firms attack, defend and retreat; they copy and match; what they choose depends on what they see, and it pays or not."""

from __future__ import annotations

from typing import Any

from tests.strategies.worlds import CARD, CUT, choices, market, played

from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

LAUNCH_AT_6 = {"options": [CARD], "strategy": {"kind": "schedule", "steps": [{"period": 6, "launch": 0}]}}
SIZE = {"customers": 3_000, "periods": 42, "warm_up": 6}


def sold(scenario: Scenario, firm: int, column: str = "purchases", since: int = 6) -> float:
    """A column of one firm's, summed from a period on."""
    table = Record.of(played(scenario)).firms
    names = [f.name for f in scenario.firms]
    return float(table.loc[(table["firm"] == names[firm]) & (table["period"] >= since), column].sum())


def running(scenario: Scenario) -> int:
    """Firms that run a programme in the last period."""
    plan = played(scenario).plan
    return len({j for q, (j, _, _, _) in enumerate(plan.programmes) if plan.running[-1, q]})


def test_copying_spreads_a_programme() -> None:
    copier: dict[str, Any] = {"strategy": {"kind": "copy_leader", "delay": 4}}
    leader = {**LAUNCH_AT_6, "share": 0.31}
    others = {j: {**copier, "share": 0.23} for j in (1, 2, 3)}
    assert running(market({0: leader, **{j: {"share": 0.23} for j in (1, 2, 3)}}, **SIZE)) == 1
    assert running(market({0: leader, **others}, **SIZE)) == 4


def test_when_everybody_has_a_programme_the_first_mover_gains_less() -> None:
    nobody = sold(market({}, **SIZE), 0)
    alone = sold(market({0: LAUNCH_AT_6}, **SIZE), 0)
    follower: dict[str, Any] = {"strategy": {"kind": "match_programme", "delay": 4, "every": 2}}
    followed = sold(market({0: LAUNCH_AT_6, **dict.fromkeys((1, 2, 3), follower)}, **SIZE), 0)
    assert alone > 1.02 * nobody
    assert followed - nobody < 0.6 * (alone - nobody)


def test_a_defender_answers_an_attack_and_only_an_attack() -> None:
    defender: dict[str, Any] = {"strategy": {"kind": "defend", "every": 2, "trigger": 0.02}}
    attacker: dict[str, Any] = {"strategy": {"kind": "attack", "cut": 0.25, "first": 14}}
    peace = market({1: defender}, **SIZE)
    assert choices(played(peace)) == []
    war = played(market({0: attacker, 1: defender}, **SIZE))
    first = [c for c in choices(war) if c[1] == 1]
    assert first and first[0][0] > 14 and first[0][2] == "price" and first[0][3] < 0.95
    answered = sold(market({0: attacker, 1: defender}, **SIZE), 1, since=14)
    endured = sold(market({0: attacker}, **SIZE), 1, since=14)
    assert answered > 1.03 * endured


def test_an_attack_that_fails_is_broken_off() -> None:
    hopeless: dict[str, Any] = {
        "options": [CARD],
        "strategy": {"kind": "attack", "cut": 0.02, "target": 0.9, "patience": 3},
    }
    actions = [(period, lever, value) for period, _, lever, value, _ in choices(played(market({0: hopeless}, **SIZE)))]
    assert actions == [(6, "price", 0.98), (6, "launch", 0), (18, "price", 1.0), (18, "stop", 0)]


def test_a_firm_in_trouble_retreats() -> None:
    weak: dict[str, Any] = {
        "options": [CUT],
        "strategy": {"kind": "retreat", "every": 3, "patience": 2, "variant": "focus"},
    }
    attacker: dict[str, Any] = {"strategy": {"kind": "attack", "cut": 0.4, "first": 12, "patience": 100}}
    assert choices(played(market({1: {**weak, "strategy": {**weak["strategy"], "below": 0.5}}}, **SIZE))) == []
    assert any(
        c[1] == 1 and "retreats to focus" in c[4] for c in choices(played(market({0: attacker, 1: weak}, **SIZE)))
    )


def test_a_best_response_earns_more_than_standing_still() -> None:
    planner: dict[str, Any] = {
        "options": [CARD],
        "strategy": {"kind": "best_response", "every": 36, "horizon": 36, "prices": [0.9, 1.0, 1.15]},
    }
    steered = market({1: planner}, **SIZE)
    record = Record.of(played(steered))
    assert len(record.choices)
    still = sold(market({}, **SIZE), 1, "profit")
    gained = sold(steered, 1, "profit")
    assert gained > 1.01 * still
    choice = record.choices.iloc[0]
    assert abs(choice["realised"] - choice["expected"]) < 0.01  # rivals stood still, so it came as it was foreseen
    # Rivals that answer spoil the forecast.
    answering = market({1: planner, 3: {"strategy": {"kind": "match_price", "every": 1, "rival": "Two"}}}, **SIZE)
    spoilt = Record.of(played(answering)).choices
    first = spoilt[spoilt["firm"] == "Two"].iloc[0]
    assert abs(first["realised"] - first["expected"]) > 1


def test_an_option_may_change_the_offer_and_changes_it_back() -> None:
    offer = {"kind": "offer", "product": 3.0, "purchase_cost": 0.0}
    steps = [{"period": 8, "launch": 0}, {"period": 20, "stop": 0}]
    keys: dict[str, Any] = {"options": [offer], "strategy": {"kind": "schedule", "steps": steps}}
    simulation = played(market({1: keys}, **SIZE).with_({"behaviour.value.on": True}))
    product = simulation.plan.levers.value[0]
    assert (product[8:20, 1] == 3).all() and (product[:8, 1] == 0).all() and (product[20:] == 0).all()
    assert (product[:, [0, 2, 3]] == 0).all()
