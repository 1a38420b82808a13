"""Delivered value (rule 3): what an offer gives less what it asks for."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule


@rule
def component_value(weight: np.float32, amount: np.float32) -> np.float32:
    """``w_k a_k``: one of the eight parts of delivered value, service points; a cost has a negative amount.

    ``DV = sum over 4 benefits w b - sum over 4 costs w c`` (Kotler 1997): more of a benefit that brings its costs is not
    always better.
    weight: customer-specific, above 0; amount: points above the usual offer.
    """
    return weight * amount


@rule
def value_utility(delivered: np.float32, weight: np.float32, search: np.float32) -> np.float32:
    """``weight * search * DV``: the part of delivered value that is seen before buying (Nelson 1970, search qualities)."""
    return weight * search * delivered
