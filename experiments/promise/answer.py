"""The answer: the best promise for each quality and frequency, what it wins and loses, and what would change it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.plots.style import COLOURS, GREY, LIGHT, caption, figure
from goodwill.report.numbers import count, money, percent, points

CASES = ("quarterly", "monthly", "weekly")
MIDDLE = 7.2
"""The quality shown in the figure and varied in the other worlds."""
DRAWS = 2000
WON, KEPT, EARNED = COLOURS[4], COLOURS[1], COLOURS[7]


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figures from the two studies."""
    main, worlds = found["promise"], found["worlds"]
    best, other = best_of(main), best_of(worlds)
    return Answer(
        text=text_of(main, best, other),
        tables={"best-promise": best, "worlds": other, "effects": effects_of(main)},
        figures={"promise": figure_of(main, best), "best-promise": worlds_figure(best, other)},
    )


# -- numbers ------------------------------------------------------------------------------------------------------


def by_promise(results: Any, outcome: str, case: str, quality: float | None) -> pd.DataFrame:
    """An outcome: a row for each replicate, a column for each promise. The same replicate has the same luck in all columns."""
    table = results.points
    here = table["case"] == case
    if quality is not None:
        here &= table["quality"] == quality
    values = results.values(outcome)[results.baseline].unstack("replicate").T
    found = values[table.index[here]]
    return found.set_axis(table.loc[here, "promise"].to_numpy(float), axis=1)


def best_of(results: Any) -> pd.DataFrame:
    """A row for each world: the best promise, what it earns against promising what is delivered, and what missing it costs."""
    rows = []
    qualities = results.study.uncertainties["quality"].grid() if "quality" in results.points else [None]
    for case in results.study.cases:
        for quality in qualities:
            delivered = MIDDLE if quality is None else quality
            profit = by_promise(results, "profit", case, quality)
            change = 100 * profit.sub(profit[delivered], axis=0) / profit[delivered].mean()
            top = float(change.mean().idxmax())
            row: dict[str, Any] = {"case": case, "delivered": delivered, "profit": profit[delivered].mean()}
            put(row, "best", best_promise(profit))
            row["at_the_edge"] = top in (profit.columns[0], profit.columns[-1])
            for name, outcome in (("first_year", "first_year"), ("third_year", "third_year")):
                if outcome in results.outcomes:
                    put(row, f"best_{name}", best_promise(by_promise(results, outcome, case, quality)))
            joint = simultaneous_intervals(change.drop(columns=delivered))
            gain = (0.0, 0.0, 0.0) if top == delivered else tuple(joint.loc[top, ["difference", "low", "high"]])
            put(row, "gain", gain)
            put(row, "money", tuple(profit[delivered].mean() / 100 * value for value in gain))
            retention = by_promise(results, "retention", case, quality)
            put(row, "retention", interval((retention[top] - retention[delivered]).to_numpy()))
            for name, promise in (("one_too_low", round(top - 1, 6)), ("one_too_high", round(top + 1, 6))):
                if promise in change:
                    put(row, name, interval((change[promise] - change[top]).to_numpy()))
            rows.append(row)
    return pd.DataFrame(rows)


def best_promise(profit: pd.DataFrame) -> tuple[float, float, float]:
    """The promise at which mean profit is highest, between the values tried by the parabola through the best three.

    The interval is that of means drawn from a multivariate t around those seen, with their correlation (the luck is common): it
    is about luck, not about the form of the curve between values.
    """
    values, promises = profit.to_numpy(), profit.columns.to_numpy(float)
    n, mean = len(values), values.mean(axis=0)
    rng = np.random.default_rng(0)
    shift = rng.standard_normal((DRAWS, n)) @ (values - mean) / np.sqrt(n * (n - 1))
    drawn = mean + shift / np.sqrt(rng.chisquare(n - 1, (DRAWS, 1)) / (n - 1))
    low, high = np.quantile([vertex(promises, one) for one in drawn], [0.025, 0.975])
    return vertex(promises, mean), float(low), float(high)


def vertex(x: np.ndarray, y: np.ndarray) -> float:
    """Where the parabola through the highest point and its neighbours is highest; at an end, the end."""
    k = int(np.argmax(y))
    if k in (0, len(x) - 1):
        return float(x[k])
    curve = np.polyfit(x[k - 1 : k + 2] - x[k], y[k - 1 : k + 2], 2)
    return float(x[k]) if curve[0] >= 0 else float(x[k] - curve[1] / (2 * curve[0]))


