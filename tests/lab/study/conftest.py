"""A small study, quick to run."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def asked() -> dict[str, Any]:
    return {
        "name": "small",
        "scenario": "mini",
        "set": {"customers": 200, "warm_up": 6},
        "horizon": 18,
        "arms": {
            "nothing": {},
            "card": {"programmes": [{"kind": "stamp_card", "stamps": 10}]},
            "club": {"programmes": [{"kind": "paid_club"}]},
        },
        "outcomes": ["profit", "retention"],
        "replications": 3,
    }
