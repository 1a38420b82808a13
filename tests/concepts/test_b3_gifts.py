"""B3 (surprise and delight): welcome, birthday and surprise gifts; what is expected pleases less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run, total

from goodwill.record import Record

SMALL = {"customers": 1500, "periods": 60, "warm_up": 12}


def world(changes: dict[str, Any] | None = None, **levers: Any) -> Record:
    gifts = [{"kind": "gifts", "worth": 2.0, "welcome": False, "birthday": False, **levers}] if levers else []
    bonds = {"behaviour.commitment.on": True, "behaviour.commitment.decay": 0.0}
    return run("mini", {**bonds, "firms.0.programmes": gifts, **(changes or {})}, **SMALL)


def given(record: Record) -> int:
    return int(record.programmes["gifts"].sum())


def test_b3_every_occasion_gives_gifts_and_each_is_paid_for() -> None:
    for levers in ({"welcome": True}, {"birthday": True}, {"surprises": 1.0}):
        record = world(**levers)
        assert given(record) > 200
        booked = record.ledger.query("account == 'gifts'")["amount"].sum()
        assert -booked == pytest.approx(given(record) * 2.0 * 0.6)
    welcome = world(welcome=True)
    # Some leave in the very period in which they joined.
    assert given(welcome) == pytest.approx(welcome.programmes["joined"].sum(), rel=0.02)


def test_b3_gifts_bind_and_sell() -> None:
    plain, surprised = world(), world(surprises=2.0)
    commitment = [
        float(r.customers.query("firm == 'One' and purchases > 5")["commitment"].mean()) for r in (plain, surprised)
    ]
    assert commitment[1] > commitment[0] + 0.1
    assert total(surprised, "purchases") > 1.03 * total(plain, "purchases")


def test_b3_what_comes_every_year_surprises_no_more() -> None:
    fresh, used = (world({"behaviour.gifts.adaptation": a}, birthday=True) for a in (0.0, 0.8))
    assert given(fresh) == pytest.approx(given(used), rel=0.1)
    awaited = used.simulation.population.members.gift_awaited[0]
    steps = np.unique(np.round(awaited, 3))
    assert steps[:3].tolist() == pytest.approx([0, 0.8, 0.96])
    bound = [float(r.customers.query("firm == 'One' and purchases > 5")["commitment"].mean()) for r in (fresh, used)]
    assert bound[1] < bound[0]
