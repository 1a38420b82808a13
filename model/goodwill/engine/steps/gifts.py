"""Gifts to members: on joining, on birthdays, out of the blue."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import GIFT
from goodwill.engine.jit import kernel
from goodwill.engine.maths import ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import GIFTS
from goodwill.rules.gifts import await_gift, gift_felt

_BLOCK = np.uint32(256)


@kernel
def give_gifts(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Every gift earns thanks for what it is beyond expectation, and binds; birthdays come to be expected."""
    year = np.int64(p.periods_per_year)
    for q in range(g.firm.shape[0]):
        if not (g.start[q] <= t < g.stop[q] and g.gift_worth[q] > ZERO):
            continue
        j = np.int64(g.firm[q])
        worth = g.gift_worth[q] / v.usual_spend[j]
        stream = np.uint32(GIFT + _BLOCK * np.uint32(g.stream[q]))
        for i in range(lo, lo + n):
            if m.joined[q, i] < 0 or not (c.arrival[i] <= t and c.exit[i] > t):
                continue
            felt = ZERO
            given = 0
            if g.gift_welcome[q] and m.joined[q, i] == t:
                felt = felt + gift_felt(worth, ZERO)
                given += 1
            if g.gift_birthday[q] and t % year == c.birthday[i]:
                felt = felt + gift_felt(worth, m.gift_awaited[q, i])
                m.gift_awaited[q, i] = await_gift(m.gift_awaited[q, i], p.gifts_adaptation)
                given += 1
            if g.gift_surprise[q] > ZERO:
                word, _, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
                if uniform32(word) < g.gift_surprise[q]:
                    felt = felt + gift_felt(worth, ZERO)
                    given += 1
            if given > 0:
                a.programmes[row, q, GIFTS] += given
                c.favour[j, i] = c.favour[j, i] + p.gifts_thanks * felt
                if p.commitment_on:
                    c.commitment[j, i] = c.commitment[j, i] + p.gifts_bond * felt
