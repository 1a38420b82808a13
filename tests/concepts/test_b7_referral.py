"""B7 and A14 (referral): many intend to recommend, fewer do, few bring somebody; rewards raise it, most for weaker brands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run, total

from goodwill.errors import ScenarioError
from goodwill.measures.referrals import referral_shares
from goodwill.record import Record
from goodwill.simulation import Simulation

SMALL = {"customers": 2500, "periods": 48, "warm_up": 0}
# Half of the customers know a firm at first; they talk of nothing but what they recommend.
TALK = {
    "firms.0.programmes": [], "behaviour.word_of_mouth.on": False, "behaviour.referral.on": True,
    "behaviour.defection.on": False, "population.loyalty_spread": 0.5, "population.trips_per_year": 12,
    **{f"firms.{j}.awareness": 0.5 for j in range(4)}, **{f"firms.{j}.service": 6 for j in range(4)},
}  # fmt: skip


def world(changes: dict[str, Any] | None = None, **levers: Any) -> Record:
    programme = [{"kind": "referral", "start": 0, **levers}] if levers else []
    return run("mini", {**TALK, "firms.0.programmes": programme, **(changes or {})}, **SMALL)


@pytest.fixture(scope="module")
def plain() -> Record:
    return world()


def rate(record: Record, step: str, of: str, firm: str = "One") -> float:
    mine = record.referrals[record.referrals["firm"] == firm]
    return float(mine[step].sum() / mine[of].sum())


def test_b7_intent_is_more_than_act_is_more_than_conversion(plain: Record) -> None:
    """T28: intent > act > convert, with act over intent from .3 to .6."""
    shares = referral_shares(plain.referrals)
    assert (shares["intended"] > shares["acted"]).all() and (shares["acted"] > shares["converted"]).all()
    assert shares["act_of_intent"].between(0.3, 0.6).all()
    assert shares["intended"].between(0.5, 0.9).all()
    assert shares["converted"].between(0.02, 0.25).all()


def test_b7_recommendation_without_reward_brings_customers(plain: Record) -> None:
    silent = world({"behaviour.referral.on": False})
    assert total(plain, "new_buyers") > 1.1 * total(silent, "new_buyers")
    converted = plain.referrals["converted"].sum()
    assert 0 < converted <= plain.referrals["won"].sum() <= plain.referrals["told"].sum()


def test_b7_a_reward_makes_more_act_and_costs(plain: Record) -> None:
    paid = world(reward=3.0, cost_share=0.5)
    assert rate(paid, "acted", "intended") > rate(plain, "acted", "intended") + 0.1
    assert rate(paid, "acted", "intended", "Two") == pytest.approx(rate(plain, "acted", "intended", "Two"), abs=0.05)
    assert total(paid, "new_buyers") > total(plain, "new_buyers")
    rewards = paid.programmes["referral_rewards"].sum()
    assert 0 < rewards <= paid.referrals.query("firm == 'One'")["converted"].sum()
    booked = paid.ledger.query("account == 'referral rewards'")["amount"].sum()
    assert booked == pytest.approx(-rewards * 3.0 * 0.5)


def test_b7_a_reward_does_more_for_a_weaker_brand() -> None:
    def gain(share: float) -> float:
        rest = {f"firms.{j}.share": (1 - share) / 3 for j in (1, 2, 3)}
        brand = {"firms.0.share": share, **rest}
        return rate(world(brand, reward=2.0), "acted", "intended") - rate(world(brand), "acted", "intended")

    assert gain(0.1) > gain(0.4) + 0.02


def test_b7_a_reward_reaches_weak_ties() -> None:
    weak = {"network.strong_ties": 0, "network.weak_ties": 6}
    without, paid = world(weak), world(weak, reward=3.0)
    assert rate(paid, "told", "acted") > 1.3 * rate(without, "told", "acted")


def test_b7_a_welcome_wins_more_and_is_used() -> None:
    one, two = world(reward=1.0), world(reward=1.0, welcome=0.8)
    assert rate(two, "won", "told") > 1.15 * rate(one, "won", "told")
    assert total(one, "offers_redeemed") == 0 < total(two, "offers_redeemed")
    redeemed = two.ledger.query("account == 'offers redeemed'")["amount"].sum()
    assert -redeemed * 100 == pytest.approx(total(two, "offer_discount"))


def test_b7_nobody_is_rewarded_more_often_than_the_cap() -> None:
    def rewards(cap: int) -> np.ndarray:
        eager = {"behaviour.referral.occasions": 6.0, "behaviour.referral.conversion": 0.5}
        record = world(eager, reward=2.0, cap=cap)
        referred: np.ndarray = record.simulation.population.members.referred[0]
        assert referred.sum() == record.programmes["referral_rewards"].sum()
        return referred

    assert rewards(100).max() > 1
    assert rewards(1).max() == 1


def test_b7_newcomers_are_like_those_who_brought_them(plain: Record) -> None:
    """Homophily: those who were won like the firm more than they would have, and more than others new to it."""
    stranger = world({"behaviour.referral.homophily": 0.0})
    like, unlike = (r.simulation.population.customers.taste.astype(np.float64) for r in (plain, stranger))
    moved = like > unlike
    assert moved.sum() > 0.3 * plain.referrals["won"].sum()
    assert (like >= unlike).mean() > 0.99


def test_b7_under_contract_those_won_change_their_provider() -> None:
    size = {"customers": 3000, "periods": 36, "warm_up": 12}
    changes = {"firms.0.programmes": [], "behaviour.referral.on": True}
    record = run("mobile-contract", changes, **size)
    assert record.referrals["converted"].sum() > 20
    shares = referral_shares(record.referrals)
    assert (shares["intended"] > shares["acted"]).all() and (shares["acted"] > shares["converted"]).all()


def test_b7_off_means_off() -> None:
    off = {**TALK, "behaviour.referral.on": False}
    changed = {**off, "behaviour.referral.conversion": 0.9, "behaviour.referral.pull": 9.0}
    one, other = (run("mini", c, **SMALL).simulation for c in (off, changed))
    assert (one.totals.firms == other.totals.firms).all()
    assert one.population.customers.recommends.size == 0


def test_b7_results_do_not_depend_on_threads_or_chunks() -> None:
    changes = {**TALK, "firms.0.programmes": [{"kind": "referral", "reward": 2.0, "welcome": 0.5}]}
    scenario = world().scenario.with_(changes, customers=5000, periods=16)
    one, other = Simulation(scenario, threads=1), Simulation(scenario, threads=3)
    one.run()
    for periods in (1, 4, 11):
        other.advance(periods)
    for group in ("customers", "members"):
        a, b = getattr(one.population, group), getattr(other.population, group)
        assert all(np.array_equal(getattr(a, name), getattr(b, name)) for name in a._fields)
    assert all(np.array_equal(x, y) for x, y in zip(one.totals, other.totals, strict=True))


def test_b7_without_ties_there_is_nobody_to_tell() -> None:
    with pytest.raises(ScenarioError, match=r"referral\.on.*ties"):
        world({"network.strong_ties": 0})
