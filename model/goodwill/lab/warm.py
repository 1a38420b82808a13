"""Compiling before the work begins, so that it is announced once and not done by every worker at the same time."""

from __future__ import annotations


def ensure_compiled() -> None:
    """Fill the cache of compiled code unless it is filled; the first time on a machine this takes less than a minute."""
    from goodwill.engine.jit import is_compiled
    from goodwill.scenario.starter import example
    from goodwill.simulation import Simulation

    if not is_compiled():
        Simulation(example().with_(customers=8, periods=2, warm_up=1), threads=1).run()
