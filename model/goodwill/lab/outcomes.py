"""The outcomes of one run for one firm, over the periods after the warm-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.accounts.credits import GAINED, LOST, outstanding
from goodwill.accounts.ledger import ACCOUNTS, PROGRAMME_ACCOUNTS, REVENUE_ACCOUNTS
from goodwill.engine.state import (
    FIRM_TOTALS,
    LEFT_COMPETITIVE,
    LEFT_FAULT,
    LEFT_MALICIOUS,
    LEFT_NATURAL,
    PROGRAMME_TOTALS,
    PURCHASES,
    SUBSCRIBERS,
)
from goodwill.record import Record

# name: (label, unit, what it is). Units: share, money (currency per year), money at the end, count, points, per buyer.
OUTCOMES: dict[str, tuple[str, str, str]] = {
    "retention": ("Retention", "share", "buyers of one measuring window who buy again in the next (contract: per period, 1 - churn)"),
    "repeat_rate": ("Repeat rate", "share", "next purchases in the category that are at the firm again"),
    "share": ("Market share", "share", "share of all purchases"),
    "buyers": ("Buyers a period", "count", "customers who buy in an average period"),
    "purchases": ("Purchases a year", "count", "purchases from the firm"),
    "new_buyers": ("New buyers a year", "count", "customers who buy from the firm for the first time"),
    "satisfaction": ("Satisfaction", "points", "mean cumulative satisfaction at purchases"),
    "revenue": ("Revenue", "money", "sales after discounts, and membership fees"),
    "cost": ("All costs", "money", "everything spent, goods and programmes included"),
    "programme_cost": ("Programme cost", "money", "what programmes, service investment and price cuts cost, less membership fees"),
    "profit": ("Profit", "money", "revenue less all costs, provisions included"),
    "members": ("Members at the end", "count", "memberships of the firm's programmes"),
    "rewards": ("Rewards redeemed", "money", "worth of redeemed rewards to customers"),
    "redemption_rate": ("Redemption rate", "share", "credits redeemed among those earned since the programme began"),
    "breakage": ("Breakage so far", "share", "credits expired or forfeited among those earned since the programme began"),
    "liability": ("Liability at the end", "balance", "cost of all credits outstanding, were they redeemed"),
}  # fmt: skip

SUMMED = tuple(name for name, (_, unit, _) in OUTCOMES.items() if unit in ("money", "count", "balance"))
"""The outcomes that make sense as a sum over firms."""


@dataclass(frozen=True)
class FirmResult:
    """Outcomes of one firm in one run, and what comparing customer by customer needs.

    outcomes: by name of `OUTCOMES`. costs: currency per year by account (income positive). visits: purchases of each customer from the
    firm after the warm-up, [N]. benefits: what each customer got from its programmes, in currency, [N] (`None`: everybody who buys
    benefits in proportion to his purchases).
    """

    outcomes: dict[str, float]
    accounts: dict[str, float]
    visits: np.ndarray
    benefits: np.ndarray | None


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")


def firm_outcomes(record: Record, firm: int, start: int | None = None, stop: int | None = None) -> dict[str, float]:
    """The outcomes of a firm by name of `OUTCOMES`, in the periods from `start` (default: end of the warm-up) to before `stop`
    (default: the last). Members and liability are those at the end of that time, redemption and breakage those since the beginning.

    Reckoned from the totals, because making the record's tables takes longer than a small run (`tests/lab/test_outcomes.py` sees that
    both say the same).
    """
    scenario, totals = record.scenario, record.simulation.totals
    start, stop = _span(record, start, stop)
    years = (stop - start) / scenario.periods_per_year
    everybody = totals.firms[start:stop]
    mine = {name: everybody[:, firm, column] for column, name in enumerate(FIRM_TOTALS)}
    book = firm_accounts(record, firm, start, stop)
    revenue = sum(book[a] for a in REVENUE_ACCOUNTS)
    profit = sum(book[a] for a in ACCOUNTS)
    purchases = mine["purchases"]
    bought = purchases.sum()
    cards = [
        (totals.programmes[:stop, q], terms)
        for q, (j, _, _, terms) in enumerate(record.simulation.plan.programmes)
        if j == firm
    ]
    credits = {name: sum(float(_column(part, name).sum()) for part, _ in cards) for name in (*GAINED, *LOST)}
    gained = sum(credits[name] for name in GAINED)
    outcomes = {
        "retention": _contract_retention(totals.firms[:stop, firm], start)
        if scenario.kind == "contract"
        else _ratio(mine["retained"].sum(), mine["window_base"].sum()),
        "repeat_rate": _ratio(mine["repeats"].sum(), mine["repeat_base"].sum()),
        "share": _ratio(bought, everybody[:, :, PURCHASES].sum()),
        "buyers": mine["buyers"].mean() if len(everybody) else float("nan"),
        "purchases": bought / years,
        "new_buyers": mine["new_buyers"].sum() / years,
        "satisfaction": _ratio(_satisfaction_points(mine["satisfaction"], purchases), bought)
        if scenario.behaviour.satisfaction.on
        else float("nan"),
        "revenue": revenue,
        "cost": revenue - profit,
        "programme_cost": -sum(book[a] for a in PROGRAMME_ACCOUNTS),
        "profit": profit,
        "members": sum(float((_column(part, "joined") - _column(part, "left")).sum()) for part, _ in cards),
        "rewards": np.concatenate([_column(part, "reward_value")[start:] / 100 for part, _ in cards]).sum() / years
        if cards
        else 0.0,
        "redemption_rate": _ratio(credits["redeemed"], gained) if cards else float("nan"),
        "breakage": _ratio(credits["expired"] + credits["forfeited"], gained) if cards else float("nan"),
        "liability": sum(float(outstanding(part)[-1]) * terms.cost_per_credit / 100 for part, terms in cards),
    }
    return {name: float(value) for name, value in outcomes.items()}


def _span(record: Record, start: int | None, stop: int | None) -> tuple[int, int]:
    """First period that counts, and the one before which it ends."""
    first = record.scenario.warm_up if start is None else start
    return first, record.periods if stop is None else min(stop, record.periods)


def _column(part: np.ndarray, name: str) -> np.ndarray:
    """One of the totals of a programme [T, ...]."""
    column: np.ndarray = part[:, PROGRAMME_TOTALS.index(name)]
    return column


def _contract_retention(totals: np.ndarray, start: int) -> float:
    """One less the share of each period's subscribers who had left at the end of the next."""
    first = max(start, 1)
    left = sum(
        int(totals[first:, column].sum()) for column in (LEFT_NATURAL, LEFT_MALICIOUS, LEFT_COMPETITIVE, LEFT_FAULT)
    )
    return 1 - _ratio(left, float(totals[first - 1 : -1, SUBSCRIBERS].sum()))


