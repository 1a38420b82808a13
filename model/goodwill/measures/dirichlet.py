"""The NBD-Dirichlet model of repeat buying: the norm that loyalty is measured against.

A customer's category purchases in a period are Poisson with a gamma-distributed rate (so negative binomial,
NBD), and each purchase goes to brand j with a probability drawn once per customer from a Dirichlet
distribution. With mechanisms switched off the simulated market is exactly this, so every norm below has a
known value; whatever a programme adds shows up as a gap from a Dirichlet fitted to the same counts.

Source: Goodhardt, Ehrenberg & Chatfield (1984), "The Dirichlet: a comprehensive model of buying behaviour",
Journal of the Royal Statistical Society A 147, 621-655. Sums over the number of category purchases are exact
up to a tail of 1e-12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TAIL = 1e-12
"""Probability of more category purchases than the sums run to."""


@dataclass(frozen=True, eq=False)
class Dirichlet:
    """An NBD-Dirichlet market over one period.

    mean: category purchases per customer in the period, buyers or not (M > 0).
    k: shape of the gamma distribution of purchase rates (K > 0; `inf` is a Poisson category).
    strength: sum of the Dirichlet parameters (S > 0). Small means that customers are nearly loyal to one
        brand, large that all share the same tastes (`inf`: everybody buys at the market shares).
    shares: market share of each brand, shape (brands,). They may sum to less than one; the rest is unnamed
    brands.
    """

    mean: float
    k: float
    strength: float
    shares: Floats

    def __post_init__(self) -> None:
        shares = np.array(self.shares, dtype=np.float64)
        if shares.ndim != 1 or shares.size == 0:
            raise ValueError("shares must be a vector with one entry per brand")
        if not np.isfinite(shares).all() or (shares < 0).any() or shares.sum() > 1 + 1e-9:
            raise ValueError("shares must be non-negative and sum to at most 1")
        if not (self.mean > 0 and np.isfinite(self.mean)):
            raise ValueError("mean must be positive and finite")
        if not (self.k > 0 and self.strength > 0):
            raise ValueError("k and strength must be positive")
        shares.flags.writeable = False
        object.__setattr__(self, "shares", shares)

    # ---- the category --------------------------------------------------------------------------------------

    def zero_purchase_share(self) -> float:
        """Share of customers who buy nothing in the category during the period, (1 + M/K) ** -K."""
        if np.isinf(self.k):
            return float(np.exp(-self.mean))
        return float(np.exp(-self.k * np.log1p(self.mean / self.k)))

    def category_penetration(self) -> float:
        """Share of customers who buy in the category at least once during the period."""
        return 1.0 - self.zero_purchase_share()

    # ---- the brands ----------------------------------------------------------------------------------------

    def penetration(self) -> Floats:
        """Share of all customers who buy each brand at least once, shape (brands,)."""
        return (1.0 - self._none_of(self.shares)) @ self._category()

    def purchases_per_buyer(self) -> Floats:
        """Purchases of the brand per buyer of the brand in the period (w), shape (brands,)."""
        return _ratio(self.mean * self.shares, self.penetration())

    def category_rate_of_buyers(self) -> Floats:
        """Category purchases, of any brand, per buyer of the brand (wcat), shape (brands,)."""
        number = self._category()
        bought = (1.0 - self._none_of(self.shares)) @ (number * np.arange(number.size))
        return _ratio(bought, self.penetration())

    def share_of_requirements(self) -> Floats:
        """The brand's part of its buyers' category purchases (scr = w / wcat), shape (brands,)."""
        return _ratio(self.purchases_per_buyer(), self.category_rate_of_buyers())

    def sole_buyers(self) -> Floats:
        """Share of the brand's buyers who buy no other brand in the period (loyal100), shape (brands,)."""
        number = self._category()
        # buying only j is buying none of the others, whose joint share is 1 - share_j
        only = self._none_of(1.0 - self.shares)
        only[:, 0] = 0.0
        return _ratio(only @ number, self.penetration())

    def duplication(self) -> Floats:
        """P(a buyer of the row's brand also buys the column's brand in the period), shape (brands, brands).

        The diagonal is 1. Source: the duplication of purchase law, Goodhardt et al. (1984), section 4.
        """
        number = self._category()
        none = self._none_of(self.shares)
        reached = (1.0 - none) @ number
        table = np.empty((self.shares.size, self.shares.size))
        for row, share in enumerate(self.shares):
            neither = self._none_of(np.minimum(share + self.shares, 1.0))
            both = (1.0 - none[row] - none + neither) @ number
            table[row] = _ratio(both, np.full_like(both, reached[row]))
        np.fill_diagonal(table, 1.0)
        return table

    def duplication_coefficient(self, brands: Sequence[int] | None = None) -> float:
        """D in P(buy k | buy j) = D * penetration of k: least squares through the origin over pairs j != k.

        brands: the indices to use (a pooled 'other' is left out), all by default. Counted from data in the
        same way by `repeat_buying.duplication_coefficient`.
        """
        keep = np.arange(self.shares.size) if brands is None else np.asarray(brands, dtype=np.int64)
        return origin_slope(self.duplication()[np.ix_(keep, keep)], self.penetration()[keep])

    # ---- repeat buying -------------------------------------------------------------------------------------

    def repeat_rate(self) -> Floats:
        """P(a customer's next category purchase is of j, given that the last was of j), shape (brands,).

        (1 + S share_j) / (1 + S): purchases are exchangeable, so the same holds at every lag; a repeat rate
        that is higher at lag 1 than later is a sequence effect (habit), which the Dirichlet does not have.
        """
        loyalty = 1.0 / self.strength
        return (loyalty + self.shares) / (loyalty + 1.0)

    def agreement(self) -> float:
        """P(two category purchases of one customer are of the same brand), (1 + S sum share^2) / (1 + S).

        The expectation of `repeat_buying.exchangeable_agreement` when every trip holds one brand. Shares have
        to sum to one for it to cover the whole category.
        """
        return float(self.shares @ self.repeat_rate())

    def period_repeat_rate(self) -> Floats:
        """Share of the brand's buyers who buy it again in the next, equal period; shape (brands,).

        Exact: not buying in either of two periods is not buying in one of double length.
        """
        once = self.penetration()
        return _ratio(2.0 * once - self.scaled(2.0).penetration(), once)

    def scaled(self, period_ratio: float) -> Dirichlet:
        """The same market over a period `period_ratio` times as long: only the mean changes."""
        return Dirichlet(self.mean * period_ratio, self.k, self.strength, self.shares)

    # ---- all together --------------------------------------------------------------------------------------

    def norms(self, names: Sequence[str]) -> pd.DataFrame:
        """Norms per brand, one row per name, with the columns of `repeat_buying.brand_performance`.

        The norm of `repeat` knows one brand per purchase. Where trips often hold several (soft drinks), the
        counted repeat rate is higher for that reason alone: compare `excess_repeat` there.
        """
        if len(names) != self.shares.size:
            raise ValueError(f"{len(names)} names for {self.shares.size} brands")
        return pd.DataFrame(
            {
                "brand": list(names),
                "share": self.shares,
                "pen": self.penetration(),
                "w": self.purchases_per_buyer(),
                "wcat": self.category_rate_of_buyers(),
                "scr": self.share_of_requirements(),
                "loyal100": self.sole_buyers(),
                "repeat": self.repeat_rate(),
            }
        )

    def draw(self, customers: int, rng: np.random.Generator) -> Ints:
        """Purchases per customer and brand of a random sample of customers, shape (customers, brands).

        Shares that sum to less than one leave the unnamed brands' purchases out. Needs a finite strength.
        """
        if not np.isfinite(self.strength):
            raise ValueError("drawing needs a finite strength")
        rest = max(0.0, 1.0 - float(self.shares.sum()))
        bought = self.shares > 0
        alphas = self.strength * np.append(self.shares[bought], rest if rest > 1e-9 else [])
        rate = np.full(customers, self.mean)
        if np.isfinite(self.k):
            rate = rng.gamma(self.k, self.mean / self.k, customers)
        tastes = rng.dirichlet(alphas, customers)
        counts = np.zeros((customers, self.shares.size), dtype=np.int64)
        counts[:, bought] = rng.multinomial(rng.poisson(rate), tastes)[:, : int(bought.sum())]
        return counts

    # ---- fitting -------------------------------------------------------------------------------------------

    @classmethod
    def fit(
        cls,
        counts: ArrayLike,
        method: Literal["likelihood", "shares", "penetration"] = "likelihood",
        category: Literal["likelihood", "zeros"] = "likelihood",
        customers: int | None = None,
    ) -> Dirichlet:
        """Fit to a matrix of purchases, shape (customers, brands).

        method: 'likelihood' maximises the Dirichlet-multinomial likelihood over every brand's parameter, so
            fitted shares differ a little from the observed ones but penetrations come out well (this is what
            the evidence table's norms use); 'shares' keeps the observed shares and maximises over S;
            'penetration' keeps the observed shares and takes the share-weighted mean of the S that match each
            brand's penetration, as Goodhardt et al. did (brands that no S can match are left out).
        category: K by maximum likelihood, or by the mean and the share of non-buyers ('zeros').
        customers: number of customers including never-buyers, when the rows leave some of them out.

        Raises ValueError for an empty or non-integer matrix, fewer customers than rows, or when no S fits.
        """
        table = _as_counts(counts)
        people = table.shape[0] if customers is None else customers
        if people < table.shape[0]:
            raise ValueError("customers cannot be fewer than the rows of counts")
        totals = table.sum(axis=1)
        mean = float(totals.sum() / people)
        frequency = np.bincount(totals).astype(np.float64)
        frequency[0] += people - table.shape[0]
        if category == "likelihood":
            k = nbd_shape(frequency)
        elif category == "zeros":
            k = nbd_shape_from_zeros(mean, float(frequency[0] / people))
        else:
            raise ValueError(f"unknown category method {category!r}: use 'likelihood' or 'zeros'")
        shares = table.sum(axis=0) / totals.sum()
        if method == "likelihood":
            alphas = _fit_alphas(table, shares)
            return cls(mean, k, float(alphas.sum()), alphas / alphas.sum())
        if method == "shares":
            return cls(mean, k, _fit_strength(table, shares), shares)
        if method == "penetration":
            reached = (table > 0).sum(axis=0) / people
            return cls(mean, k, _strength_from_penetrations(mean, k, shares, reached), shares)
        raise ValueError(f"unknown method {method!r}: use 'likelihood', 'shares' or 'penetration'")

    @classmethod
    def from_norms(
        cls, category_penetration: float, category_rate: float, shares: ArrayLike, penetrations: ArrayLike
    ) -> Dirichlet:
        """Fit to published aggregates as Goodhardt et al. did: K from mean and zeros, S from penetrations.

        category_rate: category purchases per category buyer. shares, penetrations: shape (brands,).
        """
        mean = category_penetration * category_rate
        k = nbd_shape_from_zeros(mean, 1.0 - category_penetration)
        share = np.asarray(shares, dtype=np.float64)
        reached = np.asarray(penetrations, dtype=np.float64)
        return cls(mean, k, _strength_from_penetrations(mean, k, share, reached), share)

    # ---- inside --------------------------------------------------------------------------------------------

    def _category(self) -> Floats:
        """P(N = n) category purchases for n = 0, 1, ... up to a negligible tail, shape (n,)."""
        if np.isinf(self.k):
            law: Any = stats.poisson(self.mean)
        else:
            law = stats.nbinom(self.k, self.k / (self.k + self.mean))
        return np.asarray(law.pmf(np.arange(int(law.isf(TAIL)) + 2)), dtype=np.float64)

    def _none_of(self, share: Floats) -> Floats:
        """P(none of n purchases goes to a joint share of `share`), n = 0, 1, ...; shape (shares, n)."""
        step = np.arange(self._category().size - 1)
        # log of the product over i < n of (S - S share + i) / (S + i), written so that S = inf works too
        with np.errstate(divide="ignore"):
            terms = np.log1p(-share[:, None] / (1.0 + step / self.strength))
        none = np.ones((share.size, step.size + 1))
        none[:, 1:] = np.exp(np.cumsum(terms, axis=1))
        return none


