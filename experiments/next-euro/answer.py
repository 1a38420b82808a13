"""Where the next euro is best spent: the answer from the runs of next-euro.yaml and curves.yaml."""

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
from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, label_lines, thousands
from goodwill.record import Record
from goodwill.report.numbers import money, percent, points
from goodwill.simulation import Simulation

LEVER_ACCOUNTS = (
    "fixed costs", "complaints and redress", "service", "advertising", "rewards", "provision for credits",
    "programme, fixed",
)  # fmt: skip
LEVERS = ("prevention", "redress", "service", "reward of a card", "advertising", "voice")
CARD, EMPTY, REWARD = "stamp card", "empty card", "reward of a card"
TALK = ("silent", "usual", "loud")
LOOK = {"silent": LIGHT, "usual": COLOURS[0], "loud": COLOURS[1]}
FUNNEL_WORLDS = 10
SHORT = 0.1


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figure from the two studies."""
    worlds, curves = found["next-euro"], found["curves"]
    gains = gained(worlds)
    reach = gained(curves)
    funnel = complaints(worlds)
    even = break_even(worlds, gains)
    return Answer(
        text=text(worlds, gains, reach, funnel, even),
        tables={"gains": gains, "curves": reach, "funnel": funnel, "break-even": even},
        figures={"next-euro": picture(worlds, curves, gains, reach)},
    )


def spending(results: Any) -> pd.DataFrame:
    """Yearly cost of the levers above that of doing nothing: a row for each (point, replicate), a column for each
    arm.
    """
    book = results.accounts
    book = book[book["account"].isin(LEVER_ACCOUNTS)]
    cost = -book.groupby(["point", "replicate", "arm"])["amount"].sum().unstack("arm")
    return cost.sub(cost[results.baseline], axis=0).drop(columns=results.baseline)


def gained(results: Any) -> pd.DataFrame:
    """Case x arm: profit above doing nothing, what was spent for it, profit for each euro spent, retention; with intervals.

    Intervals of profit hold for all arms of a case at once (max-t).
    """
    profit, spent, kept = (
        with_rewards(table)
        for table in (results.differences("profit"), spending(results), results.differences("retention"))
    )
    rows = []
    for point, place in results.points.iterrows():
        at_once = simultaneous_intervals(profit.loc[point])
        for arm in profit.columns:
            each = jackknife_ratio(profit.loc[point, arm].to_numpy(), spent.loc[point, arm].to_numpy())
            retained = interval(kept.loc[point, arm].to_numpy())
            rows.append(
                {
                    "case": place.get("case", "usual"),
                    "arm": arm,
                    "profit": at_once.loc[arm, "difference"],
                    "profit_low": at_once.loc[arm, "low"],
                    "profit_high": at_once.loc[arm, "high"],
                    "spent": spent.loc[point, arm].mean(),
                    "per_euro": each[0],
                    "per_euro_low": each[1],
                    "per_euro_high": each[2],
                    "retention": retained[0],
                    "retention_low": retained[1],
                    "retention_high": retained[2],
                }
            )
    return pd.DataFrame(rows)


def with_rewards(differences: pd.DataFrame) -> pd.DataFrame:
    """Beside each stamp card what its reward adds: the card less the same card with a reward worth a cent."""
    rewards = {
        name.replace(CARD, REWARD): differences[name] - differences[EMPTY]
        for name in differences.columns
        if name.startswith(CARD)
    }
    return differences.assign(**rewards)


def complaints(results: Any) -> pd.DataFrame:
    """What becomes of 100 unhappy guests when nothing is done, in the usual world, over all its firms' periods."""
    point = results.points.index[results.points["case"] == "usual"][0]
    scenario, firm = results.study.scenario, results.study.firm
    total: pd.Series | None = None
    for replicate in range(min(FUNNEL_WORLDS, results.replications[point])):
        simulation = Simulation(scenario, replicate=replicate, threads=1)
        simulation.run()
        counts = Record.of(simulation).complaint_funnel.set_index("firm").loc[firm]
        counts = counts[["unhappy", "complaints", "resolved", "left_silent", "left_unanswered", "left_resolved"]]
        total = counts.astype(float) if total is None else total + counts.astype(float)
    assert total is not None
    return (100 * total / total["unhappy"]).rename("of 100 unhappy").to_frame().T


