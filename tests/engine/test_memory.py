"""What a run held is free as soon as nobody holds the run: a worker goes through thousands of them."""

from __future__ import annotations

import gc
import weakref

import pytest

import goodwill as gw
from goodwill.branching import branched


@pytest.mark.parametrize("way", ["run", "record", "copy", "branch"])
def test_a_simulation_that_is_let_go_is_gone_at_once(way: str) -> None:
    scenario = gw.Scenario.preset("mini").with_(customers=20, periods=8, warm_up=3)
    gc.disable()  # or it would be no wonder
    try:
        simulation = gw.Simulation(scenario, threads=1, branchable=True)
        simulation.run(until=4)
        if way == "copy":
            simulation = simulation.copy()
        elif way == "branch":
            simulation = branched(
                simulation, scenario.with_({"changes": [{"start": 5, "set": {"firms.0.price": 2.0}}]})
            )
        simulation.run()
        if way == "record":
            assert len(gw.Record.of(simulation).firms)
        seen = weakref.ref(simulation)
        del simulation
        assert seen() is None
    finally:
        gc.enable()