def origin_slope(duplication: Floats, penetration: Floats) -> float:
    """Least-squares slope D of duplication on the column's penetration, through the origin, off the diagonal.

    duplication: shape (brands, brands), P(buy column | buy row). penetration: shape (brands,). Rows of brands
    nobody bought are ignored; nan with fewer than two brands.
    """
    columns = np.broadcast_to(penetration, duplication.shape)
    use = ~np.eye(penetration.size, dtype=bool) & np.isfinite(duplication)
    square = float((columns[use] ** 2).sum())
    return float((duplication[use] * columns[use]).sum() / square) if square > 0 else float("nan")


def nbd_shape(frequency: ArrayLike) -> float:
    """Maximum-likelihood NBD shape K from a frequency table.

    frequency: number of customers (weights are allowed) with 0, 1, 2, ... purchases, shape (most purchases +
    1,). Returns `inf` when the counts are no more variable than Poisson, nan when nobody bought.
    """
    table = np.asarray(frequency, dtype=np.float64)
    people = table.sum()
    size = np.arange(table.size)
    mean = float(table @ size / people) if people > 0 else 0.0
    if mean == 0:
        return float("nan")
    if float(table @ (size - mean) ** 2 / people) <= mean:
        return float("inf")
    more = np.cumsum(table[::-1])[::-1][1:]  # customers with more than i purchases

    def score(log_k: float) -> float:
        k = np.exp(log_k)
        return float((more / (k + size[:-1])).sum() - people * np.log1p(mean / k))

    low, high = -12.0, 18.0
    return float(np.exp(optimize.brentq(score, low, high, xtol=1e-10))) if score(high) < 0 else float("inf")


