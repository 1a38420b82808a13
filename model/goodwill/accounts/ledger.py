"""The ledger: every amount a firm takes or spends, by period and account, posted once.

Amounts are whole cents; income is positive, cost negative, so that the sum over accounts is the profit. Rewards are booked by the
incremental-cost method: a provision is built when credits are earned and released when they are redeemed (the reward's cost is then
posted), expire or are forfeited. No breakage is assumed in the provision; it shows as a release.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.accounts.credits import cost_per_credit
from goodwill.engine.levers import Plan
from goodwill.engine.state import (
    DISCOUNT,
    EARNED,
    EXPIRED,
    FEES,
    FORFEITED,
    GRANTED,
    JOINED,
    LEFT,
    PROGRAMME_PURCHASES,
    PURCHASES,
    QUANTITY,
    REDEEMED_CREDITS,
    REWARDS,
    SALES,
    Totals,
)

# Accounts in the order of a statement, with what each holds.
ACCOUNTS = {
    "sales at usual prices": "quantity sold times the usual price",
    "price reductions": "what was charged above (+) or below (-) the usual price",
    "member discounts": "discounts to members",
    "membership fees": "fees of paid memberships",
    "cost of goods": "quantity sold times the unit cost",
    "rewards": "cost of rewards redeemed",
    "provision for credits": "rise (-) or fall (+) of the liability for credits outstanding",
    "programme, fixed": "running the programmes",
    "programme, members": "costs by member and by member's purchase",
    "service": "service investments",
    "fixed costs": "being in business",
}
# What a programme costs its firm, net of the fees it brings in.
PROGRAMME_ACCOUNTS = (
    "price reductions", "member discounts", "membership fees", "rewards", "provision for credits", "programme, fixed",
    "programme, members", "service",
)  # fmt: skip
REVENUE_ACCOUNTS = ("sales at usual prices", "price reductions", "member discounts", "membership fees")


def post(plan: Plan, totals: Totals, periods: int) -> dict[str, np.ndarray]:
    """All postings as arrays [periods, firms] of int64 cents, one for each of `ACCOUNTS`."""
    firm = totals.firms[:periods]
    shape = firm.shape[:2]
    book = {name: np.zeros(shape, np.int64) for name in ACCOUNTS}

    def cents(amount: np.ndarray) -> np.ndarray:
        return np.rint(amount).astype(np.int64)

    discount = np.zeros(shape, np.int64)
    for q, (j, _, _, terms) in enumerate(plan.programmes):
        part = totals.programmes[:periods, q]
        t = np.arange(periods)
        running = (t >= terms.start) & (t < terms.stop)
        members = np.cumsum(part[:, JOINED] - part[:, LEFT])
        gained = part[:, EARNED] + part[:, GRANTED]
        lost = part[:, REDEEMED_CREDITS] + part[:, EXPIRED] + part[:, FORFEITED]
        liability = cents(np.cumsum(gained - lost) * cost_per_credit(terms.threshold, terms.reward_cost))
        discount[:, j] += part[:, DISCOUNT]
        book["membership fees"][:, j] += part[:, FEES]
        book["rewards"][:, j] -= cents(part[:, REWARDS] * terms.reward_cost)
        book["provision for credits"][:, j] -= np.diff(liability, prepend=0)
        book["programme, fixed"][:, j] -= cents(running * terms.fixed_cost)
        book["programme, members"][:, j] -= cents(
            running * members * terms.member_cost + part[:, PROGRAMME_PURCHASES] * terms.benefit_cost
        )
    usual = cents(firm[:, :, QUANTITY] * plan.usual_price / 1000)
    book["sales at usual prices"] += usual
    book["price reductions"] += firm[:, :, SALES] + discount - usual
    book["member discounts"] -= discount
    book["cost of goods"] -= cents(firm[:, :, QUANTITY] * plan.unit_cost / 1000)
    service = firm[:, :, PURCHASES] * plan.lever_purchase_cost[:periods] + plan.lever_fixed_cost[:periods]
    book["service"] -= cents(service)
    book["fixed costs"] -= cents(plan.firm_cost[:periods])
    return book


def ledger_table(book: dict[str, np.ndarray], names: list[str]) -> pd.DataFrame:
    """Tidy table of all postings that are not zero: period, firm, account, amount in currency."""
    frames = []
    for account, amounts in book.items():
        period, firm = np.nonzero(amounts)
        frames.append(
            pd.DataFrame(
                {
                    "period": period,
                    "firm": np.array(names, object)[firm],
                    "account": account,
                    "amount": amounts[period, firm] / 100,
                }
            )
        )
    return pd.concat(frames, ignore_index=True).sort_values(["period", "firm"], kind="stable", ignore_index=True)
