"""The ledger: every amount a firm takes or spends, by period and account, posted once.

Amounts are whole cents; income is positive, cost negative, so that the sum over accounts is the profit. Rewards are booked by the
incremental-cost method: a provision is built when credits are earned and released when they are redeemed (the reward's cost is then
posted), expire or are forfeited. No breakage is assumed in the provision; it shows as a release. Stored value is a debt to the
customer from the day it is paid in: what he pays in and what he uses of it are posted against the same provision, so that income is
what is sold, and what is never used.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.accounts.credits import outstanding
from goodwill.accounts.encounter import ENCOUNTER_ACCOUNTS, encounter_amounts
from goodwill.engine.levers import Plan
from goodwill.engine.state import (
    DISCOUNT,
    EXIT_FEES,
    FEES,
    FIRM_TOTALS,
    GIFTS,
    JOINED,
    LEFT,
    LINE_SALES,
    LINES,
    LOADED,
    OFFER_DISCOUNT,
    PAID_WITH_CREDITS,
    PARTNER_EARNED,
    PARTNER_REDEEMED,
    PROGRAMME_PURCHASES,
    PURCHASES,
    QUANTITY,
    REFERRAL_REWARDS,
    REWARD_COST,
    SALES,
    SERVICE_COST,
    Totals,
)

# Accounts in the order of a statement, with what each holds.
ACCOUNTS = {
    "sales at usual prices": "quantity sold times the usual price",
    "price reductions": "what was charged above (+) or below (-) the usual price",
    "member discounts": "discounts to members",
    "paid with credits": "the part of prices that was paid with points",
    "membership fees": "fees of paid memberships",
    "exit fees": "fees of those who left before the end of their term",
    "stored value paid in": "money paid in on stored-value cards",
    "stored value used": "sales that were paid from them, and so were paid before",
    "extra lines": "sales of extra lines bought along",
    "cost of goods": "quantity sold times the unit cost",
    "cost of extra lines": "extra lines sold times their cost",
    "cost to serve": "serving purchases, by what the customer asks for and how long he is known",
    "suggestions": "suggestions and packages offered with purchases",
    "rewards": "cost of rewards redeemed",
    "provision for credits": "rise (-) or fall (+) of the liability for credits outstanding",
    "partner settlement": "credits issued by partners, less those redeemed there",
    "partner fees": "what co-branding partners pay for members",
    "programme, fixed": "running the programmes",
    "programme, members": "costs by member and by member's purchase",
    "service": "service investments",
    **ENCOUNTER_ACCOUNTS,
    "workforce": "pay, training, climate and recruiting of employees",
    "marketing budget": "upkeep of service, advertising and promotion as budgeted",
    "market research": "surveys, mystery shoppers, calls to lost customers, panels",
    "advertising": "advertising and posts",
    "contact": "keeping in contact with customers",
    "database": "files of customers, and treatment that follows them",
    "offers sent": "samples, early warnings, win-back offers and repairs",
    "offers redeemed": "money off by coupons",
    "gifts": "gifts to members",
    "referral rewards": "rewards to members who brought newcomers",
    "fixed costs": "being in business",
}
# What a programme costs its firm, net of the fees it brings in.
PROGRAMME_ACCOUNTS = (
    "price reductions", "member discounts", "paid with credits", "membership fees", "exit fees", "stored value paid in",
    "stored value used", "rewards", "provision for credits", "partner settlement", "partner fees", "programme, fixed",
    "programme, members", "service", "advertising", "contact", "database", "offers sent", "offers redeemed", "gifts",
    "referral rewards",
)  # fmt: skip
# What is sold to customers, and what they pay besides.
SALES_ACCOUNTS = (
    "sales at usual prices",
    "price reductions",
    "member discounts",
    "offers redeemed",
    "paid with credits",
)
REVENUE_ACCOUNTS = (*SALES_ACCOUNTS, "membership fees", "exit fees", "extra lines")
# Where what outreach costs by the piece is booked, by the column of the firms' totals that counts it.
OUTREACH_ACCOUNTS = {
    "contacted": "contact", "on_file": "database", "personalised": "database", "samples": "offers sent",
    "warnings": "offers sent", "win_back_offers": "offers sent", "repairs": "offers sent",
}  # fmt: skip


def post(plan: Plan, totals: Totals, periods: int) -> dict[str, np.ndarray]:
    """All postings as arrays [periods, firms] of int64 cents, one for each of `ACCOUNTS`."""
    firm = totals.firms[:periods]
    shape = firm.shape[:2]
    book = {name: np.zeros(shape, np.int64) for name in ACCOUNTS}

    def cents(amount: np.ndarray) -> np.ndarray:
        return np.rint(amount).astype(np.int64)

    discount, with_credits = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for q, (j, _, _, terms) in enumerate(plan.programmes):
        part = totals.programmes[:periods, q]
        running = plan.running[:periods, q]
        members = np.cumsum(part[:, JOINED] - part[:, LEFT])
        liability = cents(outstanding(part) * terms.cost_per_credit)
        discount[:, j] += part[:, DISCOUNT]
        book["membership fees"][:, j] += part[:, FEES]
        book["exit fees"][:, j] += part[:, EXIT_FEES]
        if terms.load > 0:
            book["stored value paid in"][:, j] += part[:, LOADED]
            book["stored value used"][:, j] -= part[:, PAID_WITH_CREDITS]
        else:
            with_credits[:, j] += part[:, PAID_WITH_CREDITS]
        book["rewards"][:, j] -= part[:, REWARD_COST]
        book["provision for credits"][:, j] -= np.diff(liability, prepend=0)
        book["partner settlement"][:, j] += cents(
            part[:, PARTNER_EARNED] * terms.partner_price - part[:, PARTNER_REDEEMED] * terms.partner_cost
        )
        book["partner fees"][:, j] += cents(running * members * terms.partner_fee)
        book["programme, fixed"][:, j] -= cents(running * terms.fixed_cost)
        book["programme, members"][:, j] -= cents(
            running * members * terms.member_cost + part[:, PROGRAMME_PURCHASES] * terms.benefit_cost
        )
        book["gifts"][:, j] -= cents(part[:, GIFTS] * terms.gift_cost)
        book["referral rewards"][:, j] -= cents(part[:, REFERRAL_REWARDS] * terms.referral_cost)
    usual = cents(firm[:, :, QUANTITY] * plan.usual_price / 1000)
    book["sales at usual prices"] += usual
    coupons = firm[:, :, OFFER_DISCOUNT]
    book["price reductions"] += firm[:, :, SALES] + discount + with_credits + coupons - usual
    book["offers redeemed"] -= coupons
    book["member discounts"] -= discount
    book["paid with credits"] -= with_credits
    book["cost of goods"] -= cents(firm[:, :, QUANTITY] * plan.unit_cost / 1000)
    book["extra lines"] += firm[:, :, LINE_SALES]
    book["cost of extra lines"] -= cents(firm[:, :, LINES] * plan.line_cost)
    levers = plan.levers
    serving = firm[:, :, PURCHASES] * levers.service_cost[:periods].astype(np.float64)
    book["cost to serve"] -= firm[:, :, SERVICE_COST] if plan.by_relationship else cents(serving)
    suggested = firm[:, :, PURCHASES] * levers.suggestion[:periods].astype(np.float64)
    book["suggestions"] -= cents(suggested * plan.suggestion_cost)
    service = firm[:, :, PURCHASES] * plan.lever_purchase_cost[:periods] + plan.lever_fixed_cost[:periods]
    book["service"] -= cents(service)
    for account, amounts in encounter_amounts(plan, totals, periods).items():
        book[account] += cents(amounts)
    for account, amounts in plan.costs.items():
        book[account] -= cents(amounts[:periods])
    book["advertising"] -= cents(plan.advertising_cost[:periods])
    for column, account in OUTREACH_ACCOUNTS.items():
        counted = firm[:, :, FIRM_TOTALS.index(column)]
        book[account] -= cents(counted * plan.outreach_costs[column][:periods])
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
