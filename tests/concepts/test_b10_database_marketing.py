"""B10: what the firm has on file decides what personal treatment and early warnings are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.concepts.paired import run, total

from goodwill.record import Record

SMALL = {"customers": 1500, "periods": 36, "warm_up": 12}


def personal(coverage: float, error: float, **keys: Any) -> Record:
    changes = {
        "firms.0.programmes": [{"kind": "personalisation", "depth": 1.0, "start": 0}],
        "firms.0.database.coverage": coverage, "firms.0.database.error": error,
        "behaviour.commitment.on": True, "behaviour.satisfaction.weight": 0.3, **keys,
    }  # fmt: skip
    return run("mini", changes, **SMALL)


def satisfaction(record: Record) -> float:
    mine = record.firms[record.firms["firm"] == "One"]
    return float(np.average(mine["satisfaction"], weights=mine["purchases"]))


def test_b10_right_files_please_and_wrong_ones_hurt() -> None:
    none, half, all_right = personal(0.0, 0.0), personal(0.5, 0.0), personal(1.0, 0.0)
    assert satisfaction(none) < satisfaction(half) < satisfaction(all_right)
    assert total(all_right, "purchases") > total(none, "purchases")
    all_wrong = personal(1.0, 1.0)
    assert satisfaction(all_wrong) < satisfaction(none)
    assert total(all_wrong, "misaddressed") == total(all_wrong, "personalised") == total(all_wrong, "purchases")
    assert total(none, "personalised") == 0


def test_b10_being_known_is_an_intrusion() -> None:
    shy = personal(1.0, 0.0, **{"behaviour.personal.discomfort": 1.5})
    assert satisfaction(shy) < satisfaction(personal(0.0, 0.0)) < satisfaction(personal(1.0, 0.0))


def test_b10_members_are_on_file_and_files_cost() -> None:
    # In this market everybody takes a stamp card: members are on file without any other data.
    card = {"kind": "stamp_card", "stamps": 10, "reward": 1.0, "start": 0}
    members = personal(
        0.0, 0.0, **{"firms.0.programmes": [card, {"kind": "personalisation", "depth": 1.0, "start": 0}]}
    )
    assert total(members, "personalised") > 0.9 * total(members, "purchases")
    careless, careful = personal(1.0, 0.5), personal(1.0, 0.0)
    cost = [r.ledger.query("account == 'database'")["amount"].sum() for r in (careless, careful)]
    assert cost[1] < cost[0] < 0


def warned(**keys: Any) -> Record:
    levers = {
        "kind": "early_warning",
        "start": 12,
        "share": 0.25,
        "good": 1.0,
        "depth": 0.3,
        "valid": 3.0,
        "cost": 0.05,
    }
    changes = {
        "population.trips_per_year": 24, "population.loyalty_spread": 0.6, "firms.0.programmes": [levers],
        "firms.0.database.coverage": 1.0, "firms.0.database.error": 0.0, "behaviour.defection.dropout_b": 60, **keys,
    }  # fmt: skip
    return run("mini", changes, **SMALL)


def test_b10_early_warning_brings_slackers_back_and_rings_falsely_at_times() -> None:
    without, alarm = warned(**{"firms.0.programmes": []}), warned()
    sent, false = total(alarm, "warnings"), total(alarm, "false_warnings")
    assert sent > 100 and 0 < false < sent
    assert total(alarm, "offers_redeemed") > 0.02 * sent
    assert total(alarm, "purchases") > total(without, "purchases")
    ledger = alarm.ledger.groupby("account")["amount"].sum()
    assert -ledger["offers sent"] == pytest.approx(0.05 * sent, abs=0.01 * SMALL["periods"])
    assert -ledger["offers redeemed"] * 100 == pytest.approx(total(alarm, "offer_discount"))


def test_b10_the_trigger_is_only_as_good_as_the_data() -> None:
    alarm = warned()
    assert (
        0.3 * total(alarm, "warnings")
        < total(warned(**{"firms.0.database.coverage": 0.5}), "warnings")
        < (0.7 * total(alarm, "warnings"))
    )
    wrong = warned(**{"firms.0.database.error": 1.0})
    assert total(wrong, "offers_redeemed") == 0 and total(wrong, "warnings") > 0


def test_b10_a_trigger_set_tighter_is_right_more_often() -> None:
    levers = {"kind": "early_warning", "start": 12, "good": 1.0, "depth": 0.3, "cost": 0.05}
    loose, tight = (warned(**{"firms.0.programmes": [{**levers, "share": s}]}) for s in (0.6, 0.15))
    precision = [1 - total(r, "false_warnings") / total(r, "warnings") for r in (loose, tight)]
    assert precision[1] > precision[0] + 0.02
    assert total(tight, "warnings") < total(loose, "warnings")
