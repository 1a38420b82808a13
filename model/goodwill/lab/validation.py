"""Presets held against the data they stand for: tables of every brand and moment, with the scatter that a panel of
that size has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd

from goodwill.lab.calibrate_panel import Panel, market_shares, watch
from goodwill.lab.calibrate_targets import BRAND_COLUMNS, Targets, criteria
from goodwill.measures.bgnbd import BGNBD
from goodwill.measures.repeat_buying import POOLED, excess_repeat, trips_of, window_retention
from goodwill.scenario.scenario import Scenario

HOUSEHOLDS = 2_469
"""Size of the panel behind the grocery targets."""

CROWD = 1_000_000
"""Customers from whom market shares are taken."""

PANELS = 100
"""Simulated panels of that size, from which the range of a number is taken."""

IMPOSED = (
    "penetration", "trips_per_buyer", "nbd_k", "purchases_per_trip", "wheat_morrison_k", "exchangeable_agreement",
    "repeat_lag1", "excess_lag1", "excess_lag2", "excess_lag4", "dup_D", "scr", "loyal100",
)  # fmt: skip
"""Moments that parameters were fitted to; all others come out."""

COHORT_WEEKS = (4, 8, 13, 26)


class Counted(Protocol):
    """A panel, real or simulated."""

    @property
    def purchases(self) -> pd.DataFrame:
        """Customer, period, trip, firm."""

    @property
    def customers(self) -> int:
        """Their number, never-buyers included."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the brands."""


