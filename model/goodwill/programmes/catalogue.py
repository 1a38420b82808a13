"""The programmes that come with goodwill; importing this module registers them."""

from __future__ import annotations

from goodwill.programmes.base import AnyProgramme, Programme, kinds
from goodwill.programmes.experience import Experience
from goodwill.programmes.language import LoyaltyProgramme
from goodwill.programmes.offer import Offer
from goodwill.programmes.paid_club import PaidClub
from goodwill.programmes.points import Points
from goodwill.programmes.price_cut import PriceCut
from goodwill.programmes.service import ServiceInvestment
from goodwill.programmes.stamp_card import StampCard
from goodwill.programmes.tiers import Tiers

__all__ = [
    "AnyProgramme",
    "Experience",
    "LoyaltyProgramme",
    "Offer",
    "PaidClub",
    "Points",
    "PriceCut",
    "Programme",
    "ServiceInvestment",
    "StampCard",
    "Tiers",
    "kinds",
]
