"""The choices of firms as rows of text."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from goodwill.report.numbers import money

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.lab.comparison import Comparison

COLUMNS = ("period", "firm", "strategy", "action", "why", "until", "expected profit", "realised profit")


def choice_rows(choices: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row for each choice; a profit that nobody reckoned is left out."""
    yield from _rows(choices.to_dict("records"))


def choices_by_arm(comparison: Comparison) -> dict[str, list[tuple[str, ...]]]:
    """The choices in the first world of each arm in which a firm chose anything."""
    first = comparison.replications[0]["arms"]
    found = {name: list(_rows(first[name].get("choices", []))) for name in comparison.arms}
    return {name: rows for name, rows in found.items() if rows}


def _rows(choices: Iterable[Mapping[Hashable, Any]]) -> Iterator[tuple[str, ...]]:
    for row in choices:
        nothing = row["expected"] is None or math.isnan(row["expected"])
        expected = "" if nothing else money(row["expected"])
        words = (str(row[name]) for name in ("period", "firm", "strategy", "action", "reason", "until"))
        yield (*words, expected, money(row["realised"]))
