"""The answer to: how wrong is the naive estimate of what a loyalty programme does?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.plots.measurement import NAMES
from goodwill.report.numbers import percent, plain

USUAL, ANYBODY, CHOOSY, RIVAL = "as usual", "anybody joins", "who gains joins", "a rival acts"
TEXT = """
**Members against others shows {ratio} times the true effect.** Members of the card buy {naive} times a year more than
non-members; the card makes them buy {truth} times more. {nothing} of the {naive} are there with no effect at all: who
buys much meets the offer oftener and gains more from it. Where anybody joins the factor is {ratio_anybody}, where
only those join who gain it is {ratio_choosy}. Its 95 % interval held the truth in {held_naive} of the data sets, in
the best of these worlds in {held_best}. More data make only the error surer.

**Matching on past purchases removes part of that:** it still overstates the effect by {matched} (weighting by
propensity: {weighted}). What is left is not in the history. One joins when buying, so whoever leaves the firm after
the launch is a non-member for ever: without him, among customers who bought between launch and follow-up, matching is
off by {active}. And whoever comes to buy more, for whatever reason, meets the offer more often.

**Before and after** is not far off while nothing else happens (card {before_card}, club {before_club}), and nobody
can see in the data whether that is so. When a rival cuts its price on the day of the launch it is off by
{before_rival_card} and {before_rival_club}, and makes the programme look all but useless.

**Difference in differences** removes the level and not the rest: its bias goes from {differences_low} to
{differences_high}. The test of equal trends before the launch warned in {warned} of the data sets, so silence says
little.

**False alarms.** Where the programme does nothing (the same members, but the purchases of the world without it), 5 %
of the intervals should leave out nil. In the usual world those of members against others do in {alarm_naive}, of
matching in {alarm_matched}, of difference in differences in {alarm_differences}, of the hold-out, adjusted, in
{alarm_holdout}.

**A hold-out group is right in all of these worlds.** With purchases before the launch held constant, the bias is
within the luck of the trials in {inside} of {cells} (which share their luck), and the 95 % interval held the truth in
{held_holdout}. It is not cheap: with {customers} customers on file and 30 % held out the interval is ±{half}
purchases a year about effects of {effects} (without holding history constant ±{half_plain}).

