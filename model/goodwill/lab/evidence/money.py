"""Money: what the value of a customer base depends on."""

from __future__ import annotations

import numpy as np

from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import start
from goodwill.lab.evidence.worlds import FIRM, operators, town
from goodwill.lab.price_response import PriceStudy, price_response
from goodwill.measures.clv import elasticity, present_value, yearly_retention
from goodwill.measures.quadrants import QUADRANTS, quadrants
from goodwill.measures.quadrants import longevity_and_profit as correlation
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario

DISCOUNT = 0.12
"""Per year, as in Gupta, Lehmann & Stuart (2004)."""

ACQUISITION = 120.0
"""Cost of winning one subscriber, currency: about eight months' margin (an assumption; operators report 100 to 300)."""

YEARS = 20
CALMER = 0.9
"""Factor on all hazards of leaving in the world with better retention."""


def watched(world: Scenario, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(cohort still there at each month's end, start first; all subscribers by month; those won by month) of the firm."""
    market = start(world, seed)
    market.advance(world.warm_up)
    c = market.population.customers
    here = (c.last == FIRM) & (c.arrival < market.period) & (c.exit > market.period)
    cohort, alive, served, won = here.copy(), [int(here.sum())], [], []
    while market.period < world.periods:
        market.advance(1)
        c = market.population.customers
        now = (c.last == FIRM) & (c.arrival < market.period) & (c.exit > market.period)
        won.append(int((now & ~here).sum()))
        cohort &= now
        alive.append(int(cohort.sum()))
        served.append(int(now.sum()))
        here = now
    return np.array(alive), np.array(served), np.array(won)


def elasticities(worlds: Worlds, seed: int) -> dict[str, float]:
    """T24: retention and discount rate from the cohort of the first day; margin and acquisition cost from the whole base to come."""
    world, per_year = worlds["usual"], worlds["usual"].periods_per_year
    firm = world.firms[FIRM]
    margin = (firm.price - firm.unit_cost) * world.population.basket
    found = {}
    for name in ("usual", "calmer"):
        alive, served, won = watched(worlds[name], seed)
        found[name] = (present_value(margin * alive[1:], DISCOUNT, per_year), yearly_retention(alive, per_year))
        if name == "usual":
            usual = alive, served, won
    value, retention = found["usual"]
    alive, served, won = usual
    dearer = present_value(margin * alive[1:], DISCOUNT * 1.1, per_year)
    income = present_value(margin * served, DISCOUNT, per_year)
    winning = present_value(ACQUISITION * won, DISCOUNT, per_year)
    by_retention = elasticity(value, found["calmer"][0], retention, found["calmer"][1])
    by_discount = -elasticity(value, dearer, 1.0, 1.1)
    return {
        "yearly_retention": retention,
        "retention": by_retention,
        "margin": elasticity(income - winning, 1.01 * income - winning, 1.0, 1.01),
        "acquisition": -elasticity(income - winning, income - 1.01 * winning, 1.0, 1.01),
        "discount": by_discount,
        "retention_to_discount": by_retention / by_discount,
    }


def longevity_and_profit(worlds: Worlds, seed: int) -> dict[str, float]:
    """T29: customers won in the first half of the run, by the length of their relationship and their profit."""
    market = start(worlds["town"], seed)
    market.run()
    table = quadrants(Record.of(market), SECOND, first=worlds["town"].warm_up)
    shares = table["quadrant"].value_counts(normalize=True)
    return {
        "correlation": correlation(table),
        "least_quadrant": float(min(shares.get(name, 0.0) for name in QUADRANTS)),
        **{name.replace(" ", "_"): float(shares.get(name, 0.0)) for name in QUADRANTS},
    }


SECOND = "Bridge"
"""A firm without programme."""


def _newcomers() -> Worlds:
    """Half of the customers arrive over the run, so that beginnings are seen; other lines of goods, and service that costs."""
    world = town(3, None)
    lines = {"line_price": 2.5, "line_cost": 1.0, "service_cost": 1.0}
    changes = {f"firms.{j}.{name}": value for j in range(len(world.firms)) for name, value in lines.items()}
    return {"town": world.with_({"behaviour.spending.on": True, "population.newcomers": 0.5, **changes})}


SMALL_HABIT, LARGE_HABIT = 0.25, 0.5
"""Strengths of habit: a full one is worth 9 and 17 % of the price, about what scanner panels show (five to ten; more in yogurt)."""


def switching_costs(worlds: Worlds, seed: int) -> dict[str, float]:
    """T26: equilibrium prices with habit over those without, under the same luck; the study builds its own markets."""
    study = PriceStudy(customers=PRICED, rounds=4, seed=seed + 1)
    table = price_response((SMALL_HABIT, LARGE_HABIT), study).set_index("strength")
    return {
        "change_small": float(table["change"][SMALL_HABIT]),
        "change_large": float(table["change"][LARGE_HABIT]),
        "moved": float(table["moved"].max()),
    }


PRICED = 2000
"""Customers of the markets in which prices are looked for: each price tried is a run of three years."""


def _worlds() -> Worlds:
    usual = operators(YEARS)
    hazards = usual.behaviour.defection
    calmer = {
        f"behaviour.defection.{name}": CALMER * getattr(hazards, name)
        for name in ("competitive", "discontent", "malicious")
    }
    calmer["population.natural_exit"] = CALMER * usual.population.natural_exit
    return {"usual": usual, "calmer": usual.with_(calmer)}


MEASUREMENTS = (
    Measurement("T24", _worlds, elasticities),
    Measurement("T26", dict, switching_costs),
    Measurement("T29", _newcomers, longevity_and_profit),
)
