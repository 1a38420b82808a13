"""B14: coalition and co-brand - joint cards, partners with settlement, stored value, households."""

from __future__ import annotations

from typing import Any

import pytest
from tests.concepts.paired import run

_SIZE: dict[str, Any] = {"customers": 1200, "periods": 80, "warm_up": 8, "seed": 13}


def world(programme: dict[str, Any]) -> Any:
    return run("coffee-town", {"firms.0.programmes": [{**programme, "start": 8}]}, **_SIZE)


def points(**sections: Any) -> dict[str, Any]:
    burn = {"rewards": [{"credits": 60, "value": 5.0, "cost_share": 0.8}]}
    return {"kind": "programme", "earn": {"per_currency": 1.0}, "burn": burn, **sections}


def test_partners_bring_the_goal_nearer_and_settle() -> None:
    """Members redeem more, the more so at partners; what partners pay and are paid is in the ledger to the cent."""
    alone = world(points())
    partners = {"purchases": 4.0, "credits": 5, "pays": 0.05, "redeem_share": 0.5, "is_paid": 0.06}
    together = world(points(partners=partners))
    assert together.programmes["rewards"].sum() > 1.2 * alone.programmes["rewards"].sum()
    total = together.programmes.sum()
    assert total["partner_redeemed"] == pytest.approx(0.5 * total["redeemed"], rel=0.15)
    settled = 5.0 * total["partner_earned"] - 6.0 * total["partner_redeemed"]
    assert together.book["partner settlement"].sum() == pytest.approx(settled, abs=len(together.programmes))
    # A reward taken at a partner costs settlement instead of goods.
    here = total["redeemed"] - total["partner_redeemed"]
    assert -together.book["rewards"].sum() == round(here / 60 * 400)


def test_partners_redeem_and_issue_at_their_rate() -> None:
    r = world(points(partners={"purchases": 4.0, "credits": 5, "pays": 0.05}))
    table = r.programmes.set_index("period")
    members = table["members"].shift(fill_value=0)
    issued = table["partner_earned"].loc[12:].sum() / members.loc[12:].sum()
    assert issued == pytest.approx(5 * 4.0 * 12 / 52, rel=0.1)


def test_a_co_branding_partner_pays_for_members() -> None:
    r = world(points(partners={"member_fee": 6.0}))
    assert r.book["partner fees"].sum() / 100 == pytest.approx(6.0 / 52 * r.programmes["members"].sum(), rel=0.02)


def test_households_reach_rewards_that_one_alone_does_not() -> None:
    burn = {"rewards": [{"credits": 200, "value": 15.0}]}
    everybody = {"burn": burn, "join": {"automatic": True}}
    alone, pooled = world(points(**everybody)), world(points(**everybody, hold={"household": 3}))
    assert pooled.programmes["rewards"].sum() > 1.1 * alone.programmes["rewards"].sum()
    assert pooled.programmes["transferred"].sum() > 0 == alone.programmes["transferred"].sum()


def test_stored_value_is_a_debt_until_it_is_used_or_lost() -> None:
    """Money paid in is no income; goods are, and what is never used; the firm holds the float meanwhile."""
    r = world(
        {"kind": "programme", "hold": {"load": 20.0, "bonus": 0.1}, "expire": {"rule": "inactivity", "months": 4.0}}
    )
    t, book = r.programmes.sum(), {name: amounts.sum() / 100 for name, amounts in r.book.items()}
    assert t["loaded"] > 0 and t["paid_with_credits"] > 0 and t["expired"] > 0
    owed = r.programmes["liability"].iloc[-1]
    assert owed == pytest.approx(r.programmes["outstanding"].iloc[-1] / 100)
    assert book["provision for credits"] == pytest.approx(-owed, abs=0.01)
    # Income of the card: what was paid in, less what was used, less what is owed: breakage less the bonus.
    income = book["stored value paid in"] + book["stored value used"] + book["provision for credits"]
    lost = (t["expired"] + t["forfeited"]) / 100
    assert income == pytest.approx(lost - t["granted"] / 100, abs=0.05)
    assert t["granted"] == pytest.approx(0.1 * t["bought"])
    # Sales are what was sold, paid from the card or not.
    sold = r.firms[r.firms["firm"] == r.names[0]]["sales"].sum()
    assert sold > t["paid_with_credits"] > 0
