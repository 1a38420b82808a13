"""True friends, butterflies, barnacles and strangers: customers of a firm by how long they stay and what they bring.

Reinartz & Kumar (2002) cut a firm's customers by the length of the relationship and by profit. Long and profitable are true friends,
short and profitable butterflies, long and unprofitable barnacles, short and unprofitable strangers; the two are only weakly correlated
(r of .2 to .45 in their four firms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.engine.state import REWARD_COST, REWARDS
from goodwill.errors import GoodwillError

if TYPE_CHECKING:
    from goodwill.record import Record

QUADRANTS = ("strangers", "barnacles", "butterflies", "true friends")
STRATEGY = {
    "strangers": "spend nothing on the relationship; make every purchase pay",
    "barnacles": "measure what they could spend: sell more, or serve at less cost",
    "butterflies": "take the profit while it lasts; do not chase them",
    "true friends": "build the bond: consistent contact, delight, not too much of it",
}


def customer_value(record: Record, firm: int | str, first: int = 0, last: int | None = None) -> pd.DataFrame:
    """Customers who first bought from the firm in periods first..last (half of the run, if no last is given), one a row.

    longevity: periods from the first purchase to the last; purchases, lines; margin: paid less cost of goods; cost_to_serve;
    rewards: cost of rewards redeemed, at the mean cost of a programme's rewards; profit: margin less both. Money in the scenario's
    currency, all over the run.
    """
    if not record.scenario.behaviour.spending.on:
        raise GoodwillError("no money is kept by customer; switch it on with behaviour.spending.on: true")
    simulation = record.simulation
    c, j = simulation.population.customers, record.scenario.firm_index(firm)
    last = record.periods // 2 - 1 if last is None else last
    who = np.flatnonzero((c.visits[j] > 0) & (c.first_bought[j] >= first) & (c.first_bought[j] <= last))
    rewards = np.zeros(len(who))
    for q, (owner, _, _, _) in enumerate(simulation.plan.programmes):
        handed = simulation.totals.programmes[:, q].sum(axis=0)
        if owner == j and handed[REWARDS]:
            rewards += simulation.population.members.rewards[q, who] * handed[REWARD_COST] / handed[REWARDS] / 100
    margin, served = c.margin[j, who] / 100, c.served[j, who] / 100
    return pd.DataFrame(
        {
            "customer": who,
            "longevity": c.last_bought[j, who].astype(int) - c.first_bought[j, who] + 1,
            "purchases": c.visits[j, who],
            "lines": c.lines[j, who],
            "margin": margin,
            "cost_to_serve": served,
            "rewards": rewards,
            "profit": margin - served - rewards,
        }
    )


def quadrants(record: Record, firm: int | str, first: int = 0, last: int | None = None) -> pd.DataFrame:
    """`customer_value` with the quadrant of each: cut at the median longevity and the median profit of these customers."""
    table = customer_value(record, firm, first, last)
    long = table["longevity"] > table["longevity"].median()
    rich = table["profit"] > table["profit"].median()
    table["quadrant"] = pd.Categorical.from_codes((2 * rich + long).to_numpy(np.int8), categories=pd.Index(QUADRANTS))
    return table


def quadrant_report(table: pd.DataFrame) -> pd.DataFrame:
    """By quadrant: customers, share, mean longevity and profit, share of all profit, and what Reinartz & Kumar advise."""
    grouped = table.groupby("quadrant", observed=False)
    report = grouped.agg(customers=("customer", "size"), longevity=("longevity", "mean"), profit=("profit", "mean"))
    report.insert(1, "share", report["customers"] / len(table))
    total = table["profit"].sum()
    report["share_of_profit"] = grouped["profit"].sum() / total if total else np.nan
    report["strategy"] = [STRATEGY[str(name)] for name in report.index]
    return report.reset_index()


def longevity_and_profit(table: pd.DataFrame) -> float:
    """Correlation of the length of a relationship and its profit over customers."""
    return float(np.corrcoef(table["longevity"], table["profit"])[0, 1])
