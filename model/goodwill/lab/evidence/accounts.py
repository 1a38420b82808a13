"""Accounts: worked examples of the standards."""

from __future__ import annotations

from goodwill.accounts.ifrs15 import price_of_credits, released_so_far
from goodwill.lab.evidence.measurement import Measurement, Worlds

PRICE = 100_000.0
"""Sales of the example; 10,000 points go with them, each worth one unit of currency when it is redeemed."""

FIRST_EXPECTED, LATER_EXPECTED = 9_500.0, 9_700.0
FIRST_REDEEMED, ALL_REDEEMED = 4_500.0, 8_500.0


def example_52(worlds: Worlds, seed: int) -> dict[str, float]:
    """T27: a sale with points, two years of redemption, one changed estimate; no market is needed."""
    deferred = float(price_of_credits(PRICE, PRICE, FIRST_EXPECTED))
    one = float(released_so_far(deferred, FIRST_REDEEMED, FIRST_EXPECTED))
    two = float(released_so_far(deferred, ALL_REDEEMED, LATER_EXPECTED))
    return {
        "goods": PRICE - deferred,
        "credits": deferred,
        "revenue_1": one,
        "liability_1": deferred - one,
        "released_2": two,
        "revenue_2": two - one,
        "liability_2": deferred - two,
    }


MEASUREMENTS = (Measurement("T27", dict, example_52, once=True),)
