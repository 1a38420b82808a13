"""The reference engine: the model once more, one customer at a time, written to be read.

Every customer is a `mesa.Agent` whose methods follow the order of the period: he hears, shops, chooses, buys, is served by the
programmes, leaves, talks. It shares with the compiled engine the rules, the named draws, the arithmetic and the layout of the state,
and nothing else; so where both give the same bits, neither has a mistake of its own. A reader begins with `customer.py`.
"""

from __future__ import annotations

from goodwill.engine.reference.customer import Customer
from goodwill.engine.reference.engine import ReferenceEngine
from goodwill.engine.reference.world import World

__all__ = ["Customer", "ReferenceEngine", "World"]
