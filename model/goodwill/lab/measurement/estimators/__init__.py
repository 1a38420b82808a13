"""Estimators as analysts write them. All but the hold-out ones look at those who could join, as if there were no other group."""

from goodwill.lab.measurement.estimate import METHODS
from goodwill.lab.measurement.estimators import adjusted, differences, randomised, simple

__all__ = ["METHODS", "adjusted", "differences", "randomised", "simple"]

# From the crudest to what chance decided, whatever the order of the files.
for _name in (
    "naive",
    "before_after",
    "matched",
    "matched_active",
    "weighted",
    "differences",
    "offer",
    "holdout",
    "holdout_adjusted",
    "instrument",
):
    METHODS[_name] = METHODS.pop(_name)
