"""The funnel of recommendations: how many were asked, meant to, did, were told, were won, bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from goodwill.record import Record

STEPS = ("asked", "intended", "acted", "told", "won", "converted")


def referral_table(record: Record) -> pd.DataFrame:
    """Period x firm: the steps of the funnel, and rewards paid to referrers.

    asked: customers with an occasion to recommend; intended and acted: of them; told: people they told; won: of these; converted:
    newcomers won in this or an earlier period who bought for the first time, counted at the end of the period in which they did.
    """
    table = record.firms[["period", "firm"]].copy()
    for step in STEPS:
        table[step] = record.firms[f"referral_{step}"]
    table["rewards"] = record.by_firm("referral_rewards").astype("int64")
    return table


def referral_shares(table: pd.DataFrame) -> pd.DataFrame:
    """By firm, over all periods: shares of those asked who intended, acted and (newcomers per one asked) converted; act / intent.

    The regularity of Kumar, Petersen & Leone (2007): many intend, fewer act, few bring somebody - 68, 33 and 14 % at a financial firm,
    81, 30 and 12 % at an operator.
    """
    total = table.groupby("firm", sort=False)[list(STEPS)].sum()
    shares = pd.DataFrame({step: total[step] / total["asked"] for step in ("intended", "acted", "converted")})
    shares["act_of_intent"] = total["acted"] / total["intended"]
    return shares.reset_index()
