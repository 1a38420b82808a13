"""Presets that stand for no data set, in numbers: what a reader checks their plausibility by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.engine.state import FIRM_TOTALS, PROGRAMME_TOTALS
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

CAUSES = ("competitive", "fault", "natural", "malicious")


def churn_by_cause(scenario: Scenario, customers: int = 50_000) -> pd.DataFrame:
    """A contract market by year: per cent of subscribers that leave in a month, by cause."""
    market = Simulation(scenario.with_(customers=customers), threads=1)
    market.run()
    year = scenario.periods_per_year
    rows = []
    for first in range(0, scenario.periods - year + 1, year):
        part = market.totals.firms[first : first + year].sum(axis=0)
        subscribers = part[:, FIRM_TOTALS.index("subscribers")].sum()
        left = {cause: float(100 * part[:, FIRM_TOTALS.index(f"left_{cause}")].sum() / subscribers) for cause in CAUSES}
        rows.append({"year": first // year + 1, **left, "all": sum(left.values())})
    return pd.DataFrame(rows)


def town_in_numbers(scenario: Scenario, customers: int = 50_000) -> pd.DataFrame:
    """A repertoire market in the year after its warm-up, firm by firm.

    share: of purchases. share at start: the same in the first quarter. ever bought: share of customers who have.
    aware. leave a year: of those who ever bought, left for good, by cause. members: share of the firm's customers
    (bought in the year). their part: of its purchases. rewards: per member's purchase. praise, criticism: messages per
    purchase.
    """
    market = Simulation(scenario.with_(customers=customers), threads=1)
    year = scenario.periods_per_year
    market.advance(scenario.warm_up)
    before = market.population.customers.visits.copy()
    market.advance(year)
    people, members = market.population.customers, market.population.members
    total = market.totals.firms[scenario.warm_up : scenario.warm_up + year].sum(axis=0)
    early = market.totals.firms[: year // 4, :, FIRM_TOTALS.index("purchases")].sum(axis=0)
    bought = total[:, FIRM_TOTALS.index("purchases")]
    columns = [programme[0] for programme in market.plan.programmes]
    rows = []
    for j, firm in enumerate(scenario.firms):
        ever, this_year = people.visits[j] > 0, people.visits[j] > before[j]
        row: dict[str, str | float] = {
            "firm": firm.name,
            "share": float(bought[j] / bought.sum()),
            "share at start": float(early[j] / early.sum()),
            "ever bought": float(ever.mean()),
            "aware": float(((people.aware >> j) & 1).mean()),
        }
        for cause in CAUSES:
            row[f"leave, {cause}"] = float(total[j, FIRM_TOTALS.index(f"left_{cause}")] / ever.sum())
        for kind, name in (("positive", "praise"), ("negative", "criticism")):
            row[name] = float(total[j, FIRM_TOTALS.index(f"{kind}_talk")] / bought[j])
        row |= {"members": float("nan"), "their part": float("nan"), "rewards": float("nan")}
        if j in columns:
            q = columns.index(j)
            redeemed = market.totals.programmes[scenario.warm_up :, q, PROGRAMME_TOTALS.index("rewards")].sum()
            theirs = total[j, FIRM_TOTALS.index("member_purchases")]
            row |= {
                "members": float((members.joined[q] >= 0)[this_year].mean()),
                "their part": float(theirs / bought[j]),
                "rewards": float(redeemed / np.maximum(theirs, 1)),
            }
        rows.append(row)
    return pd.DataFrame(rows)
