"""Credits of one member: the balance, the goal in sight, taking the oldest first, and the end of a membership."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.scratch import BALANCE, GOAL, WORTH
from goodwill.engine.state import FORFEITED, LEFT
from goodwill.programmes.terms import WAS_MEMBER

_WAS_MEMBER = np.int16(WAS_MEMBER)


@rule
def balance_of(q: int, i: int, m: Any, g: Any) -> int:
    """Credits customer i can use in programme q."""
    total = 0
    for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q]):
        total += m.lots[lot, i]
    return total


@rule
def lot_of(q: int, t: int, g: Any) -> Any:
    """The lot of usable credits of period t; lots are used in turn."""
    return np.int64(g.lot_first[q] + (t // g.lot_periods[q]) % g.lot_count[q])


@rule
def earning_lot(q: int, t: int, g: Any) -> Any:
    """The lot into which goes what is earned in period t: a pending one, where credits are not usable at once."""
    if g.pending[q] > 0:
        return np.int64(g.lot_first[q] + g.lot_count[q] + t % g.pending[q])
    return lot_of(q, t, g)


@rule
def set_goals(q: int, n: int, g: Any, s: Any) -> None:
    """For n members with BALANCE: threshold (GOAL) and worth (WORTH) of the next reward above it, or of the last of the ladder."""
    f = s.f
    threshold, value = g.step_threshold[q], g.step_value[q]
    for x in range(n):
        f[GOAL + x] = threshold[0]
        f[WORTH + x] = value[0]
    for step in range(1, g.rewards[q]):
        for x in range(n):
            passed = f[BALANCE + x] >= threshold[step - 1]
            f[GOAL + x] = threshold[step] if passed else f[GOAL + x]
            f[WORTH + x] = value[step] if passed else f[WORTH + x]


@rule
def goal_above(q: int, balance: int, g: Any) -> Any:
    """Threshold of the next reward above a balance, or of the last of the ladder."""
    goal = g.step_threshold[q, 0]
    for step in range(1, g.rewards[q]):
        if np.float32(balance) >= g.step_threshold[q, step - 1]:
            goal = g.step_threshold[q, step]
    return goal


@rule
def campaigns_at(q: int, t: int, g: Any) -> Any:
    """Product of the factors of all campaigns that run in period t."""
    factor = ONE
    age = t - g.start[q]
    for x in range(g.campaign_first.shape[1]):
        since = age - g.campaign_first[q, x]
        if since >= 0 and g.campaign_every[q, x] > 0:
            since = since % g.campaign_every[q, x]
        if 0 <= since < g.campaign_length[q, x]:
            factor = factor * g.campaign_factor[q, x]
    return factor


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
        for lot in range(g.lot_first[q], g.lot_first[q] + g.lot_count[q] + g.pending[q]):
            a.programmes[row, q, FORFEITED] += m.lots[lot, i]
            m.lots[lot, i] = 0
        m.joined[q, i] = _WAS_MEMBER
        m.engaged[q, i] = 0
        a.programmes[row, q, LEFT] += 1
        if g.bond_row[q] >= 0:
            m.notice[g.bond_row[q], i] = 0
        if g.tier_row[q] >= 0:
            m.tier[g.tier_row[q], i] = 0
            m.tier_shift[g.tier_row[q], i] = ZERO
            m.missed[g.tier_row[q], i] = 0
            for part in range(g.tier_parts[q]):
                m.tier_spend[g.tier_first[q] + part, i] = 0
