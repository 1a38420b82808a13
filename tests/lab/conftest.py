from __future__ import annotations

import pytest

from goodwill.scenario.scenario import Scenario
from goodwill.scenario.starter import example


@pytest.fixture(scope="session")
def small() -> Scenario:
    return example().with_({"population.trips_per_year": 26.0}, customers=600, periods=60, warm_up=20, seed=5)
