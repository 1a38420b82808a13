"""BG/NBD and Pareto/NBD: buying when customers come on different dates and some of them silently leave.

Both describe one firm's customers from their first purchase on. While alive, a customer buys as a Poisson
process whose rate is gamma distributed over customers. In the BG/NBD a customer may leave right after any
repeat purchase, with a beta-distributed probability; in the Pareto/NBD at any moment, with a
gamma-distributed hazard. Counts are of *repeat* purchases: the first one only starts the clock.
Time is in the user's unit (weeks, in the tests).

Sources: Fader, Hardie & Lee (2005), "'Counting your customers' the easy way", Marketing Science 24(2),
275-284; Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and what will they do
next?", Management Science 33(1), 1-24; Fader & Hardie (2005), "A note on deriving the Pareto/NBD model".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

_NEAR_POLE = 1e-5
"""The closed forms are 0/0 at a few parameter values; this far to both sides they are still accurate."""


@dataclass(frozen=True)
class BGNBD:
    """A BG/NBD customer base.

    r, alpha: shape, and rate (time units), of the gamma distribution of purchase rates (mean r / alpha).
    a, b: of the beta distribution of the probability to leave after a repeat purchase
        (mean a / (a + b)). All positive, else ValueError.
    """

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        _require_positive(self)

    def expected_purchases(self, time: ArrayLike) -> Floats:
        """E[X(t)]: repeat purchases of a customer in the `time` since the first one; shape of `time`.

        Fader, Hardie & Lee (2005), equation 9. Times before the first purchase (negative) give 0.
        """
        t = np.maximum(np.asarray(time, dtype=np.float64), 0.0)
        if abs(self.a - 1.0) < _NEAR_POLE:
            return _straddle(lambda x: BGNBD(self.r, self.alpha, x, self.b).expected_purchases(t), self.a)
        if abs(self.a + self.b - 1.0) < _NEAR_POLE:
            return _straddle(lambda x: BGNBD(self.r, self.alpha, self.a, x).expected_purchases(t), self.b)
        ahead = self.a + self.b - 1.0
        still = (self.alpha / (self.alpha + t)) ** self.r
        series = special.hyp2f1(self.r, self.b, ahead, t / (self.alpha + t))
        return np.asarray(ahead / (self.a - 1.0) * (1.0 - still * series))

    def zero_repeat_share(self, time: ArrayLike) -> Floats:
        """P(X(t) = 0): share of customers with no repeat purchase in the `time` since the first one."""
        t = np.asarray(time, dtype=np.float64)
        return np.asarray((self.alpha / (self.alpha + t)) ** self.r)

    def probability_of(self, purchases: ArrayLike, time: ArrayLike) -> Floats:
        """P(X(t) = x), Fader, Hardie & Lee (2005), equation 8; `purchases` (whole) and `time` broadcast."""
        x, t = np.broadcast_arrays(np.asarray(purchases, dtype=np.float64), np.asarray(time, dtype=np.float64))
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        odds = alpha / (alpha + t)
        counted = _nbd_probability(x, r, odds)
        kept = np.exp(special.betaln(a, b + x) - special.betaln(a, b)) * counted
        # having left after the x-th purchase, which the NBD count had reached by t
        reached = np.where(x > 0, special.betainc(np.maximum(x, 1.0), r, 1.0 - odds), 0.0)
        leaving = np.exp(special.betaln(a + 1.0, b + np.maximum(x, 1.0) - 1.0) - special.betaln(a, b))
        return np.asarray(kept + leaving * reached)

    def log_likelihood(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Log-likelihood of each customer, broadcast shape.

        frequency: repeat purchases x. recency: time of the last one since the first purchase (0 when x = 0).
        age: time observed since the first purchase, T. Fader, Hardie & Lee (2005), equation 6.
        """
        x, last, whole = _history(frequency, recency, age)
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        base = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
        base += special.betaln(a, b + x) - special.betaln(a, b)
        alive = -(r + x) * np.log(alpha + whole)
        with np.errstate(divide="ignore"):
            gone = np.log(a / np.maximum(b + x - 1.0, b)) - (r + x) * np.log(alpha + last)
        gone = np.where(x > 0, gone, -np.inf)
        return np.asarray(base + np.logaddexp(alive, gone))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """P(still a customer at `age`), broadcast shape; 1 for customers without repeat purchase.

        Arguments as in `log_likelihood`. Fader, Hardie & Lee (2008), "Computing P(alive) using the BG/NBD
        model".
        """
        x, last, whole = _history(frequency, recency, age)
        odds = (
            self.a
            / np.maximum(self.b + x - 1.0, self.b)
            * np.exp((self.r + x) * np.log((self.alpha + whole) / (self.alpha + last)))
        )
        return np.asarray(np.where(x > 0, 1.0 / (1.0 + odds), 1.0))

    def conditional_expectation(
        self, ahead: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> Floats:
        """Expected purchases in the next `ahead` time units given a customer's history, broadcast shape.

        Other arguments as in `log_likelihood`. Fader, Hardie & Lee (2005), equation 10.
        """
        x, last, whole = _history(frequency, recency, age)
        t = np.asarray(ahead, dtype=np.float64)
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        if abs(a - 1.0) < _NEAR_POLE:
            return _straddle(lambda v: BGNBD(r, alpha, v, b).conditional_expectation(t, x, last, whole), a)
        if abs(a + b - 1.0) < _NEAR_POLE:
            return _straddle(lambda v: BGNBD(r, alpha, a, v).conditional_expectation(t, x, last, whole), b)
        series = special.hyp2f1(r + x, b + x, a + b + x - 1.0, t / (alpha + whole + t))
        still = np.exp((r + x) * np.log((alpha + whole) / (alpha + whole + t)))
        growth = (a + b + x - 1.0) / (a - 1.0) * (1.0 - still * series)
        return np.asarray(growth * self.probability_alive(x, last, whole))

    def cohort_repeats(self, first: ArrayLike, times: ArrayLike) -> Floats:
        """Expected cumulative repeat purchases of a cohort at each of `times`, shape of `times`.

        first: calendar time of every customer's first purchase, shape (customers,); a customer counts from
        then on.
        """
        return _tracking(self.expected_purchases, first, times)

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> BGNBD:
        """Maximum-likelihood parameters; arguments as in `log_likelihood`, shape (customers,).

        Raises ValueError for impossible histories and RuntimeError when the optimiser does not converge.
        """
        model = _maximise(lambda p: cls(*p.tolist()), frequency, recency, age, units=(0, 1, 0, 0))
        return cls(*astuple(model))


@dataclass(frozen=True)
class ParetoNBD:
    """A Pareto/NBD customer base.

    r, alpha: shape, and rate (time units), of the gamma distribution of purchase rates.
    s, beta: the same of the gamma distribution of the hazard to leave. All positive, else ValueError.
    """

    r: float
    alpha: float
    s: float
    beta: float

    def __post_init__(self) -> None:
        _require_positive(self)

    def expected_purchases(self, time: ArrayLike) -> Floats:
        """E[X(t)]: repeat purchases of a customer in the `time` since the first one; shape of `time`.

        Schmittlein, Morrison & Colombo (1987). Negative times give 0.
        """
        t = np.maximum(np.asarray(time, dtype=np.float64), 0.0)
        # (1 - (1 + t/beta) ** (1 - s)) / (s - 1), whose limit at s = 1 is log(1 + t/beta)
        log_time = np.log1p(t / self.beta)
        shift = self.s - 1.0
        alive = log_time if shift == 0 else -np.expm1(-shift * log_time) / shift
        return np.asarray(self.r * self.beta / self.alpha * alive)

    def zero_repeat_share(self, time: ArrayLike) -> Floats:
        """P(X(t) = 0): share of customers with no repeat purchase in the `time` since the first one."""
        t = np.asarray(time, dtype=np.float64)
        return np.asarray(np.exp(self.log_likelihood(np.zeros_like(t), np.zeros_like(t), t)))

    def log_likelihood(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Log-likelihood of each customer, broadcast shape; arguments as in `BGNBD.log_likelihood`.

        Fader & Hardie (2005), "A note on deriving the Pareto/NBD model".
        """
        x, last, whole = _history(frequency, recency, age)
        base = special.gammaln(self.r + x) - special.gammaln(self.r)
        base += self.r * np.log(self.alpha) + self.s * np.log(self.beta)
        alive = -(self.r + x) * np.log(self.alpha + whole) - self.s * np.log(self.beta + whole)
        return np.asarray(base + np.logaddexp(alive, self._log_gone(x, last, whole)))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """P(still a customer at `age`), broadcast shape; arguments as in `BGNBD.log_likelihood`."""
        x, last, whole = _history(frequency, recency, age)
        alive = -(self.r + x) * np.log(self.alpha + whole) - self.s * np.log(self.beta + whole)
        return np.asarray(special.expit(alive - self._log_gone(x, last, whole)))

    def conditional_expectation(
        self, ahead: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> Floats:
        """Expected purchases in the next `ahead` time units given a customer's history, broadcast shape.

        Schmittlein, Morrison & Colombo (1987): given the history and being alive, both rates are
        gamma again, so it is `expected_purchases` with updated parameters, times the probability to be alive.
        """
        x, last, whole = _history(frequency, recency, age)
        log_time = np.log1p(np.asarray(ahead, dtype=np.float64) / (self.beta + whole))
        shift = self.s - 1.0
        alive = log_time if shift == 0 else -np.expm1(-shift * log_time) / shift
        growth = (self.r + x) * (self.beta + whole) / (self.alpha + whole) * alive
        return np.asarray(growth * self.probability_alive(x, last, whole))

    def cohort_repeats(self, first: ArrayLike, times: ArrayLike) -> Floats:
        """Expected cumulative repeat purchases of a cohort; arguments as in `BGNBD.cohort_repeats`."""
        return _tracking(self.expected_purchases, first, times)

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> ParetoNBD:
        """Maximum-likelihood parameters; arguments and errors as in `BGNBD.fit`."""
        model = _maximise(lambda p: cls(*p.tolist()), frequency, recency, age, units=(0, 1, 0, 1))
        return cls(*astuple(model))

    def _log_gone(self, x: Floats, last: Floats, whole: Floats) -> Floats:
        """Log of the likelihood's part for customers who left between their last purchase and the end."""
        total = self.r + self.s + x
        # the series converges when its argument is built on the larger of alpha and beta
        large, small = max(self.alpha, self.beta), min(self.alpha, self.beta)
        power = np.full_like(x, self.s + 1.0) if self.alpha >= self.beta else self.r + x

        def log_part(when: Floats) -> Floats:
            series = special.hyp2f1(total, power, total + 1.0, (large - small) / (large + when))
            return np.asarray(np.log(series) - total * np.log(large + when))

        early, late = log_part(last), log_part(whole)
        with np.errstate(divide="ignore"):
            # early >= late, equal when the last purchase is at the very end
            return np.asarray(np.log(self.s / total) + early + np.log(-np.expm1(np.minimum(late - early, 0.0))))


def _require_positive(model: BGNBD | ParetoNBD) -> None:
    if not all(value > 0 and np.isfinite(value) for value in astuple(model)):
        raise ValueError(f"all four parameters must be positive and finite: {model}")


def _history(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> tuple[Floats, Floats, Floats]:
    x, last, whole = np.broadcast_arrays(
        np.asarray(frequency, dtype=np.float64),
        np.asarray(recency, dtype=np.float64),
        np.asarray(age, dtype=np.float64),
    )
    if (x < 0).any() or (last < 0).any() or (last > whole).any() or (last[x == 0] > 0).any():
        raise ValueError("need frequency >= 0 and 0 <= recency <= age, with recency 0 where frequency is 0")
    return x, last, whole


def _nbd_probability(x: Floats, r: float, odds: Floats) -> Floats:
    log_p = special.gammaln(r + x) - special.gammaln(r) - special.gammaln(x + 1.0) + r * np.log(odds)
    return np.asarray(np.exp(log_p + special.xlogy(x, 1.0 - odds)))


def _straddle(curve: Callable[[float], Floats], value: float) -> Floats:
    """The curve's value close to a removable singularity: the mean of two points beyond it on either side."""
    return np.asarray((curve(value - 2 * _NEAR_POLE) + curve(value + 2 * _NEAR_POLE)) / 2.0)


def _tracking(expected: Callable[[ArrayLike], Floats], first: ArrayLike, times: ArrayLike) -> Floats:
    entry, customers = np.unique(np.asarray(first, dtype=np.float64), return_counts=True)
    when = np.asarray(times, dtype=np.float64)
    return np.asarray(expected(np.subtract.outer(when, entry)) @ customers)


def _maximise(
    build: Callable[[Floats], BGNBD | ParetoNBD],
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    units: tuple[int, int, int, int],
) -> BGNBD | ParetoNBD:
    """The model of greatest likelihood; `units` are the powers of time that its four parameters carry."""
    x, last, whole = _history(frequency, recency, age)
    if x.size == 0 or whole.max() <= 0:
        raise ValueError("need at least one customer observed for some time")
    rows, weight = np.unique(np.column_stack([x, last, whole]), axis=0, return_counts=True)
    span = float(whole.max())  # time in spans, so that one starting point suits days as well as weeks

    def loss(log_parameters: Floats) -> float:
        likelihood = build(np.exp(log_parameters)).log_likelihood(rows[:, 0], rows[:, 1] / span, rows[:, 2] / span)
        value = float(-(weight @ likelihood) / weight.sum())
        return value if np.isfinite(value) else 1e10

    bounds = [(-9.0, 9.0)] * 4
    best = optimize.minimize(loss, np.log([0.5, 0.3, 0.8, 1.5]), method="L-BFGS-B", bounds=bounds)
    # finite differences stop a little short of the top; the simplex walks the rest of the way
    limits = {"xatol": 1e-6, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}
    best = optimize.minimize(loss, best.x, method="Nelder-Mead", bounds=bounds, options=limits)
    if not best.success:
        raise RuntimeError(f"the likelihood could not be maximised: {best.message}")
    return build(np.exp(best.x) * span ** np.asarray(units, dtype=np.float64))
