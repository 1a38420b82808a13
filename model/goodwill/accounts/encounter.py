"""What encounters cost: complaints, redress, surprises, recognition, and the value of the offer."""

from __future__ import annotations

import numpy as np

from goodwill.engine.levers import Plan
from goodwill.engine.state import COMPLAINTS, PURCHASES, RESTORED, SURPRISES, Totals

# Accounts of encounters, with what each holds.
ENCOUNTER_ACCOUNTS = {
    "complaints and redress": "the complaint channel, handling complaints and giving back what was lost",
    "surprises": "unexpected extra service",
    "recognition": "showing customers that they are known",
    "value of the offer": "what the mix of value costs besides the goods",
}


def encounter_amounts(plan: Plan, totals: Totals, periods: int) -> dict[str, np.ndarray]:
    """Amounts [periods, firms] in cents, float64, income positive, one for each of `ENCOUNTER_ACCOUNTS`.

    Complaints can only come in, and cost, where failures are on: elsewhere a channel would be paid for nothing.
    """
    firm, levers, cost = totals.firms[:periods], plan.levers, plan.encounter_costs
    ease = levers.ease[:periods].astype(np.float64)
    redress = cost.channel * ease**2 + firm[:, :, COMPLAINTS] * cost.handling + firm[:, :, RESTORED] * cost.point / 1000
    purchases = firm[:, :, PURCHASES]
    return {
        "complaints and redress": -redress * plan.recovery_on,
        "surprises": -firm[:, :, SURPRISES] * cost.surprise,
        "recognition": -purchases * levers.recognition[:periods].astype(np.float64) * cost.recognition,
        "value of the offer": -(purchases * cost.value_purchase + cost.value_fixed),
    }
