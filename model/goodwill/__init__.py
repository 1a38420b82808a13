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
    "EarlyWarning": "goodwill.programmes.early_warning",
    "Gifts": "goodwill.programmes.gifts",
    "GoodwillError": "goodwill.errors",
    "LoyaltyProgramme": "goodwill.programmes.language",
    "Market": "goodwill.market",
    "Offer": "goodwill.programmes.offer",
    "PaidClub": "goodwill.programmes.paid_club",
    "Optimisation": "goodwill.lab.optimise.results",
    "Personalisation": "goodwill.programmes.personalisation",
    "Points": "goodwill.programmes.points",
    "PriceCut": "goodwill.programmes.price_cut",
    "Programme": "goodwill.programmes.base",
    "Record": "goodwill.record",
    "Referral": "goodwill.programmes.referral",
    "Samples": "goodwill.programmes.samples",
    "Results": "goodwill.lab.study.results",
    "Scenario": "goodwill.scenario.scenario",
    "ServiceInvestment": "goodwill.programmes.service",
    "Simulation": "goodwill.simulation",
    "StampCard": "goodwill.programmes.stamp_card",
    "Study": "goodwill.lab.study.study",
    "Tiers": "goodwill.programmes.tiers",
    "WinBack": "goodwill.programmes.win_back",
    "compare": "goodwill.lab.compare",
    "optimise": "goodwill.lab.optimise.run",
    "resume_study": "goodwill.lab.study.run",
    "run_study": "goodwill.lab.study.run",
}

__all__ = [
    "Arm",
    "Comparison",
    "EarlyWarning",
    "Experience",
    "Gifts",
    "GoodwillError",
    "LoyaltyProgramme",
    "Market",
    "Offer",
    "Optimisation",
    "PaidClub",
    "Personalisation",
    "Points",
    "PriceCut",
    "Programme",
    "Record",
    "Referral",
    "Results",
    "Samples",
    "Scenario",
    "ServiceInvestment",
    "Simulation",
    "StampCard",
    "Study",
    "Tiers",
    "WinBack",
    "__version__",
    "compare",
    "optimise",
    "resume_study",
    "run_study",
]

if TYPE_CHECKING:
    from goodwill.errors import GoodwillError
    from goodwill.lab.compare import compare
    from goodwill.lab.comparison import Comparison
    from goodwill.lab.optimise.results import Optimisation
    from goodwill.lab.optimise.run import optimise
    from goodwill.lab.study.results import Results
    from goodwill.lab.study.run import resume_study, run_study
    from goodwill.lab.study.study import Study
    from goodwill.market import Market
    from goodwill.programmes.base import Programme
    from goodwill.programmes.early_warning import EarlyWarning
    from goodwill.programmes.experience import Experience
    from goodwill.programmes.gifts import Gifts
    from goodwill.programmes.language import LoyaltyProgramme
    from goodwill.programmes.offer import Offer
    from goodwill.programmes.paid_club import PaidClub
    from goodwill.programmes.personalisation import Personalisation
    from goodwill.programmes.points import Points
    from goodwill.programmes.price_cut import PriceCut
    from goodwill.programmes.referral import Referral
    from goodwill.programmes.samples import Samples
    from goodwill.programmes.service import ServiceInvestment
    from goodwill.programmes.stamp_card import StampCard
    from goodwill.programmes.tiers import Tiers
    from goodwill.programmes.win_back import WinBack
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