def break_even(results: Any, gains: pd.DataFrame) -> pd.DataFrame:
    """Price at which a lever whose cost is assumed earns nothing more, and the price assumed, by case."""
    rows = []
    purchases = results.values("purchases")[results.baseline]
    arms, plain = results.study.arms, results.study.scenario
    usual = plain.behaviour.recovery.failure
    fewer = usual - arms["prevention"]["set"]["firms.0.failure"]
    for point, place in results.points.iterrows():
        mine = gains[gains["case"] == place["case"]].set_index("arm")
        prevented = fewer * purchases.loc[point].mean()
        for arm, price, unit in (
            ("prevention", mine.loc["prevention", "spent"] / prevented, "EUR for a failure prevented"),
            ("service", arms["service"]["programmes"][0]["gain_cost"], "EUR a visit for the first point"),
        ):
            worth = [1 + mine.loc[arm, f"per_euro{end}"] for end in ("", "_low", "_high")]
            rows.append((place["case"], arm, unit, price, *(price * x for x in worth)))
    return pd.DataFrame(rows, columns=["case", "lever", "unit", "assumed", "break_even", "low", "high"])


def text(worlds: Any, gains: pd.DataFrame, reach: pd.DataFrame, funnel: pd.DataFrame, even: pd.DataFrame) -> str:
    """The answer in words."""
    usual = gains[gains["case"] == "usual"].set_index("arm")
    order = list(usual.loc[list(LEVERS), "per_euro"].sort_values(ascending=False).index)
    start = small_sums(reach)
    early = [arm for arm in start["per_euro"].sort_values(ascending=False).index if arm != order[0]]
    first, unhappy = usual.loc[order[0]], funnel.iloc[0]
    lines = [
        f"**A euro returns most in {_name(order[0])}: {_each(first)}; but that takes {money(first['spent'])} EUR a "
        f"year, and "
        f"no more. {_next(start, early[0], usual, order[1])}**",
        "",
        f"For about 4,000 EUR, after {_name(order[1])}: {_list(usual, order[2:])}. For about 1,000: "
        f"{_list(start, early)}.",
        "",
        f"Of 100 unhappy guests {unhappy['complaints']:.0f} complain, {unhappy['resolved']:.0f} are put right, and "
        f"{unhappy['left_silent']:.0f} leave for good without a word: redress reaches the few who speak.",
        "",
        _plans(worlds),
        "",
        _voice(worlds, usual),
        "",
        _talk(worlds),
        "",
        _others(worlds, gains),
        "",
        "| profit a year for the money spent, EUR | spent | " + " | ".join(worlds.points["case"]) + " |",
        "|---|--:" + "|--:" * len(worlds.points) + "|",
    ]
    for arm in usual.index:
        cells = [
            _cell(gains[(gains["case"] == case) & (gains["arm"] == arm)].iloc[0]) for case in worlds.points["case"]
        ]
        lines.append(f"| {arm} | {money(usual.loc[arm, 'spent'])} | {' | '.join(cells)} |")
    runs = worlds.replications[worlds.points.index[0]]
    best = "; ".join(f"{case}: {arms}" for case, arms in _best(worlds).items())
    lines += [
        "",
        f"Against doing nothing, per year, {worlds.study.scenario.customers:,} guests; half widths of "
        f"95 % intervals that hold "
        f"for all levers of a world at once; {runs} paired worlds. Best, or not to be told from the best (Hsu's "
        f"comparison, 95 %): {best}.",
        "",
        _card(usual),
        "",
        _retention(usual),
        "",
        _prices(even),
    ]
    return "\n".join(lines)


def _next(start: pd.DataFrame, early: str, usual: pd.DataFrame, late: str) -> str:
    """Where a small and a large sum return most, after the best lever."""
    small, large = (
        f"{_each(rows.loc[arm])} for each of the first {money(rows.loc[arm, 'spent'])}"
        for rows, arm in ((start, early), (usual, late))
    )
    if early == late:
        return f"The next euros return most in {_name(late)}: {small}, {large}."
    return f"Of the next euros, few return most in {_name(early)}: {small}; more of them in {_name(late)}: {large}."


def _name(arm: str) -> str:
    names = {
        "prevention": "preventing failures",
        "redress": "putting complaints right",
        "service": "better service",
        "reward of a card": "the reward of a stamp card",
        "voice": "an easier way to complain",
    }
    return names.get(arm, arm)


def _each(row: pd.Series) -> str:
    return f"{money(row['per_euro'], True)} EUR ({money(row['per_euro_low'], True)} to {money(row['per_euro_high'], True)})"


def _profit(row: pd.Series) -> str:
    return f"{money(row['profit'], True)} EUR ({money(row['profit_low'], True)} to {money(row['profit_high'], True)})"


