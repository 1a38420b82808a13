"""Stages of relationships: how many customers are in each, who moves on, and what it takes to win one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.engine.state import ADVOCATE, FIRST_BUYER, LAPSED, LOST, POTENTIAL, STAGES
from goodwill.errors import GoodwillError

if TYPE_CHECKING:
    from goodwill.record import Record

_WINNING = range(ADVOCATE + 1)  # the stages in the order in which a firm wishes them


def _transitions(record: Record) -> np.ndarray:
    """[T, J, stage before, stage after]. Raises `GoodwillError` when stages are off."""
    if not record.scenario.behaviour.stages.on:
        raise GoodwillError("stages of relationships are off; switch them on with behaviour.stages.on: true")
    return record.simulation.totals.stages[: record.periods]


def stage_table(record: Record) -> pd.DataFrame:
    """Period x firm x stage before x stage after, where anybody was: customers (who stayed in a stage are there too)."""
    moves = _transitions(record)
    period, firm, before, after = np.nonzero(moves)
    return pd.DataFrame(
        {
            "period": period,
            "firm": np.array(record.names, object)[firm],
            "before": np.array(STAGES, object)[before],
            "after": np.array(STAGES, object)[after],
            "customers": moves[period, firm, before, after],
        }
    )


def funnel(record: Record, since: int | None = None) -> pd.DataFrame:
    """Firm x stage: how many are there at the end, how many came and went since period `since` (the end of the warm-up).

    customers: at the end of the run; reached: those there at the start, and all who entered since or arrived; advanced: moves from
    it to a stage further up (a regained customer advances by buying again); fell: moves from it to lapsed or lost; conversion:
    advanced / reached. Who comes to a stage twice is counted twice.
    """
    moves = _transitions(record)
    since = record.scenario.warm_up if since is None else since
    span = moves[since:].sum(axis=0)
    start = moves[since].sum(axis=2) if since < len(moves) else np.zeros(span.shape[:2], np.int64)
    start[:, POTENTIAL] += int(
        record.market["arrived"].to_numpy()[since + 1 :].sum()
    )  # newcomers know no firm when they come
    rows = []
    for j, name in enumerate(record.names):
        for x, stage in enumerate(STAGES):
            entered = span[j, :, x].sum() - span[j, x, x]
            reached = start[j, x] + entered
            if x in _WINNING:
                advanced = span[j, x, x + 1 : ADVOCATE + 1].sum()
            else:
                advanced = span[j, x, FIRST_BUYER : ADVOCATE + 1].sum() + (span[j, x, -1] if x in (LAPSED, LOST) else 0)
            rows.append(
                {
                    "firm": name,
                    "stage": stage,
                    "customers": int(moves[-1, j, :, x].sum()) if len(moves) else 0,
                    "reached": int(reached),
                    "advanced": int(advanced),
                    "fell": int(span[j, x, [LAPSED, LOST]].sum() - (span[j, x, x] if x in (LAPSED, LOST) else 0)),
                    "conversion": advanced / reached if reached else np.nan,
                }
            )
    return pd.DataFrame(rows)


def contacts(record: Record) -> pd.DataFrame:
    """By firm, over the whole run: what reached those who had not bought yet (advertising heard, messages of ties).

    made: all such contacts; won: first buyers; to_win: mean contacts of a first buyer before his first purchase; median: the
    same, of those still in the arrays; wasted: share of all contacts spent on people who never bought; a_customer: made / won.
    """
    _transitions(record)
    c = record.simulation.population.customers
    rows = []
    for j, name in enumerate(record.names):
        table = record.firms[record.firms["firm"] == name]
        made, won, spent = (int(table[column].sum()) for column in ("contacts", "new_buyers", "contacts_won"))
        bought = c.visits[j] > 0
        rows.append(
            {
                "firm": name,
                "made": made,
                "won": won,
                "to_win": spent / won if won else np.nan,
                "median": float(np.median(c.contacts[j][bought])) if bought.any() else np.nan,
                "wasted": 1 - spent / made if made else np.nan,
                "a_customer": made / won if won else np.nan,
            }
        )
    return pd.DataFrame(rows)


def yield_of_contacts(record: Record, firm: int | str, most: int = 30) -> pd.DataFrame:
    """Number of contacts x: of the firm's customers and prospects who were reached at least so often before buying, how many bought
    after exactly so many: reached, won, rate. From the state at the end of the run; the last row holds `most` and more.
    """
    _transitions(record)
    c, j = record.simulation.population.customers, record.scenario.firm_index(firm)
    had = np.minimum(c.contacts[j].astype(np.int64), most)
    bought = c.visits[j] > 0
    number = np.arange(most + 1)
    reached = np.array([(had >= x).sum() for x in number])
    won = np.array([(bought & (had == x)).sum() for x in number])
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(reached > 0, won / reached, np.nan)
    return pd.DataFrame({"contacts": number, "reached": reached, "won": won, "rate": rate})
