"""What can be set on the page: sliders made from the declarations of the parameters, and the first firm's programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodwill.programmes.catalogue import PaidClub, PriceCut, Programme, ServiceInvestment, StampCard
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.table import parameter_rows

MOST_CUSTOMERS = 5000
_USUAL_CUSTOMERS = 1000
_MOST_SLIDERS = 7
_LONGEST_LABEL = 22
_STEPS = 40  # positions of a slider, about
# In the order of their use; a key of a mechanism that is off in the scenario is left out.
_KEYS = (
    "firms.0.price",
    "firms.0.service",
    "population.loyalty_spread",
    "behaviour.habit.strength",
    "behaviour.satisfaction.weight",
    "behaviour.programmes.exposure",
    "behaviour.word_of_mouth.weight",
    "behaviour.expectation.weight",
    "population.trips_per_year",
    "behaviour.choice.price_sensitivity",
)
AS_IT_IS = "as in the scenario"
PROGRAMME = "programme"


def page_scenario(scenario: Scenario) -> Scenario:
    """The scenario made fit for the page: few customers, a quarter of warm-up, three years to play with."""
    year = scenario.periods_per_year
    return resized(scenario, min(scenario.customers, _USUAL_CUSTOMERS)).with_(
        {
            "warm_up": min(scenario.warm_up, year // 4),
            "periods": max(scenario.periods, 3 * year),
        }
    )


def resized(scenario: Scenario, customers: int) -> Scenario:
    """The scenario with another number of customers, and with fixed costs in proportion, so that profits compare."""
    content = scenario.to_dict()
    factor = customers / scenario.customers
    for firm in content["firms"]:
        for costly in (firm, *firm["programmes"]):
            costly["fixed_cost"] *= factor
    return Scenario.from_dict({**content, "customers": customers})


def programme_choices(scenario: Scenario) -> dict[str, list[Programme] | None]:
    """Programmes of the first firm by name, sized to its price; None: those it has already."""
    price = scenario.firms[0].price
    return {
        AS_IT_IS: None,
        "none": [],
        "stamp card": [StampCard(stamps=10, head_start=2, reward=price)],
        "paid club": [PaidClub(fee=round(3 * price, 2))],
        "service": [ServiceInvestment()],
        "price cut": [PriceCut(depth=0.05)],
    }


def apply_settings(scenario: Scenario, settings: Mapping[str, Any]) -> Scenario:
    """The scenario with the values of the page's sliders and its programme."""
    changes = {key: value for key, value in settings.items() if key not in (PROGRAMME, "customers")}
    programmes = programme_choices(scenario)[settings.get(PROGRAMME, AS_IT_IS)]
    if programmes is not None:
        changes["firms.0.programmes"] = programmes
    return resized(scenario, int(settings.get("customers", scenario.customers))).with_(changes)


def sliders(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Inputs of the page by key, as Mesa's page takes them."""
    inputs: dict[str, dict[str, Any]] = {
        PROGRAMME: {
            "type": "Select",
            "label": f"programme of {scenario.firms[0].name}",
            "value": AS_IT_IS,
            "values": list(programme_choices(scenario)),
        },
        "customers": {
            "type": "SliderInt",
            "label": "customers",
            "value": scenario.customers,
            "min": 100,
            "max": MOST_CUSTOMERS,
            "step": 100,
        },
    }
    for row in explained_parameters(scenario):
        inputs[row["key"]] = {
            "type": "SliderFloat",
            "label": _label(row["name"], row["unit"]),
            "value": row["value"],
            "min": row["low"],
            "max": row["high"],
            "step": _step(row["high"] - row["low"]),
        }
    return inputs


def explained_parameters(scenario: Scenario) -> list[dict[str, Any]]:
    """The parameters that have a slider: key, name, unit, meaning, value, and the bounds of the slider."""
    declared = {row["key"]: row for row in parameter_rows()}
    rows = []
    for key in _KEYS:
        section = key.rsplit(".", 1)[0]
        switch = _value(scenario, f"{section}.on") if f"{section}.on" in declared else True
        if not switch or (scenario.kind == "contract" and key == "population.trips_per_year"):
            continue
        row = declared[key.replace("firms.0", "firms.*")]
        value = float(_value(scenario, key))
        low, high = slider_bounds(value, row["low"], row["high"])
        name = key.split(".")[-1].replace("_", " ")
        where = scenario.firms[0].name if key.startswith("firms") else section.split(".")[-1].replace("_", " ")
        rows.append({**row, "key": key, "name": f"{where}: {name}", "value": value, "low": low, "high": high})
    return rows[:_MOST_SLIDERS]


def slider_bounds(value: float, low: float, high: float) -> tuple[float, float]:
    """The declared bounds, or, where these are far wider than the value, a quarter to four times the value within them."""
    if value == 0 or high - low <= 20 * abs(value):
        return low, high
    ends = sorted((value / 4, value * 4))
    return max(low, ends[0]), min(high, ends[1])


def _label(name: str, unit: str) -> str:
    """The name with its unit, if that leaves room for the slider; the page's explanations have it anyway."""
    return f"{name}, {unit}" if len(name) + len(unit) <= _LONGEST_LABEL else name


def _step(span: float) -> float:
    """A round step that divides the span into about forty."""
    raw = span / _STEPS
    power = 10.0 ** len(f"{int(raw)}"[1:]) if raw >= 1 else 1.0
    while power > raw:
        power /= 10
    return min((power * k for k in (1, 2, 5, 10)), key=lambda step: abs(step - raw))


def _value(scenario: Scenario, key: str) -> Any:
    node: Any = scenario
    for part in key.split("."):
        node = node[int(part)] if part.isdigit() else getattr(node, part)
    return node
