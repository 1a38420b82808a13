"""The loyalty ladder: how far up each customer stands with each firm, and how much of his wallet it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from goodwill.record import Record

RUNGS = ("unaware", "aware", "considering", "preferring", "loyal")


def ladder(record: Record) -> pd.DataFrame:
    """Firm x rung at the end of the run, of those in the market: customers, share of all, wallet, spent, purchases.

    Every customer stands on one rung of each firm's ladder: unaware; aware; considering (it comes to mind; where consideration is
    off, every known firm does); preferring (of the firms considered he likes it best, all components of utility but luck and
    programmes added up); loyal (he prefers it and it has at least half of his wallet: attitude and behaviour, Dick & Basu 1994).
    wallet: the firm's share of what its customers on the rung spent in the market; spent and purchases: their means at the firm
    (depth). All money since the start of the run counts.
    """
    c = record.simulation.population.customers
    t = record.periods
    there = np.flatnonzero((c.arrival < t) & (c.exit >= t))
    firms = len(record.names)
    bits = np.arange(firms)[:, None]
    known = (c.aware[there] >> bits & 1) & ~(c.gone[there] >> bits) & 1
    aware = (c.aware[there] >> bits & 1).astype(bool)
    considered = known.astype(bool)
    if c.considered.shape[0]:
        considered &= (c.considered[there] >> bits & 1).astype(bool)
    utility = record.utility_terms(there).sum(axis=2).T
    utility = np.where(considered, utility, -np.inf)
    preferred = considered & (utility == utility.max(axis=0))
    spent = c.spent[:, there].astype(np.int64)
    total = spent.sum(axis=0)
    loyal = preferred & (2 * spent >= total) & (spent > 0)
    rung = aware.astype(int) + considered + preferred + loyal
    rows = []
    for j, name in enumerate(record.names):
        for x, title in enumerate(RUNGS):
            here = rung[j] == x
            wallet = total[here].sum()
            rows.append(
                {
                    "firm": name,
                    "rung": title,
                    "customers": int(here.sum()),
                    "share": here.mean() if len(here) else np.nan,
                    "wallet": spent[j, here].sum() / wallet if wallet else np.nan,
                    "spent": spent[j, here].mean() / 100 if here.any() else np.nan,
                    "purchases": c.visits[j, there][here].mean() if here.any() else np.nan,
                }
            )
    return pd.DataFrame(rows)
