"""The answer to: when do rewards go to those who would buy anyway?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.ratios import jackknife_ratio
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure
from goodwill.report.numbers import money, percent, plain

MIDDLE = {"stamps": 10, "reward": 3.6, "evenness": 1.2, "habit": 1.2}
WORDS = {
    "stamps": "stamps for a reward",
    "reward": "worth of the reward, EUR",
    "evenness": "evenness of needs (gamma shape)",
    "habit": "strength of habit",
}
TEXT = """
**Always, for the most part: {lowest} to {highest} of what is given goes to purchases that would have been made
without the card,** over all {points} combinations; with 10 stamps for a coffee in the usual market {middle}. So of
every euro in rewards {left} go to purchases that are new.

What moves it (average over the rest of the grid, from the first value to the last; 95 % interval of the paired
difference):

{effects}

- **Generosity lowers it, and is no bargain.** The share falls when more is given for each purchase, as a dear reward
  moves more people. But what is given rises faster than what is moved: an extra purchase costs {cheap} in rewards
  with 20 stamps for half a coffee, and {dear} with 5 stamps for two coffees, where the share given anyway is lower by
  {gap} points. A low share given anyway is not what to aim for.
- **Heavy buyers get the rewards, and would have come.** The heaviest third of the customers who came before the
  launch gets {heavy_given} of all that is given; {heavy_anyway} of that was given anyway ({heavy_net} when the third is
  counted as a whole, so that those who buy less with the card count against those who buy more), of what the lightest
  third gets {light_anyway}. Whether needs are even or a few people buy most makes little difference.
- **Habit** raises it: those in the habit come back without a card.
- **It pays all the same where margins are high.** A purchase leaves {margin} EUR before the reward. The card raises
  profit in {pays} of {points} combinations with an interval clear of nil ({loses} lose), though most is given anyway:
  what matters is the margin of the new purchases against the cost of all rewards, and running the card costs nothing
  here.

**Against the evidence.** In real programmes heavy buyers redeem most and buy no more than before, while light buyers
who join rise most (Liu 2007). The first holds here. The second {verdict}: members of the lightest third buy
{light_lift} more than without the card, those of the heaviest {heavy_lift}. This is the miss T12 of
[validation](../../docs/validation.md): the model has no ceiling on need, so heavy buyers come oftener for a card as
others do. Where they cannot, more is given anyway than is said here. Without that mechanism and the pull of the goal
the card is worth its reward and no more:

