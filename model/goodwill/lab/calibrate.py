"""Fitting a scenario to a real category: targets in, scenario out.

Simulated minimum distance: the free parameters minimise the squared distance between simulated and real moments, each
measured in units of what it may be off (its standard error, or a slack for the model being simpler than the world,
whichever is larger). All runs share their luck (the same seed and customers), so the distance is a smooth function of
the parameters and damped Gauss-Newton steps (Levenberg-Marquardt) with finite differences find its minimum. Tastes
follow by fixed-point iteration between the steps: a brand that sells too little is liked in proportion more.
Everything is deterministic.

Sources: McFadden (1989), Econometrica 57, 995-1026 (simulated moments, common random numbers); Grazzini & Richiardi
(2015), Journal of Economic Dynamics and Control 51, 148-165 (for agent-based models).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from goodwill.lab.calibrate_panel import Panel, market_shares, watch
from goodwill.lab.calibrate_targets import Targets
from goodwill.scenario.scenario import Scenario

FREE: dict[str, str] = {
    "population.loyalty_spread": "log",
    "population.trips_shape": "log",
    "behaviour.habit.strength": "log",
    "behaviour.habit.retention": "logit",
    "behaviour.incidence.extra_brand": "logit",
}
"""Free parameters by dotted path, and the scale on which they are searched."""

SLACK: dict[str, float] = {
    "penetration": 0.01,
    "nbd_k": 0.03,
    "purchases_per_trip": 0.005,
    "exchangeable_agreement": 0.01,
    "repeat_lag1": 0.01,
    "excess_lag1": 0.05,
    "excess_lag2": 0.05,
    "excess_lag4": 0.1,
    "dup_D": 0.025,
    "scr": 0.04,
    "loyal100": 0.1,
}
"""Moments in the distance, and the relative error in each that is forgiven a model with few parameters."""

BRAND_SLACK = 0.1
"""The same for penetration and purchases per buyer of the single brands, weighted by their share."""

_STEP = 0.05
_LONGEST = 0.4
_DAMPING = 1e-3
_ENOUGH = 0.005
_POLISH = 3
_REPLICATES = 4

Report = Callable[[int, float, dict[str, float]], None]


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted scenario.

    values: every number that was set, by dotted path. panel: the year it was judged on. shares: of purchases, from the
    large market. distance: sum of squares at the end. history: by step, the distance and the free parameters.
    """

    scenario: Scenario
    values: dict[str, float]
    panel: Panel
    shares: np.ndarray
    distance: float
    history: pd.DataFrame


