"""Philox4x32-10, a counter-based random function.

Salmon, Moraes, Dror & Shaw (2011), 'Parallel random numbers: as easy as 1, 2, 3', SC11. The tests check the known-answer
vectors published with Random123. A counter of four words and a key of two give four words of 32 random bits; there
is no state, so any draw can be had at any time, by any thread, without touching another.
"""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_U9 = np.uint32(9)
_HALF, _STEP = np.float32(0.5), np.float32(2.0**-23)


@rule
def philox4x32(
    c0: np.uint32, c1: np.uint32, c2: np.uint32, c3: np.uint32, k0: np.uint32, k1: np.uint32
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:
    """Four words of 32 random bits for the counter (c0, c1, c2, c3) under the key (k0, k1), after ten rounds."""
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    a, b = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p, q = _M0 * x0, _M1 * x2
        x0, x1, x2, x3 = (q >> _SHIFT) ^ x1 ^ a, q & _LOW, (p >> _SHIFT) ^ x3 ^ b, p & _LOW
        a, b = (a + _W0) & _LOW, (b + _W1) & _LOW
    return np.uint32(x0), np.uint32(x1), np.uint32(x2), np.uint32(x3)


@rule
def uniform32(word: np.uint32) -> np.float32:
    """A float32 in (0, 1), both ends excluded: the middle of one of 2**23 equal cells."""
    return (np.float32(np.int32(word >> _U9)) + _HALF) * _STEP
