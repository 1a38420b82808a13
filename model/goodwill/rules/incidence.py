"""How often a customer goes shopping in the category (rule 1)."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import exp32


@rule
def purchase_rate(need: np.float32, proximity: np.float32, acceleration: np.float32) -> np.float32:
    """Expected shopping trips of a period: ``need * exp(acceleration * proximity)``.

    need: trips per period at no goal, gamma distributed over customers (NBD: Ehrenberg 1959; Goodhardt, Ehrenberg & Chatfield
    1984). proximity: 0 to 1, share of the nearest reward already earned, the strongest over the customer's cards.
    acceleration: goal gradient, 0 keeps the category fixed (Kivetz, Urminsky & Zheng 2006: a card's last intervals are about a fifth
    shorter than its first). Returns trips per period, >= 0.
    """
    return need * exp32(acceleration * proximity)
