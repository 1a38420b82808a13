"""Does it pay to put employees first, and when: the answer from the runs of employees-first.yaml."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.lab.statistics.ratios import jackknife_ratio
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure, label_lines, thousands
from goodwill.record import Record
from goodwill.report.numbers import MINUS, money, percent, points
from goodwill.simulation import Simulation

USUAL, DEAR, STEADY = "usual", "dear climate", "never used to it"
MARGIN_ACCOUNTS = ("sales at usual prices", "price reductions", "cost of goods", "cost to serve")
WORLDS_OF_STAFF = 5
BROADEST = 0.6  # labour share up to which the map goes


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figure from the study."""
    results = found["employees-first"]
    yearly = by_year(results)
    course = cumulative(results)
    returns = payback(course)
    slopes = boundaries(results)
    staff = workforce(results)
    return Answer(
        text=text(results, yearly, returns, slopes, staff),
        tables={"years": yearly, "pay-back": returns, "boundaries": slopes, "staff": staff},
        figures={"employees-first": picture(results, course, returns, slopes)},
    )


def by_year(results: Any) -> pd.DataFrame:
    """Case x arm x year: profit above things as usual with intervals that hold for all arms of the year at once; "
    "year 0: all five.
    """
    rows = []
    outcomes = [("profit", 0), *((name, int(name.split()[1])) for name in results.outcomes if name.startswith("year"))]
    for outcome, year in outcomes:
        differences = results.differences(outcome)
        for point, place in results.points.iterrows():
            for arm, row in simultaneous_intervals(differences.loc[point]).iterrows():
                rows.append((place["case"], arm, year, row["difference"], row["low"], row["high"]))
    return pd.DataFrame(rows, columns=["case", "arm", "year", "profit", "low", "high"])


def cumulative(results: Any) -> pd.DataFrame:
    """Case, arm, period: profit gained since the start, with the interval of each period."""
    from scipy import stats

    wide = results.periods.pivot(index=["point", "replicate", "period"], columns="arm", values="profit")
    gain = wide.drop(columns=results.baseline).sub(wide[results.baseline], axis=0)
    total = gain.groupby(level=["point", "replicate"]).cumsum()
    grouped = total.groupby(level=["point", "period"])
    mean, worlds = grouped.mean(), grouped.size().iloc[0]
    half = grouped.std() * stats.t.ppf(0.975, worlds - 1) / np.sqrt(worlds)
    table = pd.DataFrame({"gained": mean.stack(), "low": (mean - half).stack(), "high": (mean + half).stack()})
    table = table.rename_axis(["point", "period", "arm"]).reset_index()
    return table.assign(case=table["point"].map(results.points["case"]))


def payback(course: pd.DataFrame) -> pd.DataFrame:
    """Case x arm: months after which what was gained stays above zero to the end; never: missing. early, late: of
    the interval's ends.
    """
    rows = []
    for (case, arm), path in course.groupby(["case", "arm"], sort=False):
        months = [_stays_above(path[column].to_numpy()) for column in ("gained", "high", "low")]
        rows.append((case, arm, *months))
    return pd.DataFrame(rows, columns=["case", "arm", "months", "early", "late"])


def _stays_above(gained: np.ndarray) -> float:
    below = np.flatnonzero(gained <= 0)
    first = 0 if len(below) == 0 else int(below[-1]) + 1
    return float("nan") if first >= len(gained) else (first + 1) * 12 / 52


