"""Philox4x32-10 against the known-answer vectors published with Random123 (Salmon et al. 2011), compiled and interpreted."""

from __future__ import annotations

import numpy as np
import pytest

from goodwill.engine.jit import interpreted
from goodwill.engine.philox import philox4x32, uniform32

# counter, key, answer
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize("function", [philox4x32, interpreted(philox4x32)], ids=["compiled", "interpreted"])
@pytest.mark.parametrize(("counter", "key", "answer"), VECTORS)
def test_published_vectors(function, counter, key, answer) -> None:  # type: ignore[no-untyped-def]
    found = function(*(np.uint32(x) for x in counter), *(np.uint32(x) for x in key))
    assert tuple(int(x) for x in found) == answer


def test_uniforms_lie_strictly_between_zero_and_one() -> None:
    lowest, highest = uniform32(np.uint32(0)), uniform32(np.uint32(0xFFFFFFFF))
    assert 0 < lowest < 1e-7
    assert 1 - 1e-7 < highest < 1


def test_uniforms_are_uniform() -> None:
    words = [philox4x32(*(np.uint32(x) for x in (i, 7, 0, 3, 11, 0))) for i in range(5000)]
    u = np.array([[uniform32(np.uint32(w)) for w in four] for four in words])
    assert abs(u.mean(axis=0) - 0.5).max() < 4 * (1 / 12 / 5000) ** 0.5
    assert abs(np.corrcoef(u.T) - np.eye(4)).max() < 4 / 5000**0.5
