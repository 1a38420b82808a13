"""Repeat-buying measures counted from purchases: the same counting for panels and for simulated markets.

A *purchase* is a brand bought on a shopping trip; a trip may hold several brands, and the same brand twice on
a trip is one purchase. The input is a table of purchases with the columns

    customer   id of the customer
    period     week or month of the trip
    trip       orders and groups a customer's purchases within a period (`occasion` will do as well)
    firm       index of the brand or firm, 0 ... firms - 1
    time       optional: when the trip took place, in days; only the regularity of timing needs it

where customer, period and trip together identify a trip, so trip numbers may restart in every period. Rows
may come in any order.

The definitions below reproduce, to every printed digit, the moments that the validation compares with
(counted from the Complete Journey panel; `complete_journey` loads it and its test holds the numbers). Two of
them are easily counted otherwise:

- The overall repeat rate is a mean over trips of the *share of the trip's brands* that are bought again on
  the later trip; the repeat rate per brand is a mean over the purchases of that brand.
- Averages over brands (share of requirements, sole buyers), the duplication coefficient and the
  double-jeopardy correlation leave the pooled brand 'OTHER' out, because it is not a brand.

Sources: Ehrenberg (1988), "Repeat-buying"; Goodhardt, Ehrenberg & Chatfield (1984), J. R. Statist. Soc. A
147.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from goodwill.measures.dirichlet import nbd_shape, origin_slope

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POOLED = "OTHER"
"""Name under which small brands are pooled; left out of averages over brands."""

LAGS = (1, 2, 4)


@dataclass(frozen=True, eq=False)
class Trips:
    """Shopping trips, sorted by customer and time.

    customer: row number of the buyer, 0 ... buyers - 1, shape (trips,).
    ids: the customer's id for each row number, shape (buyers,).
    period: shape (trips,).
    bought: was the brand bought on the trip, shape (trips, firms).
    time: days, shape (trips,), or None when the purchases have no times.
    """

    customer: Ints
    ids: NDArray
    period: Ints
    bought: NDArray[np.bool_]
    time: Floats | None = None

    @property
    def starts(self) -> Ints:
        """Position of every buyer's first trip, shape (buyers,)."""
        return np.searchsorted(self.customer, np.arange(self.ids.size)).astype(np.int64)

    def number(self) -> Ints:
        """Trips per buyer, shape (buyers,)."""
        return np.bincount(self.customer, minlength=self.ids.size).astype(np.int64)

    def counts(self) -> Ints:
        """Purchases per buyer and brand, shape (buyers, firms)."""
        if self.ids.size == 0:
            return np.zeros((0, self.bought.shape[1]), dtype=np.int64)
        return np.add.reduceat(self.bought.astype(np.int64), self.starts, axis=0)


def trips_of(purchases: pd.DataFrame, firms: int) -> Trips:
    """Group a purchase table (columns in the module's docstring) into trips over `firms` brands.

    Raises ValueError for missing columns, a firm outside 0 ... firms - 1, or times that contradict the order.
    """
    order_column = "trip" if "trip" in purchases.columns else "occasion"
    missing = [name for name in ("customer", "period", order_column, "firm") if name not in purchases.columns]
    if missing:
        raise ValueError(f"purchases lack the columns {missing}")
    customer, period, trip, firm = (purchases[name].to_numpy() for name in ("customer", "period", order_column, "firm"))
    if firm.size and (firm.min() < 0 or firm.max() >= firms):
        raise ValueError(f"firm must lie in 0 ... {firms - 1}, found {firm.min()} ... {firm.max()}")
    order = np.lexsort((trip, period, customer))
    customer, period, trip, firm = customer[order], period[order], trip[order], firm[order].astype(np.int64)
    new_customer = np.ones(customer.size, dtype=bool)
    new_customer[1:] = customer[1:] != customer[:-1]
    new_trip = new_customer.copy()
    new_trip[1:] |= (period[1:] != period[:-1]) | (trip[1:] != trip[:-1])
    bought = np.zeros((int(new_trip.sum()), firms), dtype=bool)
    bought[np.cumsum(new_trip) - 1, firm] = True
    time = None
    if "time" in purchases.columns:
        time = purchases["time"].to_numpy(dtype=np.float64)[order][new_trip]
        backwards = (np.diff(time) < 0) & ~new_customer[new_trip][1:]
        if backwards.any():
            raise ValueError("time must not fall while period and trip rise")
    return Trips(
        customer=(np.cumsum(new_customer) - 1)[new_trip].astype(np.int64),
        ids=customer[new_customer],
        period=period[new_trip].astype(np.int64),
        bought=bought,
        time=time,
    )