def boundaries(results: Any) -> pd.DataFrame:
    """Case x arm: rise of sales, cost as a share of the wage bill, and the labour share up to which it pays per unit of margin.

    Costs of goods and the wage bill change nothing that customers or employees do, so that the runs of one case hold for any of
    them: with margin m and wage bill b (shares of sales) the gain is m * rise - b * cost, and it pays while b < m * rise / cost.
    A cost below zero (fewer leave, so that recruiting saves more than the policy costs) pays at any wage bill.
    """
    book = results.accounts
    table = book.pivot_table(index=["point", "replicate"], columns=["arm", "account"], values="amount")
    rows = []
    for point, place in results.points.iterrows():
        mine = table.loc[point]
        base = mine[results.baseline]
        margin, sales = base[list(MARGIN_ACCOUNTS)].sum(axis=1), base[list(MARGIN_ACCOUNTS[:2])].sum(axis=1)
        bill = wage_bill(results, point)
        for arm in results.differences("profit").columns:
            rise = (mine[arm][list(MARGIN_ACCOUNTS)].sum(axis=1) - margin) / margin.mean()
            cost = -(mine[arm]["workforce"] - base["workforce"]) / bill
            slope = jackknife_ratio(rise.to_numpy(), cost.to_numpy())
            rows.append((place["case"], arm, *interval(rise.to_numpy()), *interval(cost.to_numpy()), *slope,
                         margin.mean() / sales.mean(), bill / sales.mean()))  # fmt: skip
    names = [
        "case",
        "arm",
        "rise",
        "rise_low",
        "rise_high",
        "cost",
        "cost_low",
        "cost_high",
        "slope",
        "slope_low",
        "slope_high",
    ]
    return pd.DataFrame(rows, columns=[*names, "margin", "labour_share"])


def wage_bill(results: Any, point: Any) -> float:
    """Wages of a year at the market's pay, currency, in the baseline of a point."""
    from goodwill.workforce import wages

    scenario, firm = results.plan.world(results.plan.points[point])
    return wages(scenario, firm)


