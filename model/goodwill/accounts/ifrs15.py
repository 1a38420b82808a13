"""Credits under IFRS 15: part of the price is deferred when they are earned and becomes revenue as they are redeemed.

A credit is a material right (IFRS 15, B39 to B43): the price of a sale is shared out between goods and credits by relative
stand-alone prices, that of a credit being its worth times the chance that it is redeemed. What was deferred is released in
proportion to redemption, over the credits expected to be redeemed at all; that expectation is looked at again every period and
changes are caught up at once (Illustrative Example 52). So breakage becomes revenue as others redeem (B46). When a third party hands
the reward over and the firm is its agent (B34 to B38), only what the firm keeps after paying that party is its revenue.

This is another view of the same run: the ledger keeps its incremental-cost method (see `goodwill.accounts.ledger`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from goodwill.engine.levers import Plan
from goodwill.engine.state import (
    EARNED,
    EXPIRED,
    FORFEITED,
    GRANTED,
    MEMBER_SALES,
    PARTNER_EARNED,
    REDEEMED_CREDITS,
    Totals,
)
from goodwill.programmes.terms import Terms

Rewards = Literal["own", "third party, as principal", "third party, as agent"]

EXPECTED_REDEMPTION = 0.8
"""Share of credits expected to be redeemed before there is any experience (an assumption)."""

COLUMNS = (
    "period", "firm", "programme", "deferred", "released", "paid_to_third_party", "contract_liability",
    "expected_redemption", "breakage",
)  # fmt: skip


def price_of_credits(price: ArrayLike, goods: ArrayLike, credits: ArrayLike) -> np.ndarray:
    """Part of a price that is paid for credits: ``price * credits / (goods + credits)`` by stand-alone prices (74 to 77)."""
    paid, other, own = (np.asarray(x, dtype=np.float64) for x in (price, goods, credits))
    whole = other + own
    return np.where(whole > 0, paid * own / np.where(whole > 0, whole, 1.0), 0.0)


def released_so_far(deferred: ArrayLike, redeemed: ArrayLike, expected: ArrayLike) -> np.ndarray:
    """Revenue from credits so far: ``deferred * redeemed / expected``, all three counted since the start.

    expected: credits that will have been redeemed in the end, of all issued so far, by today's estimate. With nothing left to expect
    everything is released. The contract liability is what remains of `deferred`.
    """
    all_deferred, used, end = (np.asarray(x, dtype=np.float64) for x in (deferred, redeemed, expected))
    return all_deferred * np.where(end > 0, np.minimum(used / np.where(end > 0, end, 1.0), 1.0), 1.0)


def expected_of_outstanding(redeemed: ArrayLike, lapsed: ArrayLike, prior: float, weight: float) -> np.ndarray:
    """Share of outstanding credits that will be redeemed: ``(weight * prior + redeemed) / (weight + redeemed + lapsed)``.

    A first estimate and the experience with credits whose end is known, weighted by number; weight in credits. The
    standard asks for an estimate and leaves its form open: this one is an assumption.
    """
    used, gone = np.asarray(redeemed, dtype=np.float64), np.asarray(lapsed, dtype=np.float64)
    known = weight + used + gone
    return np.where(known > 0, (weight * prior + used) / np.where(known > 0, known, 1.0), prior)


def revenue_of(released: ArrayLike, paid: ArrayLike, rewards: Rewards) -> np.ndarray:
    """Revenue from credits: gross for own rewards and as principal, less what the third party gets when the firm is its agent."""
    gross = np.asarray(released, dtype=np.float64)
    return gross - np.asarray(paid, dtype=np.float64) if rewards == "third party, as agent" else gross


class Pool(NamedTuple):
    """The credits of one programme, by period: issued; redeemed and lapsed so far; the estimates that follow from them."""

    issued: np.ndarray
    redeemed: np.ndarray
    lapsed: np.ndarray
    in_the_end: np.ndarray  # credits that will have been redeemed, of all issued so far
    worth: np.ndarray  # stand-alone price of the credits issued in the period, currency


def pool_of(totals: Totals, row: int, terms: Terms, periods: int, periods_per_year: int, expected: float) -> Pool:
    """The pool of the programme in this row of the totals; a first year's credits weigh as much as the first estimate."""
    part = totals.programmes[:periods, row].astype(np.float64)
    own = part[:, EARNED] + part[:, GRANTED]
    issued = own + part[:, PARTNER_EARNED]  # what partners issue they pay for; no sale of the firm has to carry it
    redeemed = np.cumsum(part[:, REDEEMED_CREDITS])
    lapsed = np.cumsum(part[:, EXPIRED] + part[:, FORFEITED])
    weight = float(issued[np.cumsum(issued) > 0][:periods_per_year].sum())
    share = expected_of_outstanding(redeemed, lapsed, expected, weight)
    outstanding = np.maximum(np.cumsum(issued) - redeemed - lapsed, 0.0)
    outstanding[np.arange(periods) >= terms.stop] = 0.0  # a programme that has ended owes nothing
    return Pool(issued, redeemed, lapsed, redeemed + share * outstanding, own * share * credit_worth(terms))


def credit_worth(terms: Terms) -> float:
    """What one credit is worth to a customer who redeems it, currency."""
    return terms.credit_worth / 100


def ifrs15_table(
    plan: Plan,
    totals: Totals,
    names: Sequence[str],
    periods: int,
    *,
    periods_per_year: int,
    expected: float = EXPECTED_REDEMPTION,
    rewards: Rewards = "own",
) -> pd.DataFrame:
    """Period x programme with credits, in currency.

    deferred: part of members' sales allocated to the credits of the period. released: revenue from credits (net, for an
    agent). paid_to_third_party: for rewards that another party provides. contract_liability: at the end of the period.
    expected_redemption: share of all credits issued that is expected to be redeemed in the end; breakage: the rest, in credits.
    """
    pools = {
        row: pool_of(totals, row, terms, periods, periods_per_year, expected)
        for row, (_, _, _, terms) in enumerate(plan.programmes)
        if terms.holds and terms.load == 0  # stored value is a debt in money, in the ledger
    }
    frames = []
    for row, pool in pools.items():
        firm, position, kind, terms = plan.programmes[row]
        sales = totals.firms[:periods, firm, MEMBER_SALES] / 100
        beside = sum((other.worth for r, other in pools.items() if r != row and plan.programmes[r][0] == firm), 0.0)
        deferred = price_of_credits(sales, sales + beside, pool.worth)
        released = released_so_far(np.cumsum(deferred), pool.redeemed, pool.in_the_end)
        used = np.diff(pool.redeemed, prepend=0.0)
        paid = used * (terms.cost_per_credit / 100) if rewards != "own" else np.zeros(periods)
        issued = np.cumsum(pool.issued)
        table = pd.DataFrame(
            {
                "period": np.arange(periods),
                "firm": names[firm],
                "programme": kind if position == 0 else f"{kind} {position + 1}",
                "deferred": deferred,
                "released": revenue_of(np.diff(released, prepend=0.0), paid, rewards),
                "paid_to_third_party": paid,
                "contract_liability": np.cumsum(deferred) - released,
                "expected_redemption": np.where(issued > 0, pool.in_the_end / np.maximum(issued, 1.0), expected),
                "breakage": issued - pool.in_the_end,
            }
        )
        frames.append(table)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))
