"""The few worlds in which all targets are measured: the presets, larger or watched longer, and a town that launches a programme.

Behaviour is that of the preset. What a target changes is said where it is measured.
"""

from __future__ import annotations

from typing import Any

from goodwill.scenario.scenario import Scenario

YEAR = 52
FIRM = 0
"""The firm whose programme is watched."""


def coffee() -> Scenario:
    """The coffee category: nine brands, one a trip (a Dirichlet knows no other trips), bought every other month; no programme."""
    return Scenario.preset("grocery-coffee").with_(customers=40_000)


def drinks(years: int = 1) -> Scenario:
    """The soft-drinks category: bought by nearly everybody in a year, so that its brands share buyers; no programme."""
    return Scenario.preset("grocery-soft-drinks").with_(customers=10_000, periods=YEAR * (1 + years))


def shop() -> Scenario:
    """The preset of the CDNOW cohort."""
    return Scenario.preset("music-retailer")


def town(years: int, programme: dict[str, Any] | None, changes: dict[str, Any] | None = None) -> Scenario:
    """The coffee town, in which the largest firm launches this programme (or none) after the warm-up instead of its card."""
    base = Scenario.preset("coffee-town").with_(customers=10_000, periods=YEAR * (1 + years))
    programmes = [] if programme is None else [programme]
    return base.with_({"firms.0.programmes": programmes, **(changes or {})})


def operators(years: int, changes: dict[str, Any] | None = None) -> Scenario:
    """The mobile operators, under contract, watched for whole years after one year of warm-up."""
    return Scenario.preset("mobile-contract").with_(customers=10_000, periods=12 * (1 + years)).with_(changes or {})