def workforce(results: Any) -> pd.DataFrame:
    """Arm x year: the state of the workforce, and from where the points of service come, in the usual case, mean
    over some worlds.
    """
    point = _point(results, USUAL)
    scenario, firm = results.plan.world(results.plan.points[point])
    terms = scenario.firms[firm].workforce
    link = terms.link * terms.service_sd / terms.satisfaction_sd
    rows = []
    for arm in results.arms:
        world = results.plan.arm(results.plan.points[point], arm).apply(scenario, firm)
        for replicate in range(min(WORLDS_OF_STAFF, results.replications[point])):
            simulation = Simulation(world, replicate=replicate, threads=1)
            simulation.run()
            people = Record.of(simulation).workforce
            people = people[people["firm"] == scenario.firms[firm].name]
            yearly = people.assign(year=people["period"] // scenario.periods_per_year + 1, arm=arm)
            rows.append(yearly)
    everything = pd.concat(rows)
    mean = everything.groupby(["arm", "year"], sort=False)[
        ["satisfaction", "expected", "turnover", "skill", "service"]
    ].mean()
    mean["turnover"] = 1 - (1 - mean["turnover"]) ** scenario.periods_per_year
    mean["by_satisfaction"] = link * (mean["satisfaction"] - 5)
    mean["by_skill"] = mean["service"] - mean["by_satisfaction"]
    return mean.reset_index()


def text(results: Any, yearly: pd.DataFrame, returns: pd.DataFrame, slopes: pd.DataFrame, staff: pd.DataFrame) -> str:
    """The answer in words."""
    mine = slopes[slopes["case"] == USUAL].set_index("arm")
    usual = yearly[yearly["case"] == USUAL]
    five = usual[usual["year"] == 0].set_index("arm")
    order = list(five["profit"].sort_values(ascending=False).index)
    dear = yearly[(yearly["case"] == DEAR) & (yearly["year"] == 0)].set_index("arm").loc["climate"]
    arms, terms = results.study.arms, _terms(results, USUAL)
    price = arms["climate"]["set"]["firms.0.workforce.climate"] - terms.climate
    price *= terms.climate_cost
    lines = [
        f"**For {percent(price, digits=0)} of the wage bill each, yearly profit over five years changes by: "
        + "; ".join(
            f"{arm} {money(five.loc[arm, 'profit'], True)} EUR ({money(five.loc[arm, 'low'], True)} to "
            f"{money(five.loc[arm, 'high'], True)}; paid back: {_when(returns, USUAL, arm)})"
            for arm in order
        )
        + ".**",
        "",
        f"The restaurant's wages are {percent(mine['labour_share'].iloc[0], digits=0)} of its sales and its margin "
        f"{percent(mine['margin'].iloc[0], digits=0)}. Profit a year against things as usual, EUR:",
        "",
        "| | cost, % of wages | "
        + " | ".join(f"year {year}" for year in range(1, 6))
        + " | all five | pays back after |",
        "|---|--:" + "|--:" * 7 + "|",
    ]
    for arm in five.index:
        years = usual[(usual["arm"] == arm) & (usual["year"] > 0)].sort_values("year")
        cells = " | ".join(_cell(row) for _, row in years.iterrows())
        lines.append(
            f"| {arm} | {percent(mine.loc[arm, 'cost'], True)} | {cells} | {_cell(five.loc[arm])} | "
            f"{_months(returns, USUAL, arm)} |"
        )
    runs = results.replications[results.points.index[0]]
    lines += [
        "",
        f"Half widths of 95 % intervals that hold for all policies of a column at once; {runs} paired worlds. The "
        f"cost is net of recruiting saved: "
        f"pay +{percent(arms['pay']['set']['firms.0.workforce.pay'] - 1, digits=0)}, training from "
        f"{percent(terms.training, digits=0)} to "
        f"{percent(arms['training']['set']['firms.0.workforce.training'], digits=0)} of wages, climate from "
        f"{terms.climate:g} to {arms['climate']['set']['firms.0.workforce.climate']:g} points at "
        f"{percent(terms.climate_cost, digits=0)} of wages a "
        "point, half and half the half of both.",
        "",
        _why(staff, mine),
        "",
        _course(results),
        "",
        _retention(results),
        "",
        _where(slopes),
        "",
        f"The price of a good climate is the weakest assumption: at "
        f"{percent(_terms(results, DEAR).climate_cost, digits=0)} of wages a point the "
        f"policy earns {money(dear['profit'], True)} EUR a year ({money(dear['low'], True)} to "
        f"{money(dear['high'], True)}), and it breaks even at "
        f"{percent(_even(results, slopes), digits=1)}.",
        "",
        "| what if | " + " | ".join(five.index) + " |",
        "|---|" + "--:|" * len(five.index),
    ]
    for case in results.points["case"]:
        rows = yearly[(yearly["case"] == case) & (yearly["year"] == 0)].set_index("arm")
        cells = [f"{_cell(rows.loc[arm])}, {_months(returns, case, arm)}" for arm in five.index]
        lines.append(f"| {case} | {' | '.join(cells)} |")
    lines += ["", "Profit a year over five years, EUR, and when it has paid back for good."]
    return "\n".join(lines)


def _cell(row: pd.Series) -> str:
    return f"{money(row['profit'], True)} ± {money((row['high'] - row['low']) / 2)}"


def _months(returns: pd.DataFrame, case: str, arm: str) -> str:
    row = returns[(returns["case"] == case) & (returns["arm"] == arm)].iloc[0]

    def one(value: float) -> str:
        return "never" if np.isnan(value) else "at once" if value < 1 else f"{value:.0f}"

    middle, ends = one(row["months"]), (one(row["early"]), one(row["late"]))
    if ends == (middle, middle):
        return middle if middle in ("never", "at once") else f"{middle} months"
    return (
        f"{middle} months ({ends[0]} to {ends[1]})"
        if middle not in ("never", "at once")
        else f"{middle} ({ends[0]} to {ends[1]})"
    )


def _when(returns: pd.DataFrame, case: str, arm: str) -> str:
    found = _months(returns, case, arm)
    return found if found.startswith(("never", "at once")) else f"after {found}"


def _why(staff: pd.DataFrame, slopes: pd.DataFrame) -> str:
    last = int(staff["year"].max())

    def change(arm: str, year: int, column: str) -> str:
        at = staff[staff["year"] == year].set_index("arm")
        return f"{at.loc[arm, column] - at.loc['as usual', column]:+.2f}".replace("-", MINUS)

    def gain(arm: str) -> str:
        return (
            f"{arm} {change(arm, 1, 'service')} points of service in year 1 and {change(arm, last, 'service')} in year {last}, of "
            f"these {change(arm, last, 'by_satisfaction')} because people are more satisfied and "
            f"{change(arm, last, 'by_skill')} because they know more"
        )

    leaving = staff[staff["year"] == last].set_index("arm")["turnover"]
    rises = ", ".join(
        f"{arm} {percent(row['rise'], True)} ({percent(row['rise_low'], True)} to {percent(row['rise_high'], True)})"
        for arm, row in slopes.iterrows()
    )
    return (
        f"Why: {'; '.join(gain(arm) for arm in ('pay', 'training', 'climate'))}. A better climate lowers yearly turnover "
        f"from {percent(leaving['as usual'], digits=0)} to {percent(leaving['climate'], digits=0)}, pay to "
        f"{percent(leaving['pay'], digits=0)}. Guests answer with their custom; the margin on sales changes, over the five "
        f"years, by: {rises}."
    )


def _course(results: Any) -> str:
    """How the yearly gain of climate and training moves from the second year to the last, with and without adaptation."""
    years = [name for name in results.outcomes if name.startswith("year")]
    moved = results.differences(years[-1]) - results.differences(years[1])
    parts = []
    for case in (USUAL, STEADY):
        at = moved.loc[_point(results, case)]
        parts += [f"{arm}, {case}, {_three(at[arm], money)} EUR" for arm in ("climate", "training")]
    return f"From {years[1]} to {years[-1]} the yearly gain moves by: {'; '.join(parts)}."


def _retention(results: Any) -> str:
    kept = results.differences("retention").loc[_point(results, USUAL)]
    parts = [f"{arm} {_three(kept[arm], points)}" for arm in kept.columns]
    return f"Retention from quarter to quarter, percentage points: {'; '.join(parts)}."


def _three(values: pd.Series, as_text: Any) -> str:
    """Mean and interval in the words of a formatter."""
    mean, low, high = (as_text(number, True) for number in interval(values.to_numpy()))
    return f"{mean} ({low} to {high})"


def _point(results: Any, case: str) -> Any:
    return results.points.index[results.points["case"] == case][0]


def _where(slopes: pd.DataFrame) -> str:
    mine = slopes[slopes["case"] == USUAL].set_index("arm")
    dear, shops = (slopes[slopes["case"] == case].set_index("arm") for case in (DEAR, "supermarket"))
    parts = [f"{arm} {_up_to(mine.loc[arm])}" for arm in ("pay", "training")]
    parts.append(f"climate {_up_to(mine.loc['climate'])}, where it is dear {_up_to(dear.loc['climate'])}")
    parts.append(f"training among supermarkets {_up_to(shops.loc['training'])}")
    return (
        "Where it pays, over five years: a policy raises sales by so much and costs so much of the wages, whatever "
        "the margin and the wage bill; so "
        f"with a margin of 30 % of sales it pays while wages are below the following share of sales: "
        f"{'; '.join(parts)}."
    )


def _up_to(row: pd.Series, margin: float = 0.3) -> str:
    if row["cost"] <= 0:
        return "any (it costs less than the recruiting it saves)"
    middle, low, high = (percent(margin * row[f"slope{end}"], digits=0) for end in ("", "_low", "_high"))
    return f"{middle} ({low} to {high})"


def _even(results: Any, slopes: pd.DataFrame) -> float:
    """Price of a point of climate, as a share of wages, at which it earns nothing: profit falls evenly with the
    price.
    """
    cases = (USUAL, DEAR)
    rows = [slopes[slopes["case"] == case].set_index("arm").loc["climate"] for case in cases]
    gain = [row["margin"] * row["rise"] - row["labour_share"] * row["cost"] for row in rows]
    low, high = (_terms(results, case).climate_cost for case in cases)
    return float(low + (high - low) * gain[0] / (gain[0] - gain[1]))


def _terms(results: Any, case: str) -> Any:
    """The workforce of the firm in a case."""
    scenario, firm = results.plan.world(results.plan.points[_point(results, case)])
    return scenario.firms[firm].workforce


def picture(results: Any, course: pd.DataFrame, returns: pd.DataFrame, slopes: pd.DataFrame) -> PaperFigure:
    """Left: profit gained since the start. Right: at which margin and wage bill it pays."""
    with figure(10.4, 4.3) as on:
        left, right = on.subplots(1, 2, width_ratios=(1.1, 1.0))
        arms = [arm for arm in results.arms if arm != results.baseline]
        colours = dict(zip(arms, COLOURS, strict=False))
        _course_panel(left, colours, course[course["case"] == USUAL], returns)
        _map_panel(right, colours, slopes)
        runs = results.replications[results.points.index[0]]
        caption(
            on,
            f"A simulated restaurant with {percent(slopes['labour_share'].iloc[0], digits=0)} of sales in wages; "
            f"each policy costs 2 % of wages. "
            f"95 % bands, {runs} paired worlds. Right: means over five years; below its line a policy pays. Sizes "
            f"of the links are assumptions.",
        )
    return on


def _course_panel(axes: Axes, colours: dict[str, str], course: pd.DataFrame, returns: pd.DataFrame) -> None:
    ends = []
    for arm, colour in colours.items():
        path = course[course["arm"] == arm].sort_values("period")
        years = (path["period"] + 1) / 52
        axes.fill_between(years, path["low"], path["high"], color=colour, alpha=0.15, linewidth=0)
        axes.plot(years, path["gained"], color=colour)
        ends.append((float(path["gained"].iloc[-1]), arm, colour))
        months = returns[(returns["case"] == USUAL) & (returns["arm"] == arm)]["months"].iloc[0]
        if months >= 1:
            axes.plot(months / 12, 0, "o", color=colour, markersize=5, clip_on=False, zorder=4)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_xlim(0, 5)
    axes.grid(axis="y")
    thousands(axes.yaxis)
    label_lines(axes, ends, 5)
    axes.set_xlabel("years since the start")
    axes.set_ylabel("profit gained so far, EUR")
    axes.set_title("When it pays (dot: paid back)")


def _map_panel(axes: Axes, colours: dict[str, str], slopes: pd.DataFrame) -> None:
    margin = np.array([0.0, 1.0])
    usual, dear, shops = (slopes[slopes["case"] == case].set_index("arm") for case in (USUAL, DEAR, "supermarket"))
    for row, arm, name, dash in (
        (dear.loc["climate"], "climate", "climate, if dear", "-"),
        (usual.loc["training"], "training", "training", "-"),
        (shops.loc["training"], "training", "training, supermarkets", (0, (4, 2))),
        (usual.loc["pay"], "pay", "pay", "-"),
    ):
        colour = colours[arm]
        axes.fill_between(
            margin, margin * row["slope_low"], margin * row["slope_high"], color=colour, alpha=0.15, linewidth=0
        )
        axes.plot(margin, margin * row["slope"], color=colour, linestyle=dash, label=name)
    for case, name in ((USUAL, "this restaurant"), ("supermarket", "a supermarket")):
        row = slopes[slopes["case"] == case].iloc[0]
        axes.plot(row["margin"], row["labour_share"], "D", color="black", markersize=4)
        axes.annotate(
            name,
            (row["margin"], row["labour_share"]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, BROADEST)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.set_xlabel("margin after goods and serving, % of sales")
    axes.set_ylabel("wages, % of sales")
    axes.set_title("Where it pays: below the line")
