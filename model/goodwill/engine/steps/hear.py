"""Step 3, customers hear: last period's word of mouth, promises, advertising."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import CONTRACT
from goodwill.engine.borrow import take
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.rules.expectation import hear_opinion, hear_promise
from goodwill.rules.word_of_mouth import fade_opinion, hear_messages

_BLOCK = np.uint32(256)


@kernel
def hear_ties(t: int, lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """Messages said by one's ties in the period before move opinion, expectation and awareness."""
    c, p, s = take(c), take(p), take(s)
    u = s.u
    firms = c.opinion.shape[0]
    said = c.said[(t + 1) & 1]
    u[:, :] = ZERO
    strong = p.strong_ties
    for tie in range(c.ties.shape[0]):
        influence = p.word_of_mouth_strong if tie < strong else p.word_of_mouth_weak
        ties = c.ties[tie, lo : lo + n]
        for l in range(n):
            word = np.int64(said[ties[l]])
            if word != 0:
                firm = abs(word) - 1
                u[firm, l] += influence if word > 0 else -influence
                if p.word_of_mouth_awareness:
                    c.aware[lo + l] |= np.int32(1 << firm)
    for j in range(firms):
        opinion = c.opinion[j, lo : lo + n]
        message = u[j]
        for l in range(n):
            opinion[l] = hear_messages(fade_opinion(opinion[l], p.word_of_mouth_retention), message[l])
        if p.expectation_on:
            expectation, visits = c.expectation[j, lo : lo + n], c.visits[j, lo : lo + n]
            for l in range(n):
                experienced = ONE if visits[l] > 0 else ZERO
                expectation[l] = hear_opinion(
                    expectation[l], message[l], p.expectation_hearsay_pull, experienced, p.expectation_later_pull
                )


@kernel
def hear_promises(t: int, lo: int, n: int, c: Any, p: Any, v: Any) -> None:
    """What firms promise pulls expectation, mostly before the first purchase."""
    c, p, v = take(c), take(p), take(v)
    for j in range(c.expectation.shape[0]):
        promise = v.promise[t, j]
        expectation, visits = c.expectation[j, lo : lo + n], c.visits[j, lo : lo + n]
        for l in range(n):
            experienced = ONE if visits[l] > 0 else ZERO
            expectation[l] = hear_promise(
                expectation[l], promise, p.expectation_promise_pull, experienced, p.expectation_later_pull
            )


@kernel
def hear_advertising(t: int, lo: int, n: int, c: Any, v: Any, k0: Any, k1: Any) -> None:
    """Advertising makes the unaware aware."""
    c, v = take(c), take(v)
    for j in range(v.advertising.shape[1]):
        reach = v.advertising[t, j]
        if reach > ZERO:
            stream = CONTRACT + _BLOCK * np.uint32(j)
            bit = np.int32(1 << j)
            for l in range(n):
                _, _, word, _ = philox4x32(np.uint32(lo + l), np.uint32(t), np.uint32(0), np.uint32(stream), k0, k1)
                if uniform32(word) < reach:
                    c.aware[lo + l] |= bit
