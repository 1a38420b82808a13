"""The components of utility, of which a purchase on record says which one held the customer.

A mechanism that adds to utility adds its name to `PARTS` and its number to the line below, and its term to `utility_terms`
(`goodwill.engine.steps.record`) and to `Notes.components` (`goodwill.engine.reference.noting`); nothing else counts them.
"""

from __future__ import annotations

PARTS = (
    "taste", "price", "habit", "satisfaction", "expectation", "commitment", "word of mouth", "programme",
    "delivered value", "trust", "fairness", "grievance",
)  # fmt: skip
(
    TASTE, PRICE, HABIT, SATISFACTION, EXPECTATION, COMMITMENT, OPINION, PROGRAMME,
    DELIVERED_VALUE, TRUST, FAIRNESS, UNSETTLED,
) = range(len(PARTS))  # fmt: skip

# What else may be said of a purchase: several components together, a contract, or that no other firm was possible.
COMPONENTS = (*PARTS, "no single one", "contract", "no other firm")
NO_SINGLE_ONE, CONTRACT_HOLDS, NO_OTHER_FIRM = range(len(PARTS), len(COMPONENTS))
PART_COUNT = len(PARTS)
