"""Goldens: what a few small worlds counted when somebody last looked at it. `make goldens` accepts what they count today.

They tell a change that was not meant from one that was. Only worlds in which little is switched on are kept, so that work on a
mechanism leaves them alone; columns of totals that nobody has added to are left out, so that a new one changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from goodwill.engine.state import FIRM_TOTALS, MARKET_TOTALS, PROGRAMME_TOTALS
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

FILE = Path(__file__).parent / "goldens" / "totals.json"


def bare(preset: str) -> Scenario:
    """A preset with every mechanism off: nothing but shopping, choice, quantity and price."""
    scenario = Scenario.preset(preset)
    switches = [name for name, part in scenario.behaviour if hasattr(part, "on")]
    return scenario.with_({f"behaviour.{name}.on": False for name in switches})


def worlds() -> dict[str, Scenario]:
    """The worlds that are kept, by name."""
    size = {"customers": 500, "periods": 26, "warm_up": 6}
    return {
        "grocery-coffee, every mechanism off": bare("grocery-coffee").with_(**size),
        "coffee-town, every mechanism off": bare("coffee-town").with_(**size),
        "music-retailer (dropout)": Scenario.preset("music-retailer").with_(**size),
    }


def counted(scenario: Scenario) -> dict[str, Any]:
    """By column of the totals: its sum, to be read, and a hash of every count in it."""
    simulation = Simulation(scenario, threads=1)
    simulation.run()
    found = {}
    groups = (("firms", FIRM_TOTALS), ("programmes", PROGRAMME_TOTALS), ("market", MARKET_TOTALS))
    for group, names in groups:
        table = getattr(simulation.totals, group)
        for x, name in enumerate(names):
            column = table[..., x]
            if column.any():
                digest = hashlib.sha256(column.astype("<i8").tobytes()).hexdigest()[:12]
                found[f"{group}.{name}"] = {"sum": int(column.sum()), "sha256": digest}
    return found


def main() -> None:
    """Write the goldens anew."""
    FILE.parent.mkdir(exist_ok=True)
    content = {name: counted(scenario) for name, scenario in worlds().items()}
    rows = ",\n".join(
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"    {json.dumps(column)}: {json.dumps(value)}" for column, value in columns.items())
        + "\n  }"
        for name, columns in content.items()
    )
    FILE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
    print(f"wrote {FILE.relative_to(FILE.parents[2])}; look at the difference before you commit it")


if __name__ == "__main__":
    main()
