"""The firms of one run in its last year, as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from goodwill.report.numbers import count, money, percent

if TYPE_CHECKING:
    from goodwill.record import Record

COLUMNS = ("firm", "share", "purchases", "buyers a period", "repeat rate", "retention", "revenue", "profit", "members")


def firm_rows(record: Record, span: int) -> Iterator[tuple[str, ...]]:
    """One row for each firm over the last `span` periods."""
    table = record.firms[record.firms["period"] >= record.periods - span]
    everybody = table["purchases"].sum()
    for name in record.names:
        mine = table[table["firm"] == name]
        kept = mine["retention"].dropna()
        yield (
            name,
            percent(_ratio(mine["purchases"].sum(), everybody)),
            count(mine["purchases"].sum()),
            count(mine["buyers"].mean()),
            percent(_ratio(mine["repeats"].sum(), mine["repeat_base"].sum())),
            percent(kept.mean() if len(kept) else np.nan),
            money(mine["revenue"].sum()),
            money(mine["profit"].sum()),
            count(mine["members"].iloc[-1]),
        )


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")
