"""Firms keep in contact with those who bought from them in the last year, at the level that they chose."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.jit import kernel
from goodwill.engine.maths import ZERO
from goodwill.engine.state import CONTACTED
from goodwill.engine.steps.offers import stays
from goodwill.rules.contact import keep_contact


@kernel
def keep_in_contact(t: int, row: int, lo: int, n: int, c: Any, p: Any, v: Any, a: Any) -> None:
    """The firm's contact moves commitment towards what its level can hold, or annoys those who want less of it."""
    year = np.int64(p.periods_per_year)
    for j in range(c.commitment.shape[0]):
        level = v.contact[t, j]
        if not level > ZERO:
            continue
        bit = np.int32(1 << j)
        for i in range(lo, lo + n):
            mine = c.last[i] == j if p.contract else (c.gone[i] & bit) == 0 and t - c.last_bought[j, i] < year
            if not mine or c.visits[j, i] == 0 or not stays(t, i, c):
                continue
            a.firms[row, j, CONTACTED] += 1
            c.commitment[j, i] = keep_contact(
                c.commitment[j, i], level, c.contact_wanted[i], p.contact_bond, p.contact_pace, p.contact_intrusion
            )
