"""Credits of programmes: what was earned, redeemed, expired, forfeited, and what is outstanding."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.engine.levers import Plan
from goodwill.engine.state import PROGRAMME_TOTALS, Totals

# Flows of credits into and out of what is outstanding; what moves within a household is in neither.
GAINED = ("earned", "granted", "bought", "partner_earned")
LOST = ("redeemed", "expired", "forfeited")
# Totals that are money.
_MONEY = ("fees", "discount", "reward_value", "reward_cost", "paid_with_credits", "loaded", "exit_fees")


def programme_table(plan: Plan, totals: Totals, names: list[str], periods: int) -> pd.DataFrame:
    """Period x programme: all totals, with members, credits outstanding and the liability for them.

    members: memberships at the end of the period. outstanding: credits at the end of the period, earned + granted + bought +
    partner_earned - redeemed - expired - forfeited; those still pending are among them. liability: what they would cost if all
    were redeemed in the dearest way, in currency (incremental-cost method, no breakage assumed). settlement: what partners pay for
    credits issued less what they are paid for credits redeemed. fees, discount, reward_value, reward_cost, paid_with_credits, loaded,
    exit_fees and settlement are currency; rewards is a count.
    """
    frames = []
    for q, (firm, position, kind, terms) in enumerate(plan.programmes):
        data = {name: totals.programmes[:periods, q, x] for x, name in enumerate(PROGRAMME_TOTALS)}
        table = pd.DataFrame(data)
        table.insert(0, "period", np.arange(periods))
        table.insert(1, "firm", names[firm])
        table.insert(2, "programme", kind if position == 0 else f"{kind} {position + 1}")
        for name in _MONEY:
            table[name] = table[name] / 100
        table["members"] = (table["joined"] - table["left"]).cumsum()
        table["outstanding"] = outstanding(totals.programmes[:periods, q])
        table["liability"] = table["outstanding"] * terms.cost_per_credit / 100
        table["settlement"] = (
            table["partner_earned"] * terms.partner_price - table["partner_redeemed"] * terms.partner_cost
        ) / 100
        frames.append(table)
    if not frames:
        return pd.DataFrame(
            columns=[
                "period",
                "firm",
                "programme",
                *PROGRAMME_TOTALS,
                "members",
                "outstanding",
                "liability",
                "settlement",
            ]
        )
    return pd.concat(frames, ignore_index=True)


def outstanding(totals: np.ndarray) -> np.ndarray:
    """Credits at the end of each period, from the totals [T, ...] of one programme."""
    gained = sum(totals[:, PROGRAMME_TOTALS.index(name)] for name in GAINED)
    lost = sum(totals[:, PROGRAMME_TOTALS.index(name)] for name in LOST)
    return np.cumsum(gained - lost)
