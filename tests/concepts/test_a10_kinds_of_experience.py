"""A10: five kinds of experience - sense, feel, think, act and relate, each acting in its own way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.encounters import on, paid, run, share, state

from goodwill.record import Record

WORLD: dict[str, Any] = {
    **on("experiences", "expectation", "satisfaction", "commitment", "habit", "word_of_mouth"),
    "programmes": {"on": True, "exposure": 0.9, "enrol_intercept": 2.0},
}


def staged(behaviour: dict[str, Any] | None = None, audience: str = "everybody", **channels: float) -> Record:
    """Firm A stages these channels and no others."""
    levels = {"sense": 0.0, "feel": 0.0, **channels}
    programme = {"kind": "experience", "audience": audience, "visit_cost": 0.1, "start": 0, **levels}
    return run({**WORLD, **(behaviour or {})}, {"programmes": [programme]})


@pytest.fixture(scope="module")
def plain() -> Record:
    return staged()


def talk(record: Record) -> float:
    table = record.firms.query("firm == 'A'")
    return float((table["positive_talk"] + table["negative_talk"]).sum() / table["purchases"].sum())


def test_a10_sense_is_felt_at_the_visit(plain: Record) -> None:
    with_it = staged(sense=2.0)
    gain = [r.firms.query("firm == 'A'")["experience"].mean() for r in (with_it, plain)]
    assert gain[0] - gain[1] == pytest.approx(1.0, abs=0.05)  # two points at half a point each
    assert state(with_it, "satisfaction") > state(plain, "satisfaction") + 0.4
    assert share(with_it) > share(plain) + 0.02


def test_a10_feel_binds(plain: Record) -> None:
    with_it = staged(feel=2.0)
    assert state(with_it, "commitment") > state(plain, "commitment") + 0.5
    assert state(with_it, "satisfaction") == pytest.approx(state(plain, "satisfaction"), abs=0.1)
    assert share(with_it, 18) > share(plain, 18) + 0.02


def test_a10_think_makes_sure(plain: Record) -> None:
    with_it = staged(think=2.0)
    assert state(with_it, "uncertainty") < 0.8 * state(plain, "uncertainty")
    assert state(with_it, "commitment") == pytest.approx(state(plain, "commitment"), abs=0.1)


def test_a10_act_makes_habit(plain: Record) -> None:
    with_it = staged(act=4.0)
    assert state(with_it, "habit") > state(plain, "habit") + 0.015
    assert share(with_it, 18) > share(plain, 18) + 0.003


def test_a10_relate_makes_talk_and_community(plain: Record) -> None:
    with_it = staged(relate=2.0)
    assert talk(with_it) == pytest.approx(2 * talk(plain), rel=0.15)  # half as much again per point
    heard = [r.customers.query("firm == 'A'")["opinion"].abs().mean() for r in (with_it, plain)]
    assert heard[0] > 1.3 * heard[1]
    assert state(with_it, "commitment") > state(plain, "commitment") + 0.2


def test_a10_members_alone_have_what_is_for_members() -> None:
    record = staged(audience="members", feel=3.0)
    table = record.customers.query("firm == 'A' and purchases > 3")
    assert 0.1 < table["member"].mean() < 0.99
    assert table.loc[table["member"], "commitment"].mean() > table.loc[~table["member"], "commitment"].mean() + 0.3


def test_a10_it_costs_and_off_means_off(plain: Record) -> None:
    assert paid(plain, "service") == pytest.approx(-0.1 * plain.firms.query("firm == 'A'")["purchases"].sum(), abs=1)
    off = staged({"experiences": {"on": False}}, sense=2.0, feel=2.0, think=2.0, act=2.0, relate=2.0)
    nothing = staged({"experiences": {"on": False}})
    assert np.array_equal(off.simulation.totals.firms, nothing.simulation.totals.firms)
