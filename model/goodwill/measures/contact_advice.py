"""Which level of contact pays, by margin and number of customers: the textbook's scheme, and what the model finds.

The scheme (Kotler) says that many customers with a low margin deserve the basic level and few with a high margin a partnership. What
stands behind its second dimension is that a firm of a given turnover with few customers sells much to each. So the model's answer is
found from paired worlds, one for each level, under the same luck: their relative lift of sales, and their costs per customer, give
the profit of each level at any margin and number of customers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from goodwill.engine.state import SALES
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

LEVELS = ("basic", "reactive", "accountable", "proactive", "partnership")
_SCHEME = {
    ("many", "high"): "accountable", ("many", "medium"): "reactive", ("many", "low"): "basic",
    ("medium", "high"): "proactive", ("medium", "medium"): "accountable", ("medium", "low"): "reactive",
    ("few", "high"): "partnership", ("few", "medium"): "proactive", ("few", "low"): "accountable",
}  # fmt: skip


def scheme() -> pd.DataFrame:
    """The textbook's advice: number of customers (rows) by margin (columns)."""
    table = pd.Series(_SCHEME).unstack()
    return table.loc[["many", "medium", "few"], ["high", "medium", "low"]]


def measured_lift(scenario: Scenario, firm: int | str = 0, replications: int = 1) -> pd.DataFrame:
    """By level: sales after the warm-up against level 0, as a ratio, and cost of contact per customer in contact and year.

    Raises `ScenarioError` where `behaviour.contact.on` lacks what it needs (commitment).
    """
    j = scenario.firm_index(firm)
    rows = []
    for level in range(len(LEVELS)):
        world = scenario.with_({"behaviour.contact.on": True, f"firms.{j}.contact.level": level})
        sales = 0.0
        for replicate in range(replications):
            simulation = Simulation(world, replicate=replicate, threads=1)
            simulation.run()
            column = simulation.totals.firms[scenario.warm_up :, j]
            sales += float(column[:, SALES].sum()) / 100
        rows.append((LEVELS[level], sales, float(scenario.firms[j].contact.cost[level])))
    table = pd.DataFrame(rows, columns=["level", "sales", "cost"])
    table["lift"] = table["sales"] / table["sales"].iloc[0] - 1
    return table


def contact_advice(
    lift: pd.DataFrame, turnover: float, margins: Sequence[float], customers: Sequence[int]
) -> pd.DataFrame:
    """The level that earns most at each margin and number of customers, and what it earns more than the basic one.

    Args:
        lift: a table of `measured_lift`.
        turnover: the firm's sales a year, whatever the number of customers.
        margins: gross margin as a share of sales.
        customers: numbers of customers in contact.

    The gain of a level is margin x turnover x lift - customers x cost.
    """
    rows = []
    for count in customers:
        for margin in margins:
            gain = (
                margin * turnover * lift["lift"].to_numpy() - count * (lift["cost"] - lift["cost"].iloc[0]).to_numpy()
            )
            best = int(np.argmax(gain))
            rows.append((count, margin, lift["level"].iloc[best], float(gain[best])))
    return pd.DataFrame(rows, columns=["customers", "margin", "level", "gain"])
