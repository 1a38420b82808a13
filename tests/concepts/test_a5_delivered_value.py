"""A5: delivered value - four kinds of benefit less four kinds of cost, and which of them moves whom."""

from __future__ import annotations

import numpy as np
import pytest
from tests.concepts.encounters import on, paid, run, share

from goodwill.errors import GoodwillError
from goodwill.measures.value import value_movers

VALUE = on("value", "expectation", "satisfaction")


def test_a5_a_benefit_draws_and_its_costs_count() -> None:
    usual = share(run(VALUE))
    better = share(run(VALUE, {"value": {"product": 1.5}}))
    laden = share(run(VALUE, {"value": {"product": 1.5, "time": 3.0, "energy": 1.5}}))
    assert better > usual + 0.05
    assert laden < usual - 0.02  # more of everything, and worth less


def test_a5_weights_tell_who_is_moved_by_what() -> None:
    record = run(VALUE, {"value": {"product": 2.0, "psychic": 2.0}}, purchases=True)
    moved = value_movers(record).set_index(["firm", "segment", "component"])["moved"]
    assert moved["A", "all", "product"] > 0.05
    assert moved["A", "all", "psychic"] == 0  # a cost above the usual holds nobody
    assert moved["B", "all", "psychic"] > 0.01  # but it drives some of its customers to others
    assert moved["A", "all", "image"] == 0  # all firms are alike in it
    assert {segment for _, segment, _ in moved.index} == {"light", "heavy", "all"}
    weights = record.simulation.population.customers.value_weight[0]
    bought = record.purchases
    held = bought["value_held_by"].astype(str).str.contains("product")
    assert weights[bought.loc[held, "customer"]].mean() > 1.2 * weights.mean()
    assert weights.mean() == pytest.approx(1.0, abs=0.1) and weights.std() > 0.3


def test_a5_an_offer_lasts_as_long_as_it_lasts_and_costs() -> None:
    offer = {"kind": "offer", "product": 2.0, "purchase_cost": 0.2, "start": 12, "stop": 24}
    with_it, without = (run(on("value"), {"programmes": programmes}) for programmes in ([offer], []))
    assert share(with_it, 12, 24) > share(without, 12, 24) + 0.03
    assert share(with_it, 24) == pytest.approx(share(without, 24), abs=0.01)
    assert share(with_it, 0, 12) == share(without, 0, 12)
    bought = with_it.firms.query("firm == 'A' and 12 <= period < 24")["purchases"].sum()
    assert paid(with_it, "service") == pytest.approx(-0.2 * bought, abs=0.01 * 12)


def test_a5_the_mix_of_an_offer_costs_its_firm() -> None:
    record = run(on("value"), {"value": {"product": 1.0, "purchase_cost": 0.5, "fixed_cost": 120.0}})
    purchases = record.firms.query("firm == 'A'")["purchases"].sum()
    assert paid(record, "value of the offer") == pytest.approx(-(0.5 * purchases + 10.0 * record.periods), abs=1)


def test_a5_off_means_off() -> None:
    never = run(on("satisfaction"))
    off = run({**on("satisfaction"), "value": {"on": False, "spread": 1.0}}, {"value": {"product": 5.0}})
    assert np.array_equal(never.simulation.totals.firms, off.simulation.totals.firms)
    with pytest.raises(GoodwillError, match=r"behaviour\.value\.on"):
        value_movers(off)
