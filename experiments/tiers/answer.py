"""The answer: what steeper tiers of the same cost earn, who gets more, and what demotion costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.plots.style import COLOURS, LIGHT, caption, figure, thousands
from goodwill.report.numbers import count, money, percent, points

LADDERS = ("flat", "gentle", "steep", "very steep")
RULES = ("hard fall", "soft landing", "no demotion")
FLIGHTS = ((1, 3), (4, 9), (10, 19), (20, 10_000))
"""Flights with the firm in the year before it began; at 260 a flight those of the later tiers: none, first, second, third."""
GROUPS = ("1 to 3", "4 to 9", "10 to 19", "20 and more")
COLOUR = dict(zip(RULES, (COLOURS[1], COLOURS[5], COLOURS[2]), strict=True))


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figures from the two studies."""
    tiers, worlds = found["tiers"], found["worlds"]
    summary, groups, other = summary_of(tiers), groups_of(tiers), worlds_of(worlds)
    return Answer(
        text=text_of(tiers, summary, groups, other),
        tables={"summary": summary, "groups": groups, "worlds": other},
        figures={"tiers": figure_of(tiers, summary, groups)},
    )


def named(ladder: str, rule: str) -> str:
    """Name of an arm."""
    return f"{ladder}, {rule}"


# -- numbers ------------------------------------------------------------------------------------------------------


def summary_of(tiers: Any) -> pd.DataFrame:
    """A row for each arm: what it changes against no programme, by the year."""
    values = {name: tiers.values(name) for name in tiers.outcomes}
    best = compare_with_best(values["profit"][[named(ladder, rule) for ladder in LADDERS for rule in RULES]])
    rows = []
    for arm in tiers.arms:
        if arm == tiers.baseline:
            continue
        row: dict[str, Any] = {"arm": arm}
        for name, table in values.items():
            put(row, name, interval((table[arm] - table[tiers.baseline]).to_numpy()))
        row["could_be_best"] = bool(best.loc[arm, "could_be_best"]) if arm in best.index else None
        rows.append(row)
    return pd.DataFrame(rows)


def groups_of(results: Any) -> pd.DataFrame:
    """Purchases a year by group of customers and arm, in per cent of those without programme; groups are set before it begins."""
    table = visits_by_group(results)
    years = (results.study.horizon - results.study.scenario.warm_up) / 12
    rows = []
    for arm in results.arms:
        for group in GROUPS:
            mine, base = (table.xs((name, group), level=("arm", "past")) for name in (arm, results.baseline))
            row: dict[str, Any] = {"arm": arm, "flights_before": group, "customers": float(base["customers"].mean())}
            row["purchases"] = float(mine["visits"].mean()) / years
            row["benefit"] = float(mine["benefit"].sum() / mine["visits"].sum())
            put(row, "change", interval((100 * (mine["visits"] - base["visits"]) / base["visits"].mean()).to_numpy()))
            put(row, "still_there", interval((mine["stayed"] - base["stayed"]).to_numpy()))
            rows.append(row)
    return pd.DataFrame(rows)


def visits_by_group(results: Any) -> pd.DataFrame:
    """Index point, replicate, arm, past: customers of the group, purchases, benefits, and the share who kept up half their pace."""
    years = (results.study.horizon - results.study.scenario.warm_up) / 12
    cases = " ".join(
        f"when visits_before between {low} and {high} then '{name}'"
        for (low, high), name in zip(FLIGHTS, GROUPS, strict=True)
    )
    found = results.sql(
        f"select point, replicate, arm, case {cases} end as past, count(*) as customers, sum(visits) as visits, "
        "sum(benefit) as benefit, "
        f"avg((visits >= 0.5 * {years} * visits_before)::int) as stayed from customers where visits_before > 0 group by all"
    )
    keys = ["point", "replicate", "arm", "past"]
    every = pd.MultiIndex.from_product([*(sorted(found[key].unique()) for key in keys[:3]), GROUPS], names=keys)
    return found.set_index(keys).reindex(every)


