"""Strength of the relationship between a customer and a firm, and what it does to his price sensitivity."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.jit import rule
from goodwill.engine.maths import ZERO
from goodwill.rules.spending import relationship_strength, softened_sensitivity


@rule
def strength_of(x: Any, purchases: np.float32, c: Any, p: Any) -> Any:
    """Strength of the relationship at place x of the [J, N] states laid out in one row, after so many purchases."""
    pleasure = ZERO
    if p.satisfaction_on:
        pleasure = flat(c.satisfaction)[x] - p.satisfaction_neutral
    bond = ZERO
    if p.commitment_on:
        bond = flat(c.commitment)[x]
    return relationship_strength(
        pleasure, bond, purchases, p.spending_satisfaction, p.spending_commitment, p.spending_tenure, p.spending_habituation
    )  # fmt: skip


@rule
def sensitivity_of(x: Any, beta: np.float32, c: Any, p: Any) -> Any:
    """Price sensitivity of a customer towards a firm, by the strength of the relationship; x as in `strength_of`."""
    strength = strength_of(x, np.float32(flat(c.visits)[x]), c, p)
    return softened_sensitivity(beta, strength, p.spending_price)
