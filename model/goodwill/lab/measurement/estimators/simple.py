"""What stands in most presentations: members against the others, members now against members then."""

from __future__ import annotations

from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate, mean_error, method, welch


@method("naive")
def members_against_others(data: Data) -> Estimate:
    """Members less non-members, in the follow-up

    Heavy buyers enrol, and whoever buys meets the offer, so this holds what members would have bought anyway.
    """
    d = data.where(data.offered)
    return welch(d.after[d.member], d.after[~d.member])


@method("before_after")
def before_and_after(data: Data) -> Estimate:
    """Members in the follow-up less the same members before the launch

    One joins when buying goes well, so members were caught above or below their own average (regression to the mean); whatever else
    changes in the market counts as effect.
    """
    d = data.where(data.offered & data.member)
    change = d.after - d.before
    return Estimate.normal(change.mean() if change.size else float("nan"), mean_error(change))