def _list(rows: pd.DataFrame, arms: list[str]) -> str:
    return "; ".join(f"{_name(arm)} {_each(rows.loc[arm])}" for arm in arms)


def _cell(row: pd.Series) -> str:
    return f"{money(row['profit'], True)} ± {money((row['profit_high'] - row['profit_low']) / 2)}"


def _difference(values: pd.Series | np.ndarray) -> str:
    mean, low, high = interval(np.asarray(values, float))
    return f"{money(mean, True)} EUR a year ({money(low, True)} to {money(high, True)})"


def _at(results: Any, case: str) -> pd.DataFrame:
    point = results.points.index[results.points["case"] == case][0]
    return results.differences("profit").loc[point]


def _plans(worlds: Any) -> str:
    profit = _at(worlds, "usual")
    more = profit["redress, rest service"] - profit["service"]
    return (
        f"The two together, redress first and the rest of the money on service, earn {_difference(more)} more than "
        f"service "
        "alone for the same money."
    )


def _voice(worlds: Any, usual: pd.DataFrame) -> str:
    profit, heard = _at(worlds, "usual"), _at(worlds, "outspoken")
    together = profit["voice and redress"] - profit["voice"] - profit["redress"]
    row, firm = usual.loc["voice"], worlds.study.scenario.firms[worlds.study.scenario.firm_index(worlds.study.firm)]
    return (
        f"Making it easy to complain, while {percent(firm.recovery.effort, digits=0)} of complaints are put right, "
        f"earns "
        f"{_profit(row)} for {money(row['spent'])} EUR. With redress, the two earn {_difference(together)} more "
        f"than both "
        f"alone. Where up to nine in ten of the unhappy would complain, redress earns "
        f"{_difference(heard['redress'])}, and "
        f"easy complaining adds {_difference(heard['voice and redress'] - heard['redress'])}, its cost deducted."
    )


def _talk(worlds: Any) -> str:
    def between(arm: str, one: str, other: str) -> str:
        return _difference(_at(worlds, one)[arm].to_numpy() - _at(worlds, other)[arm].to_numpy())

    return (
        f"What the unhappy tell: from silence to the usual amount of talk, prevention gains "
        f"{between('prevention', 'usual', 'silent')} and redress {between('redress', 'usual', 'silent')}. Where "
        f"they tell four times as "
        f"many and are believed as in East, Hammond & Lomax (2008), prevention gains "
        f"{between('prevention', 'loud', 'usual')}, "
        f"service {between('service', 'loud', 'usual')} and advertising {between('advertising', 'loud', 'usual')} "
        f"against the usual "
        f"world. The unhappy's own share in that (against 'praised', where ties count as much but the unhappy tell "
        f"no more than "
        f"others) is {between('prevention', 'loud', 'praised')} for prevention, "
        f"{between('service', 'loud', 'praised')} for service and "
        f"{between('advertising', 'loud', 'praised')} for advertising."
    )


def _others(worlds: Any, gains: pd.DataFrame) -> str:
    def at(case: str) -> str:
        rows = gains[gains["case"] == case].set_index("arm")
        return f"{_each(rows.loc['prevention'])} in prevention and {_each(rows.loc['service'])} in service"

    return (
        f"What else would change it, for about 4,000 EUR: counted over four years instead of two, a euro returns "
        f"{at('four years')}. "
        f"If an unsettled failure drove away a quarter as many ('patient'), {at('patient')}."
    )


def _best(worlds: Any) -> dict[str, str]:
    found = {}
    for point, place in worlds.points.iterrows():
        among = compare_with_best(worlds.differences("profit").loc[point])
        among = among[among["could_be_best"].astype(bool)].sort_values("mean", ascending=False)
        found[place["case"]] = " or ".join(among.index)
    return found


def _card(usual: pd.DataFrame) -> str:
    return (
        f"The same stamp card with a reward worth one cent, which costs nothing, earns {_profit(usual.loc[EMPTY])} "
        f"in this model, "
        f"and with the full reward {_profit(usual.loc[CARD])}; only the difference is counted as what the reward "
        f"returns."
    )


def _retention(usual: pd.DataFrame) -> str:
    parts = [
        f"{arm} {points(row['retention'])} ({points(row['retention_low'])} to {points(row['retention_high'])})"
        for arm, row in usual.loc[list(LEVERS)].iterrows()
    ]
    return f"Retention from quarter to quarter, percentage points, usual world: {'; '.join(parts)}."


