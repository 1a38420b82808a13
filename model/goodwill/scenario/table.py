"""One tidy table of all parameters, for the documentation, papers and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from goodwill.scenario.declared import Declared, declared
from goodwill.scenario.kinds import FAMILIES
from goodwill.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("key", "meaning", "unit", "low", "high", "default", "source", "assumption")
ANY_PROGRAMME = "programme"


def parameter_rows() -> list[dict[str, Any]]:
    """Every parameter as a dict with the keys of COLUMNS, in the order of a scenario file, then programmes and strategies by kind.

    A firm's keys read `firms.*.price`, a programme's `stamp_card.reward`, a strategy's `attack.cut`; those of all programmes
    `programme.start`, those of all strategies `strategy.every`.
    """
    rows = [_row(key, item) for key, item in _walk(Scenario, "")]
    for base in FAMILIES:
        common = list(declared(base))
        shared = {item.key for item in common}
        rows += [_row(f"{base.family}.{item.key}", item) for item in common if item.key != "kind"]
        for kind, own in base.kinds().items():
            new = [
                item for item in declared(own) if item.key not in shared or (item not in common and item.key != "kind")
            ]
            rows += [_row(f"{kind}.{key}", inside) for item in new for key, inside in _walk_item(item)]
    return rows


def parameter_table() -> pd.DataFrame:
    """The rows as a pandas table."""
    import pandas as pd

    return pd.DataFrame(parameter_rows(), columns=list(COLUMNS))


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, Declared]]:
    for item in declared(model):
        if item.key != "sources":
            for key, inside in _walk_item(item):
                yield f"{prefix}{key}", inside


def _walk_item(item: Declared) -> Iterator[tuple[str, Declared]]:
    if item.section is None:
        yield item.key, item
    elif item.section not in FAMILIES:
        yield from _walk(item.section, f"{item.key}.*." if item.many else f"{item.key}.")


def _row(key: str, item: Declared) -> dict[str, Any]:
    default = list(item.default) if isinstance(item.default, tuple) else item.default
    return {
        "key": key,
        "meaning": item.meaning,
        "unit": " | ".join(item.choices) if item.choices else item.unit,
        "low": item.low,
        "high": item.high,
        "default": default,
        "source": item.source,
        "assumption": item.assumption,
    }
