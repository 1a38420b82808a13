"""What it saves to try the arms in the same worlds with the same luck (common random numbers)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.lab.statistics.intervals import LEVEL


@dataclass(frozen=True)
class Pairing:
    """How many times smaller pairing made the variance of a difference.

    ratio: (var a + var b) / var (a - b), with its interval low, high. correlation: of the two arms over replications.
    """

    ratio: float
    low: float
    high: float
    correlation: float
    replications: int

    @property
    def unpaired(self) -> float:
        """Unpaired runs of each arm that would tell as much as these paired ones did."""
        return self.ratio * self.replications


def pairing(a: np.ndarray, b: np.ndarray, level: float = LEVEL) -> Pairing:
    """The variance that pairing saved, from the same outcome of two arms in the same replications.

    With u = a + b and d = a - b the ratio is (var u / var d + 1) / 2. The interval of var u / var d is that of Pitman
    (1939) and Morgan (1939, Biometrika 31), exact for normal outcomes: estimate * (k -+ sqrt(k^2 - 1)),
    k = 1 + 2 (1 - r^2) t^2 / (n - 2), where r is the correlation of u and d, and t a quantile of Student's t with n - 2
    degrees of freedom.
    """
    from scipy import stats

    a, b = np.asarray(a, float), np.asarray(b, float)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    n = len(a)
    if n < 2:
        return Pairing(*(float("nan"),) * 4, n)
    total, apart = np.var(a + b, ddof=1), np.var(a - b, ddof=1)
    if apart == 0:
        same = float("nan") if total == 0 else float("inf")
        return Pairing(same, same, same, 1.0 if total else float("nan"), n)
    spreads = a.std() * b.std()
    correlation = float(np.cov(a, b, ddof=0)[0, 1] / spreads) if spreads else float("nan")
    theta = total / apart
    ends = (float("nan"), float("nan"))
    if n > 2:
        r = np.cov(a + b, a - b)[0, 1] / np.sqrt(total * apart) if total else 0.0
        t2 = stats.t.ppf((1 + level) / 2, n - 2) ** 2
        k = 1 + 2 * max(1 - r**2, 0.0) * t2 / (n - 2)
        wide = k + np.sqrt(k**2 - 1)
        ends = (theta / wide, theta * wide)
    low, ratio, high = ((float(x) + 1) / 2 for x in (ends[0], theta, ends[1]))
    return Pairing(ratio, low, high, correlation, n)
