"""goodwill: the laboratory in which a customer-loyalty programme is tried out before it is launched.

Names are imported when they are first used, so that `import goodwill` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PLACES = {
    "Arm": "goodwill.scenario.arms",
    "Comparison": "goodwill.lab.comparison",
    "Experience": "goodwill.programmes.experience",
    "GoodwillError": "goodwill.errors",
    "LoyaltyProgramme": "goodwill.programmes.language",
    "Market": "goodwill.market",
    "Offer": "goodwill.programmes.offer",
    "PaidClub": "goodwill.programmes.paid_club",
    "Points": "goodwill.programmes.points",
    "PriceCut": "goodwill.programmes.price_cut",
    "Programme": "goodwill.programmes.base",
    "Record": "goodwill.record",
    "Scenario": "goodwill.scenario.scenario",
    "ServiceInvestment": "goodwill.programmes.service",
    "Simulation": "goodwill.simulation",
    "StampCard": "goodwill.programmes.stamp_card",
    "Tiers": "goodwill.programmes.tiers",
    "compare": "goodwill.lab.compare",
}

__all__ = [
    "Arm",
    "Comparison",
    "Experience",
    "GoodwillError",
    "LoyaltyProgramme",
    "Market",
    "Offer",
    "PaidClub",
    "Points",
    "PriceCut",
    "Programme",
    "Record",
    "Scenario",
    "ServiceInvestment",
    "Simulation",
    "StampCard",
    "Tiers",
    "__version__",
    "compare",
]

if TYPE_CHECKING:
    from goodwill.errors import GoodwillError
    from goodwill.lab.compare import compare
    from goodwill.lab.comparison import Comparison
    from goodwill.market import Market
    from goodwill.programmes.base import Programme
    from goodwill.programmes.experience import Experience
    from goodwill.programmes.language import LoyaltyProgramme
    from goodwill.programmes.offer import Offer
    from goodwill.programmes.paid_club import PaidClub
    from goodwill.programmes.points import Points
    from goodwill.programmes.price_cut import PriceCut
    from goodwill.programmes.service import ServiceInvestment
    from goodwill.programmes.stamp_card import StampCard
    from goodwill.programmes.tiers import Tiers
    from goodwill.record import Record
    from goodwill.scenario.arms import Arm
    from goodwill.scenario.scenario import Scenario
    from goodwill.simulation import Simulation


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives."""
    if name not in _PLACES:
        raise AttributeError(f"module 'goodwill' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
