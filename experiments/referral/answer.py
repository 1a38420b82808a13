"""Referral rewards, one- or two-sided, by size, brand and network: the answer from the runs of referral.yaml."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.lab.statistics.ratios import jackknife_ratio
from goodwill.measures.referrals import STEPS
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure, thousands
from goodwill.record import Record
from goodwill.report.numbers import count, money, percent, points
from goodwill.simulation import Simulation

REWARDS = ("referral rewards", "offers redeemed")
NETWORKS = ("village", "town", "random", "acquaintances")
BRANDS = ("strong", "weak")
SAME = ("20 + 0", "10 + 10")  # the same money for one side and for both
FUNNEL_WORLDS = 10
WEAK_FLOOR = -1500  # what the largest rewards lose is out of the picture, and in the table
LOOK = {False: (COLOURS[0], "o", "to the one who recommends"), True: (COLOURS[1], "s", "to both sides")}


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figure from the study."""
    results = found["referral"]
    effects, steps = gained(results), funnel(results)
    return Answer(
        text=text(results, effects, steps),
        tables={"effects": effects, "funnel": steps},
        figures={"referral": picture(results, effects)},
    )


def terms(results: Any, arm: str) -> tuple[float, float]:
    """Reward of the one who recommends, and welcome of the newcomer."""
    programme = results.study.arms[arm]["programmes"][0]
    return float(programme["reward"]), float(programme["welcome"])


def paid_out(results: Any) -> pd.DataFrame:
    """Rewards and welcomes paid in a year: a row for each (point, replicate), a column for each arm but the
    baseline.
    """
    book = results.accounts
    book = book[book["account"].isin(REWARDS)]
    return -book.groupby(["point", "replicate", "arm"])["amount"].sum().unstack("arm").drop(columns=results.baseline)


