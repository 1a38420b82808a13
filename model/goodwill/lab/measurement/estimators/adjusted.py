"""Members against others who bought alike before: matching and weighting. Both trust that nothing unseen decides who joins."""

from __future__ import annotations

import numpy as np

from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, method


def strata_of(data: Data) -> np.ndarray:
    """[N] number of the stratum of each customer: tenths of frequency, thirds of recency and of spend within these.

    Coarsened exact matching (Iacus, King & Porro 2012).
    """
    parts = [(data.frequency, 10), (data.recency, 3), (data.spent, 3)]
    code = np.zeros(data.customer.size, np.int64)
    for values, many in parts:
        cuts = np.unique(np.quantile(values, np.arange(1, many) / many))
        code = code * (many + 1) + np.searchsorted(cuts, values, side="left")
    return np.unique(code, return_inverse=True)[1]


@method("matched")
def matched(data: Data) -> Estimate:
    """Members less non-members with the same frequency, recency and spend before the launch

    Strata without non-members are left out; `matched` says which share of members was used. Within strata the variances of both groups
    are taken over all strata, because many hold one or two members only.
    """
    d = data.where(data.offered)
    if not d.customer.size:
        return Estimate.normal(float("nan"), float("nan"), matched=0.0)
    stratum, member, y = strata_of(d), d.member, d.after
    many = int(stratum.max()) + 1
    ones = np.bincount(stratum, member, many)
    zeros = np.bincount(stratum, ~member, many)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_one = np.bincount(stratum, y * member, many) / ones
        mean_zero = np.bincount(stratum, y * ~member, many) / zeros
    used = (ones > 0) & (zeros > 0)
    if not used.any():
        return Estimate.normal(float("nan"), float("nan"), matched=0.0)
    weight = ones[used] / ones[used].sum()
    value = float(weight @ (mean_one[used] - mean_zero[used]))
    inside = used[stratum]
    variance = 0.0
    for group, means, counts in ((member, mean_one, ones), (~member, mean_zero, zeros)):
        mine = inside & group
        freedom = mine.sum() - used.sum()
        spread = ((y[mine] - means[stratum[mine]]) ** 2).sum() / freedom if freedom > 0 else float("nan")
        variance += float((weight**2 / counts[used]).sum()) * spread
    return Estimate.normal(value, float(np.sqrt(variance)), matched=float(ones[used].sum() / ones.sum()))


@method("matched_active")
def matched_active(data: Data) -> Estimate:
    """The same among those who bought between launch and follow-up

    One joins when buying, so whoever left the firm before he was asked is a non-member for ever, and the others look worse than they
    are (immortal time, Suissa 2008). A landmark (Anderson, Cain & Gelber 1983) leaves him out.
    """
    w = data.windows
    return matched(data.where(data.purchases[:, w.launch : w.follow].sum(axis=1) > 0))


def propensity(x: np.ndarray, member: np.ndarray) -> np.ndarray:
    """[N] chance of membership by a logit in x [N, K] (with a constant in it), fitted by Newton's method with a slight ridge."""
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (member - p) - 1e-6 * beta
        curve = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(x.shape[1])
        step = np.linalg.solve(curve, slope)
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ beta, -30, 30))))


def history(data: Data) -> np.ndarray:
    """[N, 6] a constant, and, standardised, frequency before the launch, its logarithm, recency, its square, log spend."""
    columns = [data.frequency, np.log1p(data.frequency), data.recency, data.recency**2, np.log1p(data.spent)]
    standard = [(v - v.mean()) / (v.std() or 1.0) for v in columns]
    return np.column_stack([np.ones(data.customer.size), *standard])


@method("weighted")
def weighted(data: Data) -> Estimate:
    """Members less non-members weighted by their propensity to join, with a regression on the same history

    Doubly robust estimate of the effect on members (Sant'Anna & Zhao 2020, in levels): right if the logit for joining or the
    linear regression of non-members' outcome on their history is. The interval is that of its influence function.
    """
    d = data.where(data.offered)
    x, member, y = history(d), d.member, d.after
    if not (member.any() and (~member).sum() > x.shape[1]):
        return Estimate.normal(float("nan"), float("nan"))
    p = np.clip(propensity(x, member), 1e-4, 1 - 1e-3)
    beta = np.linalg.lstsq(x[~member], y[~member], rcond=None)[0]
    residual = y - x @ beta
    ones = member / member.mean()
    odds = np.where(member, 0.0, p / (1 - p))
    zeros = odds / odds.mean()
    left, right = float((ones * residual).mean()), float((zeros * residual).mean())
    influence = ones * (residual - left) - zeros * (residual - right)
    return Estimate.normal(left - right, float(np.sqrt(influence.var(ddof=1) / y.size)))
