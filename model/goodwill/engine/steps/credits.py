"""Credits of one member: the balance, taking the oldest first, and the end of a membership."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ZERO
from goodwill.engine.state import FORFEITED, LEFT


@rule
def balance_of(q: int, i: int, m: Any, g: Any) -> int:
    """Credits customer i holds in programme q."""
    total = 0
    for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q]):
        total += m.lots[lot, i]
    return total


@rule
def take_oldest(q: int, i: int, t: int, amount: int, m: Any, g: Any) -> None:
    """Remove credits from the oldest lots first; the balance must cover the amount."""
    first, count = g.lot_first[q], g.lot_count[q]
    newest = (t // g.lot_periods[q]) % count
    for age in range(count - 1, -1, -1):
        lot = first + (newest - age) % count
        taken: Any = min(amount, np.int64(m.lots[lot, i]))
        m.lots[lot, i] -= taken
        amount -= taken


@rule
def end_membership(row: int, q: int, i: int, m: Any, g: Any, a: Any) -> None:
    """End customer i's membership of programme q, if there is one; what was earned is forfeited."""
    if m.joined[q, i] >= 0:
        a.programmes[row, q, FORFEITED] += balance_of(q, i, m, g)
        for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q]):
            m.lots[lot, i] = 0
        m.joined[q, i] = -1
        m.engaged[q, i] = 0
        a.programmes[row, q, LEFT] += 1
        if g.tier_row[q] >= 0:
            m.tier[g.tier_row[q], i] = 0
            m.tier_spend[g.tier_row[q], i] = 0
            m.tier_shift[g.tier_row[q], i] = ZERO