def _satisfaction_points(thousandths: np.ndarray, purchases: np.ndarray) -> float:
    """Sum over purchases, from the periods' means as the record tells them."""
    some = np.maximum(purchases, 1)
    return float((thousandths / 1000 / some * purchases).sum())


def firm_accounts(record: Record, firm: int, start: int | None = None, stop: int | None = None) -> dict[str, float]:
    """Currency per year by account, income positive, in the periods from `start` to before `stop` (see `firm_outcomes`)."""
    start, stop = _span(record, start, stop)
    years = (stop - start) / record.scenario.periods_per_year
    return {name: amounts[start:stop, firm].sum() / 100 / years for name, amounts in record.book.items()}


def firm_result(record: Record, firm: int, visits_before: np.ndarray) -> FirmResult:
    """Outcomes of a finished run; `visits_before` [N] are the firm's visits at the end of the warm-up."""
    visits = record.simulation.population.customers.visits[firm].astype(np.int64) - visits_before
    return FirmResult(firm_outcomes(record, firm), firm_accounts(record, firm), visits, _benefits(record, firm, visits))


def _benefits(record: Record, firm: int, visits: np.ndarray) -> np.ndarray | None:
    """Worth of what each customer got from the firm's programmes for members, in currency; None without such programmes."""
    plan, members = record.simulation.plan, record.simulation.population.members
    worth = np.zeros(record.scenario.customers)
    found = False
    for q, (j, _, _, terms) in enumerate(plan.programmes):
        if j == firm:
            found = True
            worth += members.worth[q] / 100
            worth += (members.joined[q] >= 0) * visits * terms.discount * plan.usual_price[firm] / 100
    return worth if found else None


def anyway_share(result: FirmResult, baseline: FirmResult) -> float:
    """Share of what was given that went to purchases which would have been made without it.

    Customer by customer in paired worlds: of the purchases of customer i, min(with, without) / with would have been
    made anyway, and that share
    of his benefits was given for nothing. NaN when nothing was given.
    """
    given = result.visits.astype(float) if result.benefits is None else result.benefits
    bought = np.maximum(result.visits, 1)
    anyway = np.minimum(result.visits, baseline.visits) / bought
    return _ratio(float((given * anyway).sum()), float(given.sum()))
