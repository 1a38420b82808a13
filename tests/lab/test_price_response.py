"""Prices by best response, without and with habit (Dube, Hitsch & Rossi 2009)."""

from __future__ import annotations

import pytest

from goodwill.lab.price_response import PriceStudy, equilibrium_prices, price_response


@pytest.mark.statistical
def test_prices_fall_with_a_realistic_habit_and_rise_again_with_a_very_strong_one() -> None:
    table = price_response((0.5, 2.5), PriceStudy(customers=3_000)).set_index("strength")
    assert table.loc[0.5, "inertia"] == pytest.approx(0.175, abs=0.001)
    assert -0.2 <= table.loc[0.5, "change"] <= 0.0
    assert table.loc[2.5, "change"] > table.loc[0.5, "change"] + 0.05


def test_firms_that_look_no_further_than_a_quarter_harvest() -> None:
    small = PriceStudy(customers=1_500, rounds=3)
    near = PriceStudy(customers=1_500, rounds=3, horizon=3)
    assert equilibrium_prices(near, 1.0)[-1] > equilibrium_prices(small, 1.0)[-1]
