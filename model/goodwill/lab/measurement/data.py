"""A data set as an analyst at the firm has it, and, apart from it, the truth that only the simulator knows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Windows:
    """Periods of the scenario: `begin` to `launch` is before the programme, `follow` to `end` is when its effect is measured.

    Between launch and `follow` people join. All are first periods, `end` is the period after the last.
    """

    begin: int
    launch: int
    follow: int
    end: int
    periods_per_year: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.launch <= self.follow < self.end:
            raise ValueError(f"windows must follow each other: {self}")


@dataclass(frozen=True)
class Data:
    """What the firm has on file: customers who bought in the time before the launch, N of them, over all T periods.

    It knows all its buyers, members or not (by their payment cards, say): an assumption, without which there is nothing to compare
    members with. Outcome and spend are in units or currency, for each customer and period.
    """

    customer: np.ndarray  # [N] number
    outcome: np.ndarray  # [N, T] what the programme is meant to change
    purchases: np.ndarray  # [N, T]
    spend: np.ndarray  # [N, T] currency
    joined: np.ndarray  # [N] period of first joining, -1: never a member
    offered: np.ndarray  # [N] bool, False: in the hold-out group, which was drawn at random
    distance: np.ndarray  # [N] way to the desk where one enrols; nobody's buying depends on it
    windows: Windows
    name: str = "purchases"  # of the outcome

    @property
    def member(self) -> np.ndarray:
        """[N] bool: was a member at some time."""
        return self.joined >= 0

    @property
    def before(self) -> np.ndarray:
        """[N] outcome per year in the time before the launch."""
        return self.yearly(self.windows.begin, self.windows.launch)

    @property
    def after(self) -> np.ndarray:
        """[N] outcome per year in the follow-up."""
        return self.yearly(self.windows.follow, self.windows.end)

    @property
    def frequency(self) -> np.ndarray:
        """[N] purchases in the time before the launch."""
        return np.asarray(self.purchases[:, self.windows.begin : self.windows.launch].sum(axis=1), np.float64)

    @property
    def recency(self) -> np.ndarray:
        """[N] periods between the last purchase before the launch and the launch."""
        bought = self.purchases[:, self.windows.begin : self.windows.launch] > 0
        length = bought.shape[1]
        return np.where(bought.any(axis=1), np.argmax(bought[:, ::-1], axis=1), length).astype(np.float64)

    @property
    def spent(self) -> np.ndarray:
        """[N] currency paid in the time before the launch."""
        return np.asarray(self.spend[:, self.windows.begin : self.windows.launch].sum(axis=1), np.float64)

    def yearly(self, first: int, last: int) -> np.ndarray:
        """[N] outcome per year over periods first..last-1."""
        total = self.outcome[:, first:last].sum(axis=1, dtype=np.float64)
        return np.asarray(total * self.windows.periods_per_year / (last - first))

    def where(self, chosen: np.ndarray) -> Data:
        """The same data on some customers only ([N] bool)."""
        arrays = ("customer", "outcome", "purchases", "spend", "joined", "offered", "distance")
        return replace(self, **{name: getattr(self, name)[chosen] for name in arrays})

    @property
    def customers(self) -> pd.DataFrame:
        """One row for each customer: member, joined, offered, distance, frequency, recency, spent, before, after."""
        import pandas as pd

        columns = (
            "customer",
            "member",
            "joined",
            "offered",
            "distance",
            "frequency",
            "recency",
            "spent",
            "before",
            "after",
        )
        return pd.DataFrame({name: getattr(self, name) for name in columns})


@dataclass(frozen=True)
class Truth:
    """What the programme really did: the same customers with it and without it, under the same luck.

    `effect` is by customer and year in the follow-up. It is the whole effect, also that of others' membership on him.
    """

    effect: np.ndarray  # [N]
    member: np.ndarray  # [N] bool
    offered: np.ndarray  # [N] bool
    without: np.ndarray = field(repr=False)  # [N, T] the outcome in the world without the programme

    @property
    def att(self) -> float:
        """Average effect on those who were members."""
        return _mean(self.effect[self.member])

    @property
    def ate(self) -> float:
        """Average effect on all who could join, members or not."""
        return _mean(self.effect[self.offered])

    @property
    def spillover(self) -> float:
        """Average effect on those who were kept out: nil, unless customers influence each other."""
        return _mean(self.effect[~self.offered])


@dataclass(frozen=True)
class Sample:
    """A data set with its truth, and the same customers and members with an outcome on which the programme had no effect."""

    data: Data
    truth: Truth

    @property
    def placebo(self) -> Data:
        """The data with the outcome of the world without the programme: everybody's true effect is nil, membership the same."""
        return replace(self.data, outcome=self.truth.without)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
