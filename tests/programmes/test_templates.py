"""Templates: they load, say where they come from, run to the same bits in both engines, and differ in what they do."""

from __future__ import annotations

import pytest
from tests.engine.worlds import assert_identical, run_to_end

from goodwill.accounts.ledger import PROGRAMME_ACCOUNTS
from goodwill.errors import ScenarioError
from goodwill.programmes.base import build
from goodwill.programmes.templates import filled_in, template, template_names
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

# Contracts bind where there are contracts; miles and nights are for dear purchases.
_MARKETS = {"contract-lock-in": "mobile-contract", "airline-tiers": "airline", "hotel-tiers": "airline"}


def world(name: str, customers: int = 120, periods: int = 30) -> Scenario:
    """A small market in which the first firm starts the template early."""
    changes = {
        "firms.0.programmes": [{"template": name, "start": 2}],
        "behaviour.programmes.exposure": 0.9,
        "behaviour.referral.on": True,
    }
    return Scenario.preset(_MARKETS.get(name, "coffee-town")).with_(
        changes, customers=customers, periods=periods, warm_up=2
    )


@pytest.mark.parametrize("name", template_names())
def test_a_template_runs_in_both_engines(name: str) -> None:
    ready = template(name)
    assert ready.description and ready.market and ready.sources
    assert_identical(world(name))


def test_templates_differ_in_what_they_do() -> None:
    """No two have the same flows of credits and money."""
    seen = {}
    for name in template_names():
        simulation, _ = run_to_end(world(name, customers=300, periods=60), threads=1)
        record = Record.of(simulation)
        money = tuple(int(record.book[account][:, 0].sum()) for account in PROGRAMME_ACCOUNTS)
        assert any(money), name
        seen[name] = money
    assert len(set(seen.values())) == len(seen) >= 14


def test_what_differs_is_merged_section_by_section() -> None:
    content = filled_in({"template": "grocery-points", "earn": {"per_currency": 3}})
    assert content["earn"] == {"per_currency": 3, "velocity": 4}
    assert template("grocery-points").programme["earn"]["per_currency"] == 1
    assert build({"template": "cashback", "start": 7}).start == 7


def test_a_wrong_name_is_met_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'hotel-tiers'"):
        template("hotel-tier")
    with pytest.raises(ScenarioError, match=r"programmes\.0: template 'cashbak' is not known; did you mean 'cashback'"):
        Scenario.preset("mini").with_({"firms.0.programmes": [{"template": "cashbak"}]})
