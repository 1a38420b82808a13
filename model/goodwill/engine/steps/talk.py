"""Steps 7 and 8 on a tile: what customers say about the firm they bought from, and the measuring windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import PERIOD
from goodwill.engine.borrow import take
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import BOUGHT, SATISFIED, UNIFORM
from goodwill.engine.state import NEGATIVE_TALK, POSITIVE_TALK, RETAINED, SUBSCRIBERS, WINDOW_BASE
from goodwill.rules.word_of_mouth import talk_probability


@kernel
def talk(t: int, row: int, lo: int, n: int, c: Any, p: Any, s: Any, a: Any, k0: Any, k1: Any) -> None:
    """Those who bought may tell their ties; the ties hear it next period."""
    c, p, s, a = take(c), take(p), take(s), take(a)
    f, k = s.f, s.k
    said = c.said[t & 1, lo : lo + n]
    last = c.last[lo : lo + n]
    for l in range(n):
        j = max(np.int64(last[l]), 0)
        f[SATISFIED + l] = c.satisfaction[j, lo + l] if p.satisfaction_on else p.satisfaction_neutral
    for l in range(n):
        _, _, word, _ = philox4x32(np.uint32(lo + l), np.uint32(t), np.uint32(0), PERIOD, k0, k1)
        f[UNIFORM + l] = uniform32(word)
    sociability = c.sociability[lo : lo + n]
    for l in range(n):
        chance = talk_probability(
            f[SATISFIED + l],
            p.satisfaction_neutral,
            p.word_of_mouth_base,
            p.word_of_mouth_positive,
            p.word_of_mouth_negative,
            sociability[l],
        )
        f[UNIFORM + l] = f[UNIFORM + l] - (chance if k[BOUGHT + l] != 0 else ZERO)
    for l in range(n):
        message = np.int8(0)
        # Below zero: the luck lay under the chance. One who has just left his provider has nobody to talk about.
        if f[UNIFORM + l] < ZERO and last[l] >= 0:
            j = np.int64(last[l])
            if f[SATISFIED + l] >= p.satisfaction_neutral:
                message = np.int8(j + 1)
                a.firms[row, j, POSITIVE_TALK] += 1
            else:
                message = np.int8(-(j + 1))
                a.firms[row, j, NEGATIVE_TALK] += 1
        said[l] = message


@kernel
def close_window(row: int, lo: int, n: int, c: Any, a: Any) -> None:
    """At the end of a measuring window: who bought in the last one, and who of them in this one."""
    c, a = take(c), take(a)
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
    c, a = take(c), take(a)
    for i in range(lo, lo + n):
        if c.last[i] >= 0 and c.arrival[i] <= t and c.exit[i] > t + 1:
            a.firms[row, c.last[i], SUBSCRIBERS] += 1
