"""What chance decided: a group kept out of the programme, and a way to the desk that nobody chose for the sake of buying."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, method, welch


@method("offer", estimand="ate")
def offered_against_held_out(data: Data) -> Estimate:
    """All who could join less the hold-out group: what the offer does to everybody who gets it, members or not"""
    return welch(data.after[data.offered], data.after[~data.offered])


@method("holdout")
def hold_out(data: Data) -> Estimate:
    """The same, for each member it made: the difference divided by the difference in membership

    Bloom (1984): right if the offer does nothing to those who do not join, and customers do not influence each other. Where those kept
    out can join too (`holdout_visibility`), it is the effect on those whom the offer made join (Imbens & Angrist 1994).
    """
    return two_stage(data.after, data.member, data.offered, [])


@method("holdout_adjusted")
def hold_out_adjusted(data: Data) -> Estimate:
    """The same, with what everybody bought before the launch held constant, which makes it more precise

    Deng, Xu, Kohavi & Walker (2013), CUPED.
    """
    return two_stage(data.after, data.member, data.offered, [data.before])


@method("instrument")
def instrument(data: Data) -> Estimate:
    """Membership as the distance to the desk decides it, purchases before the launch held constant (two-stage least squares)

    It is the effect on those whom some steps more or less make join or not (the local effect), which need not be that on all members.
    `first_stage` is the robust F of the first stage; below about 10 the instrument is weak and the interval not to be trusted
    (Staiger & Stock 1997).
    """
    d = data.where(data.offered)
    return two_stage(d.after, d.member, d.distance, [d.before])


def two_stage(y: np.ndarray, treated: np.ndarray, z: np.ndarray, controls: Sequence[np.ndarray]) -> Estimate:
    """Effect of `treated` on y with z as its instrument, controls held constant: all are freed of constant and controls, then
    ``cov(z, y) / cov(z, treated)``, with the robust error of Eicker, Huber & White. Arrays [N].
    """
    x = np.column_stack([np.ones(y.size), *controls])
    instrument, outcome, treatment = (
        v - x @ np.linalg.lstsq(x, v, rcond=None)[0] for v in (z.astype(float), y, treated.astype(float))
    )
    square, first, freedom = instrument @ instrument, instrument @ treatment, y.size - x.shape[1] - 1
    if freedom < 1 or square < 1e-12 or abs(first) < 1e-12:
        return Estimate.normal(float("nan"), float("nan"), first_stage=0.0)
    value = (instrument @ outcome) / first
    scale = y.size / freedom
    error = np.sqrt(scale * ((instrument * (outcome - value * treatment)) ** 2).sum()) / abs(first)
    slope = first / square
    slope_error = np.sqrt(scale * ((instrument * (treatment - slope * instrument)) ** 2).sum()) / square
    strength = float((slope / slope_error) ** 2) if slope_error > 0 else float("inf")
    return Estimate.normal(value, float(error), first_stage=strength)
