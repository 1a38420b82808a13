"""Outcomes of a firm against the tables of the same run."""

from __future__ import annotations

import pytest
from tests.concepts.paired import run

from goodwill.lab.outcomes import firm_outcomes


def test_new_buyers_are_those_who_buy_for_the_first_time() -> None:
    record = run("mini", {"firms.0.awareness": 0.5}, customers=300, periods=24, warm_up=12)
    first = record.firms[record.firms["firm"] == record.names[0]]
    late = first[first["period"] >= 12]
    assert firm_outcomes(record, 0)["new_buyers"] == late["new_buyers"].sum() > 0
    everyone = record.customers[(record.customers["firm"] == record.names[0]) & (record.customers["purchases"] > 0)]
    both = firm_outcomes(record, 0, 0, 24)["new_buyers"]
    assert 2 * both == pytest.approx(
        len(everyone)
    )  # mini counts no experience before the run as a first purchase of it
