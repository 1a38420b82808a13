"""A15: loyal customers buy more, buy across, mind prices less, cost less to serve; suggestions sell on impulse, and irritate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run, total

from goodwill.measures.quadrants import customer_value
from goodwill.record import Record

SMALL: dict[str, Any] = {"customers": 1000, "periods": 78, "warm_up": 26}
SELLS = {"firms.Bridge.line_price": 2.0, "firms.Bridge.line_cost": 0.8, "firms.Bridge.service_cost": 0.3}
ON = {"behaviour.spending.on": True, **SELLS}


@pytest.fixture(scope="module")
def town() -> Record:
    return run("coffee-town", ON, **SMALL)


def account(record: Record, name: str, firm: str = "Bridge") -> float:
    ledger = record.ledger
    return float(ledger.loc[(ledger["account"] == name) & (ledger["firm"] == firm), "amount"].sum())


def test_a15_old_customers_buy_more_and_across_and_cost_less(town: Record) -> None:
    c = town.simulation.population.customers
    new, old = ((c.visits[1] >= a) & (c.visits[1] <= b) for a, b in ((1, 4), (40, 10_000)))
    assert min(new.sum(), old.sum()) > 50
    lines = [c.lines[1][who].sum() / c.visits[1][who].sum() for who in (new, old)]
    served = [c.served[1][who].sum() / c.visits[1][who].sum() for who in (new, old)]
    assert lines[1] > 1.15 * lines[0] and served[1] < 0.95 * served[0]
    flat = run("coffee-town", {**ON, "behaviour.spending.across": 0.0, "behaviour.spending.basket": 0.0}, **SMALL)
    assert total(flat, "lines", 1) < 0.9 * total(town, "lines", 1)
    per_purchase = [total(r, "quantity", 1) / total(r, "purchases", 1) for r in (town, flat)]
    assert 1.01 < per_purchase[0] / per_purchase[1] < 1.1


def test_a15_relationships_soften_price_sensitivity() -> None:
    dear = {"firms.Bridge.price": 4.3, "behaviour.spending.price": 0.8}
    kept = {}
    for name, on in (("hard", False), ("soft", True)):
        behaviour = {"behaviour.spending.on": on, "behaviour.spending.basket": 0.0}
        before = run("coffee-town", {**behaviour, "behaviour.spending.price": 0.8}, **SMALL)
        after = run("coffee-town", {**behaviour, **dear}, **SMALL)
        kept[name] = total(after, "purchases", 1) / total(before, "purchases", 1)
    assert kept["hard"] < kept["soft"] < 1


def test_a15_suggestions_sell_cost_and_irritate_when_overdone(town: Record) -> None:
    some = run("coffee-town", {**ON, "firms.Bridge.suggestion": 0.3, "firms.Bridge.suggestion_cost": 0.05}, **SMALL)
    pushy = run("coffee-town", {**ON, "firms.Bridge.suggestion": 1.0, "firms.Bridge.suggestion_cost": 0.05}, **SMALL)
    rate = [total(r, "lines", 1) / total(r, "purchases", 1) for r in (town, some, pushy)]
    assert rate[0] + 0.05 < rate[1] < rate[2]
    quality = [r.firms.query("firm == 'Bridge'")["experience"].mean() for r in (town, some, pushy)]
    assert quality[1] == pytest.approx(quality[0], abs=0.05) and quality[2] < quality[0] - 0.7
    assert total(pushy, "purchases", 1) < 0.97 * total(town, "purchases", 1)
    assert account(some, "suggestions") < 0 == account(town, "suggestions")


def test_a15_the_books_agree_with_the_customers(town: Record) -> None:
    c = town.simulation.population.customers
    assert account(town, "cost to serve") == pytest.approx(-c.served[1].sum() / 100)
    assert account(town, "extra lines") == pytest.approx(2.0 * c.lines[1].sum())
    assert account(town, "cost of extra lines") == pytest.approx(-0.8 * c.lines[1].sum())
    goods = sum(account(town, name) for name in ("cost of goods", "cost of extra lines"))
    paid = account(town, "sales at usual prices") + account(town, "price reductions") + account(town, "extra lines")
    assert c.margin[1].sum() / 100 == pytest.approx(paid + goods, rel=0.002)  # to a cent a purchase
    table = customer_value(town, "Bridge", 0, town.periods)
    np.testing.assert_allclose(table["profit"], table["margin"] - table["cost_to_serve"] - table["rewards"])


def test_a15_off_means_off_but_serving_still_costs() -> None:
    plain, costly = run("coffee-town", **SMALL), run("coffee-town", SELLS, **SMALL)
    np.testing.assert_array_equal(plain.simulation.totals.firms, costly.simulation.totals.firms)
    purchases = costly.firms.query("firm == 'Bridge'")["purchases"].sum()
    assert account(costly, "cost to serve") == pytest.approx(-0.3 * purchases, abs=1.0)
    assert account(plain, "cost to serve") == 0 == account(costly, "extra lines")
