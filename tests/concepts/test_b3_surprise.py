"""B3: surprise and delight - unexpected extra service to some visits works through disconfirmation."""

from __future__ import annotations

import numpy as np
import pytest
from tests.concepts.encounters import on, paid, run, share, state

WORLD = on("surprise", "expectation", "satisfaction", "commitment")


def test_b3_surprises_delight_bind_and_cost() -> None:
    surprised = run(WORLD, {"surprise": {"share": 0.2, "gain": 3.0, "cost": 0.5}})
    none = run(WORLD)
    assert state(surprised, "satisfaction") > state(none, "satisfaction") + 0.3
    assert state(surprised, "commitment") > state(none, "commitment") + 0.1
    assert share(surprised) > share(none) + 0.02
    firm = surprised.firms.query("firm == 'A'")
    assert firm["surprises"].sum() / firm["purchases"].sum() == pytest.approx(0.2, abs=0.02)
    assert paid(surprised, "surprises") == pytest.approx(-0.5 * firm["surprises"].sum(), abs=0.01)


def test_b3_unexpected_service_delights_more_than_the_same_service_always() -> None:
    """What comes always is expected: the same points spread over all visits leave less commitment."""
    surprised = run(WORLD, {"surprise": {"share": 0.2, "gain": 3.0}})
    steady = run(WORLD, {"service": 7.6, "promise": 7.6})
    means = [r.firms.query("firm == 'A'")["experience"].mean() for r in (surprised, steady)]
    assert means[0] == pytest.approx(means[1], abs=0.05)
    assert state(surprised, "commitment") > state(steady, "commitment") + 0.05


def test_b3_off_means_off() -> None:
    never, off = (run(on("satisfaction"), first) for first in ({}, {"surprise": {"share": 0.5}}))
    assert np.array_equal(never.simulation.totals.firms, off.simulation.totals.firms)
