from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from goodwill.accounts.ledger import ACCOUNTS
from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.lab.outcomes import OUTCOMES
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.starter import example

Maker = Callable[..., Comparison]


@pytest.fixture(scope="session")
def market() -> Scenario:
    return example().with_({"population.trips_per_year": 26.0}, customers=500, periods=60, warm_up=20, seed=5)


@pytest.fixture(scope="session")
def compared(market: Scenario) -> Comparison:
    """A real comparison, small; one name could be markup."""
    arms: dict[str, Any] = {
        "nothing": [],
        "stamp card": {
            "description": "Ten stamps <b>&</b> a reward",
            "programmes": [{"kind": "stamp_card", "stamps": 6, "reward": 4.0}],
        },
        "club <script>alert(1)</script>": {"programmes": [{"kind": "paid_club", "fee": 5.0}]},
        "habits": {"set": {"behaviour.habit.on": True}},
    }
    return compare(market, arms, replications=4, workers=1, budget="3%")


@pytest.fixture(scope="session")
def make(market: Scenario) -> Maker:
    def made(
        profit: dict[str, list[float]], retention: dict[str, list[float]] | None = None, cost: float = 10.0
    ) -> Comparison:
        """A comparison with these profits; the first arm is the baseline."""
        arms = list(profit)
        periods = market.periods

        def one(arm: str, r: int) -> dict[str, Any]:
            outcomes = dict.fromkeys(OUTCOMES, 1.0)
            outcomes |= {
                "anyway": 0.5,
                "profit": profit[arm][r],
                "programme_cost": 0.0 if arm == arms[0] else cost,
                "retention": (retention or {}).get(arm, [0.5] * 99)[r],
            }
            series = {"profit": list(np.full(periods, profit[arm][r] / periods))}
            return {"outcomes": outcomes, "accounts": dict.fromkeys(ACCOUNTS, 0.0), "series": series}

        worlds = [{"replicate": r, "arms": {arm: one(arm, r) for arm in arms}} for r in range(len(profit[arms[0]]))]
        inputs = {
            "scenario": market.to_dict(), "arms": {arm: {} for arm in arms}, "firm": 0, "baseline": arms[0],
            "budget": None, "scaled": {}, "provenance": {},
        }  # fmt: skip
        return Comparison.of(inputs, worlds)

    return made