{mechanisms}
"""


def answer(found: dict[str, Any]) -> Answer:
    """Share given anyway by card, needs, habit and weight of the buyer; and what an extra purchase costs."""
    results = found["bought-anyway"]
    grid = _grid(results)
    thirds = _thirds(results)
    off = _mechanisms(found["mechanisms"])
    return Answer(
        TEXT.strip().format(**_facts(results, grid, thirds), mechanisms=_in_words(off)),
        {"grid": grid.round(5), "thirds": thirds, "mechanisms": off.round(5)},
        {"given-anyway": _figure(results, grid)},
    )


def _mechanisms(results: Any) -> pd.DataFrame:
    """Share given anyway and change of profit in each case, with intervals."""
    anyway, profit = results.values("anyway")["card"], results.differences("profit")["card"]
    rows = []
    for point, case in results.points["case"].items():
        cells = {"anyway": interval(anyway.loc[point].to_numpy()), "profit": interval(profit.loc[point].to_numpy())}
        rows.append(
            {
                "case": case,
                **{
                    f"{name}{end}": value
                    for name, three in cells.items()
                    for end, value in zip(("", "_low", "_high"), three, strict=True)
                },
            }
        )
    return pd.DataFrame(rows)


def _in_words(table: pd.DataFrame) -> str:
    lines = ["| 10 stamps for a coffee | given anyway | profit, EUR a year |", "|---|---|---|"]
    for row in table.to_dict("records"):
        gain = "{} ({} to {})".format(*(money(row["profit" + end], True) for end in ("", "_low", "_high")))
        lines.append(f"| {row['case']} | {_three(row, 'anyway', 1)} | {gain} |")
    return "\n".join(lines)


def _grid(results: Any) -> pd.DataFrame:
    """Each point: share given anyway, change of profit and purchases, cost of rewards for an extra purchase, with intervals."""
    anyway = results.values("anyway")["card"].unstack("replicate")
    profit = results.differences("profit")["card"].unstack("replicate")
    extra = results.differences("purchases")["card"].unstack("replicate")
    cost_share = results.study.arms["card"]["programmes"][0]["cost_share"]
    paid = results.values("rewards")["card"].unstack("replicate") * cost_share
    rows = []
    for point in results.points.index:
        cells = {
            "anyway": interval(anyway.loc[point].to_numpy()),
            "profit": interval(profit.loc[point].to_numpy()),
            "extra_purchases": interval(extra.loc[point].to_numpy()),
            "cost_of_an_extra": jackknife_ratio(paid.loc[point].to_numpy(), extra.loc[point].to_numpy()),
        }
        rows.append(
            {
                f"{name}{end}": value
                for name, three in cells.items()
                for end, value in zip(("", "_low", "_high"), three, strict=True)
            }
        )
    return results.points.reset_index(drop=True).join(pd.DataFrame(rows))


def _thirds(results: Any) -> pd.DataFrame:
    """By third of those who bought before the launch, in the usual market: share of what is given, of it given anyway, and by how
    much members buy more than without the card; with intervals over replications.
    """
    points = results.points
    point = points.index[(points[list(MIDDLE)] == pd.Series(MIDDLE)).all(axis=1)][0]
    table = results.sql(
        f"""
        with base as (select replicate, customer, visits from customers where arm = 'nothing' and point = {point}),
        mine as (
            select c.replicate, c.visits, base.visits as without, c.benefit, c.member,
                ntile(3) over (partition by c.replicate order by c.visits_before, c.customer) as third
            from customers c join base using (replicate, customer)
            where c.arm = 'card' and c.point = {point} and c.visits_before > 0
        )
        select replicate, third, sum(benefit) as given, sum(benefit * least(visits, without) / greatest(visits, 1)) as anyway,
            sum(case when member then visits end) as members_with, sum(case when member then without end) as members_without
        from mine group by all order by replicate, third
        """
    )
    wide = table.pivot(index="replicate", columns="third")
    whole = wide["given"].sum(axis=1)
    rows = []
    for third, name in enumerate(("lightest", "middle", "heaviest"), 1):
        of = {
            column: wide[column][third].to_numpy() for column in ("given", "anyway", "members_with", "members_without")
        }
        cells = {
            "share_of_what_is_given": jackknife_ratio(of["given"], whole.to_numpy()),
            "given_anyway": jackknife_ratio(of["anyway"], of["given"]),
            "lift_of_members": tuple(x - 1 for x in jackknife_ratio(of["members_with"], of["members_without"])),
        }
        rows.append(
            {
                "third": name,
                **{
                    f"{name}{end}": round(value, 5)
                    for name, three in cells.items()
                    for end, value in zip(("", "_low", "_high"), three, strict=True)
                },
            }
        )
    return pd.DataFrame(rows)


def _facts(results: Any, grid: pd.DataFrame, thirds: pd.DataFrame) -> dict[str, str]:
    middle = grid[(grid[list(MIDDLE)] == pd.Series(MIDDLE)).all(axis=1)].iloc[0]
    usual = grid[(grid["evenness"] == MIDDLE["evenness"]) & (grid["habit"] == MIDDLE["habit"])].set_index(
        ["stamps", "reward"]
    )
    mean, generous = usual.loc[(20, 1.8)], usual.loc[(5, 7.2)]
    light, heavy = thirds.iloc[0], thirds.iloc[2]
    firm = results.study.scenario.firms[results.study.scenario.firm_index(results.study.firm)]
    follows = light["lift_of_members_low"] > heavy["lift_of_members_high"]
    return {
        "lowest": percent(grid["anyway"].min(), digits=0),
        "highest": percent(grid["anyway"].max(), digits=0),
        "points": str(len(grid)),
        "middle": _three(middle, "anyway", 1),
        "left": f"{100 * (1 - middle['anyway']):.0f} cents",
        "effects": _effects(results),
        "cheap": f"{mean['cost_of_an_extra']:.2f} EUR",
        "dear": f"{generous['cost_of_an_extra']:.2f} EUR",
        "gap": f"{100 * (mean['anyway'] - generous['anyway']):.0f}",
        "heavy_given": _three(heavy, "share_of_what_is_given"),
        "heavy_anyway": _three(heavy, "given_anyway", 1),
        "heavy_net": percent(1 / (1 + heavy["lift_of_members"])),
        "light_anyway": _three(light, "given_anyway", 1),
        "margin": f"{firm.price - firm.unit_cost:.2f}",
        "pays": str(int((grid["profit_low"] > 0).sum())),
        "loses": str(int((grid["profit_high"] < 0).sum())),
        "verdict": "holds too" if follows else "does not",
        "light_lift": _three(light, "lift_of_members", 1),
        "heavy_lift": _three(heavy, "lift_of_members", 1),
    }


def _three(row: Any, name: str, digits: int = 0) -> str:
    value, low, high = (percent(row[name + end], digits=digits) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"


def _effects(results: Any) -> str:
    """How the share given anyway moves from the first to the last value of each factor."""
    anyway = results.values("anyway")["card"].unstack("replicate")
    lines = ["| | from | to | share given anyway, points |", "|---|---|---|---|"]
    for name, factor in results.study.factors.items():
        first, last = factor.values[0], factor.values[-1]
        ends = [anyway[results.points[name] == value].mean() for value in (first, last)]
        mean, low, high = (100 * x for x in interval((ends[1] - ends[0]).to_numpy()))
        lines.append(
            f"| {WORDS[name]} | {first:g} | {last:g} | {plain(mean, True)} ({plain(low, True)} to {plain(high, True)}) |"
        )
    return "\n".join(lines)


def _figure(results: Any, grid: pd.DataFrame) -> PaperFigure:
    """Left three: share given anyway by stamps and reward, for weak, usual and strong habit. Right: what an extra purchase costs."""
    usual = grid[grid["evenness"] == MIDDLE["evenness"]]
    rewards = sorted(usual["reward"].unique())
    with figure(8.6, 3.1) as fig:
        axes = fig.subplots(1, 4, width_ratios=(1, 1, 1, 1.35))
        for on, (habit, part) in zip(axes, usual.groupby("habit"), strict=False):
            for reward, colour in zip(rewards, COLOURS, strict=False):
                row = part[part["reward"] == reward].sort_values("stamps")
                shares = [100 * row[f"anyway{end}"].to_numpy() for end in ("", "_low", "_high")]
                on.fill_between(row["stamps"], shares[1], shares[2], color=colour, alpha=0.25, linewidth=0)
                on.plot(row["stamps"], shares[0], "o-", color=colour, markersize=3, label=f"{reward:g} EUR")
            on.set_title(f"habit {habit:g}")
            on.set_ylim(80, 94)
            on.set_xticks([5, 10, 20])
            on.set_xlabel("stamps for a reward")
            on.grid(axis="y")
            if on is not axes[0]:
                on.tick_params(labelleft=False)
        axes[0].set_ylabel("given anyway, %")
        axes[2].legend(loc="lower right", title="reward", title_fontsize=8, handlelength=1.2)
        last = axes[3]
        for reward, colour in zip(rewards, COLOURS, strict=False):
            row = grid[grid["reward"] == reward]
            last.plot(100 * row["anyway"], row["cost_of_an_extra"], "o", color=colour, markersize=3.5, alpha=0.7)
        firm = results.study.scenario.firms[results.study.scenario.firm_index(results.study.firm)]
        last.axhline(firm.price - firm.unit_cost, color=GREY, linewidth=0.8, linestyle="--")
        last.annotate(
            "margin of a purchase",
            (0.98, firm.price - firm.unit_cost),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="bottom",
            fontsize=7,
            color=GREY,
        )
        last.set_ylim(0, None)
        last.set_title("the price of moving people")
        last.set_xlabel("given anyway, %")
        last.set_ylabel("rewards for an extra\npurchase, EUR")
        last.grid(axis="y")
        replications = results.values("anyway").index.get_level_values("replicate").nunique()
        caption(
            fig,
            f"Lines by worth of the reward; bands: 95 % intervals over {replications} replications. Left: usual evenness of "
            "needs. Right: every combination; cost of rewards to the firm, above the dashed line more than the purchase "
            f"brings. Seed {results.study.scenario.seed}.",
        )
    return fig