def nbd_shape_from_zeros(mean: float, zeros: float) -> float:
    """NBD shape K from the mean and the share of customers with no purchase, (1 + M/K) ** -K = zeros.

    Returns `inf` when there are no more non-buyers than Poisson has. Raises ValueError unless 0 < zeros < 1.
    """
    if not 0 < zeros < 1:
        raise ValueError("the share of non-buyers must lie strictly between 0 and 1")
    if zeros <= np.exp(-mean):
        return float("inf")

    def gap(log_k: float) -> float:
        return float(np.exp(log_k) * np.log1p(mean / np.exp(log_k)) + np.log(zeros))

    return float(np.exp(optimize.brentq(gap, -40.0, 40.0, xtol=1e-12))) if gap(40.0) > 0 else float("inf")


def _as_counts(counts: ArrayLike) -> Ints:
    table = np.asarray(counts)
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError("counts must have shape (customers, brands)")
    whole = table.astype(np.int64)
    if (whole != table).any() or (whole < 0).any():
        raise ValueError("counts must be whole and non-negative")
    if whole.sum() == 0:
        raise ValueError("counts hold no purchase")
    return whole


def _ratio(top: Floats, bottom: Floats) -> Floats:
    """Quotient, nan where the bottom is zero (a brand that nobody buys)."""
    return np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom > 0)


