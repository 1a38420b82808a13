"""A8: seven kinds of loyalty, told apart by what actually holds each repeat customer."""

from __future__ import annotations

from typing import Any

import pytest

from goodwill import Market, PriceCut, Record, Scenario, StampCard
from goodwill.errors import GoodwillError
from goodwill.measures.loyalty_kinds import KINDS, kinds_by_firm, loyalty_kinds
from goodwill.plots.relationship import kinds_figure


def market(behaviour: dict[str, Any] | None = None, **keys: Any) -> Scenario:
    """Three firms of like size, 500 customers with mixed tastes who shop 40 times a year."""
    content: dict[str, Any] = {
        "customers": 500, "periods": 78, "warm_up": 26, "seed": 5,
        "firms": [{"name": n, "share": 1 / 3, "price": 4.0, "unit_cost": 1.0} for n in "ABC"],
        "population": {"trips_per_year": 40, "loyalty_spread": 4.0},
        "behaviour": behaviour or {},
    }  # fmt: skip
    return Scenario.from_dict({**content, **keys})


def record(scenario: Scenario, *programmes: Any) -> Record:
    return Market(scenario.with_programmes("A", programmes) if programmes else scenario, threads=1).run(purchases=True)


def share(run: Record, kind: str, firm: str = "A") -> float:
    table = kinds_by_firm(run.loyalty_kinds).set_index(["firm", "kind"])["share"]
    return float(table.loc[(firm, kind)])


@pytest.fixture(scope="module")
def plain() -> Record:
    return record(market())


def test_a8_liking_alone_is_convenience(plain: Record) -> None:
    table = plain.loyalty_kinds
    assert len(table) > 1000 and set(table["kind"].cat.categories) == set(KINDS)
    assert (table["kind"] == "convenience").all()


def test_a8_habit_makes_inertia(plain: Record) -> None:
    weak, strong = (record(market({"habit": {"on": True, "strength": s, "retention": 0.7}})) for s in (0.5, 3.0))
    assert share(plain, "inertia") == 0
    assert share(weak, "inertia") < 0.1 < 0.4 < share(strong, "inertia")


def test_a8_a_price_cut_makes_price_loyalty_for_its_firm_only(plain: Record) -> None:
    cut = record(market(), PriceCut(depth=0.35, start=26))
    assert share(cut, "price") > share(plain, "price") + 0.25
    assert share(cut, "price", "B") < 0.02


def test_a8_a_generous_card_makes_incentive_loyalty(plain: Record) -> None:
    seen = {"programmes": {"exposure": 1.0, "hassle": 0.0, "pull": 1.5, "enrol_intercept": 3.0}}
    none = record(market(seen))
    card = record(market(seen, population={"trips_per_year": 40, "loyalty_spread": 4.0, "attention": 1.0}),
                  StampCard(stamps=3, reward=8.0))  # fmt: skip
    assert share(none, "incentive") == 0
    assert share(card, "incentive") > 0.2 and share(card, "incentive", "B") == 0


def test_a8_attitude_makes_super_value_and_latent_loyalty() -> None:
    feel = {"satisfaction": {"on": True, "weight": 1.2}, "commitment": {"on": True, "weight": 1.0}}
    firms = [{"name": n, "share": 1 / 3, "price": 4.0, "service": s} for n, s in (("A", 8.5), ("B", 7.0), ("C", 7.0))]
    run = record(market(feel, firms=firms))
    assert share(run, "super-value") > 0.25
    # Where little else can be bought, a high opinion shows in few purchases.
    firms[0]["share"], firms[1]["share"], firms[2]["share"] = 0.1, 0.45, 0.45
    small = record(market(feel, firms=firms))
    assert share(small, "latent") > share(run, "latent") + 0.1
    latent = small.loyalty_kinds.query("kind == 'latent'")
    assert (latent["attitude"] > 0).all() and (latent["share"] < 0.5).all()


def test_a8_without_a_rival_it_is_monopoly() -> None:
    alone = record(market(firms=[{"name": "A", "share": 1.0, "price": 4.0}]))
    assert share(alone, "monopoly") == 1.0


def test_a8_a_contract_holds_those_whom_a_rival_would_suit_better() -> None:
    scenario = market(
        {"habit": {"on": True, "strength": 2.0}, "defection": {"on": True, "competitive": 0.3}}, kind="contract"
    )
    run = record(scenario)
    causes = run.purchases["cause"].value_counts(normalize=True)
    assert causes["contract"] > 0.02 and causes["habit"] > 0.02
    assert share(run, "inertia") > share(record(scenario.with_({"behaviour.habit.on": False})), "inertia")


def test_a8_a_panel_is_enough_and_nothing_is_an_error(plain: Record) -> None:
    panel = Market(market(), threads=1).run(purchases=60)
    mine = panel.loyalty_kinds
    assert 40 < mine["customer"].nunique() <= 60
    both = mine.merge(plain.loyalty_kinds, on=["customer", "firm"], suffixes=("", "_all"))
    assert len(both) == len(mine) and (both["kind"] == both["kind_all"]).all()
    with pytest.raises(GoodwillError, match="no purchases on record from period 500"):
        loyalty_kinds(panel, since=500)
    assert "What holds repeat customers" in kinds_figure(panel).svg()
