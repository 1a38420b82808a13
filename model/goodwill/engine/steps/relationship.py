"""The life of a relationship: which firms come to mind (step 3), the contacts it takes, and its stage (step 8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import CONTRACT, MIND
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import BOUGHT, TRIPS
from goodwill.engine.state import (
    ADVOCATE,
    AWARE_STAGE,
    CONTACTS,
    CONTACTS_WON,
    FIRST_BUYER,
    LAPSED,
    LOST,
    LOYAL,
    NATURAL,
    POTENTIAL,
    PROSPECT,
    REGAINED,
    REPEAT_BUYER,
)
from goodwill.rules.defection import leave_probability
from goodwill.rules.relationship import forgetting_hazard, silence_probability

_BLOCK = np.uint32(256)
_MOST = 32767


@kernel
def count_exposures(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, k0: Any, k1: Any) -> None:
    """How often each customer of the tile was reached this period, by advertising and by what ties said, into s.u [J, place]."""
    u = s.u
    u[:, :] = ZERO
    for j in range(v.advertising.shape[1]):
        reach = v.advertising[t, j]
        if reach > ZERO:
            stream = CONTRACT + _BLOCK * np.uint32(j)
            for l in range(n):
                _, _, word, _ = philox4x32(np.uint32(lo + l), np.uint32(t), np.uint32(0), np.uint32(stream), k0, k1)
                u[j, l] += ONE if uniform32(word) < reach else ZERO
    if t > 0 and p.talk_listened:
        said = c.said[(t + 1) & 1]
        for tie in range(c.ties.shape[0]):
            ties = c.ties[tie, lo : lo + n]
            for l in range(n):
                word = np.int64(said[ties[l]])
                if word != 0:
                    u[abs(word) - 1, l] += ONE


@kernel
def note_contacts(t: int, row: int, lo: int, n: int, c: Any, s: Any, a: Any) -> None:
    """Exposures of those who have not bought from the firm yet are contacts made to win them."""
    for j in range(c.contacts.shape[0]):
        made = 0
        for l in range(n):
            i = lo + l
            if c.arrival[i] <= t < c.exit[i] and c.visits[j, i] == 0:
                reached = np.int64(s.u[j, l])
                c.contacts[j, i] = np.int16(min(np.int64(c.contacts[j, i]) + reached, _MOST))
                made += reached
        a.firms[row, j, CONTACTS] += made


@kernel
def bring_to_mind(t: int, lo: int, n: int, c: Any, p: Any, s: Any, k0: Any, k1: Any) -> None:
    """Who was reached, or has just bought, thinks of the firm; it may also come to mind by itself, or be forgotten.

    s.u holds the exposures. The firm last bought from is never forgotten.
    """
    recalled = leave_probability(p.consideration_recall)
    for j in range(c.taste.shape[0]):
        stream = MIND + _BLOCK * np.uint32(j)
        bit = np.int32(1 << j)
        for l in range(n):
            i = lo + l
            if (c.aware[i] & bit) == 0 or not c.arrival[i] <= t < c.exit[i]:
                continue
            elapsed = np.int64(t) - c.last_bought[j, i]
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), np.uint32(stream), k0, k1)
            if s.u[j, l] > ZERO or elapsed <= 1 or c.last[i] == j:
                c.considered[i] |= bit
            elif (c.considered[i] & bit) == 0:
                if uniform32(word) < recalled:
                    c.considered[i] |= bit
            else:
                hazard = forgetting_hazard(np.float32(elapsed), p.consideration_memory, p.consideration_forgetting)
                if uniform32(word) < leave_probability(hazard):
                    c.considered[i] &= ~bit


@rule
def has_gone(t: int, i: int, j: int, c: Any, p: Any) -> bool:
    """Whether a customer who has bought from the firm is lost to it at the end of period t."""
    switched = p.contract != 0 and c.cause[j, i] != 0 and c.last[i] != j
    return ((c.gone[i] >> j) & 1) != 0 or switched or c.exit[i] == t + 1


@rule
def buyers_stage(t: int, i: int, j: int, old: int, c: Any, p: Any) -> int:
    """Stage of one who has bought and is neither lost nor silent, by his purchases so far."""
    visits = np.int64(c.visits[j, i])
    if visits <= 1:
        return FIRST_BUYER
    if visits <= p.stages_loyal_repeats:
        return REPEAT_BUYER
    pleased = p.satisfaction_on != 0 and c.satisfaction[j, i] >= p.satisfaction_neutral + p.stages_advocate_margin
    recommends = p.talk_listened != 0 and c.said[t & 1, i] == j + 1
    return ADVOCATE if pleased and (recommends or old == ADVOCATE) else LOYAL


@rule
def next_stage(t: int, i: int, l: int, j: int, c: Any, p: Any, s: Any) -> Any:
    """Stage of customer i (at place l) with firm j at the end of period t."""
    old = np.int64(c.stage[j, i])
    if c.visits[j, i] == 0:
        if (c.aware[i] >> j) & 1 == 0:
            return POTENTIAL
        in_mind = p.consideration_on == 0 or (c.considered[i] >> j) & 1 != 0
        return PROSPECT if in_mind and (s.k[TRIPS + l] > 0 or old == PROSPECT) else AWARE_STAGE
    if has_gone(t, i, j, c, p):
        return LOST
    if (s.k[BOUGHT + l] >> j) & 1:
        return REGAINED if old in (LAPSED, LOST) else buyers_stage(t, i, j, old, c, p)
    if old in (LAPSED, LOST):
        return old
    span = np.float32(c.last_bought[j, i] - c.first_bought[j, i]) + ONE / c.need[i]
    elapsed = np.float32(t - c.last_bought[j, i])
    if silence_probability(np.float32(c.visits[j, i]), span, elapsed) < p.stages_silence:
        return LAPSED
    return old if old == REGAINED else buyers_stage(t, i, j, old, c, p)


@kernel
def move_on(t: int, row: int, lo: int, n: int, c: Any, p: Any, s: Any, a: Any) -> None:
    """The stages of all customers who are in the market, and what changed since the period before, in the totals."""
    for j in range(c.stage.shape[0]):
        won = 0
        for l in range(n):
            i = lo + l
            if not c.arrival[i] <= t < c.exit[i]:
                continue
            old = np.int64(c.stage[j, i])
            if c.visits[j, i] > 0 and old < FIRST_BUYER:
                c.first_bought[j, i] = np.int16(t)
                won += np.int64(c.contacts[j, i])
            new = next_stage(t, i, l, j, c, p, s)
            if new == LOST and c.cause[j, i] == 0:
                c.cause[j, i] = np.int8(NATURAL)  # he left the market; only the firm last bought from counts the loss
            c.stage[j, i] = np.int8(new)
            a.stages[row, j, old, new] += 1
        a.firms[row, j, CONTACTS_WON] += won
