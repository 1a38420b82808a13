"""A14 (broadcast): 3 to 5 % of commercial content is right, above 10 % repels."""

from __future__ import annotations

import pytest
from tests.concepts.paired import run, total

from goodwill.errors import ScenarioError
from goodwill.record import Record

SMALL = {"customers": 1500, "periods": 36, "warm_up": 12}


def posting(commercial: float, per_month: float = 12.0) -> Record:
    changes = {
        "firms.0.programmes": [], "firms.0.awareness": 0.7, "firms.0.posts.per_month": per_month,
        "firms.0.posts.commercial": commercial, "firms.0.posts.cost": 3.0, "behaviour.posts.on": True,
        "behaviour.word_of_mouth.base": 0.0,
    }  # fmt: skip
    return run("mini", changes, **SMALL)


def test_a14_commercial_content_is_an_inverted_u() -> None:
    none, pure, right, most, selling = (posting(c, p) for c, p in ((0, 0), (0, 12), (0.04, 12), (0.10, 12), (0.2, 12)))
    sold = [total(r, "purchases") for r in (none, pure, right, most, selling)]
    assert sold[0] < sold[1] < sold[2]
    assert sold[3] < sold[2]
    assert sold[4] < 0.97 * sold[0]  # above 10 % posts repel: worse than silence
    assert sold[3] == pytest.approx(sold[0], rel=0.03)
    opinion = [r.customers.query("firm == 'One'")["opinion"].mean() for r in (none, right, selling)]
    assert opinion[2] < opinion[0] < opinion[1]


def test_a14_posts_spread_cost_and_tire() -> None:
    none, some, too_many = posting(0.04, 0), posting(0.04, 12), posting(0.04, 80)
    aware = [r.customers.query("firm == 'One'")["aware"].mean() for r in (none, some)]
    assert aware[1] > aware[0]
    assert some.ledger.query("account == 'advertising'")["amount"].sum() == pytest.approx(-12 * 3.0 * 36)
    assert total(too_many, "purchases") < total(some, "purchases")


def test_a14_posts_need_talk() -> None:
    with pytest.raises(ScenarioError, match=r"behaviour\.posts\.on.*word_of_mouth"):
        run("mini", {"behaviour.posts.on": True, "behaviour.word_of_mouth.on": False}, **SMALL)
