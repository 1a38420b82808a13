"""Step 3, customers hear: last period's word of mouth, promises, advertising."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import CONTRACT
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import DELIVERED, HERE, POSSIBLE, UNIFORM, padded
from goodwill.rules.expectation import hear_opinion, hear_promise
from goodwill.rules.word_of_mouth import fade_opinion, hear_messages

_BLOCK = np.uint32(256)


@kernel
def hear_ties(t: int, lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """Messages said by one's ties in the period before move opinion, expectation and awareness of those in the market."""
    k, u, who = s.k, s.u, s.who
    firms = c.opinion.shape[0]
    said, aware = c.said[(t + 1) & 1], c.aware[lo:]
    arrival, leaving = c.arrival[lo : lo + n], c.exit[lo : lo + n]
    u[:, :] = ZERO
    for l in range(n):
        k[POSSIBLE + l] = (arrival[l] <= t) & (leaving[l] > t)
    for tie in range(c.ties.shape[0]):
        influence = p.word_of_mouth_strong if tie < p.strong_ties else p.word_of_mouth_weak
        ties = c.ties[tie, lo : lo + n]
        # Few say anything. Who hears something is picked without a branch, so that the many look-ups all over the market overlap.
        hearers = 0
        for l in range(n):
            who[HERE + hearers] = np.uint32(l)
            hearers += 1 if (k[POSSIBLE + l] != 0) & (said[ties[l]] != 0) else 0
        for x in range(hearers):
            place = who[HERE + x]
            word = np.int64(said[ties[place]])
            firm = abs(word) - 1
            u[firm, place] += influence if word > 0 else -influence
            if p.word_of_mouth_awareness:
                aware[place] |= np.int32(1 << firm)
    for j in range(firms):
        opinion = c.opinion[j, lo : lo + n]
        message = u[j]
        for l in range(n):
            opinion[l] = hear_messages(fade_opinion(opinion[l], p.word_of_mouth_retention), message[l])
        if p.expectation_on:
            expectation, visits = c.expectation[j, lo : lo + n], c.visits[j, lo : lo + n]
            history = c.history[j, lo : lo + n]
            for l in range(n):
                experienced = ONE if (visits[l] > 0) | (history[l] > 0) else ZERO
                expectation[l] = hear_opinion(
                    expectation[l], message[l], p.expectation_hearsay_pull, experienced, p.expectation_later_pull
                )


@kernel
def hear_promises(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """What firms promise pulls expectation, mostly before the first purchase."""
    for j in range(c.expectation.shape[0]):
        promise = v.promise[t, j]
        expectation, visits = c.expectation[j, lo : lo + n], c.visits[j, lo : lo + n]
        history = c.history[j, lo : lo + n]
        f = s.f
        for l in range(n):
            f[DELIVERED + l] = promise
        if p.value_on:
            delivered = c.delivered[j, lo : lo + n]
            for l in range(n):
                f[DELIVERED + l] = promise + delivered[l]
        for l in range(n):
            experienced = ONE if (visits[l] > 0) | (history[l] > 0) else ZERO
            expectation[l] = hear_promise(
                expectation[l], f[DELIVERED + l], p.expectation_promise_pull, experienced, p.expectation_later_pull
            )


@kernel
def hear_advertising(t: int, lo: int, n: int, c: Any, v: Any, s: Any, k0: Any, k1: Any) -> None:
    """Advertising makes the unaware aware, those in the market."""
    f, who = s.f, s.who
    aware, arrival, leaving = c.aware[lo : lo + n], c.arrival[lo : lo + n], c.exit[lo : lo + n]
    for j in range(v.advertising.shape[1]):
        reach = v.advertising[t, j]
        if reach > ZERO:
            stream = CONTRACT + _BLOCK * np.uint32(j)
            bit = np.int32(1 << j)
            unaware = 0
            for l in range(n):
                who[HERE + unaware] = np.uint32(l)
                unaware += ((aware[l] & bit) == 0) & (arrival[l] <= t) & (leaving[l] > t)
            w = padded(unaware)
            for x in range(unaware, w):
                who[HERE + x] = 0
            for x in range(w):
                i = lo + who[HERE + x]
                _, _, word, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), np.uint32(stream), k0, k1)
                f[UNIFORM + x] = uniform32(word)
            for x in range(unaware):
                if f[UNIFORM + x] < reach:
                    aware[who[HERE + x]] |= bit