def _more_than(counts: Ints) -> Floats:
    """Customers with more than i purchases, i = 0, 1, ...; log Gamma ratios become sums over it."""
    return np.cumsum(np.bincount(counts)[::-1])[::-1][1:].astype(np.float64)


def _fit_alphas(table: Ints, shares: Floats) -> Floats:
    """Dirichlet-multinomial parameters of greatest likelihood, shape (brands,); zero for unbought brands."""
    bought = np.flatnonzero(shares > 0)
    if bought.size == 1:
        raise ValueError("a single brand leaves the strength undefined")
    tails = [_more_than(table[:, j]) for j in bought]
    total = _more_than(table.sum(axis=1))

    def loss(log_alpha: Floats) -> tuple[float, Floats]:
        alpha = np.exp(log_alpha)
        whole = alpha.sum() + np.arange(total.size)
        value = -(total * np.log(whole)).sum()
        slope = np.full(alpha.size, -(total / whole).sum())
        for j, tail in enumerate(tails):
            part = alpha[j] + np.arange(tail.size)
            value += (tail * np.log(part)).sum()
            slope[j] += (tail / part).sum()
        # per purchase, so that the optimiser's tolerances mean the same in small and large tables
        return float(-value / total.sum()), -slope * alpha / total.sum()

    start = np.log(1.5 * shares[bought])
    best = optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(-18.0, 18.0)] * bought.size,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000},
    )  # fmt: skip
    alphas = np.zeros(shares.size)
    alphas[bought] = np.exp(best.x)
    return alphas


def _fit_strength(table: Ints, shares: Floats) -> float:
    """S of greatest Dirichlet-multinomial likelihood at given shares."""
    bought = np.flatnonzero(shares > 0)
    if bought.size == 1:
        raise ValueError("a single brand leaves the strength undefined")
    tails = [_more_than(table[:, j]) for j in bought]
    total = _more_than(table.sum(axis=1))

    def loss(log_strength: float) -> float:
        strength = np.exp(log_strength)
        value = -(total * np.log(strength + np.arange(total.size))).sum()
        for j, tail in zip(bought, tails, strict=True):
            value += (tail * np.log(strength * shares[j] + np.arange(tail.size))).sum()
        return float(-value)

    best = optimize.minimize_scalar(loss, bounds=(-12.0, 12.0), method="bounded", options={"xatol": 1e-8})
    return float(np.exp(best.x))


def _strength_from_penetrations(mean: float, k: float, shares: Floats, reached: Floats) -> float:
    """Share-weighted mean of the S that gives each brand its penetration (Goodhardt et al., section 3)."""
    if shares.shape != reached.shape:
        raise ValueError("shares and penetrations must have one entry per brand each")
    strengths, weights = [], []
    for share, seen in zip(shares, reached, strict=True):

        def gap(log_strength: float, share: float = share, seen: float = seen) -> float:
            return float(Dirichlet(mean, k, np.exp(log_strength), np.array([share])).penetration()[0] - seen)

        low, high = -6.0, 6.0
        if 0 < share < 1 and gap(low) < 0 < gap(high):
            strengths.append(np.exp(optimize.brentq(gap, low, high, xtol=1e-10)))
            weights.append(share)
    if not strengths:
        raise ValueError("no strength reproduces any brand's penetration at its share")
    return float(np.average(strengths, weights=weights))