# ---- norms per brand ---------------------------------------------------------------------------------------


def brand_performance(
    counts: ArrayLike, names: Sequence[str], customers: int | None = None, trips: Trips | None = None
) -> pd.DataFrame:
    """Performance of each brand, one row per name, in a matrix of purchases, shape (customers, brands).

    share: of all purchases. pen: share of customers who bought it. w: purchases of it per buyer of it. wcat:
    purchases of any brand per buyer of it. scr: share of category requirements, w / wcat. loyal100: share of
    its buyers who bought nothing else. repeat (when trips are given): see `repeat_rates`.

    customers: their number including never-buyers, when the rows leave some of them out.
    """
    table = _count_matrix(counts, names)
    brands = _Brands(table, np.ones(table.shape[0]), table.shape[0] if customers is None else customers)
    columns = {
        "brand": list(names),
        "share": brands.share,
        "pen": brands.pen,
        "w": brands.w,
        "wcat": brands.wcat,
        "scr": brands.scr,
        "loyal100": brands.loyal100,
    }
    if trips is not None:
        columns["repeat"] = repeat_rates(trips)
    return pd.DataFrame(columns)


def duplication_table(counts: ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    """Share of the buyers of the row's brand who also bought the column's brand; the diagonal is 1.

    counts: shape (customers, brands). A brand without buyers has a row of nan.
    """
    table = _count_matrix(counts, names)
    brands = _Brands(table, np.ones(table.shape[0]), table.shape[0])
    return pd.DataFrame(brands.duplication(), index=list(names), columns=list(names))


def duplication_coefficient(
    counts: ArrayLike, customers: int | None = None, brands: Sequence[int] | None = None
) -> float:
    """D of the duplication of purchase law, P(buy k | buy j) = D * penetration of k.

    Least squares through the origin over all ordered pairs j != k of `brands` (indices; all by default),
    every pair with the same weight. Penetrations are shares of all `customers` (the rows of counts by
    default).
    """
    table = np.asarray(counts, dtype=np.int64)
    measured = _Brands(table, np.ones(table.shape[0]), table.shape[0] if customers is None else customers)
    keep = np.arange(table.shape[1]) if brands is None else np.asarray(brands, dtype=np.int64)
    return origin_slope(measured.duplication()[np.ix_(keep, keep)], measured.pen[keep])


# ---- repeat buying -----------------------------------------------------------------------------------------


def repeat_rates(trips: Trips, lag: int = 1) -> Floats:
    """Repeat rate per brand, shape (firms,): share of its purchases that are bought again `lag` trips later.

    Counted over purchases of the brand that are followed by such a trip of the same customer in the category,
    whichever brands it holds. nan for a brand without any.
    """
    before, after = _pairs(trips, lag)
    again = (trips.bought[before] & trips.bought[after]).sum(axis=0)
    return _ratio(again.astype(np.float64), trips.bought[before].sum(axis=0).astype(np.float64))


def repeat_rate(trips: Trips, lag: int = 1) -> float:
    """Overall repeat rate: share of a trip's brands bought again `lag` trips later, mean over trips."""
    again, pairs = _again(trips, lag)
    return float(again.sum() / pairs.sum()) if pairs.sum() else float("nan")


def customer_agreement(trips: Trips) -> Floats:
    """The repeat rate each customer would have if the order of the trips did not matter, shape (buyers,).

    Mean over ordered pairs of different trips of one customer of the share of the first one's brands that the
    other one holds; with one brand per trip, sum n_j (n_j - 1) / (n (n - 1)). nan for customers with a single
    trip.
    """
    number = trips.number()
    held = trips.bought.sum(axis=1)
    with_itself = (trips.bought * trips.counts()[trips.customer]).sum(axis=1) / np.maximum(held, 1)
    others = np.bincount(trips.customer, with_itself - 1.0, minlength=trips.ids.size)
    return _ratio(others.astype(np.float64), (number * (number - 1)).astype(np.float64))


def exchangeable_agreement(trips: Trips) -> float:
    """Repeat rate expected from differences between customers alone, without any effect of order.

    Mean of `customer_agreement` weighted by each customer's number of next trips (trips - 1), so that its
    difference to `repeat_rate` at lag 1 is the excess repeat.
    """
    number = trips.number()
    several = number > 1
    if not several.any():
        return float("nan")
    return float(np.average(customer_agreement(trips)[several], weights=number[several] - 1))


def excess_repeat(trips: Trips, lags: Sequence[int] = LAGS) -> pd.DataFrame:
    """Sequence effect: how much more often than exchangeable the brands of a trip are bought again.

    One row per lag (index) with pairs: number of trips with a trip `lag` later; repeat: `repeat_rate`;
    expected: mean of `customer_agreement` over the same pairs; excess: repeat - expected; se: standard error
    of excess with customers as clusters (linearised ratio). Each customer is compared with herself, so
    heterogeneity drops out; a zero-order customer has an expected excess of exactly 0 at every lag.
    """
    agreement = np.nan_to_num(customer_agreement(trips))
    rows = []
    for lag in lags:
        again, pairs = _again(trips, lag)
        total = pairs.sum()
        if total == 0:
            rows.append((lag, 0, np.nan, np.nan, np.nan, np.nan))
            continue
        above = again - agreement * pairs
        excess = above.sum() / total
        used = int((pairs > 0).sum())
        spread = float(((above - excess * pairs) ** 2).sum()) * (used / (used - 1) if used > 1 else np.nan)
        repeat = again.sum() / total
        rows.append((lag, int(total), repeat, repeat - excess, excess, np.sqrt(spread) / total))
    columns = ["lag", "pairs", "repeat", "expected", "excess", "se"]
    return pd.DataFrame(rows, columns=columns).set_index("lag")


def window_retention(
    purchases: pd.DataFrame, customers: int, names: Sequence[str], width: int = 1, first: int | None = None
) -> pd.DataFrame:
    """Who buys again in the next window of `width` periods: non-contractual retention, and reactivation.

    A firm's buyers in window t are retained when they buy from it in t + 1; the others of all `customers`,
    who did not buy from it in t, are reactivated (or won for the first time) when they do. Rows: window and
    firm, the last firm being 'ANY' for the whole category. Columns: window, firm, buyers, retained,
    retention, absent, returned, reactivation (shares; nan without buyers or absentees). Windows start at the
    period `first` (by default the earliest purchase); a last, incomplete window has to be cut by the caller.
    """
    if width < 1:
        raise ValueError("width must be at least one period")
    trips = trips_of(purchases, len(names))
    origin = (int(trips.period.min()) if trips.period.size else 0) if first is None else first
    inside = trips.period >= origin
    window = (trips.period[inside] - origin) // width
    who, held = trips.customer[inside], trips.bought[inside]
    held = np.column_stack([held, held.any(axis=1)])
    last = int(window.max()) if window.size else 0
    active = np.zeros((last + 1, trips.ids.size, len(names) + 1), dtype=bool)
    trip, firm = np.nonzero(held)
    active[window[trip], who[trip], firm] = True
    now, later = active[:-1], active[1:]
    buyers = now.sum(axis=1).ravel().astype(np.float64)
    retained = (now & later).sum(axis=1).ravel().astype(np.float64)
    returned = (~now & later).sum(axis=1).ravel().astype(np.float64)
    return pd.DataFrame(
        {
            "window": np.repeat(np.arange(last), len(names) + 1),
            "firm": [*names, "ANY"] * last,
            "buyers": buyers.astype(np.int64),
            "retained": retained.astype(np.int64),
            "retention": _ratio(retained, buyers),
            "absent": (customers - buyers).astype(np.int64),
            "returned": returned.astype(np.int64),
            "reactivation": _ratio(returned, customers - buyers),
        }
    )


# ---- timing and concentration ------------------------------------------------------------------------------


def wheat_morrison_k(trips: Trips) -> float:
    """Regularity of purchase timing: the Erlang shape of the time between trips, 1 for Poisson.

    From each customer's first two intervals, m = t2 / (t1 + t2) is Beta(k, k) whatever her rate, so
    k = (1 - 4 V) / (8 V) with V the variance of m. Only customers with three trips enter. Needs times.
    Source: Wheat & Morrison (1990), "Estimating purchase regularity with two interpurchase times", Journal of
    Marketing Research 27(1), 87-93.
    """
    split = _first_interval_split(trips)
    return _beta_shape(split, np.ones_like(split))


def top_share(amounts: ArrayLike, top: float = 0.2) -> float:
    """Share of all purchases (or sales) made by the heaviest `top` of the buyers, rounded to whole buyers.

    amounts: one entry per customer, shape (customers,); zeros are not buyers.
    """
    bought = np.asarray(amounts, dtype=np.float64)
    bought = bought[bought > 0]
    return _top(bought, np.ones_like(bought), top)


# ---- the table of moments ----------------------------------------------------------------------------------


def category_moments(
    purchases: pd.DataFrame,
    customers: int,
    names: Sequence[str],
    pooled: str | None = POOLED,
    lags: Sequence[int] = LAGS,
    bootstrap: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """The moments of one category that real and simulated markets are compared on.

    purchases: columns as in the module's docstring. customers: their number including never-buyers. names:
    one per firm index. pooled: a name to leave out of averages over brands. bootstrap: number of resamples of
    customers for the standard errors (0: none); seed: of that resampling.

    Index `moment`, columns `value` and `se`:
        penetration             share of customers who bought in the category
        trips_per_buyer         category trips per buyer
        multi_brand_trips       share of trips that hold two brands or more
        nbd_k                   NBD shape of trips per customer, never-buyers included, maximum likelihood
        repeat_lag1             overall repeat rate (`repeat_rate`)
        exchangeable_agreement  repeat rate that heterogeneity alone would give
        excess_lag1, ...        sequence effect (`excess_repeat`)
        scr, loyal100           brands' share of requirements and sole buyers, weighted by their share
        dup_D                   duplication coefficient
        dj_corr                 double jeopardy: correlation of penetration and purchases per buyer
        wheat_morrison_k        regularity of timing; nan without times
        top20                   share of purchases made by the heaviest 20 % of buyers
    """
    trips = trips_of(purchases, len(names))
    if customers < trips.ids.size:
        raise ValueError(f"{trips.ids.size} customers bought, more than the {customers} there are")
    named = np.array([name != pooled for name in names])
    sums = _CustomerSums.of(trips, named, lags)
    buyers = trips.ids.size
    moments = sums.moments(np.ones(buyers), float(customers - buyers))
    if bootstrap:
        rng = np.random.default_rng(seed)
        chance = np.append(np.full(buyers, 1.0 / customers), (customers - buyers) / customers)
        draws = []
        for _ in range(bootstrap):
            weight = rng.multinomial(customers, chance).astype(np.float64)
            draws.append(sums.moments(weight[:-1], float(weight[-1])))
        # an infinite k of one resample says nothing about spread
        errors = pd.DataFrame(draws).replace([np.inf, -np.inf], np.nan).std(ddof=1)
    else:
        errors = pd.Series(np.nan, index=list(moments))
    table = pd.DataFrame({"value": pd.Series(moments, dtype=np.float64), "se": errors})
    return table.reindex(list(moments)).rename_axis("moment")


# ---- inside ------------------------------------------------------------------------------------------------


class _Brands:
    """Brand performance of weighted customers; the weights are what a bootstrap changes."""

    def __init__(self, counts: Ints, weight: Floats, customers: float) -> None:
        total = counts.sum(axis=1)
        self._reached = (counts > 0).astype(np.float64)
        self._weight = weight
        sales = weight @ counts
        self.buyers = weight @ self._reached
        category = (weight * total) @ self._reached
        only = weight @ ((counts == total[:, None]) & (counts > 0))
        self.share = sales / sales.sum() if sales.sum() > 0 else np.full(sales.size, np.nan)
        self.pen = self.buyers / customers
        self.w = _ratio(sales, self.buyers)
        self.wcat = _ratio(category, self.buyers)
        self.scr = _ratio(sales, category)
        self.loyal100 = _ratio(only, self.buyers)

    def duplication(self) -> Floats:
        """P(bought column | bought row), shape (brands, brands)."""
        both = (self._reached * self._weight[:, None]).T @ self._reached
        return _ratio(both, np.broadcast_to(self.buyers[:, None], both.shape))


@dataclass(frozen=True, eq=False)
class _CustomerSums:
    """Everything the moments need, per buyer, so that resampling customers is only a change of weights."""

    named: NDArray[np.bool_]  # (firms,)
    counts: Ints  # (buyers, firms)
    number: Ints  # trips, (buyers,)
    mixed: Ints  # trips with several brands, (buyers,)
    agreement: Floats  # (buyers,), 0 for a single trip
    again: dict[int, Floats]  # lag: sum of shares bought again, (buyers,)
    pairs: dict[int, Floats]  # lag: trips with a trip that much later, (buyers,)
    split: Floats | None  # Wheat & Morrison's m, (buyers,), nan for fewer than three trips

    @classmethod
    def of(cls, trips: Trips, named: NDArray[np.bool_], lags: Sequence[int]) -> _CustomerSums:
        mixed = np.bincount(trips.customer, trips.bought.sum(axis=1) > 1, minlength=trips.ids.size)
        lagged = {lag: _again(trips, lag) for lag in sorted({1, *lags})}
        return cls(
            named=named,
            counts=trips.counts(),
            number=trips.number(),
            mixed=mixed.astype(np.int64),
            agreement=np.nan_to_num(customer_agreement(trips)),
            again={lag: both[0] for lag, both in lagged.items()},
            pairs={lag: both[1] for lag, both in lagged.items()},
            split=None if trips.time is None else _first_interval_split(trips),
        )

    def moments(self, weight: Floats, never: float) -> dict[str, float]:
        """Moments of the buyers taken `weight` times each and of `never` customers who never buy."""
        buyers = float(weight.sum())
        trips = float(weight @ self.number)
        frequency = np.bincount(self.number, weight, minlength=1)
        frequency[0] += never
        brands = _Brands(self.counts, weight, buyers + never)
        named = np.flatnonzero(self.named)
        slope = origin_slope(brands.duplication()[np.ix_(named, named)], brands.pen[named])
        values = {
            "penetration": _divide(buyers, buyers + never),
            "trips_per_buyer": _divide(trips, buyers),
            "multi_brand_trips": _divide(float(weight @ self.mixed), trips),
            "nbd_k": nbd_shape(frequency),
            "repeat_lag1": _divide(float(weight @ self.again[1]), float(weight @ self.pairs[1])),
            "exchangeable_agreement": _divide(
                float(weight @ (self.agreement * self.pairs[1])), float(weight @ self.pairs[1])
            ),
        }
        for lag in self.pairs:
            above = self.again[lag] - self.agreement * self.pairs[lag]
            values[f"excess_lag{lag}"] = _divide(float(weight @ above), float(weight @ self.pairs[lag]))
        values["scr"] = _average(brands.scr[named], brands.share[named])
        values["loyal100"] = _average(brands.loyal100[named], brands.share[named])
        values["dup_D"] = slope
        values["dj_corr"] = _correlation(brands.pen[named], brands.w[named])
        values["wheat_morrison_k"] = float("nan") if self.split is None else _beta_shape(self.split, weight)
        values["top20"] = _top(self.counts.sum(axis=1).astype(np.float64), weight, 0.2)
        return values


def _count_matrix(counts: ArrayLike, names: Sequence[str]) -> Ints:
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ValueError(f"counts must have shape (customers, {len(names)}), one column per name")
    return table


def _pairs(trips: Trips, lag: int) -> tuple[Ints, Ints]:
    """Positions of all pairs of trips of one customer that are `lag` trips apart."""
    if lag < 1:
        raise ValueError("lag must be at least one trip")
    before = np.flatnonzero(trips.customer[lag:] == trips.customer[:-lag]).astype(np.int64)
    return before, before + lag


def _again(trips: Trips, lag: int) -> tuple[Floats, Floats]:
    """Per buyer: sum over pairs of trips of the share bought again, and number of pairs."""
    before, after = _pairs(trips, lag)
    first = trips.bought[before]
    share = (first & trips.bought[after]).sum(axis=1) / np.maximum(first.sum(axis=1), 1)
    who, size = trips.customer[before], trips.ids.size
    pairs = np.bincount(who, minlength=size).astype(np.float64)
    return np.bincount(who, share, minlength=size).astype(np.float64), pairs


def _first_interval_split(trips: Trips) -> Floats:
    """Each buyer's t2 / (t1 + t2), first two intervals; nan with under three trips or no time between."""
    if trips.time is None:
        raise ValueError("the regularity of timing needs a `time` column in the purchases")
    split = np.full(trips.ids.size, np.nan)
    enough = np.flatnonzero(trips.number() >= 3)
    start = trips.starts[enough]
    one = trips.time[start + 1] - trips.time[start]
    both = trips.time[start + 2] - trips.time[start]
    split[enough] = _ratio(both - one, both)
    return split


def _beta_shape(split: Floats, weight: Floats) -> float:
    use = np.isfinite(split)
    people = float(weight[use].sum())
    if people <= 1:
        return float("nan")
    mean = float(weight[use] @ split[use]) / people
    variance = float(weight[use] @ (split[use] - mean) ** 2) / (people - 1.0)
    return (1.0 - 4.0 * variance) / (8.0 * variance) if variance > 0 else float("inf")


def _top(amount: Floats, weight: Floats, top: float) -> float:
    heaviest_first = np.argsort(-amount, kind="stable")
    people = np.cumsum(weight[heaviest_first])
    if people.size == 0 or people[-1] == 0:
        return float("nan")
    sales = np.concatenate([[0.0], np.cumsum((weight * amount)[heaviest_first])])
    cut = np.round(top * people[-1])
    # a repeated customer may straddle the cut, so interpolate between whole customers
    return float(np.interp(cut, np.concatenate([[0.0], people]), sales) / sales[-1])


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom > 0)


def _divide(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else float("nan")


def _average(values: Floats, weights: Floats) -> float:
    use = np.isfinite(values) & (weights > 0)
    return float(np.average(values[use], weights=weights[use])) if use.any() else float("nan")


def _correlation(one: Floats, other: Floats) -> float:
    use = np.isfinite(one) & np.isfinite(other)
    x, y = one[use] - one[use].mean() if use.any() else one[use], other[use]
    y = y - y.mean() if use.any() else y
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if use.sum() > 2 and size > 0 else float("nan")
