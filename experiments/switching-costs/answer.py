"""The answer: what bonds hold while they last, what leaves when they end, and what is left afterwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.ratios import jackknife_ratio
from goodwill.plots.style import COLOURS, GREY, LIGHT, caption, figure, label_lines
from goodwill.report.numbers import count, money, percent

ENDED = 36
"""The month at whose end the bonds run out: joined in month 12 for 24 months. Customers are counted at the beginning of a month."""
LATER = {"three months": 40, "one year": 49, "two years": 61}
COLOUR = dict(zip(("contract", "exit fee", "points", "club", "discount"), COLOURS, strict=False))
BONDS = ("contract", "exit fee", "points", "club")
WITHOUT = {
    "as assumed": "all three costs",
    "no procedural cost": "without procedural (habit)",
    "no financial cost": "without financial (fee, points, benefits)",
    "no relational cost": "without relational (commitment)",
}


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figures from the two studies."""
    bonds, worlds = found["bonds"], found["worlds"]
    extra, later = extra_customers(bonds), {case: extra_customers(worlds, case) for case in worlds.study.cases}
    summary, robustness = summary_of(bonds, extra), robustness_of(worlds, later)
    return Answer(
        text=text_of(bonds, worlds, summary, robustness),
        tables={"summary": summary, "worlds": robustness},
        figures={
            "switching-costs": figure_of(bonds, extra),
            "what-holds": what_holds(later),
        },
    )


def extra_customers(results: Any, case: str | None = None) -> dict[str, pd.DataFrame]:
    """By arm: customers more than in the world without it, a row for each replicate, a column for each month."""
    table = results.periods
    if case is not None:
        table = table[table["point"].map(results.points["case"]) == case]
    by_arm = {
        arm: part.pivot(index="replicate", columns="period", values="buyers") for arm, part in table.groupby("arm")
    }
    base = by_arm.pop(results.baseline)
    return {arm: by_arm[arm] - base for arm in results.arms if arm in by_arm}


def left(extra: pd.DataFrame, month: int) -> tuple[float, float, float]:
    """Share of the extra customers at the end of the bond who are still extra in a month, with its interval."""
    return jackknife_ratio(extra[month].to_numpy(), extra[ENDED].to_numpy())


