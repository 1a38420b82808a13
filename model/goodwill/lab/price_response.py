"""What habit does to prices when firms set them by best response and value the future (Dube, Hitsch & Rossi 2009).

A symmetric market is played twice under the same luck, without habit and with it. In turn, each firm searches for the
constant price that earns it the largest discounted profit over the horizon, in a copy of the market as it stands, rivals'
prices as they are; then the market goes on for a while, habits form under the new prices, and the next firm looks. Where
nobody moves any more, nobody gains by another constant price: an equilibrium in open-loop constant prices. Dube et al.
compute Markov-perfect prices, which answer the state in each period; that is the simplification.

Two forces meet: firms harvest customers whom habit holds (higher prices) and invest in customers whom it will hold
(lower prices).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from goodwill.firms import books_of
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.strategies.observation import PRICE, Action

STEPS = (0.08, 0.02, 0.005)  # of the price factor, from coarse to fine
BOUNDS = (0.55, 3.0)


@dataclass(frozen=True)
class PriceStudy:
    """How prices are looked for.

    horizon, play, rounds: periods a firm looks ahead, periods between two turns, turns of each firm. discount: per year.
    """

    customers: int = 4_000
    firms: int = 2
    horizon: int = 36
    play: int = 6
    rounds: int = 6
    discount: float = 0.1
    retention: float = 0.7
    unit_cost: float = 0.5
    seed: int = 1

    def scenario(self, strength: float) -> Scenario:
        """A symmetric market by the month, with an outside option, and habit of a given strength (0: off)."""
        periods = 24 + self.rounds * self.firms * self.play + self.horizon
        firms = [
            {
                "name": f"firm {j + 1}", "share": 1 / self.firms, "price": 1.0, "unit_cost": self.unit_cost,
                "strategy": {"kind": "static"},
            }
            for j in range(self.firms)
        ]  # fmt: skip
        behaviour: dict[str, Any] = {"outside": {"on": True, "utility": 0.0}}
        if strength > 0:
            behaviour["habit"] = {"on": True, "strength": strength, "retention": self.retention}
        return Scenario.from_dict(
            {
                "name": "price response", "period": "month", "customers": self.customers, "periods": periods, "warm_up": 12,
                "seed": self.seed, "firms": firms, "population": {"trips_per_year": 24}, "behaviour": behaviour,
            }
        )  # fmt: skip


def equilibrium_prices(study: PriceStudy, strength: float) -> list[list[float]]:
    """Price of each firm after each round of best responses."""
    market = Simulation(study.scenario(strength), threads=1)
    market.advance(24)
    prices = [1.0] * study.firms
    history = []
    for _ in range(study.rounds):
        for j in range(study.firms):
            prices[j] = _best_price(market, study, j, prices[j])
            _set_price(market, j, prices[j])
            market.advance(study.play)
        history.append(list(prices))
    return history


def price_response(
    strengths: Sequence[float] = (0.0, 0.25, 0.5, 1.0, 1.8), study: PriceStudy | None = None
) -> pd.DataFrame:
    """By strength of habit: inertia as a share of the price, mean price, and its change against the market without habit.

    inertia: the price cut that makes up for a full habit, ``1 - exp(-strength / |price sensitivity|)``; moved: by how
    much prices still moved in the last round.
    """
    study = study or PriceStudy()
    sensitivity = abs(study.scenario(0.0).behaviour.choice.price_sensitivity)
    rows = []
    for strength in sorted({0.0, *strengths}):
        history = equilibrium_prices(study, strength)
        price = float(np.mean(history[-2:]))
        moved = float(np.abs(np.diff(history[-2:], axis=0)).max())
        rows.append((strength, 1 - math.exp(-strength / sensitivity), price, moved))
    table = pd.DataFrame(rows, columns=["strength", "inertia", "price", "moved"])
    table["change"] = table["price"] / table.loc[table["strength"] == 0, "price"].iloc[0] - 1
    return table


def _set_price(market: Simulation, firm: int, price: float) -> None:
    assert market.firms is not None
    market.firms.put(market.plan, firm, market.period, [Action(PRICE, price, "best response")])


def _value(market: Simulation, study: PriceStudy, firm: int, price: float) -> float:
    """Discounted profit of a firm at a constant price in a copy of the market."""
    twin = market.copy()
    _set_price(twin, firm, price)
    twin.advance(study.horizon)
    profit = books_of(twin)[market.period :, firm]
    weight = (1 + study.discount) ** (-np.arange(len(profit)) / market.scenario.periods_per_year)
    return float((profit * weight).sum())


def _best_price(market: Simulation, study: PriceStudy, firm: int, price: float) -> float:
    """Uphill from the present price, in steps from coarse to fine."""
    known: dict[float, float] = {}

    def value(candidate: float) -> float:
        if candidate not in known:
            known[candidate] = _value(market, study, firm, candidate)
        return known[candidate]

    for step in STEPS:
        moving = True
        while moving:
            beside = [round(price + sign * step, 4) for sign in (-1, 1)]
            best = max((c for c in beside if BOUNDS[0] <= c <= BOUNDS[1]), key=value)
            moving = value(best) > value(price)
            price = best if moving else price
    return price