def _prices(even: pd.DataFrame) -> str:
    rows = even[even["case"] == "usual"].set_index("lever")
    prevention, service = rows.loc["prevention"], rows.loc["service"]
    return (
        f"What prevention and service cost is assumed. Prevention pays in the usual world as long as preventing "
        f"one failure costs less than "
        f"{money(prevention['break_even'])} EUR ({money(prevention['low'])} to {money(prevention['high'])}; "
        f"assumed "
        f"{money(prevention['assumed'])}); service as long as the first point costs less than "
        f"{money(service['break_even'])} EUR a visit "
        f"({money(service['low'])} to {money(service['high'])}; assumed {money(service['assumed'])})."
    )


def small_sums(reach: pd.DataFrame) -> pd.DataFrame:
    """Of each lever the smallest sum of money that was tried, by lever."""
    rows = {lever: reach[reach["arm"].str.startswith(f"{lever} ")].sort_values("spent").iloc[0] for lever in LEVERS}
    return pd.DataFrame(rows).T


def picture(worlds: Any, curves: Any, gains: pd.DataFrame, reach: pd.DataFrame) -> PaperFigure:
    """Left: what each lever earns in three worlds of talk. Right: how far each lever goes."""
    with figure(9.6, 4.4) as on:
        left, right = on.subplots(1, 2, width_ratios=(1.0, 1.05))
        _worlds_panel(left, gains)
        _reach_panel(right, reach)
        runs, others = (results.replications[results.points.index[0]] for results in (worlds, curves))
        caption(
            on,
            f"Profit a year against doing nothing, EUR, for the largest restaurant of a simulated town of "
            f"{worlds.study.scenario.customers:,} guests, over two years. Bars and bands: 95 % intervals, {runs} "
            f"paired worlds "
            f"(right: {others}). What it costs to prevent failures and to serve better is assumed.",
        )
    return on


def _worlds_panel(axes: Axes, gains: pd.DataFrame) -> None:
    usual = gains[gains["case"] == "usual"].set_index("arm")
    arms = ["redress, rest service", *usual.loc[list(LEVERS), "profit"].sort_values(ascending=False).index]
    places = np.arange(len(arms))[::-1]
    for offset, case in zip((0.22, 0.0, -0.22), TALK, strict=True):
        rows = gains[gains["case"] == case].set_index("arm").loc[arms]
        error = [rows["profit"] - rows["profit_low"], rows["profit_high"] - rows["profit"]]
        axes.errorbar(
            rows["profit"], places + offset, xerr=error, fmt="o", markersize=4.5, color=LOOK[case], elinewidth=1.2,
            label={"silent": "say no more than others", "usual": "talk as usual", "loud": "tell four times as many, and count"}[case],
        )  # fmt: skip
    axes.axvline(0, color=GREY, linewidth=0.8)
    names = {"redress, rest service": "redress, then service"}
    axes.set_yticks(places, [f"{names.get(arm, arm)}\n{money(usual.loc[arm, 'spent'])} EUR" for arm in arms])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    thousands(axes.xaxis)
    axes.set_xlabel("profit a year, EUR")
    axes.set_title("What each lever earns where the unhappy ...")
    axes.legend(loc="lower right", title=None)


def _reach_panel(axes: Axes, reach: pd.DataFrame) -> None:
    ends = []
    for x, lever in enumerate(LEVERS):
        rows = reach[reach["arm"].str.startswith(lever)].sort_values("spent")
        spent, profit = np.r_[0, rows["spent"]], np.r_[0, rows["profit"]]
        axes.fill_between(
            spent, np.r_[0, rows["profit_low"]], np.r_[0, rows["profit_high"]], color=COLOURS[x], alpha=0.15, lw=0
        )
        axes.plot(spent, profit, "o-", color=COLOURS[x], markersize=3.5)
        ends.append((float(profit[-1]), lever, COLOURS[x], float(spent[-1])))
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.grid(axis="y")
    thousands(axes.xaxis)
    thousands(axes.yaxis)
    far = [end for end in ends if end[3] > 0.9 * max(e[3] for e in ends)]
    label_lines(axes, [(height, name, colour) for height, name, colour, _ in far], max(e[3] for e in far))
    for height, name, colour, spent in ends:
        if (height, name, colour, spent) not in far:
            above = spent < SHORT * max(e[3] for e in ends)  # the name of a short line stands clear of the others
            axes.annotate(
                name, (spent, height), xytext=(-9, 30) if above else (6, 4), textcoords="offset points", color=colour, fontsize=8,
            )  # fmt: skip
    axes.set_xlabel("spent on it a year, EUR")
    axes.set_ylabel("profit a year, EUR")
    axes.set_title("How far each lever goes, with the usual talk")
