"""One budget for which service, advertising, training and programmes compete."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.strategies.worlds import CARD, market, played

from goodwill.budgeting import adbudg
from goodwill.errors import ScenarioError
from goodwill.record import Record

SIZE = {"customers": 2_000, "periods": 48, "warm_up": 12}
USUAL = {"on": True, "usual": 3_000.0}


def run(budget: dict[str, Any] | None, **keys: Any) -> Record:
    firm = {"awareness": 0.5, "advertising": 1.0, "promise": 5.0, **keys}
    return Record.of(
        played(market({0: {**firm, **({"budget": {**USUAL, **budget}} if budget is not None else {})}}, **SIZE))
    )


def mine(record: Record, column: str) -> np.ndarray:
    return record.firms.loc[record.firms["firm"] == "One", column].to_numpy()


def test_the_response_of_little() -> None:
    assert adbudg(1.0, -2.0, 0.0, 1.5, 1.0) == 0.0
    assert adbudg(0.0, -2.0, 0.0, 1.5, 1.0) == -2.0
    assert adbudg(1e9, -2.0, 0.0, 1.5, 1.0) == pytest.approx(1.5)
    at = [adbudg(x, 0.0, 1.0, 2.0, 1.0) for x in (0.5, 1.0, 1.5, 2.0)]
    assert np.all(np.diff(at) > 0) and np.all(np.diff(at, 2) < 0)  # less and less of it
    s_shaped = [adbudg(x, 0.0, 1.0, 2.0, 3.0) for x in (0.0, 0.2, 0.4)]
    assert np.all(np.diff(s_shaped, 2) > 0)


def test_usual_spending_reproduces_the_plan_and_is_booked() -> None:
    without, usual = run(None), run({})
    assert (without.simulation.totals.firms == usual.simulation.totals.firms).all()
    booked = -usual.ledger.query("account == 'marketing budget'")["amount"].sum()
    assert booked == pytest.approx(3_000 * 4, abs=0.5)


def test_more_for_one_purpose_is_less_for_the_others() -> None:
    usual = run({})
    shouting = run({"shares": {"service": 0.2, "advertising": 0.7}})
    assert mine(shouting, "service")[-1] < mine(usual, "service")[-1] - 0.3
    reach = [float(r.simulation.plan.levers.advertising[20, 0]) for r in (usual, shouting)]
    assert reach[1] > 1.2 * reach[0]
    serving = run({"shares": {"service": 0.9, "advertising": 0.0}})
    assert mine(serving, "service")[-1] > mine(usual, "service")[-1] + 0.1
    assert serving.simulation.plan.levers.advertising[20, 0] == 0


def test_programmes_crowd_out_service() -> None:
    without = run({})
    with_card = run({}, programmes=[{**CARD, "stamps": 3}])
    assert mine(with_card, "service")[-12:].mean() < mine(without, "service")[-12:].mean() - 0.1
    spent = with_card.budget.iloc[-1]
    assert spent["programmes"] > 0
    left = spent[["service", "advertising", "training", "promotion"]].sum()
    assert left + spent["programmes"] == pytest.approx(3_000 / 12, abs=0.01)
    apart = run({"programmes_first": False}, programmes=[{**CARD, "stamps": 3}])
    assert (mine(apart, "service") == 5).all()


def test_promotion_brings_members() -> None:
    card = {**CARD, "start": 12}
    members = [
        mine(
            Record.of(
                played(
                    market(
                        {0: {"programmes": [card], "budget": {**USUAL, "programmes_first": False, "shares": {"promotion": share}}}},
                        **SIZE,
                    ).with_({"behaviour.programmes.exposure": 0.1})
                )
            ),
            "members",
        )[14]
        for share in (0.0, 0.1, 0.5)
    ]  # fmt: skip
    assert members[0] == 0 < members[1] < members[2]


def test_training_money_makes_skill() -> None:
    people = {"workforce": {"on": True, "wage_bill": 1_000.0}}
    little = run({"shares": {"training": 0.02}}, **people)
    much = run({"shares": {"training": 0.3}}, **people)
    assert much.workforce["skill"].iloc[-1] > little.workforce["skill"].iloc[-1]
    assert much.ledger["amount"].sum() == pytest.approx(much.firms["profit"].sum(), abs=0.01)


def test_money_for_recovery_puts_complaints_right() -> None:
    def restored(share: float) -> Record:
        shares = {"usual_shares": {"recovery": 0.1}, "shares": {"recovery": share}}
        complaining = market({}, **SIZE).with_({"behaviour.recovery.on": True})
        record = Record.of(played(complaining.with_({"firms.0.budget": {**USUAL, **shares}})))
        assert record.simulation.plan.levers.effort.max() <= 1
        return record

    little, much = restored(0.02), restored(0.5)
    right = [mine(record, "resolved").sum() / mine(record, "complaints").sum() for record in (little, much)]
    assert right[1] > right[0] + 0.2
    assert mine(much, "service")[-1] < mine(little, "service")[-1]  # the money is missing there


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ({"usual": 0}, "budget.usual: is 0"),
        ({"shares": {"training": 0.2}}, "switch workforce.on on"),
        ({"shares": {"service": 0, "advertising": 0, "promotion": 0}}, "budget.shares: sum to 0"),
        ({"usual_shares": {"promotion": 0}}, "has no scale"),
        ({"shares": {"recovery": 0.1}}, "switch behaviour.recovery on"),
    ],
)
def test_mistakes_are_explained(budget: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        run(budget)