def calibrate(
    scenario: Scenario,
    targets: Targets,
    *,
    free: Mapping[str, str] = FREE,
    customers: int = 100_000,
    steps: int = 8,
    crowd_size: int = 1_000_000,
    report: Report | None = None,
) -> Calibration:
    """Fit the free parameters and the tastes of a scenario to a category.

    The mean trip rate is not searched: it is set to the panel's, penetration times trips per buyer. A step is taken
    only if it comes closer, and the search ends when a step changes the distance by less than half a per cent. Numbers
    are rounded as they are written to a file; `customers` of the scenario given is kept.
    """
    real = targets.for_firms(tuple(firm.name for firm in scenario.firms))
    trips = round(targets.value("penetration") * targets.value("trips_per_buyer"), 3)
    working = scenario.with_({"customers": customers, "population.trips_per_year": trips})
    paths, scales = list(free), list(free.values())
    point = np.array([_forward(_get(working, path), scale) for path, scale in free.items()])
    tastes = np.array([firm.share for firm in working.firms])

    def values_at(x: np.ndarray, shares: np.ndarray) -> dict[str, float]:
        values = {"population.trips_per_year": trips}
        values |= {p: float(f"{_back(v, s):.4g}") for p, v, s in zip(paths, x, scales, strict=True)}
        return values | {f"firms.{j}.share": float(s) for j, s in enumerate(_rounded(shares))}

    def look(x: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, Panel]:
        panel = watch(working.with_(values_at(x, shares)))
        return residuals(panel, targets), panel

    def settle(x: np.ndarray, shares: np.ndarray, rounds: int) -> tuple[np.ndarray, np.ndarray, Panel]:
        for _ in range(rounds):
            _, panel = look(x, shares)
            shares = shares * (real["share"] / panel.brands["share"]).to_numpy()
            shares = shares / shares.sum()
        error, panel = look(x, shares)
        return shares, error, panel

    tastes, error, panel = settle(point, tastes, 3)
    distance, damping = float(error @ error), _DAMPING
    history = [{"step": 0, "distance": distance} | values_at(point, tastes)]
    slopes: np.ndarray | None = None
    for step in range(1, steps + 1):
        if slopes is None:
            ahead = [look(point + _STEP * unit, tastes)[0] for unit in np.eye(point.size)]
            slopes = np.column_stack([(other - error) / _STEP for other in ahead])
        curvature = slopes.T @ slopes
        move = -np.linalg.solve(curvature + damping * np.diag(np.diag(curvature) + 1e-9), slopes.T @ error)
        there = point + np.clip(move, -_LONGEST, _LONGEST)
        shares, new_error, new_panel = settle(there, tastes, 2)
        new_distance = float(new_error @ new_error)
        history.append({"step": step, "distance": new_distance} | values_at(there, shares))
        if report is not None:
            report(step, new_distance, {path: history[-1][path] for path in paths})
        gain = distance - new_distance
        if gain > 0:
            point, tastes, error, panel, distance = there, shares, new_error, new_panel, new_distance
            slopes, damping = None, damping / 3
        else:
            damping *= 10
        if abs(gain) < _ENOUGH * distance:
            break
    # The tastes so far make up for the luck of these customers; shares alone can be had from a market so large that it has none.
    for _ in range(_POLISH):
        crowd = working.with_({**values_at(point, tastes), "customers": crowd_size})
        tastes = tastes * real["share"].to_numpy() / market_shares(crowd, _REPLICATES)
        tastes = tastes / tastes.sum()
    error, panel = look(point, tastes)
    values = values_at(point, tastes)
    shares = market_shares(working.with_({**values, "customers": crowd_size}))
    return Calibration(scenario.with_(values), values, panel, shares, float(error @ error), pd.DataFrame(history))


def residuals(panel: Panel, targets: Targets) -> np.ndarray:
    """Simulated less real, each in units of what it may be off: the moments of SLACK, then the brands."""
    real = targets.for_firms(panel.names)
    parts = []
    for moment, slack in SLACK.items():
        value = targets.value(moment)
        unit = np.nanmax([targets.error(moment), slack * abs(value)])
        parts.append((panel.moments[moment] - value) / unit)
    weight = np.sqrt(real["share"].to_numpy())
    for column in ("pen", "w"):
        error = panel.brands[column].to_numpy() / real[column].to_numpy() - 1.0
        parts += list(weight * np.nan_to_num(error, nan=-1.0) / BRAND_SLACK)
    return np.array(parts, dtype=np.float64)


def _get(scenario: Scenario, path: str) -> float:
    node: object = scenario
    for part in path.split("."):
        node = getattr(node, part)
    assert isinstance(node, float | int)
    return float(node)


def _forward(value: float, scale: str) -> float:
    return float(np.log(value) if scale == "log" else np.log(value / (1.0 - value)))


def _back(value: float, scale: str) -> float:
    return float(np.exp(value) if scale == "log" else 1.0 / (1.0 + np.exp(-value)))


def _rounded(shares: np.ndarray) -> np.ndarray:
    """Shares to four decimals that still sum to one; the largest takes the difference."""
    rounded = np.round(shares, 4)
    rounded[int(np.argmax(rounded))] += 1.0 - rounded.sum()
    return np.round(rounded, 4)
