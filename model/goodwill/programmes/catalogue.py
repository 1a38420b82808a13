"""The programmes that come with goodwill; importing this module registers them."""

from __future__ import annotations

from goodwill.programmes.base import AnyProgramme, Programme, kinds
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

__all__ = [
    "AnyProgramme",
    "EarlyWarning",
    "Experience",
    "Gifts",
    "LoyaltyProgramme",
    "Offer",
    "PaidClub",
    "Personalisation",
    "Points",
    "PriceCut",
    "Programme",
    "Referral",
    "Samples",
    "ServiceInvestment",
    "StampCard",
    "Tiers",
    "WinBack",
    "kinds",
]
