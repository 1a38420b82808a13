"""What firms know of their customers: files, what keeping them costs, and personal treatment that follows them."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.jit import kernel
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.scratch import BONUS, BUYER, FIRM
from goodwill.engine.state import MISADDRESSED, ON_FILE, PERSONALISED
from goodwill.engine.steps.offers import is_on_file, stays
from goodwill.rules.personal import personal_bonus


@kernel
def personalise(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Buyers on file are treated by what the file says: BONUS rises, or falls where the file is wrong."""
    f, k, who = s.f, s.k, s.who
    for b in range(n):
        j = np.int64(k[FIRM + b])
        depth = v.personal[t, j]
        if depth > ZERO:
            i = lo + np.int64(who[BUYER + b])
            known, luck = is_on_file(j, i, v.coverage[t, j], m, g, k0, k1)
            if known:
                wrong = ONE if luck < v.file_error[t, j] else ZERO
                f[BONUS + b] = f[BONUS + b] + personal_bonus(
                    depth, wrong, p.personal_gain, p.personal_loss, c.discomfort[i]
                )
                a.firms[row, j, PERSONALISED] += 1
                a.firms[row, j, MISADDRESSED] += np.int64(wrong)


@kernel
def count_files(t: int, row: int, lo: int, n: int, c: Any, m: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any) -> None:
    """Customers whom a firm with a database has on file at the end of the period."""
    for j in range(c.taste.shape[0]):
        if v.coverage[t, j] > ZERO:
            for i in range(lo, lo + n):
                if c.visits[j, i] > 0 and stays(t, i, c):
                    known, _ = is_on_file(j, i, v.coverage[t, j], m, g, k0, k1)
                    a.firms[row, j, ON_FILE] += 1 if known else 0
