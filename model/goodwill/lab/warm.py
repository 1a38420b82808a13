"""Compiling before the work begins, so that it is announced once and not done by every worker at the same time."""

from __future__ import annotations

import logging
from collections.abc import Callable

WORDS = "compiling the model, once on this machine; this takes less than a minute"


def ensure_compiled(say: Callable[[str], None] | None = None) -> None:
    """Fill the cache of compiled code unless it is filled.

    say: called with a few words if it has to be done; without it the warning of the simulation says it.
    """
    from goodwill.engine.jit import is_compiled
    from goodwill.scenario.starter import example
    from goodwill.simulation import Simulation

    if is_compiled():
        return
    log = logging.getLogger("goodwill")
    if say is not None:
        say(WORDS)
        log.addFilter(_silent)
    try:
        Simulation(example().with_(customers=8, periods=2, warm_up=1), threads=1).run()
    finally:
        log.removeFilter(_silent)


def _silent(_: logging.LogRecord) -> bool:
    return False
