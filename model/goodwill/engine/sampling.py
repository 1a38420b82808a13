"""Uniform draws for many customers at once, outside the engines: for samples that firms and studies take."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import entry
from goodwill.engine.maths import logistic32, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32


@entry
def draws_of(who: np.ndarray, t: int, stream: int, k0: np.uint32, k1: np.uint32) -> np.ndarray:
    """The four words of a stream for each of the customers `who` [n] uint32 in period t, as uniforms [4, n] float32."""
    found = np.empty((4, who.shape[0]), np.float32)
    for x in range(who.shape[0]):
        a, b, c, d = philox4x32(who[x], np.uint32(t), np.uint32(0), np.uint32(stream), k0, k1)
        found[0, x] = uniform32(a)
        found[1, x] = uniform32(b)
        found[2, x] = uniform32(c)
        found[3, x] = uniform32(d)
    return found


@entry
def normals_of(uniforms: np.ndarray) -> np.ndarray:
    """Standard normals for uniforms [n] float32."""
    found = np.empty(uniforms.shape[0], np.float32)
    for x in range(uniforms.shape[0]):
        found[x] = normal_quantile32(uniforms[x])
    return found


@entry
def logistics_of(odds: np.ndarray) -> np.ndarray:
    """Chances for log-odds [n] float32."""
    found = np.empty(odds.shape[0], np.float32)
    for x in range(odds.shape[0]):
        found[x] = logistic32(odds[x])
    return found
