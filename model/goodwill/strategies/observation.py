"""What a firm sees before it decides, and what it can do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LAUNCH, STOP, PRICE, BUDGET = "launch", "stop", "price", "budget"
LEVERS = {
    LAUNCH: "start one of the firm's options (its number)",
    STOP: "end one of the firm's options that runs (its number)",
    PRICE: "price as a factor of the price planned in the scenario",
    BUDGET: "yearly budget as a factor of the one in the scenario",
}


@dataclass(frozen=True)
class Action:
    """One change of one lever, with the reason for it.

    value: number of the option, or the factor. expected: profit the firm expects over `horizon` periods, where it reckoned one.
    """

    lever: str
    value: float
    reason: str
    expected: float | None = None
    horizon: int | None = None


@dataclass(frozen=True)
class Measured:
    """One figure that an instrument delivered: the value, its standard error, how many answered, when."""

    value: float
    error: float
    answers: int
    period: int


@dataclass(frozen=True)
class Observation:
    """What one firm knows at the start of a period.

    Exact: its own books and levers, what is on everybody's shelves (prices, kinds of programmes) in the period before. Estimated:
    `measured`, by name of figure, what its instruments last delivered. `known_shares` is common knowledge of the trade: the shares
    at which the market stood at the start.
    """

    firm: int
    period: int
    periods_per_year: int
    names: tuple[str, ...]
    known_shares: tuple[float, ...]
    prices: tuple[float, ...]  # by firm, currency
    usual_prices: tuple[float, ...]  # by firm, currency
    programmes: tuple[tuple[str, ...], ...]  # kinds that run, by firm
    unit_cost: float
    options: tuple[str, ...]  # kinds of the firm's options
    running: tuple[bool, ...]  # which of them run
    price_factor: float
    sales: tuple[float, ...]  # own, by period so far
    purchases: tuple[int, ...]  # own, by period so far
    profit: tuple[float, ...]  # own, by period so far
    budget_factor: float | None = None  # own; None without a budget
    measured: Mapping[str, Measured] = field(default_factory=dict)
    luck: tuple[float, float] = (0.5, 0.5)  # two uniform draws of this firm and period
    forecast: Callable[[Sequence[Action], int], float] | None = None  # own profit over so many periods if it did this

    @property
    def rivals(self) -> list[int]:
        """The other firms."""
        return [j for j in range(len(self.names)) if j != self.firm]

    def recent(self, series: str, periods: int) -> float:
        """Mean of one of the firm's own series over the last periods; NaN without any."""
        values = getattr(self, series)[-periods:]
        return float(sum(values) / len(values)) if values else float("nan")

    @property
    def leader(self) -> int:
        """The firm with the largest share as far as this firm knows: by its household panel, else by the trade's knowledge."""

        def share(j: int) -> float:
            measured = self.measured.get(f"share {self.names[j]}")
            return self.known_shares[j] if measured is None else measured.value

        return max(range(len(self.names)), key=lambda j: (share(j), -j))

    def option_of(self, kind: str) -> int | None:
        """The firm's first option of a kind."""
        return self.options.index(kind) if kind in self.options else None


Memory = dict[str, Any]
