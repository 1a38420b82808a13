"""Firms post to whoever follows them, and those who read pass it on to some who never heard of the firm."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import POSTS
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import POSTS_READ
from goodwill.engine.steps.offers import has_bought, make_think
from goodwill.rules.posts import post_value, reading_probability
from goodwill.rules.word_of_mouth import hear_messages

_BLOCK = np.uint32(256)
_MONTHS = np.float32(12.0)


@kernel
def read_posts(t: int, row: int, lo: int, n: int, c: Any, p: Any, v: Any, a: Any, k0: Any, k1: Any) -> None:
    """Followers (past buyers) read most, those who know the firm less, others only what is passed on, if it pleases."""
    for j in range(c.opinion.shape[0]):
        posts = v.posts[t, j]
        if not posts > ZERO:
            continue
        monthly = posts * p.periods_per_year / _MONTHS
        value = post_value(
            v.commercial[t, j], monthly, p.posts_right, p.posts_repelling, p.posts_often, p.posts_tiring, p.posts_floor
        )
        reading = reading_probability(posts, p.posts_attention)
        passed_on = p.posts_passed_on * max(value, ZERO)
        bit = np.int32(1 << j)
        stream = np.uint32(POSTS + _BLOCK * np.uint32(j))
        for i in range(lo, lo + n):
            if not (c.arrival[i] <= t and c.exit[i] > t):
                continue
            closeness = passed_on
            if c.aware[i] & bit:
                closeness = ONE if has_bought(j, i, c) and not c.gone[i] & bit else p.posts_acquaintance
            word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
            if uniform32(word) < reading * closeness:
                make_think(j, i, c)
                c.opinion[j, i] = hear_messages(c.opinion[j, i], p.posts_influence * value)
                a.firms[row, j, POSTS_READ] += 1
