"""Credits of programmes: what was earned, redeemed, expired, forfeited, and what is outstanding."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.engine.levers import Plan
from goodwill.engine.state import PROGRAMME_TOTALS, Totals


def programme_table(plan: Plan, totals: Totals, names: list[str], periods: int) -> pd.DataFrame:
    """Period x programme: all totals, with members, credits outstanding and the liability for them.

    members: memberships at the end of the period. outstanding: credits at the end of the period, earned + granted - redeemed -
    expired - forfeited. liability: what they would cost if all were redeemed, in currency (incremental-cost method,
    no breakage assumed).
    fees and discount in currency; rewards is a count, reward_value and reward_cost are currency.
    """
    frames = []
    for q, (firm, position, kind, terms) in enumerate(plan.programmes):
        data = {name: totals.programmes[:periods, q, x] for x, name in enumerate(PROGRAMME_TOTALS)}
        table = pd.DataFrame(data)
        table.insert(0, "period", np.arange(periods))
        table.insert(1, "firm", names[firm])
        table.insert(2, "programme", kind if position == 0 else f"{kind} {position + 1}")
        table["fees"] = table["fees"] / 100
        table["discount"] = table["discount"] / 100
        table["members"] = (table["joined"] - table["left"]).cumsum()
        gained = table["earned"] + table["granted"]
        lost = table["redeemed"] + table["expired"] + table["forfeited"]
        table["outstanding"] = (gained - lost).cumsum()
        table["reward_value"] = table["rewards"] * terms.reward_value / 100
        table["reward_cost"] = table["rewards"] * terms.reward_cost / 100
        table["liability"] = table["outstanding"] * cost_per_credit(terms.threshold, terms.reward_cost) / 100
        frames.append(table)
    if not frames:
        return pd.DataFrame(
            columns=["period", "firm", "programme", *PROGRAMME_TOTALS, "members", "outstanding", "liability"]
        )
    return pd.concat(frames, ignore_index=True)


def cost_per_credit(threshold: int, reward_cost: float) -> float:
    """Cents one credit costs when it is redeemed; 0 when there is nothing to redeem."""
    return reward_cost / threshold if threshold else 0.0
