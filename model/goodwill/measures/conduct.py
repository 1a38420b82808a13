"""What firms kept of their own conduct: measurements, workforces, budgets."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

COLUMNS = {
    "waves": (
        "period", "firm", "instrument", "figure", "measured", "standard_error", "answers", "true", "error", "cost",
    ),
    "people": (
        "period", "firm", "received", "surplus", "expected", "satisfaction", "turnover", "skill", "service", "pay",
        "climate_cost", "training_cost", "recruiting",
    ),
    "spending": (
        "period", "firm", "programmes", "service", "advertising", "recovery", "training", "promotion", "service_effect",
        "advertising_effect", "recovery_effect", "promotion_effect",
    ),
}  # fmt: skip


def conduct_table(simulation: Any, log: Literal["waves", "people", "spending"]) -> pd.DataFrame:
    """One of the logs as a tidy table; empty, with its columns, where no firm keeps it."""
    rows = [] if simulation.firms is None else getattr(simulation.firms, log)
    return pd.DataFrame(rows, columns=list(COLUMNS[log]))
