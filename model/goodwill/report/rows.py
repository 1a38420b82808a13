"""The rows of a comparison's tables as text, for the terminal, the notebook and the report alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodwill.accounts.ledger import ACCOUNTS
from goodwill.lab.comparison import ANYWAY, Comparison
from goodwill.lab.outcomes import OUTCOMES
from goodwill.report.numbers import DASH, by_unit, money, percent

SHOWN = (
    "incremental_profit", "profit", "revenue", "programme_cost", "roi", "retention", "repeat_rate", "share", "anyway",
    "liability", "members",
)  # fmt: skip
_MORE = {
    "incremental_profit": ("Incremental profit", "money", "profit more than the baseline earns, in the same worlds"),
    "roi": ("ROI", "share", "incremental profit per unit of what the programme costs more than the baseline's"),
    "anyway": ANYWAY,
}
_WITH_DIFFERENCE = ("revenue", "retention", "repeat_rate", "share")


@dataclass(frozen=True)
class Cell:
    """A number and what stands beneath it; `sign` is 1 or -1 where an interval leaves zero out."""

    text: str
    below: str = ""
    sign: int = 0


@dataclass(frozen=True)
class Row:
    """One line of a table: label, unit, what it means, a cell for each arm."""

    label: str
    unit: str
    meaning: str
    cells: tuple[Cell, ...]
    strong: bool = False


def describe(outcome: str) -> tuple[str, str, str]:
    """Label, unit and meaning of an outcome."""
    return _MORE[outcome] if outcome in _MORE else OUTCOMES[outcome]


def unit_in_words(unit: str, currency: str) -> str:
    """The unit as it stands behind a label."""
    return {"money": f"{currency} a year", "balance": currency, "points": "points"}.get(unit, "")


def outcome_rows(comparison: Comparison, outcomes: Sequence[str] = SHOWN) -> list[Row]:
    """The key figures of all arms; rows that say nothing for any arm are left out."""
    rows = []
    for outcome in outcomes:
        label, unit, meaning = describe(outcome)
        cells = tuple(_cell(comparison, arm, outcome, unit) for arm in comparison.arms)
        if any(cell.text not in (DASH, "0") for cell in cells):
            words = unit_in_words(unit, comparison.scenario.measurement.currency)
            rows.append(Row(label, words, meaning, cells, strong=outcome == "incremental_profit"))
    return rows


def _cell(comparison: Comparison, arm: str, outcome: str, unit: str) -> Cell:
    def found(column: str) -> float:
        return comparison.value(arm, outcome, column)

    if outcome == "incremental_profit":
        if arm == comparison.baseline:
            return Cell(DASH)
        low, high = found("low"), found("high")
        return Cell(money(found("mean"), True), f"{money(low, True)} to {money(high, True)}", _sign(low, high))
    if outcome == "roi":
        return Cell(percent(found("mean"), True, 0), "", _sign(found("low"), found("high")))
    if outcome == "anyway":
        return Cell(percent(found("mean"), digits=0))
    low, high = found("difference_low"), found("difference_high")
    below = (
        by_unit(found("difference"), unit, True) if outcome in _WITH_DIFFERENCE and arm != comparison.baseline else ""
    )
    return Cell(by_unit(found("mean"), unit), "" if below == DASH else below, _sign(low, high) if below else 0)


def account_rows(comparison: Comparison) -> list[Row]:
    """What was earned and spent by kind, currency a year, income positive; the last row is the profit."""
    means = comparison.accounts.groupby(["arm", "account"])["amount"].mean()
    rows = []
    for account, meaning in ACCOUNTS.items():
        amounts = [float(means.get((arm, account), 0.0)) for arm in comparison.arms]
        if any(abs(amount) >= 0.005 for amount in amounts):
            rows.append(Row(_capital(account), "", meaning, tuple(_amounts(comparison, amounts))))
    profit = [comparison.value(arm, "profit") for arm in comparison.arms]
    rows.append(Row("Profit", "", "the sum of the lines above", tuple(_amounts(comparison, profit)), strong=True))
    return rows


def _amounts(comparison: Comparison, amounts: list[float]) -> list[Cell]:
    """Amounts with what they differ by from the baseline's."""
    base = amounts[list(comparison.arms).index(comparison.baseline)]
    cells = []
    for arm, amount in zip(comparison.arms, amounts, strict=True):
        more = "" if arm == comparison.baseline or abs(amount - base) < 0.005 else money(amount - base, True)
        cells.append(Cell(money(amount), more))
    return cells


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _sign(low: float, high: float) -> int:
    """1 or -1 when the interval lies on one side of zero."""
    if not np.isfinite([low, high]).all():
        return 0
    return int(low > 0) - int(high < 0)