def holdout_moments(panel: Counted, weeks: int = 52) -> pd.Series:
    """Moments no parameter was fitted to, of one year of purchases that starts with the first week on record.

    excess_lag3, excess_lag8: as `excess_repeat`. quarter_retention: share of a brand's buyers of one quarter who buy
    it in the next, averaged over brands by buyers. heavy_half: purchases in the second half year of the heaviest fifth
    of the buyers of the first, as a share of theirs then (regression to the mean: below 1). light_part: part of the
    second half's purchases made by those who bought nothing in the first.
    """
    rows = panel.purchases
    week = rows["period"] - rows["period"].min()
    rows, week = rows[week < weeks], week[week < weeks]
    excess = excess_repeat(trips_of(rows, len(panel.names)), (3, 8))["excess"]
    quarters = window_retention(rows, panel.customers, panel.names, width=weeks // 4, first=int(rows["period"].min()))
    brands = quarters[~quarters["firm"].isin(["ANY", POOLED])]
    early = week < weeks // 2
    first = np.bincount(rows["customer"][early], minlength=panel.customers)
    second = np.bincount(rows["customer"][~early], minlength=panel.customers)
    heavy = np.argsort(-first, kind="stable")[: round(0.2 * (first > 0).sum())]
    return pd.Series(
        {
            "excess_lag3": excess[3],
            "excess_lag8": excess[8],
            "quarter_retention": brands["retained"].sum() / brands["buyers"].sum(),
            "heavy_half": second[heavy].sum() / first[heavy].sum(),
            "light_part": second[first == 0].sum() / second.sum(),
        }
    )


def compare_category(
    scenario: Scenario, targets: Targets, *, customers: int = 100_000, panels: int = PANELS
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(brands, moments, criteria) of a preset against its category.

    brands: brand, measure, real, simulated, low, high, inside. moments: moment, role, real, se, simulated, low, high,
    inside. `simulated` is of one large market, seed and customers other than those of the fit; low and high enclose 95
    % of panels of the real one's size; inside: whether the real number does, too.
    """
    large = watch(scenario.with_(customers=customers), replicate=panels + 1)
    small = [watch(scenario.with_(customers=HOUSEHOLDS), replicate=r + 1) for r in range(panels)]
    shares = market_shares(scenario.with_(customers=CROWD))
    real = targets.for_firms(large.names)
    brand_rows = []
    for brand in large.names:
        for measure in BRAND_COLUMNS:
            scatter = [float(panel.brands[measure][brand]) for panel in small]
            row = _row(float(real[measure][brand]), float(large.brands[measure][brand]), scatter)
            brand_rows.append({"brand": brand, "measure": measure, **row})
    seen = _all_moments(large)
    many = pd.DataFrame([_all_moments(panel).to_dict() for panel in small])
    moment_rows = []
    for moment in seen.index:
        value = targets.known(moment)
        role = "imposed" if moment in IMPOSED else "emergent"
        row = _row(value, float(seen[moment]), list(many[moment]))
        moment_rows.append({"moment": moment, "role": role, "se": targets.error(moment, own=True), **row})
    return pd.DataFrame(brand_rows), pd.DataFrame(moment_rows), criteria(large, targets, shares)


def ablate(
    scenario: Scenario, targets: Targets, without: Mapping[str, Mapping[str, object]], *, customers: int = 100_000
) -> pd.DataFrame:
    """The criteria with one mechanism taken away at a time, all else as fitted: one column of errors for each."""

    def errors(changes: Mapping[str, object]) -> pd.DataFrame:
        changed = scenario.with_({**changes, "customers": customers})
        return criteria(watch(changed), targets, market_shares(changed.with_(customers=CROWD)))

    table = errors({})[["criterion", "bound", "error"]].rename(columns={"error": "as fitted"})
    for name, changes in without.items():
        table[name] = errors(changes)["error"]
    return table


def cohort_moments(first: np.ndarray, purchases: pd.DataFrame, horizon: float = 39.0) -> pd.Series:
    """Moments of a cohort of new customers of one shop, purchases by customer and time in weeks.

    first: time of every customer's first purchase. purchases: customer, time, the first ones included.
    repeat_within_4w, ...: share of customers who buy again within so many weeks of the first purchase; zero_repeat_39w
    and mean_repeats_39w: to the end of week 39.
    """
    who, when = purchases["customer"].to_numpy(), purchases["time"].to_numpy()
    again = when > first[who]
    since = np.full(first.size, np.inf)
    np.minimum.at(since, who[again], (when - first[who])[again])
    counted = again & (when < horizon)
    repeats = np.bincount(who[counted], minlength=first.size)
    values = {f"repeat_within_{weeks}w": float((since <= weeks + 1e-9).mean()) for weeks in COHORT_WEEKS}
    return pd.Series(
        values | {"zero_repeat_39w": float((repeats == 0).mean()), "mean_repeats_39w": float(repeats.mean())}
    )


def bgnbd_of(scenario: Scenario) -> BGNBD:
    """The BG/NBD that a cohort scenario is meant to be, from its own parameters."""
    traits, defection = scenario.population, scenario.behaviour.defection
    alpha = scenario.periods_per_year * traits.trips_shape / traits.trips_per_year
    return BGNBD(traits.trips_shape, alpha, defection.dropout_a, defection.dropout_b)


def simulate_cohort(scenario: Scenario, replicate: int = 0) -> tuple[np.ndarray, pd.DataFrame]:
    """First purchases and all purchases of a simulated cohort, for `cohort_moments`; the clock starts at the end of
    the first week.
    """
    panel = watch(scenario, first=0, last=scenario.periods, replicate=replicate)
    rows = panel.purchases.sort_values(["customer", "time"])
    week = rows["time"] / (364.0 / scenario.periods_per_year)
    opening = ~rows["customer"].duplicated()
    first = np.full(scenario.customers, np.nan)
    first[rows["customer"][opening]] = rows["period"][opening] + 1.0
    time = np.where(opening, first[rows["customer"]], week)
    return first, pd.DataFrame({"customer": rows["customer"].to_numpy(), "time": time})


def track(first: np.ndarray, purchases: pd.DataFrame, weeks: int) -> np.ndarray:
    """Cumulative repeat purchases of a cohort at the end of week 1, 2, ... weeks."""
    again = purchases["time"].to_numpy() > first[purchases["customer"]]
    week = np.ceil(purchases["time"].to_numpy()[again]).astype(int)
    return np.cumsum(np.bincount(np.clip(week, 1, weeks), minlength=weeks + 1))[1:]


def compare_cohort(
    scenario: Scenario, targets: pd.DataFrame, *, panels: int = PANELS, sample: int = 2_357
) -> pd.DataFrame:
    """Moments of a cohort preset: real, its error, the analytic BG/NBD (same entries), simulated, and the range of
    samples of `sample`.
    """
    first, purchases = simulate_cohort(scenario)
    seen = cohort_moments(first, purchases)
    many = pd.DataFrame(
        [cohort_moments(*simulate_cohort(scenario.with_(customers=sample), replicate=r + 1)) for r in range(panels)]
    )
    norm = bgnbd_of(scenario)
    ages = 39.0 - first
    known: dict[str, Callable[[], float]] = {
        f"repeat_within_{w}w": partial(lambda weeks: 1 - float(norm.zero_repeat_share(weeks)), w) for w in COHORT_WEEKS
    }
    known["zero_repeat_39w"] = lambda: float(norm.zero_repeat_share(ages).mean())
    known["mean_repeats_39w"] = lambda: float(norm.expected_purchases(ages).mean())
    rows = []
    for moment in seen.index:
        row = _row(float(targets["value"][moment]), float(seen[moment]), list(many[moment]))
        rows.append({"moment": moment, "se": float(targets["se"][moment]), "bgnbd": known[moment](), **row})
    return pd.DataFrame(rows)


def _all_moments(panel: Panel) -> pd.Series:
    return pd.Series({**panel.moments.to_dict(), **holdout_moments(panel).to_dict()})


def _row(real: float, simulated: float, panels: Sequence[float]) -> dict[str, float | bool]:
    low, high = np.nanquantile(panels, [0.025, 0.975])
    return {
        "real": real,
        "simulated": simulated,
        "low": float(low),
        "high": float(high),
        "inside": bool(low <= real <= high),
    }
