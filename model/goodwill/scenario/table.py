"""One tidy table of all parameters, for the documentation, papers and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from goodwill.programmes.catalogue import Programme, kinds
from goodwill.scenario.declared import Declared, declared
from goodwill.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("key", "meaning", "unit", "low", "high", "default", "source", "assumption")
ANY_PROGRAMME = "programme"


def parameter_rows() -> list[dict[str, Any]]:
    """Every parameter as a dict with the keys of COLUMNS, in the order of a scenario file, then programmes by kind.

    A firm's keys read `firms.*.price`, a programme's `stamp_card.reward`, those of all programmes `programme.start`.
    """
    rows = [_row(key, item) for key, item in _walk(Scenario, "")]
    common = list(declared(Programme))
    rows += [_row(f"{ANY_PROGRAMME}.{item.key}", item) for item in common if item.key != "kind"]
    for kind, programme in kinds().items():
        shared = {item.key for item in common}
        rows += [
            _row(key, item) for key, item in _walk(programme, f"{kind}.") if key.removeprefix(f"{kind}.") not in shared
        ]
    return rows


def parameter_table() -> pd.DataFrame:
    """The rows as a pandas table."""
    import pandas as pd

    return pd.DataFrame(parameter_rows(), columns=list(COLUMNS))


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, Declared]]:
    for item in declared(model):
        key = f"{prefix}{item.key}"
        if item.section is None:
            if key != "sources":
                yield key, item
        elif item.section is not Programme:
            yield from _walk(item.section, f"{key}.*." if item.many else f"{key}.")


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