def worlds_of(worlds: Any) -> pd.DataFrame:
    """A row for each world: what steepness and demotion do to profit there."""
    profit, case_of = worlds.values("profit"), worlds.points["case"]
    failed = worlds.failed
    rows = []
    for point, here in profit.groupby(level="point"):
        row: dict[str, Any] = {"world": case_of[point], "failed": int((failed["point"] == point).sum())}
        for rule in ("hard fall", "no demotion"):
            steep = here[named("very steep", rule)] - here[named("flat", rule)]
            put(row, f"steepness_{rule.replace(' ', '_')}", interval(steep.to_numpy()))
        for ladder in ("flat", "very steep"):
            fall = here[named(ladder, "hard fall")] - here[named(ladder, "no demotion")]
            put(row, f"demotion_{ladder.replace(' ', '_')}", interval(fall.to_numpy()))
        rows.append(row)
    return pd.DataFrame(rows)


def demotion(tiers: Any) -> pd.DataFrame:
    """Profit a year of demotion against never, for each ladder: intervals that hold at once."""
    profit = tiers.values("profit")
    falls = pd.DataFrame(
        {
            named(ladder, rule): profit[named(ladder, rule)] - profit[named(ladder, "no demotion")]
            for ladder in LADDERS
            for rule in RULES[:2]
        }
    )
    return simultaneous_intervals(falls)


def steepness(tiers: Any) -> pd.DataFrame:
    """Profit a year of each ladder against the flat one of the same rule: intervals that hold at once."""
    profit = tiers.values("profit")
    steps = pd.DataFrame(
        {
            named(ladder, rule): profit[named(ladder, rule)] - profit[named("flat", rule)]
            for ladder in LADDERS[1:]
            for rule in RULES
        }
    )
    return simultaneous_intervals(steps)


def put(row: dict[str, Any], name: str, found: tuple[float, float, float]) -> None:
    """A mean and the ends of its interval into a row."""
    row[name], row[f"{name}_low"], row[f"{name}_high"] = found


# -- words --------------------------------------------------------------------------------------------------------


def text_of(tiers: Any, summary: pd.DataFrame, groups: pd.DataFrame, worlds: pd.DataFrame) -> str:
    """The answer in words."""
    at, group = summary.set_index("arm"), groups.set_index(["arm", "flights_before"])
    falls, steps, study = demotion(tiers), steepness(tiers), tiers.study
    lines = [
        headline(at, falls, steps),
        "",
        f"- {who_gets_more(group)}",
        f"- {what_demotion_does(group, falls)}",
        f"- {how_much_is_hurt(worlds.set_index('world'))}",
        f"- *What demotion would have to bring.* Here nobody flies more for fear of losing status. On the flat ladder the threat pays "
        f"once it makes customers with four flights and more a year buy {threat(tiers)} more.",
        f"- {needs_more_alike(worlds.set_index('world'))}",
        f"- {what_turns_it_round(tiers.values('profit'))}",
        "",
        *table_of(at),
        "",
        f"{study.scenario.measurement.currency} a year against no programme; {count(study.set['customers'])} customers, "
        f"{count(tiers.replications[0])} paired worlds, five years, 95 % intervals (differences of ladders and rules: holding for "
        f"all of them at once). All programmes are scaled to a yearly cost of {study.budget.replace('%', ' %')} of revenue.",
    ]
    return "\n".join(lines)


def headline(at: pd.DataFrame, falls: pd.DataFrame, steps: pd.DataFrame) -> str:
    """Which ladder and rule make the most of the money, and what the others lose."""
    best = max((named(ladder, rule) for ladder in LADDERS for rule in RULES), key=lambda arm: at.loc[arm, "profit"])
    rivals = [arm for arm in at.index if at.loc[arm, "could_be_best"] is True and arm != best]
    ladder, rule = best.split(", ")
    text = f"**Of the same money, {ladder} tiers with {rule} make the most"
    if at.loc[best, "profit_high"] < 0:
        text += f", and even they do not pay their cost back at this margin ({money(at.loc[best, 'profit'], True)})"
    text += (
        ".** Against the flat ladder with the same rule the very steep one loses "
        f"{worth(steps.loc[named('very steep', 'hard fall')])} a year with hard falls and "
        f"{worth(steps.loc[named('very steep', 'no demotion')])} without demotion. Demotion costs "
        f"{worth(falls.loc[named('flat', 'hard fall')])} a year on the flat ladder and "
        f"{worth(falls.loc[named('very steep', 'hard fall')])} on the very steep one."
    )
    return text + (f" Not told apart from the best: {'; '.join(rivals)}." if rivals else "")


