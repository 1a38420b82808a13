"""What was tried, in words: each arm with its programmes and their levers."""

from __future__ import annotations

from collections.abc import Mapping
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
    """One lever: meaning, value (what is varied: all of them), and whether it was scaled to the budget."""

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
    return arm_in_words(arm, currency, _budget(comparison, arm.name) if scaled else "")


def arm_in_words(arm: Arm, currency: str, budget: str = "", varied: Mapping[str, str] | None = None) -> ArmInWords:
    """An arm. budget: what to say of its scaling. varied: by path in the arm, what a study tries there instead of one value."""
    varied = varied or {}
    programmes = tuple(_programme(k, p, bool(budget), currency, varied) for k, p in enumerate(arm.programmes))
    settings = {path: str(value) for path, value in arm.to_dict()["set"].items()}
    settings |= {path.removeprefix("set."): text for path, text in varied.items() if path.startswith("set.")}
    return ArmInWords(arm.name, arm.description, programmes, tuple(settings.items()), budget)


def _budget(comparison: Comparison, arm: str) -> str:
    factor = comparison.scaled[arm]["factor"]
    found = difference(comparison, arm, comparison.baseline, "programme_cost")
    currency = comparison.scenario.measurement.currency
    return (
        f"Its levers were multiplied by {factor:.3g} so that it costs about {money(comparison.budget or 0)} {currency} a "
        f"year; in these worlds it cost {money(found.mean)} [{money(found.low)} to {money(found.high)}]."
    )


def _programme(place: int, programme: Programme, scaled: bool, currency: str, varied: Mapping[str, str]) -> Tried:
    levers = []
    for item in declared(type(programme)):
        value: Any = getattr(programme, item.key)
        tried = varied.get(f"programmes.{place}.{item.key}")
        if item.key == "kind" or (item.key in ("start", "stop", "fixed_cost") and not value and tried is None):
            continue
        text = in_words(value, item.unit.replace("currency", currency)) if tried is None else tried
        levers.append(Lever(item.key, item.meaning, text, scaled and item.key in programme.budget_levers))
    return Tried(programme.kind.replace("_", " "), programme.summary, programme.sources, tuple(levers))
