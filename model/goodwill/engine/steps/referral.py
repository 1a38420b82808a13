"""Recommendations: who makes them, and, between two periods, whom they reach and win.

Within a period a customer only resolves to recommend a firm. Whom he tells, who is won and what that earns him touches other
customers; that is settled in one pass over all of them, in their order, when every tile has ended the period. What is recommended in a
period therefore acts in the next one, and nothing depends on threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import hand
from goodwill.engine.draws import RECOMMEND, TOLD
from goodwill.engine.jit import entry, kernel, rule
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import (
    COMPETITIVE,
    REFERRAL_ACTED,
    REFERRAL_ASKED,
    REFERRAL_CONVERTED,
    REFERRAL_INTENDED,
    REFERRAL_REWARDS,
    REFERRAL_TOLD,
    REFERRAL_WON,
)
from goodwill.engine.steps.leave import leave_firm
from goodwill.engine.steps.offers import has_bought, make_think, stays
from goodwill.rules.referral import act_probability, intent_probability, persuade_probability, share_taste

_MOST_OFF = np.float32(0.9)
NOBODY = -1


@rule
def rewarding_programme(t: int, j: int, i: int, m: Any, g: Any) -> int:
    """The programme of firm j that would reward member i for one more newcomer, -1 if none."""
    found = -1
    for q in range(g.firm.shape[0]):
        pays = g.referral_reward[q] > ZERO or g.referral_welcome[q] > ZERO
        runs = g.firm[q] == j and g.start[q] <= t < g.stop[q]
        if found < 0 and runs and pays and m.joined[q, i] >= 0 and m.referred[q, i] < g.referral_cap[q]:
            found = q
    return found


@rule
def act_chance(t: int, j: int, i: int, base: Any, m: Any, p: Any, g: Any, v: Any) -> Any:
    """Chance that customer i acts for firm j, or tells a weak tie of it, with the reward that he may hope for."""
    q = rewarding_programme(t, j, i, m, g)
    worth = g.referral_reward[q] / v.usual_spend[j] if q >= 0 else ZERO
    return act_probability(base, worth, p.referral_reward_response, v.standing[j], p.referral_weaker_brand)


@kernel
def recommend(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Customers with an occasion to recommend the firm last bought from (contract: the provider) may resolve to do it."""
    year = np.int64(p.periods_per_year)
    for i in range(lo, lo + n):
        c.recommends[i] = 0
        j = np.int64(c.last[i])
        if j < 0 or not stays(t, i, c) or (c.gone[i] >> j) & 1 or c.visits[j, i] == 0:
            continue
        if t - c.last_bought[j, i] >= year:
            continue
        occasion, intent, act, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), RECOMMEND, k0, k1)
        if not uniform32(occasion) < p.referral_occasions:
            continue
        firm = a.firms[row, j]
        firm[REFERRAL_ASKED] += 1
        satisfaction = c.satisfaction[j, i] if p.satisfaction_on else p.satisfaction_neutral
        if not uniform32(intent) < intent_probability(
            satisfaction, p.satisfaction_neutral, p.referral_intent, p.referral_intent_slope
        ):
            continue
        firm[REFERRAL_INTENDED] += 1
        if uniform32(act) < act_chance(t, j, i, p.referral_act, m, p, g, v):
            firm[REFERRAL_ACTED] += 1
            c.recommends[i] = np.int8(j + 1)


@rule
def reward_referrer(t: int, row: int, j: int, r: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any) -> None:
    """Customer r has brought firm j a newcomer: if he is a member of a programme that pays for it, he gets the reward."""
    q = rewarding_programme(t, j, r, m, g)
    if q >= 0:
        m.referred[q, r] += 1
        a.programmes[row, q, REFERRAL_REWARDS] += 1
        c.favour[j, r] = c.favour[j, r] + p.referral_thanks * (g.referral_reward[q] / v.usual_spend[j])


@rule
def win_over(t: int, row: int, j: int, r: int, i: int, q: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any) -> None:
    """Customer i is won for firm j by customer r: he leans to it like r, is curious, and may be given a welcome."""
    a.firms[row, j, REFERRAL_WON] += 1
    c.introduced_by[i] = r
    c.introduced_to[i] = np.int8(j)
    c.taste[j, i] = share_taste(c.taste[j, i], c.taste[j, r], p.referral_homophily)
    c.favour[j, i] = c.favour[j, i] + p.referral_pull
    if q >= 0 and g.referral_welcome[q] > ZERO:
        c.offer[j, i] = min(g.referral_welcome[q] / v.usual_spend[j], _MOST_OFF)
        c.offer_ends[j, i] = np.int16(t + np.int64(g.referral_valid[q]))
    if p.contract:
        if c.last[i] >= 0:
            leave_firm(row, i, np.int64(c.last[i]), COMPETITIVE, c, m, p, g, a)
        c.last[i] = np.int8(j)


@entry
def settle_referrals(t: int, row: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any) -> None:
    """Between period t and the next: newcomers who bought earn their referrers the reward; then recommendations are told."""
    c, m, p, g, v, a = hand(c), hand(m), hand(p), hand(g), hand(v), hand(a)
    customers = c.need.shape[0]
    for i in range(customers):
        if c.introduced_by[i] != NOBODY:
            j = np.int64(c.introduced_to[i])
            if c.visits[j, i] > 0:
                a.firms[row, j, REFERRAL_CONVERTED] += 1
                reward_referrer(t, row, j, np.int64(c.introduced_by[i]), c, m, p, g, v, a)
            if c.visits[j, i] > 0 or not stays(t, i, c):
                c.introduced_by[i] = NOBODY
    for r in range(customers):
        if c.recommends[r] == 0:
            continue
        j = np.int64(c.recommends[r]) - 1
        bit = np.int32(1 << j)
        q = rewarding_programme(t, j, r, m, g)
        welcome = g.referral_welcome[q] / v.usual_spend[j] if q >= 0 else ZERO
        weak = act_chance(t, j, r, p.referral_weak, m, p, g, v)
        won = persuade_probability(p.referral_conversion, welcome, p.referral_welcome_response)
        told = 0
        for k in range(c.ties.shape[0]):
            i = np.int64(c.ties[k, r])
            if told >= p.referral_told or i == r or not stays(t, i, c) or c.introduced_by[i] != NOBODY:
                continue
            if has_bought(j, i, c) or c.gone[i] & bit or c.last[i] == j:
                continue
            tell, persuade, _, _ = philox4x32(np.uint32(r), np.uint32(t), np.uint32(k), TOLD, k0, k1)
            if uniform32(tell) < (ONE if k < p.strong_ties else weak):
                told += 1
                a.firms[row, j, REFERRAL_TOLD] += 1
                make_think(j, i, c)
                if uniform32(persuade) < won:
                    win_over(t, row, j, r, i, q, c, m, p, g, v, a)
