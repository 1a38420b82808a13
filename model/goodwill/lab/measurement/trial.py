"""One trial: a data set with its truth, and what each estimator says of it, and of the placebo."""

from __future__ import annotations

from typing import Any

from goodwill.errors import StudyError
from goodwill.lab.jobs.job import RUNS, Tables
from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, Method

REAL, PLACEBO = "real", "placebo"
NOTES = ("trend_p", "first_stage", "matched")  # diagnostics that have a column of their own


def try_estimators(content: dict[str, Any]) -> Tables:
    """Job: simulate a design in one replication and let every method estimate.

    `truths` has a row for each outcome; `estimates` one for each outcome, data (real or placebo) and estimator.
    """
    design, methods, outcomes = content["design"], content["methods"], content["outcomes"]
    samples = design.run(outcomes, content["replicate"])
    truths: dict[str, list[Any]] = {name: [] for name in ("outcome", "att", "ate", "spillover", "without")}
    estimates: dict[str, list[Any]] = {
        name: [] for name in ("outcome", "data", "estimator", "value", "low", "high", *NOTES)
    }
    for outcome, sample in samples.items():
        truth, windows = sample.truth, sample.data.windows
        placebo = sample.placebo
        own = placebo.yearly(windows.follow, windows.end)[truth.member]
        values = (outcome, truth.att, truth.ate, truth.spillover, float(own.mean()) if own.size else float("nan"))
        for column, value in zip(truths.values(), values, strict=True):
            column.append(value)
        for kind, data in ((REAL, sample.data), (PLACEBO, placebo)):
            for name, method in methods.items():
                found = estimated(method, data)
                notes = [float(found.notes.get(note, float("nan"))) for note in NOTES]
                row = (outcome, kind, name, float(found.value), float(found.low), float(found.high), *notes)
                for column, value in zip(estimates.values(), row, strict=True):
                    column.append(value)
    data = next(iter(samples.values())).data
    offered = data.offered.mean()
    run = {"customers": data.customer.size, "members": float(data.member.mean()), "offered": float(offered)}
    return {RUNS: run, "truths": truths, "estimates": estimates}


def estimated(method: Method, data: Data) -> Estimate:
    """What a method says. Raises `StudyError` naming it when it fails or returns something else than an `Estimate`."""
    try:
        found = method.estimate(data)
    except Exception as error:
        raise StudyError(f"estimator {method.name!r} failed: {type(error).__name__}: {error}") from error
    if not isinstance(found, Estimate):
        raise StudyError(
            f"estimator {method.name!r} returned {type(found).__name__}; return Estimate(value, low, high)"
        )
    return found
