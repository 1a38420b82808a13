"""B2: club marketing - free or paid membership, exclusive benefits, tiers with rising rights, a community effect."""

from __future__ import annotations

from typing import Any

import pytest
from tests.concepts.paired import run

_SIZE: dict[str, Any] = {"customers": 1200, "periods": 84, "warm_up": 8, "seed": 7}


def world(programme: dict[str, Any], changes: dict[str, Any] | None = None) -> Any:
    return run("coffee-town", {"firms.0.programmes": [{**programme, "start": 8}], **(changes or {})}, **_SIZE)


def club(**sections: Any) -> dict[str, Any]:
    return {"kind": "programme", "benefit": {"discount": 0.12}, "join": {"visibility": 2.0}, **sections}


def test_a_free_trial_fills_the_club_and_many_leave_when_it_ends() -> None:
    fee = {"amount": 12.0, "months": 6.0}
    paid, tried = world(club(fee=fee)), world(club(fee={**fee, "trial": 2.0}))
    joined = [r.programmes["joined"].sum() for r in (paid, tried)]
    assert joined[1] > 1.3 * joined[0]
    assert tried.programmes["trials"].sum() > 0 == paid.programmes["trials"].sum()
    assert tried.programmes["left"].sum() > 0.25 * tried.programmes["trials"].sum()
    # Nobody pays for the trial; who stays pays after it.
    months = tried.programmes.set_index("period")["fees"]
    assert months.loc[:15].sum() == 0 < months.loc[16:].sum()


def test_a_trial_comes_once() -> None:
    """Who comes back pays from the first day: there are no more trials than customers who ever joined."""
    r = world(club(fee={"amount": 2.0, "months": 1.0, "trial": 1.0}))
    ever = (r.simulation.population.members.joined[0] != -1).sum()
    assert r.programmes["trials"].sum() == ever < r.programmes["joined"].sum()


def test_community_makes_members_committed() -> None:
    """Algesheimer, Dholakia & Herrmann 2005: belonging raises commitment, and with it purchases."""
    on = {"behaviour.commitment.on": True}
    plain = world({"kind": "programme", "benefit": {"liking": 0.1}}, on)
    events = world({"kind": "programme", "benefit": {"liking": 0.1, "community": 0.05, "member_cost": 5.0}}, on)
    levels = []
    for r in (plain, events):
        population = r.simulation.population
        levels.append(population.customers.commitment[0][population.members.joined[0] >= 0].mean())
    assert levels[1] > levels[0] + 0.1
    bought = [r.firms[r.firms["firm"] == r.names[0]]["purchases"].sum() for r in (plain, events)]
    assert bought[1] > bought[0]
    assert events.book["programme, members"].sum() < 0 == plain.book["programme, members"].sum()


def test_a_box_is_paid_for_by_those_for_whom_it_is_worth_it() -> None:
    """A subscription box: worth more than its fee it has members, worth less nobody wants it."""
    found = {}
    for worth in (4.0, 14.0):
        r = world({"kind": "programme", "benefit": {"per_month": worth}, "fee": {"amount": 9.0, "months": 1.0}})
        found[worth] = r.programmes["members"].iloc[-1]
    assert found[14.0] > 5 * max(found[4.0], 1)


@pytest.mark.parametrize("window", ["calendar", "anniversary", "rolling"])
def test_tiers_in_every_window_rise_and_fall(window: str) -> None:
    levels = [{"reach": 20.0, "earn": 1.5, "liking": 0.1}, {"reach": 60.0, "earn": 2.0, "liking": 0.3}]
    r = world({"kind": "programme", "tier": {"levels": levels, "months": 3.0, "window": window}})
    assert r.programmes["promoted"].sum() > r.programmes["demoted"].sum() > 0


def test_soft_landing_grace_and_easier_keeping_demote_less() -> None:
    levels = [{"reach": 20.0}, {"reach": 40.0}, {"reach": 80.0}]
    base = {"levels": levels, "months": 3.0}
    falls = {}
    for name, tier in (("hard", {}), ("grace", {"grace": 1}), ("keep", {"keep": 0.5}), ("one", {"fall": "one"})):
        r = world({"kind": "programme", "tier": {**base, **tier}})
        falls[name] = (r.programmes["demoted"].sum(), float(r.simulation.population.members.tier[0].mean()))
    assert falls["grace"][0] < 0.7 * falls["hard"][0] and falls["keep"][0] < 0.9 * falls["hard"][0]
    assert min(falls[x][1] for x in ("grace", "keep", "one")) > falls["hard"][1]


def test_status_is_matched_and_kept_for_life() -> None:
    levels = [{"reach": 30.0, "liking": 0.3}]
    plain = world({"kind": "programme", "tier": {"levels": levels, "months": 6.0}})
    matched = world({"kind": "programme", "tier": {"levels": levels, "months": 6.0, "match": True}})
    for_life = world({"kind": "programme", "tier": {"levels": levels, "months": 6.0, "lifetime": 60.0}})
    assert matched.programmes["matched"].sum() > 0 == plain.programmes["matched"].sum()
    early = [r.programmes.set_index("period")["promoted"].loc[:20].sum() for r in (plain, matched)]
    assert early[0] == 0  # nobody has status before the first review; with matching, some do at once
    assert for_life.programmes["demoted"].sum() < 0.9 * plain.programmes["demoted"].sum()
