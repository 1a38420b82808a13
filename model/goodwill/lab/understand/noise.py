"""How uncertain the mean of each point is, when every point has only a few replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Noise:
    """Standard errors of the means of points [points], and the degrees of freedom of the t distribution that goes with them.

    With one replicate there is none: errors are NaN.
    """

    errors: np.ndarray
    freedom: float

    def half_widths(self, level: float) -> np.ndarray:
        """Half widths of the intervals of the means."""
        from scipy import stats

        return np.asarray(stats.t.ppf((1 + level) / 2, self.freedom) * self.errors)

    def probability_below(self, means: np.ndarray, limit: float) -> np.ndarray:
        """Probability that the true mean of each point is below a limit (flat prior); certain where there is no noise."""
        from scipy import stats

        certain = ~(self.errors > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = stats.t.cdf((limit - means) / self.errors, self.freedom)
        return np.where(certain, (means < limit).astype(float), found)


def noise_of(values: np.ndarray) -> Noise:
    """Noise of a table [points, replicates] without gaps.

    A variance from a few replicates is itself very uncertain, so that each is drawn towards what all points have in common: the
    moderated variance of Smyth (2004, Statistical Applications in Genetics and Molecular Biology 3, article 3), whose two
    numbers, the common variance and its degrees of freedom, come from the mean and spread of the logarithms of the variances.
    """
    points, n = values.shape
    if n < 2:
        return Noise(np.full(points, np.nan), np.nan)
    variances, freedom = values.var(axis=1, ddof=1), n - 1
    common, weight = _common_variance(variances, freedom)
    if np.isinf(weight):
        moderated = np.full(points, common)
    else:
        moderated = (weight * common + freedom * variances) / (weight + freedom)
    return Noise(np.sqrt(moderated / n), weight + freedom)


def _common_variance(variances: np.ndarray, freedom: int) -> tuple[float, float]:
    """The variance all points have in common and its degrees of freedom (0: nothing in common; infinite: all the same)."""
    from scipy.special import digamma, polygamma

    positive = variances[variances > 0]
    if len(positive) < max(3, len(variances) / 2):  # too many points without any luck: each speaks for itself
        return 0.0, 0.0
    logs = np.log(positive) - digamma(freedom / 2) + np.log(freedom / 2)
    excess = float(logs.var(ddof=1) - polygamma(1, freedom / 2))
    if excess <= 0:
        return float(np.exp(logs.mean())), np.inf
    half = _trigamma_inverse(excess)
    return float(np.exp(logs.mean() + digamma(half) - np.log(half))), 2 * half


def _trigamma_inverse(value: float) -> float:
    """The number whose trigamma function is `value`, by Newton's method as in Smyth's appendix."""
    from scipy.special import polygamma

    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, x))
        x += step
        if -step / x < 1e-8:
            break
    return x
