"""B1: frequent-buyer marketing.

Rewards for frequent and large purchases with thresholds, expiry, head starts and cashback; easily abused without limits; those left
out are annoyed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run

_SIZE: dict[str, Any] = {"customers": 1200, "periods": 70, "warm_up": 10, "seed": 5}
_REWARD = [{"credits": 20, "value": 4.0}]


def world(programme: dict[str, Any], **behaviour: float) -> Any:
    changes: dict[str, Any] = {f"behaviour.programmes.{key}": value for key, value in behaviour.items()}
    return run("coffee-town", {"firms.0.programmes": [{**programme, "start": 10}], **changes}, **_SIZE)


def points(**sections: Any) -> dict[str, Any]:
    return {"kind": "programme", "earn": {"per_currency": 1.0}, "burn": {"rewards": _REWARD}, **sections}


def test_cashback_brings_purchases_and_costs_what_it_says() -> None:
    """Against nothing, members buy more, by less than a price cut would bring; about five per cent of sales comes back."""
    back = {"kind": "programme", "join": {"automatic": True}, "earn": {"per_currency": 5}}
    plain = run("coffee-town", {"firms.0.programmes": []}, **_SIZE)
    cash = world({**back, "burn": {"credit_value": 0.01, "minimum": 50}})
    cut = run("coffee-town", {"firms.0.programmes": [{"kind": "price_cut", "depth": 0.05, "start": 10}]}, **_SIZE)
    bought = [
        r.firms[(r.firms["firm"] == r.names[0]) & (r.firms["period"] >= 10)]["purchases"].sum()
        for r in (plain, cash, cut)
    ]
    assert bought[0] < bought[1] < 1.3 * bought[0] and bought[2] > bought[0]
    paid, total = -cash.book["paid with credits"][:, 0].sum() / 100, cash.programmes.sum()
    assert paid == pytest.approx(total["redeemed"] / 100, rel=0.01)
    sold = cash.firms[(cash.firms["firm"] == cash.names[0]) & (cash.firms["period"] >= 10)]["sales"].sum()
    assert 0.025 < paid / sold < 0.051


def test_a_velocity_cap_stops_those_who_split_purchases() -> None:
    """Only the first purchase of a week counts: those who come daily earn less, those who come weekly as before."""
    free, capped = world(points()), world(points(earn={"per_currency": 1.0, "velocity": 1}))
    earned = [r.programmes["earned"].sum() / r.programmes["purchases"].sum() for r in (free, capped)]
    assert earned[1] < 0.9 * earned[0]


def test_caps_by_purchase_and_by_period_hold() -> None:
    free = world(points(earn={"per_purchase": 9.0}))
    by_purchase = world(points(earn={"per_purchase": 9.0, "cap_per_purchase": 4}))
    by_period = world(points(earn={"per_purchase": 9.0, "cap_per_period": 4}))
    per = [r.programmes["earned"].sum() / r.programmes["active"].sum() for r in (free, by_purchase, by_period)]
    assert per[0] == 9.0 and per[1] == 4.0 and per[2] < 4.0


def test_a_campaign_multiplies_what_is_earned_while_it_runs() -> None:
    campaign = {"after": 3.0, "months": 3.0, "factor": 3.0}
    r = world(points(earn={"per_purchase": 10.0, "campaigns": [campaign]}))
    part = r.programmes.set_index("period")
    rate = (part["earned"] / part["active"]).dropna()
    assert (rate.loc[23:35] == 30.0).all()
    assert (rate.loc[10:22] == 10.0).all() and (rate.loc[36:] == 10.0).all()


def test_all_credits_expire_on_one_date_or_with_age_or_with_inactivity() -> None:
    """The same months: at a date everything is lost at once; by age month for month; with inactivity the least."""
    lost = {}
    for rule in ("date", "age", "inactivity", "never"):
        r = world(points(expire={"rule": rule, "months": 6.0, "lot": 1.0}), redeem_intercept=-3.0)
        lost[rule] = r.programmes.set_index("period")["expired"]
    assert set(np.flatnonzero(lost["date"])) <= {25, 51, 77}
    assert (lost["age"] > 0).sum() > (lost["date"] > 0).sum() > 0
    assert lost["never"].sum() == 0 < lost["inactivity"].sum() < lost["age"].sum()


def test_pending_credits_cannot_be_used_yet() -> None:
    """Two months of waiting: first rewards come about two months later."""
    at_once, later = world(points()), world(points(hold={"pending": 2.0}))
    first = [int(np.flatnonzero(r.programmes["rewards"])[0]) for r in (at_once, later)]
    assert first[1] >= first[0] + 8 and later.programmes["outstanding"].iloc[12] > 0


def test_those_left_out_are_annoyed() -> None:
    """A discount for members only: where it is felt as unfair, those without a card buy less from the firm."""
    club = {"kind": "programme", "benefit": {"discount": 0.1}}
    others = []
    for felt in (False, True):
        changes = {"behaviour.fairness.on": felt, "behaviour.programmes.exposure": 0.02}
        r = run("coffee-town", {"firms.0.programmes": [{**club, "start": 10}], **changes}, **_SIZE)
        mine = r.firms[(r.firms["firm"] == r.names[0]) & (r.firms["period"] >= 10)]
        others.append((mine["purchases"] - mine["member_purchases"]).sum())
    assert others[1] < 0.98 * others[0]


def test_a_better_deal_brings_more_members_and_the_heavy_buyers_first() -> None:
    """Leenheer et al. 2007; Meyer-Waarden & Benavent 2009: earlier enrollees spent at least a fifth more before."""
    r = world(points(), exposure=0.25)
    members, c = r.simulation.population.members, r.simulation.population.customers
    joined = members.joined[0]
    order = np.flatnonzero(joined >= 0)[np.argsort(joined[joined >= 0], kind="stable")]
    third = len(order) // 3
    need = c.need * np.exp(c.taste[0])  # what he would buy a period: nothing that the programme did is in it
    assert need[order[:third]].mean() > 1.2 * need[order[-third:]].mean()
    better = world({**points(), "burn": {"rewards": [{"credits": 20, "value": 8.0}]}}, exposure=0.25)
    assert better.programmes["joined"].sum() > r.programmes["joined"].sum()


def test_noise_does_not_accumulate_until_everybody_has_joined() -> None:
    """Asked four times as often, about the same customers join in the end."""
    seldom, often = (world(points(), exposure=x).programmes["members"].iloc[-1] for x in (0.25, 1.0))
    assert seldom <= often < 1.35 * seldom