def who_gets_more(group: pd.DataFrame) -> str:
    """What the most frequent and the lightest flyers get and buy, on the flat and on the very steep ladder."""
    flat, steep = named("flat", "no demotion"), named("very steep", "no demotion")

    def told(name: str) -> str:
        one, other = group.loc[(flat, name)], group.loc[(steep, name)]
        more = f"{money(other['benefit'])} instead of {money(one['benefit'])}"
        return f"get {more} a flight and buy {change(other)} instead of {change(one)}"

    top = [group.loc[(arm, GROUPS[3])] for arm in (flat, steep)]
    stays = [
        f"{points(row['still_there'])} [{points(row['still_there_low'])} to {points(row['still_there_high'])}]"
        for row in top
    ]
    return (
        f"*Who gets more.* From flat to very steep (without demotion) the most frequent flyers, with {GROUPS[3]} flights in the year "
        f"before, {told(GROUPS[3])}; those with {GROUPS[0]} flights {told(GROUPS[0])}. Of the most frequent, "
        f"{stays[1]} points more than without a programme keep up half their pace for five years, {stays[0]} with flat tiers."
    )


def what_demotion_does(group: pd.DataFrame, falls: pd.DataFrame) -> str:
    """Who is lost by demotion, and what a soft landing takes back."""
    hard, never = named("flat", "hard fall"), named("flat", "no demotion")
    parts = [
        f"{change(group.loc[(hard, name)])} instead of {change(group.loc[(never, name)])} ({name} flights)"
        for name in GROUPS[1:]
    ]
    return (
        f"*What demotion does.* With hard falls customers buy {', '.join(parts)}. A soft landing takes back {back(falls)} "
        "of what demotion costs."
    )


def how_much_is_hurt(world: pd.DataFrame) -> str:
    """What demotion costs where losing a tier hurts less or more."""
    shrugged, bitter = world.loc["demotion is shrugged off"], world.loc["demotion hurts twice as much"]
    return (
        f"*How much of that is hurt.* Where losing a tier is shrugged off, demotion costs "
        f"{worth(minus(shrugged, 'demotion_flat'))} on the flat ladder, the status that is gone; where it hurts twice "
        f"as much as assumed, {worth(minus(bitter, 'demotion_flat'))}."
    )


def needs_more_alike(world: pd.DataFrame) -> str:
    """Steepness and demotion where customers differ less."""
    alike = world.loc["needs more alike"]
    return (
        f"*Needs more alike.* Where customers differ less in how often they fly, the very steep ladder loses "
        f"{worth(minus(alike, 'steepness_hard_fall'))} a year with hard falls, and demotion costs "
        f"{worth(minus(alike, 'demotion_flat'))} on the flat one."
    )


def what_turns_it_round(profit: pd.DataFrame) -> str:
    """Points saved for a reward instead of money at the till."""
    step = profit["very steep, saved for a reward"] - profit["flat, saved for a reward"]
    middle, low, high = interval(step.to_numpy())
    return (
        "*Saving for a reward.* With points saved for a reward of fixed size instead of money at the till the very steep ladder "
        f"earns {money(middle, True)} [{money(low, True)} to {money(high, True)}] against the flat one. "
        "Frequent flyers are then always close to a reward, and the pull of a near goal does not ask how much it is worth."
    )


def worth(row: pd.Series) -> str:
    """A loss of profit as a cost, with its interval."""
    return f"{money(-row['difference'])} [{money(-row['high'])} to {money(-row['low'])}]"


def minus(row: pd.Series, name: str) -> pd.Series:
    """A difference of a row under the names that `worth` reads."""
    return pd.Series({"difference": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]})


def change(row: pd.Series) -> str:
    """A change of purchases in per cent with its interval."""
    low, high = row["change_low"], row["change_high"]
    return f"{percent(row['change'] / 100, True)} [{percent(low / 100, True)} to {percent(high / 100, True)}]"


def back(falls: pd.DataFrame) -> str:
    """Share of the cost of demotion that a soft landing takes back, over all ladders."""
    hard = sum(falls.loc[named(ladder, "hard fall"), "difference"] for ladder in LADDERS)
    soft = sum(falls.loc[named(ladder, "soft landing"), "difference"] for ladder in LADDERS)
    return percent(1 - soft / hard, digits=0)


