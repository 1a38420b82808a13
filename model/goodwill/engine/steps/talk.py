"""Steps 7 and 8 on a tile: what customers say about the firm they bought from, and the measuring windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.jit import kernel
from goodwill.engine.scratch import (
    BOUGHT,
    FIRM,
    GATHERED,
    HERE,
    RELATED,
    SATISFIED,
    SHOPPERS,
    TALK_LUCK,
    TERM,
    UNIFORM,
    padded,
)
from goodwill.engine.state import AWARE, NEGATIVE_TALK, POSITIVE_TALK, RETAINED, SUBSCRIBERS, WINDOW_BASE
from goodwill.rules.recovery import voiced_satisfaction
from goodwill.rules.word_of_mouth import talk_probability, talkativeness


@kernel
def talk(t: int, row: int, lo: int, n: int, shoppers: int, c: Any, p: Any, s: Any, a: Any) -> None:
    """Those who bought, of the tile's shoppers, may tell their ties; the ties hear it next period."""
    f, k, who = s.f, s.k, s.who
    said, last, sociability = c.said[t & 1, lo : lo + n], c.last[lo:], c.sociability[lo:]
    for l in range(n):
        said[l] = 0
    buyers = 0
    for x in range(shoppers):
        place = who[SHOPPERS + x]
        who[HERE + buyers] = place
        buyers += 1 if k[BOUGHT + place] != 0 else 0
    w = padded(buyers)
    for x in range(buyers):
        place = who[HERE + x]
        k[FIRM + x] = np.int32(last[place])
        if p.contract:
            # The provider may have changed since the customer was served, and only him he can tell about.
            served = k[BOUGHT + place]
            j = np.int32(0)
            while (served >> j) & 1 == 0:
                j += np.int32(1)
            k[FIRM + x] = j
    for x in range(buyers, w):
        who[HERE + x] = 0
    for x in range(w):
        f[SATISFIED + x] = p.satisfaction_neutral
    if p.satisfaction_on:
        satisfaction, customers = flat(c.satisfaction), c.need.shape[0]
        for x in range(buyers):
            place = who[HERE + x]
            f[SATISFIED + x] = satisfaction[np.uint64(np.int64(k[FIRM + x]) * customers + lo + place)]
    for x in range(w):
        f[GATHERED + x] = sociability[who[HERE + x]]
        f[UNIFORM + x] = f[TALK_LUCK + who[HERE + x]]
    if p.recovery_on:
        grievance, customers = flat(c.grievance), c.need.shape[0]
        for x in range(buyers):
            place = who[HERE + x]
            felt = grievance[np.uint64(np.int64(k[FIRM + x]) * customers + lo + place)]
            f[SATISFIED + x] = voiced_satisfaction(f[SATISFIED + x], felt, p.recovery_talk)
    if p.experiences_on:
        for x in range(w):
            f[GATHERED + x] = talkativeness(f[GATHERED + x], f[RELATED + who[HERE + x]], p.experiences_relate)
    for x in range(w):
        f[TERM + x] = talk_probability(
            f[SATISFIED + x],
            p.satisfaction_neutral,
            p.word_of_mouth_base,
            p.word_of_mouth_positive,
            p.word_of_mouth_negative,
            f[GATHERED + x],
        )
    for x in range(buyers):
        if f[UNIFORM + x] < f[TERM + x]:
            place = who[HERE + x]
            j = np.int64(k[FIRM + x])
            if f[SATISFIED + x] >= p.satisfaction_neutral:
                said[place] = np.int8(j + 1)
                a.firms[row, j, POSITIVE_TALK] += 1
            else:
                said[place] = np.int8(-(j + 1))
                a.firms[row, j, NEGATIVE_TALK] += 1


@kernel
def close_window(row: int, lo: int, n: int, c: Any, a: Any) -> None:
    """At the end of a measuring window: who bought in the last one, and who of them in this one."""
    now, before = c.window[0, lo : lo + n], c.window[1, lo : lo + n]
    for j in range(c.taste.shape[0]):
        base = 0
        kept = 0
        for l in range(n):
            then = (before[l] >> j) & 1
            base += then
            kept += then & (now[l] >> j)
        a.firms[row, j, WINDOW_BASE] += base
        a.firms[row, j, RETAINED] += kept
    for l in range(n):
        before[l] = now[l]
        now[l] = 0


@kernel
def count_subscribers(t: int, row: int, lo: int, n: int, c: Any, a: Any) -> None:
    """Customers under contract with each firm at the end of the period."""
    for i in range(lo, lo + n):
        if c.last[i] >= 0 and c.arrival[i] <= t and c.exit[i] > t + 1:
            a.firms[row, c.last[i], SUBSCRIBERS] += 1


@kernel
def count_aware(t: int, row: int, lo: int, n: int, c: Any, p: Any, a: Any) -> None:
    """Customers who will be there in the next period and know the firm."""
    aware, arrival, leaving = c.aware[lo : lo + n], c.arrival[lo : lo + n], c.exit[lo : lo + n]
    firms = c.taste.shape[0]
    if not p.all_aware:
        for j in range(firms):
            bit = np.int32(1 << j)
            knowing = 0
            for l in range(n):
                knowing += ((aware[l] & bit) != 0) & (arrival[l] <= t) & (leaving[l] > t + 1)
            a.firms[row, j, AWARE] += knowing
        return
    there = 0
    for l in range(n):
        there += (arrival[l] <= t) & (leaving[l] > t + 1)
    for j in range(firms):
        a.firms[row, j, AWARE] += there