**The instrument**, the way to the desk, is strong enough where people choose by what they gain (first-stage F
{f_choosy}), and then its bias cannot be told from luck (card {instrument_card}, club {instrument_club}), but it says
little (±{half_instrument}). Where anybody joins it decides nothing (F {f_anybody}), and the estimates mean nothing
(typical error {rmse_anybody}).
"""

TALK = """
The comparison sees only what is different between the groups, and talk raises both; members' friends who did not join
gain too, which the division by membership does not know of. At the strengths of the preset that is too small to see; at
strengths beyond what is known of word of mouth the hold-out misses most of the effect. Holding out whole towns
instead of customers would see it.
"""


def answer(found: dict[str, Any]) -> Answer:
    """Bias, coverage and false alarms by estimator, programme and self-selection; and what talk does to the hold-out group."""
    main, talk = found["naive-estimate"], found["interference"]
    text = "\n\n".join([TEXT.strip().format(**_facts(main)), _table(main), _talk(talk)])
    tables = {
        "performance": main.performance.round(5),
        "interference": talk.performance.round(5),
        "truths": _truths(main),
    }
    return Answer(text, tables, {"estimates": main.plot(), "interference": talk.plot()})


def _facts(m: Any) -> dict[str, str]:
    def rows(estimator: str, *cases: str) -> pd.DataFrame:
        table = m.performance[m.performance["estimator"] == estimator]
        return table[table["case"].isin(cases)] if cases else table

    def bias(estimator: str, case: str, arm: str) -> str:
        table = rows(estimator, case)
        return _bias(table[table["arm"] == arm].iloc[0])

    estimates = m.estimates
    real = estimates["data"] == "real"
    nothing = estimates[
        ~real & (estimates["estimator"] == "naive") & (estimates["case"] == USUAL) & (estimates["arm"] == "card")
    ]
    strength = estimates[real & (estimates["estimator"] == "instrument")].groupby("case")["first_stage"].median()
    trends = estimates[real & (estimates["estimator"] == "differences")]
    warned = (trends["trend_p"] < 0.05).groupby([trends["arm"], trends["case"]]).mean()
    card = rows("naive", USUAL).iloc[0]
    adjusted, simple = rows("holdout_adjusted"), rows("holdout")
    return {
        "ratio": _span(1 + rows("naive", USUAL)["relative"]),
        "naive": plain(card["estimate"]),
        "truth": plain(card["truth"]),
        "nothing": plain(nothing["value"].mean()),
        "ratio_anybody": _span(1 + rows("naive", ANYBODY)["relative"]),
        "ratio_choosy": _span(1 + rows("naive", CHOOSY)["relative"]),
        "held_naive": percent(rows("naive", USUAL)["coverage"].mean(), digits=0),
        "held_best": percent(rows("naive")["coverage"].max(), digits=0),
        "matched": _percents(rows("matched", USUAL)["relative"]),
        "weighted": _percents(rows("weighted", USUAL)["relative"]),
        "active": _percents(rows("matched_active", USUAL)["relative"]),
        "before_card": bias("before_after", USUAL, "card"),
        "before_club": bias("before_after", USUAL, "club"),
        "before_rival_card": bias("before_after", RIVAL, "card"),
        "before_rival_club": bias("before_after", RIVAL, "club"),
        "differences_low": percent(rows("differences")["relative"].min(), True, 0),
        "differences_high": percent(rows("differences")["relative"].max(), True, 0),
        "warned": _percents(warned),
        **{
            f"alarm_{name}": _percents(rows(estimator, USUAL)["rejected"])
            for name, estimator in (
                ("naive", "naive"),
                ("matched", "matched"),
                ("differences", "differences"),
                ("holdout", "holdout_adjusted"),
            )
        },
        "inside": str(int(((adjusted["relative_low"] <= 0) & (adjusted["relative_high"] >= 0)).sum())),
        "cells": str(len(adjusted)),
        "held_holdout": _percents(adjusted["coverage"]),
        "customers": f"{m.runs['customers'].mean():,.0f}",
        "half": _span(adjusted["half_width"]),
        "half_plain": _span(simple["half_width"]),
        "effects": _span(adjusted["truth"]),
        "f_choosy": f"{strength[CHOOSY]:.0f}",
        "f_anybody": f"{strength[ANYBODY]:.1f}",
        "instrument_card": bias("instrument", CHOOSY, "card"),
        "instrument_club": bias("instrument", CHOOSY, "club"),
        "half_instrument": _span(rows("instrument", CHOOSY)["half_width"], 0),
        "rmse_anybody": _span(rows("instrument", ANYBODY)["rmse"], 0),
    }


def _span(values: pd.Series, digits: int = 1) -> str:
    low, high = f"{values.min():,.{digits}f}", f"{values.max():,.{digits}f}"
    return low if low == high else f"{low} to {high}"


def _percents(shares: pd.Series) -> str:
    low, high = percent(shares.min(), digits=0), percent(shares.max(), digits=0)
    return low if low == high else f"{low} to {high}"


def _bias(row: pd.Series) -> str:
    return "{} ({} to {})".format(
        *(percent(row[name], True, 0) for name in ("relative", "relative_low", "relative_high"))
    )


def _table(m: Any) -> str:
    table, names = m.performance.set_index(["arm", "case", "estimator"]), list(m.manifest["estimands"])
    cases = list(dict.fromkeys(m.performance["case"]))
    lines = [
        "Bias in % of the true effect on members (95 % Monte Carlo interval); then how often the 95 % interval held the truth:"
    ]
    for arm in dict.fromkeys(m.performance["arm"]):
        lines += ["", f"| {arm} | " + " | ".join(cases) + " |", "|---|" + "---|" * len(cases)]
        truths = (plain(table.loc[(arm, case, names[0]), "truth"]) for case in cases)
        lines.append("| *true effect, purchases a year* | " + " | ".join(truths) + " |")
        for name in names:
            rows = (table.loc[(arm, case, name)] for case in cases)
            shown = (f"{_bias(row)}; {percent(row['coverage'], digits=0)}" for row in rows)
            lines.append(f"| {NAMES.get(name, name)} | " + " | ".join(shown) + " |")
    trials = int(m.performance["trials"].max())
    error = 196 * (0.95 * 0.05 / trials) ** 0.5
    lines += ["", f"{trials} data sets in each world; they show a coverage of 95 % to within ±{error:.0f} points."]
    return "\n".join(lines)


def _talk(m: Any) -> str:
    lines = [
        "**When customers talk, the hold-out group is no longer without the programme.** A club with much better "
        "service, by how much people talk:",
        "",
        "| | effect on members | spillover on the hold-out | hold-out, adjusted: bias | interval held the truth |",
        "|---|---|---|---|---|",
    ]
    spill = m.truths.groupby("case")["spillover"].mean()
    table = m.performance[m.performance["estimator"] == "holdout_adjusted"].set_index("case")
    for case, row in table.iterrows():
        held = "{} ({} to {})".format(*(percent(row["coverage" + end], digits=0) for end in ("", "_low", "_high")))
        lines.append(f"| {case} | {plain(row['truth'])} | {plain(spill[case])} | {_bias(row)} | {held} |")
    lines += ["", TALK.strip()]
    return "\n".join(lines)


def _truths(m: Any) -> pd.DataFrame:
    table = m.truths.groupby(["arm", "case"], sort=False)[["att", "ate", "spillover", "without"]].agg(["mean", "sem"])
    table.columns = ["_".join(column) for column in table.columns]
    return table.reset_index().round(5)