def summary_of(bonds: Any, extra: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each arm: churn by phase, extra customers, what is left, profit; means and intervals."""
    study, rows = bonds.study, []
    retention = {name: bonds.values(name) for name in bonds.outcomes if name.startswith("retention")}
    years = years_of(study)
    bound, after = (outcome_years(study, name) for name in ("profit_bound", "profit_after"))
    for arm in bonds.arms:
        row: dict[str, Any] = {"arm": arm}
        for name, values in retention.items():
            put(row, name.replace("retention", "churn"), interval(1 - values[arm].to_numpy()))
        put(row, "satisfaction_end", interval(bonds.values("satisfaction_end")[arm].to_numpy()))
        if arm != bonds.baseline:
            put(row, "extra_customers", interval(extra[arm][ENDED].to_numpy()))
            for name, month in LATER.items():
                put(row, f"left_after_{name.replace(' ', '_')}", left(extra[arm], month))
            put(row, "profit_bound", interval(bound * bonds.differences("profit_bound")[arm].to_numpy()))
            put(row, "profit_after", interval(after * bonds.differences("profit_after")[arm].to_numpy()))
            put(row, "profit", interval(years * bonds.differences("profit")[arm].to_numpy()))
            cost = outcome_years(study, "programme_cost") * bonds.differences("programme_cost")[arm]
            put(row, "programme_cost", interval(cost.to_numpy()))
        rows.append(row)
    return pd.DataFrame(rows)


def outcome_years(study: Any, name: str) -> float:
    """Years of the window of an outcome, whose money is by the year."""
    outcome = study.outcomes[name]
    start = study.scenario.warm_up if outcome.start is None else outcome.start
    return float(((study.horizon if outcome.stop is None else outcome.stop) - start) / 12)


def put(row: dict[str, Any], name: str, found: tuple[float, float, float]) -> None:
    """A mean and the ends of its interval into a row."""
    row[name], row[f"{name}_low"], row[f"{name}_high"] = found


def robustness_of(worlds: Any, later: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """A row for each world and arm: extra customers at the end of the bond, and the share left two years later."""
    rows = []
    case_of = worlds.points["case"]
    ends = {case_of[point]: 1 - part for point, part in worlds.values("retention_end").groupby(level="point")}
    for case, extra in later.items():
        for arm, table in extra.items():
            row: dict[str, Any] = {"world": case, "arm": arm}
            put(row, "churn_end", interval(ends[case][arm].to_numpy()))
            put(row, "churn_of_the_free_then", interval(ends[case][worlds.baseline].to_numpy()))
            put(row, "extra_customers", interval(table[ENDED].to_numpy()))
            put(row, "extra_two_years_later", interval(table[LATER["two years"]].to_numpy()))
            put(row, "left_after_two_years", left(table, LATER["two years"]))
            rows.append(row)
    return pd.DataFrame(rows)


# -- words --------------------------------------------------------------------------------------------------------


def text_of(bonds: Any, studied: Any, summary: pd.DataFrame, worlds: pd.DataFrame) -> str:
    """The answer in words."""
    at, world = summary.set_index("arm"), worlds.set_index(["world", "arm"])
    lines = [
        headline(at),
        "",
        f"- {while_bound(at, bonds.baseline)}",
        f"- {at_the_end(bonds, at)}",
        f"- {in_money(bonds, at)}",
        f"- {by_resentment(studied, world)}",
        f"- {by_cost(world)}",
        "",
        *table_of(bonds, at),
        "",
        f"Means of {count(bonds.replications[0])} paired worlds with 95 % intervals; the firm has about "
        f"{count(base_size(bonds))} customers when bonds end. Churn is per month. *Extra* are customers more than in the same "
        "world without the offer when the bond ends; *left* is the share of them that is still extra later.",
    ]
    return "\n".join(lines)


def headline(at: pd.DataFrame) -> str:
    """What is left of what was held, from the least to the most lasting."""
    order = sorted(BONDS, key=lambda arm: at.loc[arm, "left_after_two_years"])
    parts = [f"{arm} {share(at.loc[arm], 'left_after_two_years')}" for arm in order]
    lasting = [arm for arm in BONDS if at.loc[arm, "left_after_two_years_low"] > 0.5]
    besides = f", except with the {' and the '.join(lasting)}" if lasting else ""
    verdict = (
        f"Most of what a bond holds is gone two years after it ends{besides}."
        if len(lasting) < len(BONDS)
        else "Most of what a bond holds is still there two years after it ends."
    )
    return f"**{verdict}** Of the extra customers whom each had when it ended, this share is left two years later: {', '.join(parts)}."


def while_bound(at: pd.DataFrame, baseline: str) -> str:
    """Churn under each bond."""
    parts = [f"{percent(at.loc[arm, 'churn_bound'], digits=2)} with the {arm}" for arm in BONDS]
    return (
        f"*While bound*, customers leave at {', '.join(parts)} a month, against "
        f"{percent(at.loc[baseline, 'churn_bound'], digits=2)} of those whom nothing binds. (A contract keeps them from rivals only; "
        "one may leave out of discontent.)"
    )


def at_the_end(bonds: Any, at: pd.DataFrame) -> str:
    """The exit spike, and how soon churn is normal again."""
    out, usual = peak(bonds, "contract"), peak(bonds, bonds.baseline)
    fee, free = at.loc["exit fee"], at.loc[bonds.baseline]
    return (
        f"*When it ends*, {percent(out)} of those under contract leave in one month, {count(out / usual)} times as many as of the "
        f"others: those who gave notice long before. In the three months after the exit fee {percent(fee['churn_end'], digits=2)} "
        f"leave a month against {percent(free['churn_end'], digits=2)}; from two years on "
        f"{percent(fee['churn_late'], digits=2)} against {percent(free['churn_late'], digits=2)}."
    )


def in_money(bonds: Any, at: pd.DataFrame) -> str:
    """Profit over the whole time, and when it is earned."""
    order = at["profit"].dropna().sort_values(ascending=False).index
    parts = [
        f"{arm} {money(at.loc[arm, 'profit'], True)} [{money(at.loc[arm, 'profit_low'], True)} to "
        f"{money(at.loc[arm, 'profit_high'], True)}]"
        for arm in order
    ]
    profit, study = bonds.values("profit"), bonds.study
    beyond, low, high = interval((years_of(study) * (profit["contract"] - profit["discount"])).to_numpy())
    return (
        f"*Profit over six years*, against no offer, {study.scenario.measurement.currency}: {', '.join(parts)}. Contract "
        f"and fee come with that discount; what the contract earns beyond it is "
        f"{money(beyond, True)} [{money(low, True)} to {money(high, True)}]."
    )


def years_of(study: Any) -> float:
    """Years that count."""
    return float((study.horizon - study.scenario.warm_up) / 12)


def by_resentment(studied: Any, world: pd.DataFrame) -> str:
    """How much of the wave is selection, and what resentment does."""
    churn, case_of = 1 - studied.values("retention_end"), studied.points["case"]
    wave = {case_of[point]: (part["exit fee"] - part[studied.baseline]) for point, part in churn.groupby(level="point")}
    selected = jackknife_ratio(wave["no resentment"].to_numpy(), wave["as assumed"].to_numpy())
    selection, low, high = (percent(value, digits=0) for value in selected)
    kept = {case: world.loc[(case, "contract")] for case in ("no resentment", "as assumed", "strong resentment")}
    worse = kept["strong resentment"]["extra_two_years_later_high"] < 0
    return (
        f"*Selection and resentment*: of the excess churn in the three months after the exit fee "
        f"{selection} [{low} to {high}] are there without any resentment too: those who were held "
        f"are those who would have left. Two years after the contract {signed(kept['no resentment'], 'extra_two_years_later')} "
        f"customers are left without resentment, {signed(kept['as assumed'], 'extra_two_years_later')} as assumed, and "
        f"{signed(kept['strong resentment'], 'extra_two_years_later')} when being bound angers three times as much"
        + (", fewer than had it never been offered." if worse else ".")
    )


def by_cost(world: pd.DataFrame) -> str:
    """Which of the three costs holds whom."""
    money_held = [signed(world.loc[("no financial cost", arm)], "extra_customers") for arm in ("exit fee", "points")]
    return (
        f"*Which cost holds*: fee and points work through the financial cost (without it, extra customers {money_held[0]} and "
        f"{money_held[1]}), the club through commitment ({signed(world.loc[('no relational cost', 'club')], 'extra_customers')} "
        "without it). Afterwards habit keeps those who are still there: two years after the fee "
        f"{share(world.loc[('no procedural cost', 'exit fee')], 'left_after_two_years')} are left without the procedural cost, "
        f"{share(world.loc[('as assumed', 'exit fee')], 'left_after_two_years')} with it."
    )


def peak(bonds: Any, arm: str) -> float:
    """Mean share of customers who leave in the month in which the bonds end."""
    table = bonds.periods
    return float(1 - table[(table["arm"] == arm) & (table["period"] == ENDED)]["retention"].mean())


def base_size(bonds: Any) -> float:
    """Customers of the firm in the world without bonds when they end elsewhere."""
    table = bonds.periods
    return float(table[(table["arm"] == bonds.baseline) & (table["period"] == ENDED)]["buyers"].mean())


def share(row: pd.Series, name: str) -> str:
    """A share with its interval."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{percent(row[name], digits=0)} [{percent(low, digits=0)} to {percent(high, digits=0)}]"


def signed(row: pd.Series, name: str) -> str:
    """A number of customers with its interval."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low == high == 0:
        return "0"
    return f"{count(row[name], True)} [{count(low, True)} to {count(high, True)}]"


def table_of(bonds: Any, at: pd.DataFrame) -> list[str]:
    """The main numbers as a Markdown table."""
    lines = [
        "| offer | churn while bound | leave in the month it ends | churn in the 3 months after | extra customers | "
        "left after 3 months | 1 year | 2 years | satisfaction at the end |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for arm, row in at.iterrows():
        known = pd.notna(row["extra_customers"])
        cells = [str(arm), percent(row["churn_bound"], digits=2), percent(peak(bonds, str(arm)), digits=2)]
        cells.append(percent(row["churn_end"], digits=2))
        cells.append(signed(row, "extra_customers") if known else "–")
        for name in ("three_months", "one_year", "two_years"):
            cells.append(share(row, f"left_after_{name}") if known else "–")
        cells.append(f"{row['satisfaction_end']:.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


# -- figures ------------------------------------------------------------------------------------------------------


def figure_of(bonds: Any, extra: dict[str, pd.DataFrame]) -> Any:
    """Churn by month, and the customers the bonds have made more, while they last and after."""
    start, stop = bonds.study.scenario.warm_up, bonds.study.horizon
    months = np.arange(start + 1, stop)
    with figure(7.8, 3.8) as paper:
        churn, kept = paper.subplots(1, 2, gridspec_kw={"width_ratios": (1, 1.05)})
        mean = 100 * (1 - bonds.periods.pivot_table(index="period", columns="arm", values="retention"))
        churn.plot(months - start, mean.loc[months, bonds.baseline], color=GREY, linewidth=1.2)
        for arm in BONDS:
            churn.plot(months - start, mean.loc[months, arm], color=COLOUR[arm], linewidth=1.2)
        churn.set_yscale("log")
        churn.set_yticks([0.25, 0.5, 1, 2, 4, 8], labels=["¼", "½", "1", "2", "4", "8"])
        churn.minorticks_off()
        churn.set_ylabel("customers who leave in a month (%, log scale)")
        churn.set_title("Who leaves, and when")
        churn.annotate(
            "contracts\nrun out", (ENDED - start, mean.loc[ENDED, "contract"]), xytext=(10, -4), textcoords="offset points",
            va="top", color=COLOUR["contract"], fontsize=8,
        )  # fmt: skip
        for arm in BONDS:
            table = extra[arm][months]
            middle, low, high = np.array([interval(table[month].to_numpy()) for month in months]).T
            kept.fill_between(months - start, low, high, color=COLOUR[arm], alpha=0.18, linewidth=0)
            kept.plot(months - start, middle, color=COLOUR[arm])
        kept.axhline(0, color=GREY, linewidth=0.8)
        kept.set_ylabel("customers more than without the offer")
        kept.set_title("What is left of them")
        month = LATER["two years"]
        kept.text(month - start + 1, kept.get_ylim()[1] * 0.93, "two years later", color=GREY, fontsize=8)
        ends = [
            (
                float(extra[arm][stop - 1].mean()),
                f"{arm}: {percent(left(extra[arm], month)[0], digits=0)} left",
                COLOUR[arm],
            )
            for arm in BONDS
        ]
        for axes in (churn, kept):
            axes.axvspan(0, ENDED - start, color=LIGHT, alpha=0.25, linewidth=0)
            axes.axvline(month - start, color=LIGHT, linewidth=0.8, linestyle=":")
            axes.set_xlabel("months since the offer began (shaded: bound)")
            axes.set_xticks(range(0, stop - start + 1, 12))
            axes.set_xlim(0, stop - start)
        label_lines(kept, ends, stop - 1 - start, gap=0.075)
        churn.text(
            stop - start - 1,
            float(mean.loc[stop - 1, bonds.baseline]) * 0.62,
            "grey: no offer",
            color=GREY,
            ha="right",
            fontsize=8,
        )
        caption(
            paper,
            f"The largest operator of a market with contracts, with {base_size(bonds):,.0f} customers when bonds end; "
            f"{bonds.replications[0]} paired worlds; bands: 95 % intervals.",
        )
    return paper


def what_holds(later: dict[str, dict[str, pd.DataFrame]]) -> Any:
    """Extra customers when the bond ends, with all costs of switching and without one kind of them."""
    with figure(7.2, 2.9) as paper:
        panels = paper.subplots(1, len(BONDS), sharey=True)
        for axes, arm in zip(panels, BONDS, strict=True):
            for place, case in enumerate(reversed(WITHOUT)):
                middle, low, high = interval(later[case][arm][ENDED].to_numpy())
                colour = COLOUR[arm] if case == "as assumed" else LIGHT
                axes.barh(place, middle, color=colour, height=0.65)
                axes.plot([low, high], [place, place], color="black", linewidth=0.9)
            axes.axvline(0, color=GREY, linewidth=0.8)
            axes.set_title(arm)
        panels[0].set_yticks(range(len(WITHOUT)), labels=list(reversed(WITHOUT.values())))
        paper.supxlabel(
            "customers more than without the offer, when the bond ends (lines: 95 % intervals)", fontsize=8.5
        )
    return paper