def threat(tiers: Any) -> str:
    """How much more those who could have a tier must buy for demotion to pay: profit lost over what their flights earn."""
    study, hard = tiers.study, named("flat", "hard fall")
    firm = study.scenario.firms[study.scenario.firm_index(study.firm)]
    years = (study.horizon - study.scenario.warm_up) / 12
    theirs = visits_by_group(tiers).xs(hard, level="arm").drop(index=GROUPS[0], level="past")[["visits", "benefit"]]
    theirs = theirs.groupby("replicate").sum() / years
    earned = (firm.price - firm.unit_cost) * theirs["visits"] - theirs["benefit"]  # a flight is one unit on average
    profit = tiers.values("profit").droplevel("point")
    needed, low, high = interval(((profit[named("flat", "no demotion")] - profit[hard]) / earned.mean()).to_numpy())
    return f"{percent(needed)} [{percent(low)} to {percent(high)}]"


def table_of(at: pd.DataFrame) -> list[str]:
    """The main numbers as a Markdown table."""
    lines = ["| tiers, demotion | profit | purchases | retention (points) | cost |", "|---|--:|--:|--:|--:|"]
    for arm, row in at.iterrows():
        cells = [
            str(arm),
            f"{money(row['profit'], True)} [{money(row['profit_low'], True)} to {money(row['profit_high'], True)}]",
            f"{count(row['purchases'], True)} [{count(row['purchases_low'], True)} to {count(row['purchases_high'], True)}]",
            f"{points(row['retention'])} [{points(row['retention_low'])} to {points(row['retention_high'])}]",
            money(row["programme_cost"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


# -- figures ------------------------------------------------------------------------------------------------------


def figure_of(tiers: Any, summary: pd.DataFrame, groups: pd.DataFrame) -> Any:
    """Profit by steepness and rule; purchases of light and frequent flyers; what demotion costs."""
    at, group = summary.set_index("arm"), groups.set_index(["arm", "flights_before"])
    falls = demotion(tiers)
    places = np.arange(len(LADDERS))
    with figure(8.6, 3.9) as paper:
        profit, who, cost = paper.subplots(1, 3)
        for rule, shift in zip(RULES, (-0.06, 0.0, 0.06), strict=True):
            rows = at.loc[[named(ladder, rule) for ladder in LADDERS]]
            profit.errorbar(
                places + shift, rows["profit"], [rows["profit"] - rows["profit_low"], rows["profit_high"] - rows["profit"]],
                color=COLOUR[rule], label=rule, linewidth=1.3, marker="o", markersize=3.5, elinewidth=0.9,
            )  # fmt: skip
        profit.set_title("Profit")
        profit.set_ylabel("profit a year against no programme (EUR)")
        thousands(profit.yaxis)
        profit.legend(loc="lower left")
        for name, colour, shift in zip(
            GROUPS, (LIGHT, COLOURS[4], COLOURS[0], COLOURS[7]), (-0.09, -0.03, 0.03, 0.09), strict=True
        ):
            rows = pd.DataFrame([group.loc[(named(ladder, "no demotion"), name)] for ladder in LADDERS])
            error = [rows["change"] - rows["change_low"], rows["change_high"] - rows["change"]]
            who.errorbar(
                places + shift, rows["change"], error, color=colour, label=name, linewidth=1.3, marker="o", markersize=3.5,
                elinewidth=0.9,
            )  # fmt: skip
        who.set_title("Who buys more")
        who.set_ylabel("purchases against no programme (%)")
        who.set_ylim(bottom=0)
        who.legend(title="flights the year before", title_fontsize=8, loc="lower left")
        for rule, shift in (("hard fall", -0.19), ("soft landing", 0.19)):
            rows = -falls.loc[[named(ladder, rule) for ladder in LADDERS]]
            cost.bar(places + shift, rows["difference"], width=0.36, color=COLOUR[rule], label=rule)
            cost.vlines(places + shift, rows["high"], rows["low"], color="black", linewidth=0.9)
        cost.set_title("What demotion costs")
        cost.set_ylabel("profit lost a year against no demotion (EUR)")
        thousands(cost.yaxis)
        cost.set_ylim(0, cost.get_ylim()[1] * 1.25)
        cost.legend(loc="upper left", ncols=2)
        for axes in (profit, who, cost):
            axes.set_xticks(places, labels=[ladder.replace("very ", "very\n") for ladder in LADDERS])
        caption(
            paper,
            f"Airline with {tiers.study.set['customers']:,} customers in its market; every programme at the same yearly cost; "
            f"{tiers.replications[0]} paired worlds; 95 % intervals. Ladders and rules are told apart more surely than their lines "
            "overlap, because worlds are paired: see the text.",
        )
    return paper
