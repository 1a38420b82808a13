"""Customer lifetime value: of a formula, of a cohort that was simulated, and its elasticities.

Sources: Gupta, Lehmann & Stuart (2004), "Valuing customers", Journal of Marketing Research 41, 7-18; Gupta & Lehmann (2003),
"Customers as assets", Journal of Interactive Marketing 17, 9-24.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def base_value(margin: float, retention: float, discount: float) -> float:
    """``margin * r / (1 + i - r)``: value of a customer who pays `margin` a year for ever while he stays, from next year on.

    retention r: share that stays a year, constant. discount i: per year. Raises ValueError outside 0 <= r < 1 + i.
    """
    if not 0 <= retention < 1 + discount:
        raise ValueError(f"retention {retention} must lie between 0 and 1 + discount ({1 + discount})")
    return margin * retention / (1 + discount - retention)


def present_value(amounts: ArrayLike, discount: float, per_year: int) -> float:
    """Present value of amounts at the end of period 1, 2, ...; discount per year, compounded by the period."""
    flow = np.asarray(amounts, dtype=np.float64)
    return float(flow @ (1 + discount) ** (-np.arange(1, flow.size + 1) / per_year))


def yearly_retention(alive: ArrayLike, per_year: int) -> float:
    """Share of those alive that is still so a year later, over all whole years on record; alive by period, the start first."""
    counts = np.asarray(alive, dtype=np.float64)[::per_year]
    if counts.size < 2 or counts[:-1].sum() == 0:
        raise ValueError("retention needs at least a year of a cohort that is not empty")
    return float(counts[1:].sum() / counts[:-1].sum())


def elasticity(value: float, changed: float, driver: float, driver_changed: float) -> float:
    """``ln(changed / value) / ln(driver_changed / driver)``: per cent of value for one per cent of its driver."""
    return float(np.log(changed / value) / np.log(driver_changed / driver))
