"""Behaviour as the engines read it: one flat tuple of float32 numbers and int32 switches, per period.

The names are those of the declarations, section and key joined: ``habit_strength``. Values declared per year, per month or in months
are turned into values per period here and nowhere else.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from goodwill.scenario.behaviour import Behaviour
from goodwill.scenario.scenario import Scenario

_EXTRA = (
    "contract",
    "natural_exit",
    "basket_sd",
    "strong_ties",
    "window",
    "warm_up",
    "talk_listened",
    "periods_per_year",
    "limits_choice",
    "all_aware",
    "experience_on",
    "cohort",
    "encounter_on",
)


def _flat_names() -> tuple[str, ...]:
    names = []
    for name, field in Behaviour.model_fields.items():
        assert field.annotation is not None
        names += [f"{name}_{key}" for key in field.annotation.model_fields]
    return tuple(names)


Parameters: Any = namedtuple("Parameters", _flat_names() + _EXTRA)  # type: ignore[misc]
Parameters.__doc__ = "All parameters of behaviour per period; see the module."


def per_period(value: float, unit: str, periods_per_year: int) -> float:
    """A declared value in periods: hazards per year, shares kept or closed per month and lengths in months are converted."""
    months = 12 / periods_per_year
    if unit == "per year":
        return value / periods_per_year
    if unit == "per month":
        return float(value**months)
    if unit == "share per month":
        return float(1 - (1 - value) ** months)
    if unit == "months":
        return value / months
    return value


def parameters_of(scenario: Scenario) -> Any:
    """The flat tuple for one scenario."""
    values: list[Any] = []
    for name in Behaviour.model_fields:
        part = getattr(scenario.behaviour, name)
        for key, field in type(part).model_fields.items():
            value = getattr(part, key)
            extra: Any = field.json_schema_extra
            if isinstance(value, bool | int):
                values.append(np.int32(value))
            else:
                values.append(np.float32(per_period(value, extra["unit"], scenario.periods_per_year)))
    population, behaviour = scenario.population, scenario.behaviour
    listens = scenario.network.strong_ties + scenario.network.weak_ties > 0
    encounters = (
        behaviour.value, behaviour.recovery, behaviour.trust, behaviour.fairness, behaviour.bonds, behaviour.experiences,
        behaviour.surprise,
    )  # fmt: skip
    values += [
        np.int32(scenario.kind == "contract"),
        np.float32(population.natural_exit / scenario.periods_per_year),
        np.float32(population.basket_sd),
        np.int32(scenario.network.strong_ties),
        np.int32(scenario.measurement.window),
        np.int32(scenario.warm_up),
        np.int32(scenario.behaviour.word_of_mouth.on and (listens or scenario.behaviour.posts.on)),
        np.float32(scenario.periods_per_year),
        np.int32(
            any(f.awareness < 1 for f in scenario.firms)
            or scenario.behaviour.defection.on
            or scenario.behaviour.consideration.on
        ),
        np.int32(all(f.awareness == 1 for f in scenario.firms)),
        np.int32(
            behaviour.satisfaction.on or behaviour.expectation.on or behaviour.commitment.on or behaviour.trust.on
        ),
        np.int32(population.first_purchase_on_arrival),
        np.int32(any(part.on for part in encounters)),
    ]
    return Parameters(*values)
