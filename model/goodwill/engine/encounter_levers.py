"""Levers of firms in the encounter with customers, by period, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.scenario.encounter import BENEFITS, EXPERIENCES, VALUE_COMPONENTS
from goodwill.scenario.firm import Firm
from goodwill.scenario.scenario import Scenario

_SIGN = np.array([1.0 if kind < BENEFITS else -1.0 for kind in range(len(VALUE_COMPONENTS))])


@dataclass(frozen=True)
class EncounterCosts:
    """Rates in cents, by firm; the amounts follow from the levers and from what happened."""

    channel: np.ndarray  # per period, at full ease
    handling: np.ndarray  # per complaint
    point: np.ndarray  # per point given back
    surprise: np.ndarray  # per surprise
    recognition: np.ndarray  # per purchase and point
    value_purchase: np.ndarray  # per purchase
    value_fixed: np.ndarray  # per period


def encounter_levers(scenario: Scenario) -> dict[str, np.ndarray]:
    """The levers of `Levers` that belong to encounters, before programmes change them; float64, costs of an offer negative."""
    periods, firms = scenario.periods, scenario.firms
    usual = scenario.behaviour.recovery.failure

    def tiled(values: list[float]) -> np.ndarray:
        return np.tile(np.array(values, np.float64), (periods, 1))

    mix = np.array([f.value.mix for f in firms], np.float64).T * _SIGN[:, None]
    return {
        "failure": tiled([usual if f.failure is None else f.failure for f in firms]),
        "ease": tiled([_ease(f, scenario) for f in firms]),
        "effort": tiled([f.recovery.effort for f in firms]),
        "generosity": tiled([f.recovery.generosity for f in firms]),
        "surprise_share": tiled([f.surprise.share for f in firms]),
        "surprise_gain": tiled([f.surprise.gain for f in firms]),
        "recognition": tiled([f.treatment.recognition for f in firms]),
        "intrusion": tiled([f.treatment.intrusion for f in firms]),
        "newcomer_discount": tiled([f.treatment.newcomer_discount for f in firms]),
        "value": np.repeat(mix[:, None, :], periods, axis=1),
        "experiences": np.zeros((len(EXPERIENCES), periods, len(firms))),
    }


def _ease(firm: Firm, scenario: Scenario) -> float:
    """Ease of complaining: of the channel, and because a firm that keeps in touch asks."""
    contact = scenario.behaviour.contact
    asked = contact.ease * firm.contact.level if contact.on else 0.0
    return min(1.0, firm.recovery.ease + asked)


def change_encounters(levers: dict[str, np.ndarray], span: slice, firm: int, change: Any) -> None:
    """Add what a `LeverChange` does to the offer and to what is staged."""
    if change.value:
        levers["value"][:, span, firm] += (np.array(change.value) * _SIGN)[:, None]
    if change.experiences:
        levers["experiences"][:, span, firm] += np.array(change.experiences)[:, None]


def encounter_costs(scenario: Scenario) -> EncounterCosts:
    """The cost rates of all firms."""
    year = scenario.periods_per_year

    def cents(rate: Callable[[Firm], float]) -> np.ndarray:
        return np.array([100.0 * rate(firm) for firm in scenario.firms], np.float64)

    return EncounterCosts(
        channel=cents(lambda f: f.recovery.channel_cost / year),
        handling=cents(lambda f: f.recovery.handling_cost),
        point=cents(lambda f: f.recovery.point_cost),
        surprise=cents(lambda f: f.surprise.cost),
        recognition=cents(lambda f: f.treatment.recognition_cost),
        value_purchase=cents(lambda f: f.value.purchase_cost),
        value_fixed=cents(lambda f: f.value.fixed_cost / year),
    )
