"""What was tried, in words: each arm with its programmes and their levers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from goodwill.lab.comparison import Comparison
from goodwill.programmes.base import Programme
from goodwill.report.assumptions import in_words
from goodwill.report.difference import difference
from goodwill.report.numbers import money
from goodwill.scenario.arms import Arm
from goodwill.scenario.declared import declared


@dataclass(frozen=True)
class Lever:
    """One lever: meaning, value, and whether it was scaled to the budget."""

    key: str
    meaning: str
    value: str
    scaled: bool


@dataclass(frozen=True)
class Tried:
    """One programme of an arm."""

    kind: str
    summary: str
    sources: tuple[str, ...]
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class ArmInWords:
    """One arm: its programmes, other values it sets, and a note on its budget."""

    name: str
    description: str
    programmes: tuple[Tried, ...]
    settings: tuple[tuple[str, str], ...]
    budget: str


def arms_in_words(comparison: Comparison) -> list[ArmInWords]:
    """All arms of a comparison."""
    return [_arm(comparison, arm) for arm in comparison.arms.values()]


def _arm(comparison: Comparison, arm: Arm) -> ArmInWords:
    scaled = arm.name in comparison.scaled
    currency = comparison.scenario.measurement.currency
    programmes = tuple(_programme(p, scaled, currency) for p in arm.programmes)
    settings = tuple((path, str(value)) for path, value in arm.to_dict()["set"].items())
    return ArmInWords(arm.name, arm.description, programmes, settings, _budget(comparison, arm.name) if scaled else "")


def _budget(comparison: Comparison, arm: str) -> str:
    factor = comparison.scaled[arm]["factor"]
    found = difference(comparison, arm, comparison.baseline, "programme_cost")
    currency = comparison.scenario.measurement.currency
    return (
        f"Its levers were multiplied by {factor:.3g} so that it costs about {money(comparison.budget or 0)} {currency} a "
        f"year; in these worlds it cost {money(found.mean)} [{money(found.low)} to {money(found.high)}]."
    )


def _programme(programme: Programme, scaled: bool, currency: str) -> Tried:
    levers = []
    for item in declared(type(programme)):
        value: Any = getattr(programme, item.key)
        if item.key == "kind" or (item.key in ("start", "stop", "fixed_cost") and not value):
            continue
        unit = item.unit.replace("currency", currency)
        levers.append(
            Lever(item.key, item.meaning, in_words(value, unit), scaled and item.key in programme.budget_levers)
        )
    return Tried(programme.kind.replace("_", " "), programme.summary, programme.sources, tuple(levers))
