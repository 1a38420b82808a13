"""Lots and ledger reconcile for random programmes: nothing is created, lost or posted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.worlds import random_language

from goodwill.accounts.credits import GAINED, LOST
from goodwill.accounts.ledger import ACCOUNTS, SALES_ACCOUNTS
from goodwill.engine.state import EXIT_FEES, FEES, REWARD_COST
from goodwill.programmes.templates import template_names
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

_MONEY = st.floats(0, 20).map(lambda x: round(x, 2))
_SPAN = st.sampled_from([{}, {"start": 0}, {"start": 3}, {"start": 2, "stop": 9}])


def _programme(kind: str, levers: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda span, values: {"kind": kind, **span, **values}, _SPAN, st.fixed_dictionaries(levers))


stamp_cards = _programme(
    "stamp_card",
    {
        "stamps": st.integers(3, 12),
        "head_start": st.integers(0, 2),
        "reward": _MONEY,
        "cost_share": st.floats(0, 1),
        "expiry": st.sampled_from([None, 1.0, 3.0]),
        "fixed_cost": _MONEY,
    },
)
points = _programme(
    "points",
    {
        "per_currency": st.sampled_from([0.5, 1.0, 3.0]),
        "per_purchase": st.sampled_from([0.0, 2.0]),
        "threshold": st.integers(5, 60),
        "welcome": st.integers(0, 30),
        "reward": _MONEY,
        "expiry": st.sampled_from([None, 1.0, 2.0, 6.0]),
        "lot": st.sampled_from([0.5, 1.0, 2.0]),
        "automatic": st.booleans(),
    },
)
clubs = _programme(
    "paid_club",
    {"fee": _MONEY, "months": st.sampled_from([1.0, 2.0, 12.0]), "discount": st.floats(0, 0.5), "member_cost": _MONEY},
)
tiers = _programme(
    "tiers",
    {
        "spend": st.just([10.0, 40.0]),
        "threshold": st.integers(5, 60),
        "months": st.sampled_from([1.0, 3.0]),
        "expiry": st.sampled_from([None, 2.0]),
    },
)
levers = st.one_of(
    _programme("price_cut", {"depth": st.floats(0, 0.4)}),
    _programme("service", {"gain": st.floats(0, 2), "consistency": st.floats(0, 0.5), "fixed_cost": _MONEY}),
)
languages = st.integers(0, 10_000).map(
    lambda seed: {"kind": "programme", "start": seed % 3, **random_language(np.random.default_rng(seed))}
)
templates = st.sampled_from(template_names()).map(lambda name: {"template": name, "start": 1})
programmes = st.lists(
    st.one_of(stamp_cards, points, clubs, tiers, levers, languages, languages, languages, templates, templates),
    max_size=3,
)


def _run(kind: str, first: list[dict[str, Any]], second: list[dict[str, Any]], period: str, seed: int) -> Record:
    on = {"on": True}
    scenario = Scenario.from_dict(
        {
            "kind": kind,
            "period": period,
            "customers": 400,
            "periods": 14,
            "warm_up": 1,
            "seed": seed,
            "firms": [
                {"name": "A", "share": 0.6, "price": 4.0, "unit_cost": 2.5, "fixed_cost": 100, "programmes": first},
                {"name": "B", "share": 0.4, "price": 3.0, "unit_cost": 1.0, "programmes": second},
            ],
            "population": {
                "trips_per_year": 60.0,
                "trips_shape": 1.5,
                "basket_sd": 0.3,
                "natural_exit": 0.5,
                "newcomers": 0.2,
            },
            "behaviour": {
                "habit": on,
                "satisfaction": on,
                "expectation": on,
                "defection": {**on, "malicious": 0.2, "fault": 0.05, "lapse": 0.02},
                "programmes": {"exposure": 0.8, "enrol_intercept": 2.0},
            },
        }
    )
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    return Record.of(simulation)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    kind=st.sampled_from(["repertoire", "contract"]),
    period=st.sampled_from(["week", "month"]),
    first=programmes,
    second=programmes,
    seed=st.integers(0, 1000),
)
def test_credits_and_money_reconcile(
    kind: str, period: str, first: list[dict[str, Any]], second: list[dict[str, Any]], seed: int
) -> None:
    record = _run(kind, first, second, period, seed)
    simulation = record.simulation
    members, terms = simulation.population.members, simulation.plan.terms

    # What was gained = redeemed + expired + forfeited + outstanding, in every period, and the rest is in the lots.
    table = record.programmes
    assert (table.get("outstanding", np.zeros(1)) >= 0).all()
    for q, (_, part) in enumerate(table.groupby(["firm", "programme"], sort=False)):
        flows = part[[*GAINED, *LOST]].cumsum()
        assert (flows[list(GAINED)].sum(axis=1) - flows[list(LOST)].sum(axis=1) == part["outstanding"]).all()
        first = terms.lot_first[q]
        lots = members.lots[first : first + terms.lot_count[q] + terms.pending[q]]
        assert lots.min(initial=0) >= 0
        assert lots.sum() == part["outstanding"].iloc[-1]
        assert (members.joined[q] >= 0).sum() == part["members"].iloc[-1]
        assert (lots.sum(axis=0)[members.joined[q] < 0] == 0).all()
        assert members.rewards[q].sum() == part["rewards"].sum()
        stored = terms.load[q] > 0
        with_credits = 0.0 if stored else part["paid_with_credits"].sum()
        assert members.worth[q].sum() == round(100 * (part["reward_value"].sum() + with_credits))
        if terms.rewards[q] == 1 and terms.pay_value[q] == 0:
            assert part["redeemed"].sum() == part["rewards"].sum() * terms.threshold[q]
        # Stored value: a credit is a cent. What is paid in is used, lost or owed.
        if stored:
            assert round(100 * part["loaded"].sum()) == part["bought"].sum()
            assert round(100 * part["paid_with_credits"].sum()) == part["redeemed"].sum()
    for j in range(2):
        names = [q for q, entry in enumerate(simulation.plan.programmes) if entry[0] == j]
        totals = simulation.totals.programmes.sum(axis=0)
        assert record.book["membership fees"][:, j].sum() == sum(totals[q, FEES] for q in names)
        assert record.book["exit fees"][:, j].sum() == sum(totals[q, EXIT_FEES] for q in names)
        assert -record.book["rewards"][:, j].sum() == sum(totals[q, REWARD_COST] for q in names)

    # What customers paid is what firms took, and the profit is the sum of the ledger.
    paid = simulation.population.customers.spent.astype(np.int64).sum(axis=1)
    goods = sum(record.book[a] for a in SALES_ACCOUNTS)
    assert (goods.sum(axis=0) == paid).all()
    assert record.ledger["amount"].sum() == pytest.approx(record.firms["profit"].sum(), abs=0.01)
    assert set(record.ledger["account"]) <= set(ACCOUNTS)
    assert not record.ledger.duplicated(["period", "firm", "account"]).any()
    # Customers are conserved.
    market = record.market
    assert (
        market["present"] == market["arrived"].cumsum() - market["left_market"].cumsum().shift(1, fill_value=0)
    ).all()


def test_provision_is_the_change_of_the_liability() -> None:
    record = _run("repertoire", [{"kind": "points", "threshold": 20, "reward": 3.0}], [], "week", 3)
    provision = record.book["provision for credits"][:, 0].cumsum() / 100
    liability = record.firms[record.firms["firm"] == "A"]["liability"].to_numpy()
    assert np.allclose(-provision, liability, atol=0.006)
    assert liability[-1] > 0


def test_worked_example_of_one_reward() -> None:
    """Ten stamps earned, one reward of 4 at a cost share of .5 redeemed: cost 2, nothing left in the provision but what is held."""
    record = _run(
        "repertoire", [{"kind": "stamp_card", "stamps": 5, "reward": 4.0, "cost_share": 0.5, "start": 0}], [], "week", 5
    )
    total = record.programmes[["earned", "rewards", "redeemed"]].sum()
    assert total["rewards"] > 0
    assert -record.book["rewards"][:, 0].sum() / 100 == pytest.approx(2.0 * total["rewards"])
    held = record.programmes["outstanding"].iloc[-1]
    assert -record.book["provision for credits"][:, 0].sum() / 100 == pytest.approx(held * 2.0 / 5, abs=0.006)
