"""Small markets for the statistical tests, and how far a simulated number is from a known one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from goodwill.engine.state import FIRM_TOTALS, MARKET_TOTALS, PROGRAMME_TOTALS
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation


def market(
    shares: Sequence[float],
    *,
    behaviour: Mapping[str, Any] | None = None,
    firms: Mapping[str, Any] | None = None,
    **keys: Any,
) -> Scenario:
    """A market of firms A, B, ... with these shares of tastes, all mechanisms off but those in `behaviour`.

    firms: keys that all firms get. Other keywords are keys of the scenario; those of `population` may be given by
    their own name.
    """
    population = {"trips_per_year": 20.0, "trips_shape": 1.0, "loyalty_spread": 1.5, "attention": 1.0}
    population |= {k: keys.pop(k) for k in list(keys) if k in type(_DEFAULT.population).model_fields}
    content: dict[str, Any] = {
        "name": "test",
        "customers": 10_000,
        "periods": 52,
        "warm_up": 0,
        "firms": [
            {"name": chr(ord("A") + j), "share": float(s), "price": 1.0, **(firms or {})} for j, s in enumerate(shares)
        ],
        "population": population,
        "behaviour": dict(behaviour or {}),
    }
    return Scenario.from_dict(content | keys)


def run(scenario: Scenario, periods: int | None = None, replicate: int = 0) -> Simulation:
    """Simulate a scenario, or its first periods."""
    simulation = Simulation(scenario, replicate=replicate, threads=1)
    simulation.advance(scenario.periods if periods is None else periods)
    return simulation


def total(simulation: Simulation, column: str, first: int = 0, last: int | None = None) -> np.ndarray:
    """Sum of one column of the firms' (or else the programmes', or the market's) totals over periods; shape [J], [P]
    or [].
    """
    for names, table in (
        (FIRM_TOTALS, simulation.totals.firms),
        (PROGRAMME_TOTALS, simulation.totals.programmes),
        (MARKET_TOTALS, simulation.totals.market),
    ):
        if column in names:
            return np.asarray(table[first:last, ..., names.index(column)].sum(axis=0))
    raise KeyError(column)


def share_of(simulation: Simulation, firm: int = 0, first: int = 0, last: int | None = None) -> float:
    """The firm's share of purchases over periods."""
    bought = total(simulation, "purchases", first, last)
    return float(bought[firm] / bought.sum())


def repeat_share(simulation: Simulation) -> float:
    """Share of purchases made at the firm of the purchase before."""
    return float(total(simulation, "repeats").sum() / total(simulation, "repeat_base").sum())


def same_state(one: Simulation, other: Simulation) -> bool:
    """Whether all that was bought, and when, is the same to the last bit."""
    names = ("visits", "spent", "last_bought", "last", "gone", "exit")
    return all(
        np.array_equal(getattr(one.population.customers, n), getattr(other.population.customers, n)) for n in names
    )


def bound(comparisons: int, level: float = 1e-3) -> float:
    """Largest |z| that so many comparisons may show: by chance one such test in 1 / level fails (Bonferroni)."""
    return float(stats.norm.isf(level / (2 * comparisons)))


def ratio_z(top: np.ndarray, bottom: np.ndarray, expected: np.ndarray | float) -> np.ndarray:
    """z of sum(top) / sum(bottom) against `expected`, customers being independent; arrays [customers, ...]."""
    gap = np.asarray(top, np.float64) - np.asarray(expected) * np.asarray(bottom, np.float64)
    return np.asarray(gap.sum(axis=0) / np.sqrt(np.maximum((gap**2).sum(axis=0), 1e-300)))


_DEFAULT = Scenario.from_dict({"firms": [{"name": "A", "share": 1.0, "price": 1.0}]})
