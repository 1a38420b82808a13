"""The strategies that come with goodwill; importing this module registers them."""

from __future__ import annotations

from goodwill.strategies.base import AnyStrategy, Strategy, kinds
from goodwill.strategies.imitation import CopyLeader, MatchPrice, MatchProgramme
from goodwill.strategies.postures import Attack, Defend, Retreat
from goodwill.strategies.search import Bandit, BestResponse
from goodwill.strategies.static import Schedule, Static

__all__ = [
    "AnyStrategy",
    "Attack",
    "Bandit",
    "BestResponse",
    "CopyLeader",
    "Defend",
    "MatchPrice",
    "MatchProgramme",
    "Retreat",
    "Schedule",
    "Static",
    "Strategy",
    "kinds",
]