def effects_of(main: Any) -> pd.DataFrame:
    """Per case, quality and promise: first buyers, purchases per buyer and profit, in per cent of those at the promise delivered."""
    rows = []
    for case in CASES:
        for quality in main.study.uncertainties["quality"].grid():
            buyers, bought, profit = (
                by_promise(main, name, case, quality) for name in ("new_buyers", "purchases", "profit")
            )
            for promise in profit:
                row: dict[str, Any] = {"case": case, "delivered": quality, "promise": promise}
                for name, table in (("first_buyers", buyers), ("per_buyer", bought / buyers), ("profit", profit)):
                    base = table[quality]
                    put(row, name, interval((100 * (table[promise] - base) / base.mean()).to_numpy()))
                rows.append(row)
    return pd.DataFrame(rows)


def put(row: dict[str, Any], name: str, found: tuple[float, ...]) -> None:
    """A mean and the ends of its interval into a row."""
    row[name], row[f"{name}_low"], row[f"{name}_high"] = found


# -- words --------------------------------------------------------------------------------------------------------


def text_of(main: Any, best: pd.DataFrame, worlds: pd.DataFrame) -> str:
    """The answer in words."""
    at = best[best["delivered"] == MIDDLE].set_index("case")
    world = worlds.set_index("case")
    much = effects_of(main).set_index(["case", "delivered", "promise"])
    one_more = [much.loc[(case, MIDDLE, MIDDLE + 1)] for case in CASES]
    year = {
        (case, name): signed(at.loc[case, f"best_{name}"] - MIDDLE)
        for case in ("monthly", "quarterly")
        for name in ("first_year", "third_year")
    }
    gains = [f"{both(at.loc[case], 'gain')} ({case})" for case in CASES]
    size, currency = count(main.study.set["customers"]), main.study.scenario.measurement.currency
    lines = [
        f"**{verdict(at)}** For a firm that delivers {MIDDLE} on a scale of 0 to 10 the best promise is "
        f"{where(at.loc['weekly'])} where people need the category every week, {where(at.loc['monthly'])} where every "
        f"month, and {where(at.loc['quarterly'])} where every quarter.",
        "",
        "- *What a promise wins and loses.* One point above what is delivered wins "
        f"{', '.join(both(row, 'first_buyers') for row in one_more)} first buyers (quarterly, monthly, weekly), and changes what "
        f"each of them buys by {', '.join(both(row, 'per_buyer') for row in one_more)}. The win is made once, the loss at every "
        "later occasion.",
        f"- *What the right promise is worth* against promising exactly what is delivered: "
        f"{', '.join(gains)} of the contribution.",
        "- *Missing the best by a point* changes the contribution, with weekly customers, by "
        f"{both(at.loc['weekly'], 'one_too_high')} when too high and {both(at.loc['weekly'], 'one_too_low')} when too low; "
        f"with quarterly ones by {both(at.loc['quarterly'], 'one_too_high')} and {both(at.loc['quarterly'], 'one_too_low')}.",
        f"- *Steadiness*: visits vary, so a firm that promises its mean breaks the promise often. With steadier service (spread 0.5 "
        f"instead of 1) the best promise is {where(world.loc['steadier service'])}, with less steady service (1.6) "
        f"{where(world.loc['less steady service'])} (monthly customers; {where(world.loc['as assumed'])} as assumed).",
        f"- *Trust and attention*: where broken promises destroy none, only disappointment counts, and the best promise is "
        f"{where(world.loc['trust plays no role'])}. Where promises weigh more in first choices it is "
        f"{where(world.loc['promises weigh more'])}.",
        f"- *How long one looks*: for the profit of the first year alone the best promise is {year['monthly', 'first_year']} "
        f"(monthly) and {year['quarterly', 'first_year']} (quarterly), for that of the third year "
        f"{year['monthly', 'third_year']} and {year['quarterly', 'third_year']}.",
        "",
        f"| people need it | delivered | best promise | less what is delivered | contribution | the same, {currency} a year | "
        "retention (points) | one point too high | one point too low |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(table_row(row) for _, row in best.iterrows()),
        "",
        f"Means of {count(main.replications[0])} paired worlds of {size} customers over three years, with "
        "95 % intervals. Contribution (profit before fixed costs) and retention from quarter to quarter: the best of the promises "
        "tried against promising what is delivered; intervals of the contribution hold for all promises at once. *: the highest "
        "promise that was tried. Intervals tell what luck can do, not what the assumptions may be off.",
    ]
    return "\n".join(lines)


def verdict(at: pd.DataFrame) -> str:
    """Whether the best promise falls with how often people need the category, clear of luck."""
    falls = all(at.loc[more, "best_high"] < at.loc[less, "best_low"] for less, more in itertools.pairwise(CASES))
    if falls:
        return "The oftener customers come back, the less should be promised."
    return "That the best promise depends on how often customers come back is not clear of luck."


def where(row: pd.Series) -> str:
    """The best promise relative to what is delivered, in words."""
    gap, low, high = (row[name] - row["delivered"] for name in ("best", "best_low", "best_high"))
    span = f"[{signed(low)} to {signed(high)}]"
    if row["at_the_edge"] and gap > 0:
        return f"at least {signed(gap)} points, the highest that was tried"
    return f"{signed(gap)} points {span}"


