"""B5: five levels of contact, from basic to partnership: what they bind, annoy and cost."""

from __future__ import annotations

import pytest
from tests.concepts.paired import run, total

from goodwill.errors import ScenarioError
from goodwill.measures.contact_advice import LEVELS, contact_advice, measured_lift, scheme
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

SMALL = {"customers": 1500, "periods": 36, "warm_up": 12}
BONDS = {
    "firms.0.programmes": [], "behaviour.commitment.on": True, "behaviour.commitment.weight": 0.8,
    "behaviour.contact.on": True,
}  # fmt: skip


def at_level(level: int, **keys: float) -> Record:
    more = {f"behaviour.contact.{k}": v for k, v in keys.items()}
    return run("mini", {**BONDS, "firms.0.contact.level": level, **more}, **SMALL)


def commitment(record: Record) -> float:
    table = record.customers
    mine = table[(table["firm"] == "One") & (table["purchases"] > 0)]
    return float(mine["commitment"].mean())


def test_b5_contact_binds_up_to_what_is_wanted_and_then_annoys() -> None:
    levels = [at_level(level, wanted_sd=0.3) for level in range(5)]
    bound = [commitment(r) for r in levels]
    assert bound[0] < bound[1] < bound[2]  # customers want level 2
    assert bound[4] < bound[3] < bound[2]
    sold = [total(r, "purchases") for r in levels]
    assert sold[2] > 1.02 * sold[0]
    assert sold[4] < sold[2]


def test_b5_closer_contact_costs_more() -> None:
    ledgers = [
        at_level(level).ledger.query("account == 'contact' and firm == 'One'")["amount"].sum() for level in (1, 4)
    ]
    contacted = total(at_level(1), "contacted")
    assert ledgers[0] < 0 and contacted > 0
    assert ledgers[1] / ledgers[0] == pytest.approx(40, rel=0.1)  # 20 against .5 a year


def test_b5_off_means_off() -> None:
    plain = run("mini", {"firms.0.programmes": []}, **SMALL)
    level = run("mini", {"firms.0.programmes": [], "firms.0.contact.level": 3}, **SMALL)
    assert (plain.simulation.totals.firms == level.simulation.totals.firms).all()


def test_b5_contact_needs_commitment() -> None:
    with pytest.raises(ScenarioError, match=r"behaviour\.contact\.on.*commitment"):
        run("mini", {"behaviour.contact.on": True}, **SMALL)


def test_b5_advice_by_margin_and_number_of_customers() -> None:
    """Few customers with a high margin deserve closer contact than many with a low one, as the textbook's scheme says."""
    scenario = Scenario.preset("mini").with_({**BONDS, "behaviour.contact.wanted": 4.0}, **SMALL)
    lift = measured_lift(scenario)
    assert lift["lift"].iloc[0] == 0 and lift["lift"].is_monotonic_increasing  # customers want as much as they can get
    advice = contact_advice(lift, turnover=100_000, margins=(0.05, 0.5), customers=(300, 3_000, 30_000))
    level = {(row.customers, row.margin): LEVELS.index(row.level) for row in advice.itertuples()}
    for count in (300, 3_000, 30_000):
        assert level[count, 0.5] >= level[count, 0.05]
    for margin in (0.05, 0.5):
        assert level[300, margin] >= level[3_000, margin] >= level[30_000, margin]
    assert level[300, 0.5] >= level[30_000, 0.05] + 2
    assert level[30_000, 0.05] == 0
    table = scheme()
    assert table.loc["few", "high"] == "partnership" and table.loc["many", "low"] == "basic"


def test_b5_a_firm_that_asks_hears_more_complaints() -> None:
    """From the reactive level on customers are asked to call: of as many failures more come to light."""
    voiced = []
    for level in (0, 2):
        r = run(
            "mini",
            {
                **BONDS, "behaviour.recovery.on": True, "behaviour.contact.ease": 0.25, "firms.0.recovery.ease": 0.0,
                "firms.0.contact.level": level,
            },
            **SMALL,
        )  # fmt: skip
        voiced.append(total(r, "complaints") / total(r, "failures"))
    assert voiced[1] > 1.3 * voiced[0]
