"""The complaint funnel: what became of the purchases that failed, and who left without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.errors import GoodwillError

if TYPE_CHECKING:
    from goodwill.record import Record

_COUNTS = (
    "purchases", "failures", "unhappy", "complaints", "resolved", "left_silent", "left_unanswered", "left_resolved",
)  # fmt: skip


def complaint_funnel(record: Record, since: int | None = None) -> pd.DataFrame:
    """One row per firm: purchases, failures, unhappy, complaints, resolved; left and stayed by what was done about it.

    unhappy: failures too large to shrug off; silent: unhappy and did not complain; unanswered: complained without redress.
    left_*: left the firm for good over a fault, by what became of their last failure; silent exits are `left_silent`.
    stayed_*: the rest of those cases, up to now. Shares: never_complain (of the unhappy), silent_exit (of the silent),
    exit_unanswered and exit_resolved likewise. A customer may fail to be pleased more than once, but leaves only once, so with many
    failures a customer the shares of leavers are lower bounds.

    Args:
        record: of a run with `behaviour.recovery.on`.
        since: first period that counts; the end of the warm-up if none is given.
    """
    if not record.scenario.behaviour.recovery.on:
        raise GoodwillError(
            "nothing can fail in this run; set behaviour.recovery.on: true to have failures and complaints"
        )
    first = record.scenario.warm_up if since is None else since
    table = record.firms[record.firms["period"] >= first]
    funnel = table.groupby("firm", sort=False)[list(_COUNTS)].sum()
    funnel["silent"] = funnel["unhappy"] - funnel["complaints"]
    funnel["unanswered"] = funnel["complaints"] - funnel["resolved"]
    for name in ("silent", "unanswered", "resolved"):
        funnel[f"stayed_{name}"] = funnel[name] - funnel[f"left_{name}"]
    with np.errstate(invalid="ignore", divide="ignore"):
        funnel["never_complain"] = funnel["silent"] / funnel["unhappy"]
        funnel["silent_exit"] = funnel["left_silent"] / funnel["silent"]
        funnel["exit_unanswered"] = funnel["left_unanswered"] / funnel["unanswered"]
        funnel["exit_resolved"] = funnel["left_resolved"] / funnel["resolved"]
    return funnel.reset_index()