def signed(value: float, digits: int = 1) -> str:
    """A number with a true minus sign or a plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def both(row: pd.Series, name: str) -> str:
    """A change in per cent with its interval."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{percent(row[name] / 100, True)} [{percent(low / 100, True)} to {percent(high / 100, True)}]"


def table_row(row: pd.Series) -> str:
    """A line of the Markdown table."""
    cells = [
        row["case"],
        f"{row['delivered']:.1f}",
        f"{row['best']:.1f} [{row['best_low']:.1f} to {row['best_high']:.1f}]" + (" *" if row["at_the_edge"] else ""),
        signed(row["best"] - row["delivered"]),
        both(row, "gain"),
        money(row["money"], True),
        f"{points(row['retention'])} [{points(row['retention_low'])} to {points(row['retention_high'])}]",
        *(both(row, name) if pd.notna(row.get(name)) else "–" for name in ("one_too_high", "one_too_low")),
    ]
    return f"| {' | '.join(cells)} |"


# -- figures ------------------------------------------------------------------------------------------------------


def figure_of(main: Any, best: pd.DataFrame) -> Any:
    """What a promise wins, what it loses, and what is earned, by how often people come back."""
    effects = effects_of(main)
    effects = effects[effects["delivered"] == MIDDLE]
    with figure(7.8, 3.8) as paper:
        panels = paper.subplots(1, len(CASES), sharey=True)
        for axes, case in zip(panels, CASES, strict=True):
            here = effects[effects["case"] == case]
            gap = here["promise"].to_numpy() - MIDDLE
            for name, colour, width in (("first_buyers", WON, 1.3), ("per_buyer", KEPT, 1.3), ("profit", EARNED, 2.2)):
                axes.fill_between(gap, here[f"{name}_low"], here[f"{name}_high"], color=colour, alpha=0.2, linewidth=0)
                axes.plot(gap, here[name], color=colour, linewidth=width)
            row = best[(best["case"] == case) & (best["delivered"] == MIDDLE)].iloc[0]
            axes.axvspan(row["best_low"] - MIDDLE, row["best_high"] - MIDDLE, color=COLOURS[2], alpha=0.25, linewidth=0)
            axes.axvline(row["best"] - MIDDLE, color=COLOURS[2], linewidth=1.2)
            axes.axhline(0, color=GREY, linewidth=0.7)
            axes.axvline(0, color=LIGHT, linewidth=0.8, linestyle=":")
            mark = f"best: {signed(row['best'] - MIDDLE)}" + (" or more" if row["at_the_edge"] else "")
            right = row["best"] - MIDDLE > 0.8
            axes.annotate(
                mark, (row["best"] - MIDDLE, 0.97), xycoords=("data", "axes fraction"), xytext=(-4 if right else 4, 0),
                textcoords="offset points", ha="right" if right else "left", va="top", color=COLOURS[2], fontsize=8.5,
            )  # fmt: skip
            axes.set_title(f"Needed {case}")
            axes.set_xlabel("promised less delivered (points)")
        panels[0].set_ylabel("change against promising\nwhat is delivered (%)")
        for name, words, colour in (
            ("first_buyers", "first buyers won", WON),
            ("per_buyer", "bought by each", KEPT),
            ("profit", "contribution", EARNED),
        ):
            panels[0].plot([], [], color=colour, label=words, linewidth=2.2 if name == "profit" else 1.3)
        paper.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
        caption(
            paper,
            f"A firm that delivers {MIDDLE}; {main.replications[0]} paired worlds, three years; bands: 95 % intervals, green: of the "
            "best promise.",
        )
    return paper


def worlds_figure(best: pd.DataFrame, worlds: pd.DataFrame) -> Any:
    """The best promise less what is delivered, in every world tried."""
    rows = [
        *((f"needed {row['case']}, delivers {row['delivered']:.1f}", row, COLOURS[0]) for _, row in best.iterrows()),
        *((f"monthly, {MIDDLE}: {row['case']}", row, COLOURS[1]) for _, row in worlds.iterrows()),
    ]
    with figure(6.6, 0.6 + 0.24 * len(rows)) as paper:
        axes = paper.subplots()
        for place, (_, row, colour) in enumerate(reversed(rows)):
            low, middle, high = (row[name] - row["delivered"] for name in ("best_low", "best", "best_high"))
            axes.plot([low, high], [place, place], color=colour, linewidth=2)
            axes.plot(
                middle, place, marker=">" if row["at_the_edge"] and middle > 0 else "o", color=colour, markersize=5
            )
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_yticks(range(len(rows)), labels=[name for name, *_ in reversed(rows)])
        axes.set_xlabel("best promise less what is delivered (points)")
        caption(paper, "Lines: 95 % intervals. Arrow: the highest promise that was tried was the best.")
    return paper
