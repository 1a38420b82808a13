"""Averages over the points of a study, whose luck is shared."""

from __future__ import annotations

import pandas as pd


def world_averages(values: pd.DataFrame) -> pd.DataFrame:
    """The average over points as one row for each world, on which all statistics of replications can be done.

    values: index (point, replicate), one column an arm (or any other series); rows that lack a number are left out.

    The same replicate has the same luck in every point, so runs are not independent; replicates are (they are clusters).
    Where all points have the same replicates, a row is the mean over points in that replicate. Where they have not
    (stopping at a wanted precision, an unfinished study), every point weighs the same, and a row is mean + n * influence
    of the replicate on it (the infinitesimal jackknife of Efron 1982): rows have the right mean and covariance.

    With a single replicate the rows are the points: then the spread is that between points, and luck is not in it.
    """
    whole = values.dropna()
    point = whole.index.get_level_values("point")
    replicate = whole.index.get_level_values("replicate")
    if replicate.nunique() < 2:
        return whole.groupby(point).mean()
    means = whole.groupby(point).mean()
    sizes = whole.groupby(point).size()
    weight = 1 / (sizes.loc[point].to_numpy() * len(means))
    influence = (whole - means.loc[point].to_numpy()) * weight[:, None]
    by_world = influence.groupby(replicate).sum()
    return by_world * len(by_world) + means.mean().to_numpy()[None, :]


def unit_of(values: pd.DataFrame) -> str:
    """What `world_averages` has as its rows: "world" or "point"."""
    return "point" if values.dropna().index.get_level_values("replicate").nunique() < 2 else "world"