def gained(results: Any) -> pd.DataFrame:
    """Case x arm: profit, customers won and rewarded, what one more customer costs and is worth; with 95 % intervals.

    won: new customers above those who come without a programme; rewarded: newcomers for whom a reward was paid, of whom the
    share anyway would have come without; cost_per_customer: all that is paid over the customers won; worth: the margin
    those bring within the run, before rewards.
    """
    profit, customers, paid = results.differences("profit"), results.differences("new_buyers"), paid_out(results)
    kept = results.differences("retention")
    book = results.accounts
    rewards = (
        -book[book["account"] == "referral rewards"].set_index(["point", "replicate", "arm"])["amount"].unstack("arm")
    )
    rows = []
    for point, place in results.points.iterrows():
        at_once = simultaneous_intervals(profit.loc[point])
        for arm in profit.columns:
            reward, welcome = terms(results, arm)
            gain, won, cost = (table.loc[point, arm].to_numpy() for table in (profit, customers, paid))
            given = rewards.loc[point, arm].to_numpy() / reward
            bought = jackknife_ratio(won, given)
            per_customer, worth = jackknife_ratio(cost, won), jackknife_ratio(gain + cost, won)
            more, retained = interval(won), interval(kept.loc[point, arm].to_numpy())
            rows.append(
                {
                    "case": place["case"], "arm": arm, "reward": reward, "welcome": welcome,
                    "profit": at_once.loc[arm, "difference"], "profit_low": at_once.loc[arm, "low"],
                    "profit_high": at_once.loc[arm, "high"], "paid": cost.mean(), "won": more[0], "won_low": more[1],
                    "won_high": more[2], "rewarded": given.mean(), "anyway": 1 - bought[0],
                    "anyway_low": 1 - bought[2], "anyway_high": 1 - bought[1],
                    "cost_per_customer": per_customer[0], "cost_low": per_customer[1], "cost_high": per_customer[2],
                    "worth": worth[0], "worth_low": worth[1], "worth_high": worth[2],
                    "retention": retained[0], "retention_low": retained[1], "retention_high": retained[2],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def funnel(results: Any) -> pd.DataFrame:
    """Arm: steps of recommendation a year for the strong brand of the town, without a programme and with one; "
    "mean over some worlds.
    """
    point = results.plan.points[_point(results, "strong, town")]
    scenario, firm = results.plan.world(point)
    years = (scenario.periods - scenario.warm_up) / scenario.periods_per_year
    rows = []
    for arm in (results.baseline, *SAME):
        world = results.plan.arm(point, arm).apply(scenario, firm)
        for replicate in range(min(FUNNEL_WORLDS, results.replications[point.index])):
            simulation = Simulation(world, replicate=replicate, threads=1)
            simulation.run()
            table = Record.of(simulation).referrals
            late = table[(table["firm"] == scenario.firms[firm].name) & (table["period"] >= scenario.warm_up)]
            rows.append({"arm": arm, **late[list(STEPS)].sum() / years})
    return pd.DataFrame(rows).groupby("arm", sort=False).mean().reset_index()


def text(results: Any, effects: pd.DataFrame, steps: pd.DataFrame) -> str:
    """The answer in words."""
    best = {case: _best(results, case) for case in results.points["case"]}
    strong, weak = (_row(effects, f"{brand}, town", best[f"{brand}, town"][0]) for brand in BRANDS)
    one = _row(effects, "strong, town", SAME[0])
    firms = results.study.scenario.firms
    cases = results.study.cases
    price = {
        brand: firms[results.study.scenario.firm_index(cases[f"{brand}, town"].firm or results.study.firm)].price
        for brand in BRANDS
    }
    lines = [
        f"**{_clear(effects, 'strong')} {_clear(effects, 'weak')} Best for the strong brand is {_terms(strong)} "
        f"({_gain(strong)}), for the "
        f"weak one {_terms(weak)} ({_gain(weak)}).**",
        "",
        f"A reward of {money(one['reward'])} EUR costs {money(one['cost_per_customer'])} EUR for each customer it "
        f"really wins "
        f"({money(one['cost_low'])} to {money(one['cost_high'])}): of {count(one['rewarded'])} newcomers a year "
        f"for whom it is paid, "
        f"{percent(one['anyway'], digits=0)} ({percent(one['anyway_low'], digits=0)} to "
        f"{percent(one['anyway_high'], digits=0)}) would have come anyway. A customer won brings "
        f"{money(one['worth'])} EUR of margin within the four years "
        f"({money(one['worth_low'])} to {money(one['worth_high'])}) for a bill of {money(price['strong'])} EUR a "
        f"month.",
        "",
        _funnel(steps),
        "",
        _sides(results),
        "",
        _networks(effects),
        "",
        _others(results, effects, best),
        "",
        "| case | best terms, EUR (reward + welcome) | not told from it | profit a year | customers won a year | "
        "cost of one | worth of one | retention |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for case in results.points["case"]:
        name, others = best[case]
        row = _row(effects, case, name)
        lines.append(
            f"| {case} | {name} | {', '.join(others) or 'none'} | {money(row['profit'], True)} ± "
            f"{money((row['profit_high'] - row['profit_low']) / 2)} | {count(row['won'], True)} | "
            f"{money(row['cost_per_customer'])} | "
            f"{money(row['worth'])} | {points(row['retention'])} |"
        )
    runs = results.replications[results.points.index[0]]
    lines += [
        "",
        f"Against no programme, EUR a year over four years, "
        f"{results.plan.world(results.plan.points[0])[0].customers:,} customers, {runs} paired worlds; half widths "
        f"of "
        "95 % intervals that hold for all sizes at once; 'not told from it': Hsu's comparison with the best. "
        "Retention is by the month, in "
        "percentage points.",
    ]
    return "\n".join(lines)


def _row(effects: pd.DataFrame, case: str, arm: str) -> pd.Series:
    return effects[(effects["case"] == case) & (effects["arm"] == arm)].iloc[0]


def _clear(effects: pd.DataFrame, brand: str) -> str:
    """At which terms a brand clearly gains and clearly loses."""
    rows = effects[effects["case"] == f"{brand}, town"]
    gains, losses = (list(rows.loc[which, "arm"]) for which in (rows["profit_low"] > 0, rows["profit_high"] < 0))
    if len(gains) == len(rows):
        return f"For the {brand} brand a referral reward pays at all terms tried."
    where = [", ".join(names) or "none" for names in (gains, losses)]
    return (
        f"For the {brand} brand it clearly pays at {where[0]} EUR (reward + welcome) and clearly loses at {where[1]}."
    )


def _funnel(steps: pd.DataFrame) -> str:
    """What a reward changes on the way from intending to buying."""
    table = steps.set_index("arm")
    parts = [
        f"{'without' if x == 0 else arm}: {count(row['intended'])} intend to, {count(row['acted'])} do, "
        f"{count(row['told'])} are told, "
        f"{count(row['converted'])} buy"
        for x, (arm, row) in enumerate(table.iterrows())
    ]
    plain = table.iloc[0]
    return (
        f"In a year (strong brand, town), {'; '.join(parts)}. What is paid for those who would recommend and buy "
        f"without "
        f"it is lost on them. Of those asked, {percent(plain['converted'] / plain['asked'])} bring somebody "
        f"without a "
        "reward; Kumar, Petersen & Leone (2007) found 12 to 14 %."
    )


def _terms(row: pd.Series) -> str:
    if row["welcome"] == 0:
        return f"{money(row['reward'])} EUR to the one who recommends"
    return f"{money(row['reward'])} EUR to the one who recommends and {money(row['welcome'])} to the newcomer"


def _gain(row: pd.Series) -> str:
    return f"{money(row['profit'], True)} EUR a year, {money(row['profit_low'], True)} to {money(row['profit_high'], True)}"


def _point(results: Any, case: str) -> Any:
    return results.points.index[results.points["case"] == case][0]


def _best(results: Any, case: str) -> tuple[str, list[str]]:
    """The arm with the highest profit, and those that cannot be told from it."""
    among = compare_with_best(results.differences("profit").loc[_point(results, case)])
    name = str(among["mean"].idxmax())
    return name, [arm for arm in among.index[among["could_be_best"].astype(bool)] if arm != name]


def _difference(values: np.ndarray) -> str:
    mean, low, high = interval(values)
    return f"{money(mean, True)} EUR ({money(low, True)} to {money(high, True)})"


def _sides(results: Any) -> str:
    """Both sides less one side at the same money, by brand, between friends and among acquaintances."""
    profit = results.differences("profit")
    more = profit[SAME[1]] - profit[SAME[0]]
    parts = [
        f"{brand} brand, {network}: {_difference(more.loc[_point(results, f'{brand}, {network}')].to_numpy())}"
        for brand in BRANDS
        for network in ("town", "acquaintances")
    ]
    return f"One side or both? Splitting {SAME[0].split()[0]} EUR into {SAME[1]} changes yearly profit by: {'; '.join(parts)}."


def _networks(effects: pd.DataFrame) -> str:
    parts = []
    for brand in BRANDS:
        rows = [_row(effects, f"{brand}, {network}", SAME[0]) for network in NETWORKS]
        parts.append(
            f"{brand} brand "
            + ", ".join(
                f"{network} {money(row['cost_per_customer'])} ({money(row['cost_low'])} to {money(row['cost_high'])})"
                for network, row in zip(NETWORKS, rows, strict=True)
            )
        )
    return f"Who knows whom: at {SAME[0].split()[0]} EUR to the one who recommends, a customer won costs, in EUR, {'; '.join(parts)}."


def _others(results: Any, effects: pd.DataFrame, best: dict[str, tuple[str, list[str]]]) -> str:
    usual = _row(effects, "strong, town", SAME[0])
    less, more, unlike = (_row(effects, case, SAME[0]) for case in ("less eager", "more eager", "unlike friends"))
    return (
        f"What would change it (strong brand, {SAME[0].split()[0]} EUR): with half the response to rewards a "
        f"customer won costs "
        f"{money(less['cost_per_customer'])} EUR instead of {money(usual['cost_per_customer'])} and the yearly "
        f"gain is {_gain(less)}; with twice the "
        f"response, {money(more['cost_per_customer'])} EUR and {_gain(more)}. Were friends not alike (no "
        f"homophily), a customer won would be "
        f"worth {money(unlike['worth'])} EUR ({money(unlike['worth_low'])} to {money(unlike['worth_high'])}) "
        f"instead of {money(usual['worth'])} "
        f"({money(usual['worth_low'])} to {money(usual['worth_high'])})."
    )


def picture(results: Any, effects: pd.DataFrame) -> PaperFigure:
    """Profit by size for both brands, and what a customer really costs on each network."""
    with figure(10.2, 4.1) as on:
        panels = on.subplots(1, 3, width_ratios=(1, 1, 1.15))
        for axes, brand in zip(panels, BRANDS, strict=False):
            _sizes_panel(axes, results, effects[effects["case"] == f"{brand}, town"], brand)
        _cost_panel(panels[2], effects)
        runs = results.replications[results.points.index[0]]
        caption(
            on,
            f"Simulated mobile operators, {results.plan.world(results.plan.points[0])[0].customers:,} customers, "
            f"four years; against no programme. 95 % intervals, "
            f"{runs} paired worlds. How strongly people respond to rewards is an assumption. Larger rewards of the "
            f"weak brand lose more than the frame holds.",
        )
    return on


def _sizes_panel(axes: Axes, results: Any, rows: pd.DataFrame, brand: str) -> None:
    for both, (colour, marker, name) in LOOK.items():
        mine = rows[(rows["welcome"] > 0) == both]
        size = mine["reward"] + mine["welcome"]
        axes.errorbar(
            size, mine["profit"], yerr=[mine["profit"] - mine["profit_low"], mine["profit_high"] - mine["profit"]],
            color=colour, marker=marker, markersize=4.5, label=name,
        )  # fmt: skip
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_xscale("log")
    sizes = sorted(set(rows["reward"] + rows["welcome"]))
    axes.set_xticks(sizes, [f"{size:g}" for size in sizes])
    axes.minorticks_off()
    axes.grid(axis="y")
    thousands(axes.yaxis)
    axes.set_xlabel("given for each newcomer, EUR")
    if brand == "weak":
        axes.set_ylim(bottom=WEAK_FLOOR)
    if brand == "strong":
        axes.set_ylabel("profit a year, EUR")
        axes.set_ylim(top=1.25 * rows["profit_high"].max())
        axes.legend(loc="upper left")
    case = results.study.cases[f"{brand}, town"]
    firm = results.study.scenario.firms[
        results.study.scenario.firm_index(case.firm if case.firm is not None else results.study.firm)
    ]
    axes.set_title(
        f"{brand.capitalize()} brand: share {percent(firm.share, digits=0)},\n{firm.price - firm.unit_cost:g} "
        f"EUR margin a month"
    )


def _cost_panel(axes: Axes, effects: pd.DataFrame) -> None:
    places = np.arange(len(NETWORKS))[::-1].astype(float)
    labels = {"village": "village\n(neighbours only)", "town": "town\n(small world)", "random": "random\n(strong ties)",
              "acquaintances": "acquaintances\n(mostly weak ties)"}  # fmt: skip
    for brand, shift, filled in (("strong", 0.12, True), ("weak", -0.12, False)):
        for both, arm in zip((False, True), SAME, strict=True):
            colour, marker, _ = LOOK[both]
            rows = [_row(effects, f"{brand}, {network}", arm) for network in NETWORKS]
            centre = np.array([row["cost_per_customer"] for row in rows])
            ends = np.array([[row["cost_low"], row["cost_high"]] for row in rows]).T
            axes.errorbar(
                centre, places + shift, xerr=np.abs(ends - centre), fmt=marker, color=colour, markersize=5,
                markerfacecolor=colour if filled else "white", elinewidth=1.1,
            )  # fmt: skip
    nominal = sum(float(part) for part in SAME[0].split(" + "))
    axes.axvline(nominal, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.annotate(
        "on paper", (nominal, places[0] + 0.42), xytext=(3, 0), textcoords="offset points", color=GREY, fontsize=7.5
    )
    axes.set_yticks(places, [labels[network] for network in NETWORKS])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.5, len(NETWORKS) - 0.35)
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    axes.set_xlabel("EUR paid for each customer really won\n(filled: strong brand, open: weak brand)")
    axes.set_title(f"What {nominal:g} EUR on paper really cost")
