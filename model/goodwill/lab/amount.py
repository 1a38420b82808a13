"""A budget as people write it: an amount of money a year, or a share of the firm's yearly revenue such as "3%"."""

from __future__ import annotations


def budget_of(value: float | str) -> float | str:
    """A budget that makes sense: an amount as a number, a share as text that ends in %. Raises ValueError with the remedy."""
    share = isinstance(value, str) and value.strip().endswith("%")
    try:
        number = float(str(value).strip().removesuffix("%") if share else value)
    except (TypeError, ValueError):
        number = float("nan")
    if not 0 < number < float("inf"):
        raise ValueError(
            f"budget {value!r}: write an amount of money a year, such as 5000, or a share of revenue, such as 3%"
        )
    return value if share else number


def share_of(budget: float | str) -> float | None:
    """The share of revenue that a budget stands for; None when it is an amount."""
    return float(budget.strip().removesuffix("%")) / 100 if isinstance(budget, str) else None
