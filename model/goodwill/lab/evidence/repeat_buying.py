"""Laws of repeat buying, each against a Dirichlet or a BG/NBD fitted to the very purchases that were simulated."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from goodwill.lab.calibrate_panel import Panel, watch
from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.worlds import YEAR, coffee, drinks, shop
from goodwill.lab.validation import cohort_moments, simulate_cohort, track
from goodwill.measures.bgnbd import BGNBD
from goodwill.measures.dirichlet import Dirichlet
from goodwill.measures.repeat_buying import POOLED, brand_performance, duplication_table, top_share

CALIBRATION = 39.0
"""Weeks from which the BG/NBD of a cohort is fitted; those after it are forecast."""


def fitted(panel: Panel) -> tuple[Dirichlet, pd.DataFrame, pd.DataFrame]:
    """(the fitted Dirichlet, observed brands, its norms), without the pooled brand."""
    model = Dirichlet.fit(panel.trips.counts(), customers=panel.customers)
    norms = model.norms(panel.names).set_index("brand")
    return model, panel.brands.drop(POOLED), norms.drop(POOLED)


def dirichlet_fits(worlds: Worlds, seed: int) -> dict[str, float]:
    """T01: S, and the errors of penetration and purchases per buyer, brand by brand, over one year."""
    model, seen, norms = fitted(watch(worlds["grocery"], replicate=seed))
    pen, w = (np.abs(seen[name] / norms[name] - 1) for name in ("pen", "w"))
    return {
        "strength": model.strength,
        "penetration_error": float(pen.max()),
        "rate_error": float(w.max()),
        "penetration_error_weighted": float(np.average(pen, weights=seen["share"])),
    }


def double_jeopardy(worlds: Worlds, seed: int) -> dict[str, float]:
    """T02: purchases per buyer rise with penetration, a little, as in the fitted Dirichlet."""
    _, seen, norms = fitted(watch(worlds["grocery"], replicate=seed))
    slope, norm = (np.polyfit(np.log(table["pen"]), np.log(table["w"]), 1)[0] for table in (seen, norms))
    return {
        "rank_correlation": float(stats.spearmanr(seen["share"], seen["w"])[0]),
        "elasticity": float(slope),
        "elasticity_to_norm": float(slope / norm),
    }


def duplication(worlds: Worlds, seed: int) -> dict[str, float]:
    """T04: buyers of one brand buy another in proportion to the other's penetration."""
    panel = watch(worlds["grocery"], replicate=seed)
    named = [x for x, name in enumerate(panel.names) if name != POOLED]
    counts = panel.trips.counts()
    table = duplication_table(counts, panel.names).to_numpy()[np.ix_(named, named)]
    pen = (counts[:, named] > 0).sum(axis=0) / panel.customers
    pairs = ~np.eye(len(named), dtype=bool)
    columns = np.broadcast_to(pen, table.shape)
    x, y = columns[pairs], table[pairs]
    return {"correlation": float(np.corrcoef(x, y)[0, 1]), "coefficient": float((x @ y) / (x @ x))}


def moderation(worlds: Worlds, seed: int) -> dict[str, float]:
    """T05: year 2 by what was bought in year 1: from the largest firm (top fifth, slope), and in the category (non-buyers)."""
    world = worlds["grocery"]
    panel = watch(world, first=world.warm_up, last=world.warm_up + 2 * YEAR, replicate=seed)
    rows, people = panel.purchases, panel.customers
    late = (rows["period"] >= world.warm_up + YEAR).to_numpy()
    slopes, ratios, fresh = [], [], []
    for j in range(len(panel.names)):
        mine = (rows["firm"] == j).to_numpy()
        one, two = (np.bincount(rows["customer"][mine & when], minlength=people) for when in (~late, late))
        slopes.append(float(np.cov(one, two)[0, 1] / one.var(ddof=1)))
        heavy = np.argsort(-one, kind="stable")[: round(0.2 * (one > 0).sum())]
        ratios.append(float(two[heavy].sum() / one[heavy].sum()))
        fresh.append(float(two[one == 0].sum() / two.sum()))
    named = [j for j, name in enumerate(panel.names) if name != POOLED]
    weights = np.bincount(rows["firm"], minlength=len(panel.names))[named]
    return {
        "heavy_year2_to_year1": float(np.average(np.array(ratios)[named], weights=weights)),
        "steepest_slope": max(slopes[j] for j in named),
        "from_nonbuyers": _category_from_nonbuyers(rows, late, people),
        "from_nonbuyers_of_firm": float(np.average(np.array(fresh)[named], weights=weights)),
    }


def _category_from_nonbuyers(rows: pd.DataFrame, late: np.ndarray, people: int) -> float:
    one, two = (np.bincount(rows["customer"][when], minlength=people) for when in (~late, late))
    return float(two[one == 0].sum() / two.sum())


def heavy_share(worlds: Worlds, seed: int) -> dict[str, float]:
    """T06: part of a firm's purchases that the heaviest fifth of its buyers make; mean over firms by size, and over the category."""
    panel = watch(worlds["grocery"], replicate=seed)
    counts = panel.trips.counts()
    brands = brand_performance(counts, panel.names, panel.customers)
    named = [x for x, name in enumerate(panel.names) if name != POOLED]
    shares = np.array([top_share(counts[:, j]) for j in named])
    return {
        "top_fifth": float(np.average(shares, weights=brands["share"].iloc[named])),
        "top_fifth_of_category": float(top_share(counts.sum(axis=1))),
    }


def cohort(worlds: Worlds, seed: int) -> dict[str, float]:
    """T08: a BG/NBD fitted on the first 39 weeks of the cohort, tried on weeks 40 to 78."""
    world = worlds["shop"]
    first, purchases = simulate_cohort(world, replicate=seed)
    who, when = purchases["customer"].to_numpy(), purchases["time"].to_numpy()
    again = when > first[who]
    known, ahead = again & (when <= CALIBRATION), again & (when > CALIBRATION)
    x, future = (np.bincount(who[part], minlength=first.size) for part in (known, ahead))
    last = first.copy()
    np.maximum.at(last, who[known], when[known])
    history = (x, last - first, CALIBRATION - first)
    model = BGNBD.fit(*history)
    expected = model.conditional_expectation(world.periods - CALIBRATION, *history)
    weeks = np.arange(int(CALIBRATION) + 1, world.periods + 1)
    real, norm = track(first, purchases, world.periods)[weeks - 1], model.cohort_repeats(first, weeks)
    begin = track(first, purchases, world.periods)[int(CALIBRATION) - 1]
    since, norm_since = real - begin, norm - float(model.cohort_repeats(first, np.array([CALIBRATION]))[0])
    return {
        "tracking_error": float(np.abs(norm / real - 1).mean()),
        "tracking_error_since": float(np.abs(norm_since / since - 1).mean()),
        "individual_correlation": float(np.corrcoef(expected, future)[0, 1]),
        "zero_repeat": float(cohort_moments(first, purchases)["zero_repeat_39w"]),
        "shape": model.r,
    }


MEASUREMENTS = (
    Measurement("T01", lambda: {"grocery": coffee()}, dirichlet_fits),
    Measurement("T02", lambda: {"grocery": coffee()}, double_jeopardy),
    Measurement("T04", lambda: {"grocery": drinks()}, duplication),
    Measurement("T05", lambda: {"grocery": drinks(years=2).with_({"population.trips_per_year": 6.0})}, moderation),
    Measurement("T06", lambda: {"grocery": drinks()}, heavy_share),
    Measurement("T08", lambda: {"shop": shop()}, cohort),
)
