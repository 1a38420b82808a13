"""Taking one mechanism away from a world: every switch that is on, and parts that have a value at which they do nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodwill.errors import ScenarioError
from goodwill.scenario.scenario import Scenario

PARTS: Mapping[str, Mapping[str, Any]] = {
    "loss aversion": {"satisfaction.loss_aversion": 1.0},
    "learning rate that falls": {"satisfaction.first_rate": 0.08},
    "acceleration to the goal": {"programmes.acceleration": 0.0},
    "pull of the goal": {"programmes.pull": 0.0},
    "giving the card up": {"programmes.abandonment": 0.0},
    "cost of redeeming": {"programmes.redeem_hassle_sd": 0.0},
    "tier gained or lost": {"programmes.tier_gain": 0.0, "programmes.tier_loss": 0.0},
    "extra loss at demotion": {"programmes.tier_loss": 0.1},
    "cost of joining": {"programmes.hassle": 0.0},
    "regular trips": {"incidence.erlang": 1},
    "second brand on a trip": {"incidence.extra_brand": 0.0},
    "silent dropout": {"defection.dropout_a": 0.01, "defection.dropout_b": 1e6},
}
"""Parts of the behaviour, below `behaviour.`, at the values at which they do nothing."""

HEAD_START = "head start"


def switches(world: Scenario) -> list[str]:
    """Sections of the behaviour that are switched on."""
    behaviour = world.to_dict()["behaviour"]
    return [name for name, section in behaviour.items() if section.get("on") is True]


def mechanisms(worlds: Mapping[str, Scenario]) -> list[str]:
    """All mechanisms that act in one of the worlds, by name, switches first."""
    on = dict.fromkeys(name for world in worlds.values() for name in switches(world))
    names = [*on, *PARTS, HEAD_START]
    return [name for name in names if any(without(world, name) is not None for world in worlds.values())]


def without(world: Scenario, mechanism: str) -> Scenario | None:
    """The world without a mechanism; None when it does not act there."""
    content = world.to_dict()
    if mechanism == HEAD_START:
        found = False
        for firm in content["firms"]:
            for programme in firm["programmes"]:
                if programme.get("head_start"):
                    programme["head_start"], found = 0, True
        return Scenario.from_dict(content, place=f"without {mechanism}") if found else None
    behaviour = content["behaviour"]
    if mechanism not in PARTS:
        if behaviour.get(mechanism, {}).get("on") is not True:
            return None
        return world.with_({f"behaviour.{mechanism}.on": False})
    changes = {}
    for key, value in PARTS[mechanism].items():
        section, name = key.split(".")
        if behaviour[section].get("on", True) and behaviour[section][name] != value:
            changes[f"behaviour.{key}"] = value
    return world.with_(changes) if changes else None


def ablated(worlds: Mapping[str, Scenario], mechanism: str) -> dict[str, Scenario]:
    """All worlds of a target without a mechanism. Raises `ScenarioError` when it acts in none of them."""
    changed = {name: without(world, mechanism) for name, world in worlds.items()}
    if all(world is None for world in changed.values()):
        raise ScenarioError(f"mechanism {mechanism!r} does not act in these worlds")
    return {name: changed[name] or world for name, world in worlds.items()}
