"""Personal treatment from the customer's file: good when the file is right, bad when it is wrong, and never free of unease."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule


@rule
def personal_bonus(
    depth: np.float32, wrong: np.float32, gain: np.float32, loss: np.float32, discomfort: np.float32
) -> np.float32:
    """Experience added by personal treatment: ``depth * ((1 - w) gain - w loss - discomfort)``, service points.

    depth: how far treatment follows the file; w: 1 when the file is wrong. Fitting treatment raises the experience (Ansari & Mela
    2003), a wrong one lowers it, and being known is felt as intrusion by some (White, Zahay, Thorbjornsen & Shavitt
    2008: reactance to personalised solicitations; Aguirre et al. 2015). Linear form: an assumption.
    """
    fitting = gain if wrong == np.float32(0.0) else -loss
    return depth * (fitting - discomfort)
