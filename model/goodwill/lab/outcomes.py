"""The outcomes of one run for one firm, over the periods after the warm-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodwill.accounts.credits import GAINED, LOST
from goodwill.accounts.ledger import ACCOUNTS, PROGRAMME_ACCOUNTS, REVENUE_ACCOUNTS
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
    """
    scenario = record.scenario
    start, stop = (
        scenario.warm_up if start is None else start,
        record.periods if stop is None else min(stop, record.periods),
    )
    after = record.firms[(record.firms["period"] >= start) & (record.firms["period"] < stop)]
    mine = after[after["firm"] == record.names[firm]]
    years = (stop - start) / scenario.periods_per_year
    book = firm_accounts(record, firm, start, stop)
    revenue = sum(book[a] for a in REVENUE_ACCOUNTS)
    profit = sum(book[a] for a in ACCOUNTS)
    if scenario.kind == "contract":
        everyone = record.firms[(record.firms["firm"] == record.names[firm]) & (record.firms["period"] < stop)]
        before = everyone["subscribers"].shift(1)[everyone["period"] >= max(start, 1)].sum()
        retention = 1 - _ratio(mine[mine["period"] >= max(start, 1)]["left"].sum(), before)
    else:
        retention = _ratio(mine["retained"].sum(), mine["window_base"].sum())
    programmes = record.programmes[
        (record.programmes["firm"] == record.names[firm]) & (record.programmes["period"] < stop)
    ]
    total = programmes[[*GAINED, *LOST]].sum() if len(programmes) else None
    gained = 0.0 if total is None else float(total[list(GAINED)].sum())
    late = programmes[programmes["period"] >= start]
    purchases = mine["purchases"].sum()
    outcomes = {
        "retention": retention,
        "repeat_rate": _ratio(mine["repeats"].sum(), mine["repeat_base"].sum()),
        "share": _ratio(purchases, after["purchases"].sum()),
        "buyers": mine["buyers"].mean(),
        "purchases": purchases / years,
        "new_buyers": mine["new_buyers"].sum() / years,
        "satisfaction": _ratio((mine["satisfaction"] * mine["purchases"]).sum(), purchases)
        if scenario.behaviour.satisfaction.on
        else float("nan"),
        "revenue": revenue,
        "cost": revenue - profit,
        "programme_cost": -sum(book[a] for a in PROGRAMME_ACCOUNTS),
        "profit": profit,
        "members": float(mine["members"].iloc[-1]),
        "rewards": late["reward_value"].sum() / years if len(late) else 0.0,
        "redemption_rate": float("nan") if total is None else _ratio(float(total["redeemed"]), gained),
        "breakage": float("nan") if total is None else _ratio(float(total["expired"] + total["forfeited"]), gained),
        "liability": float(mine["liability"].iloc[-1]),
    }
    return {name: float(value) for name, value in outcomes.items()}


def firm_accounts(record: Record, firm: int, start: int | None = None, stop: int | None = None) -> dict[str, float]:
    """Currency per year by account, income positive, in the periods from `start` to before `stop` (see `firm_outcomes`)."""
    scenario = record.scenario
    start, stop = (
        scenario.warm_up if start is None else start,
        record.periods if stop is None else min(stop, record.periods),
    )
    years = (stop - start) / scenario.periods_per_year
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
