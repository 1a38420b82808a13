"""How long a stamp card should be and whether a head start pays: profit, cards filled, and what makes the card work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.ratios import fieller_ratio
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure, thousands
from goodwill.report.numbers import money, percent, points

GRID, EQUAL, WHY, WASH = "length-and-head-start", "equal-cost", "mechanisms", "car-wash"
DEAR = 0.8  # what a reward might cost instead of the study's share of its worth: one that is bought in

# Field experiments the numbers are set beside: Nunes & Dreze 2006 (cards redeemed within nine months), Kivetz, Urminsky & Zheng 2006
# (days a card: 24.6 with a reward, 29.4 without one).
FIELD_EIGHT, FIELD_TEN = 0.19, 0.34
FIELD_FASTER = 1 - 24.6 / 29.4


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figure."""
    cards, equal, why, wash = _cards(found[GRID]), _equal(found[EQUAL]), _why(found[WHY]), _wash(found[WASH])
    text = [
        _headline(found, equal),
        _same_reward(found[GRID], cards),
        _same_cost(found[EQUAL], equal),
        _reasons(found[WHY], why),
        _field(wash, why),
        _foot(found),
    ]
    tables = {"cards": cards, "equal-cost": equal, "mechanisms": why, "car-wash": wash}
    return Answer(
        text="\n\n".join(text), tables=tables, figures={"stamp-card-design": _figure(found, cards, equal, why)}
    )


# -- what was found -------------------------------------------------------------------------------------------------


def _filled(results: Any) -> pd.DataFrame:
    """Share of the holders of a card who have had its reward at least once: point, arm, replicate, filled."""
    return results.sql(
        "select point, arm, replicate, avg(case when benefit > 0 then 1.0 else 0.0 end) as filled "
        f"from customers where member and arm <> '{results.baseline}' group by point, arm, replicate order by point, arm, replicate"
    )


def _gains(results: Any) -> pd.DataFrame:
    """Profit of the card less that of doing nothing: replications x cards."""
    gain = results.differences("profit")["card"].unstack("point")
    return gain.rename(
        columns={point: _card(row["stamps"], row["head_start"]) for point, row in results.points.iterrows()}
    )


def _dear_gains(results: Any) -> pd.DataFrame:
    """The same if rewards cost `DEAR` of their worth: nobody sees what they cost, so only the programme cost is multiplied."""
    share = results.study.arms["card"]["programmes"][0]["cost_share"]
    cost = results.values("programme_cost")["card"].unstack("point")
    gains = _gains(results)
    return gains - (DEAR / share - 1) * cost.set_axis(gains.columns, axis=1)


def _card(stamps: int, start: int) -> str:
    return f"{stamps}, {start} given"


def _cards(results: Any) -> pd.DataFrame:
    """One row a card of the grid."""
    filled = _filled(results)
    gains, retention = _gains(results), results.differences("retention")["card"].unstack("point")
    cost = results.values("programme_cost")["card"].unstack("point")
    best, dear = compare_with_best(gains), _dear_gains(results)
    rows = []
    for point, row in results.points.iterrows():
        key = _card(row["stamps"], row["head_start"])
        rows.append(
            {
                "stamps": int(row["stamps"]),
                "head start": int(row["head_start"]),
                **_ends("profit", gains[key]),
                "could be the best": bool(best.loc[key, "could_be_best"]),
                **_ends("retention", retention[point]),
                **_ends("filled", filled.loc[filled["point"] == point, "filled"]),
                "programme cost": float(cost[point].mean()),
                **_ends("profit if rewards are dear", dear[key]),
            }
        )
    return pd.DataFrame(rows)


def _equal(results: Any) -> pd.DataFrame:
    """One row a card of equal yearly cost."""
    gains, retention = results.differences("profit"), results.differences("retention")
    best = compare_with_best(gains)
    factors = results.scaled.set_index("arm")["factor"]
    rows = []
    for arm in gains:
        programme = results.study.arms[arm]["programmes"][0]
        rows.append(
            {
                "arm": arm,
                "stamps": programme["stamps"],
                "head start": programme["head_start"],
                "reward": programme["reward"] * float(factors[arm]),
                **_ends("profit", gains[arm]),
                "could be the best": bool(best.loc[arm, "could_be_best"]),
                **_ends("retention", retention[arm]),
            }
        )
    return pd.DataFrame(rows)


def _why(results: Any) -> pd.DataFrame:
    """One row a case: what the card earns, and how much faster its holders come than those of the same card without a reward."""
    visits = results.sql(
        "select c.point, c.replicate, sum(c.visits) as with_reward, sum(w.visits) as without from customers c join customers w "
        "using (point, replicate, customer) where c.arm = 'card' and w.arm = 'card without a reward' and c.member and w.member "
        "group by c.point, c.replicate order by c.point, c.replicate"
    )
    rows = []
    for point, row in results.points.iterrows():
        mine = visits[visits["point"] == point]
        slower = fieller_ratio(mine["without"].to_numpy(float), mine["with_reward"].to_numpy(float))
        rows.append(
            {
                "case": row["case"],
                **_ends("profit", results.differences("profit").loc[point]["card"]),
                **_ends("retention", results.differences("retention").loc[point]["card"]),
                **dict(zip(("faster", "faster low", "faster high"), (1 - slower[k] for k in (0, 2, 1)), strict=True)),
            }
        )
    return pd.DataFrame(rows)


def _wash(results: Any) -> pd.DataFrame:
    """One row a case: cards filled in nine months with eight to go, and the ratio of both cards."""
    filled = _filled(results).pivot(index=["point", "replicate"], columns="arm", values="filled")
    rows = []
    for point, row in results.points.iterrows():
        eight, ten = (filled.loc[point][arm].to_numpy(float) for arm in ("eight", "ten with two given"))
        ratio = fieller_ratio(ten, eight)
        rows.append(
            {
                "case": row["case"],
                **_ends("eight", eight),
                **_ends("ten with two given", ten),
                **dict(zip(("ratio", "ratio low", "ratio high"), ratio, strict=True)),
            }
        )
    return pd.DataFrame(rows)


# -- what it says ---------------------------------------------------------------------------------------------------


def _headline(found: dict[str, Any], equal: pd.DataFrame) -> str:
    """What length, a head start, and that cards are given up are worth, side by side."""
    length, start = _at_equal_cost(found[EQUAL], equal)
    kept = found[WHY].differences("profit")["card"].unstack("point")
    lost = interval((kept.iloc[:, -1] - kept.iloc[:, 0]).to_numpy(float))
    short, long = equal["stamps"].min(), equal["stamps"].max()
    least, most = equal["profit"].min(), equal["profit"].max()
    return (
        f"**At equal cost a card of {long} stamps instead of {short} changes what a card earns by "
        f"{_numbers(length, _signed)} EUR a year, and a head start by {_numbers(start, _signed)}**; such cards earn {money(least)} to "
        f"{money(most)}. A card of ten handed to everybody would earn {_numbers(lost, _signed)} more if nobody put it away."
    )


def _at_equal_cost(results: Any, equal: pd.DataFrame) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Change of profit from the shortest to the longest card without a head start, and by a head start over all lengths."""
    gains, pairs = results.differences("profit"), _pairs(equal)
    length = interval((gains[pairs[-1][0]] - gains[pairs[0][0]]).to_numpy(float))
    return length, interval(np.mean([gains[given] - gains[plain] for plain, given in pairs], axis=0))


def _same_reward(results: Any, cards: pd.DataFrame) -> str:
    gains = _gains(results)
    top = cards.loc[cards["profit"].idxmax()]
    starts = sorted(cards["head start"].unique())
    lengths = sorted(cards["stamps"].unique())
    lines = [
        f"**The reward is one coffee, whatever the card.** Of {len(cards)} cards the one of {top['stamps']} stamps with "
        f"{top['head start']} given earns most: {_span(top, 'profit', _signed)} EUR a year against having no card. "
        f"{int(cards['could be the best'].sum())} of the {len(cards)} cards could as well be the best "
        "(multiple comparisons with the best, 95 %)."
    ]
    for start in starts[1:]:
        more = np.mean([gains[_card(n, start)] - gains[_card(n, starts[0])] for n in lengths], axis=0)
        filled = [_cell(cards, n, start)["filled"] - _cell(cards, n, starts[0])["filled"] for n in lengths]
        lines.append(
            f"A head start of {start} adds {_numbers(interval(more), _signed)} EUR, averaged over the lengths, and "
            f"{points(min(filled))} to {points(max(filled))} points to the share of holders who ever fill a card."
        )
    lines[0] += f" Retention rises by {_span(top, 'retention', points)} points."
    short, long = lengths[0], lengths[-1]
    spread = gains[_card(short, starts[0])] - gains[_card(long, starts[0])]
    lines.append(
        f"Without a head start a card of {short} earns {_numbers(interval(spread), _signed)} EUR a year more than one of {long}; "
        f"{percent(_cell(cards, short, 0)['filled'], digits=0)} of its holders fill it at least once in two years, "
        f"against {percent(_cell(cards, long, 0)['filled'], digits=0)}."
    )
    dear = compare_with_best(_dear_gains(results))
    share = results.study.arms["card"]["programmes"][0]["cost_share"]
    first = cards.loc[cards["profit if rewards are dear"].idxmax()]
    lines.append(
        f"All this holds for a reward that costs the chain {percent(share, digits=0)} of its worth. "
        f"At {percent(DEAR, digits=0)} the best "
        f"card has {first['stamps']} stamps with {first['head start']} given, "
        f"{_span(first, 'profit if rewards are dear', _signed)} EUR; {int(dear['could_be_best'].sum())} cards could be the best, of "
        f"{_lengths(cards, dear)} stamps."
    )
    return " ".join(lines)


def _lengths(cards: pd.DataFrame, best: pd.DataFrame) -> str:
    could = sorted(
        {
            n
            for n, start in zip(cards["stamps"], cards["head start"], strict=True)
            if best.loc[_card(n, start), "could_be_best"]
        }
    )
    return " or ".join(map(str, could))


def _same_cost(results: Any, equal: pd.DataFrame) -> str:
    top, last = equal.loc[equal["profit"].idxmax()], equal.loc[equal["profit"].idxmin()]
    budget = float(results.scaled["budget"].iloc[0])
    could = ", ".join(equal.loc[equal["could be the best"], "arm"].map(lambda arm: f"*{arm}*"))
    return (
        f"**All cards cost the same,** {money(budget)} EUR a year, because a longer card has a larger reward "
        f"({money(equal['reward'].min())} to {money(equal['reward'].max())} EUR). Best is *{top['arm']}* with "
        f"{_span(top, 'profit', _signed)} EUR, worst *{last['arm']}* with {_span(last, 'profit', _signed)} EUR. "
        f"Could be the best: {could}. "
        "A head start is paid for by a smaller reward."
    )


def _reasons(results: Any, why: pd.DataFrame) -> str:
    profit = results.differences("profit")["card"].unstack("point")
    lines = [
        "**What makes it work** (a card of ten, handed to everybody who buys; one mechanism taken away at a time):\n"
    ]
    lines += [
        "| case | profit a year | of that of the card as it is | retention, points | holders come faster than without the reward |"
    ]
    lines += ["|---|--:|--:|--:|--:|"]
    for point, row in why.iterrows():
        share = fieller_ratio(profit[point].to_numpy(float), profit[0].to_numpy(float))
        cells = [
            row["case"],
            _span(row, "profit", _signed),
            "–" if point == 0 else _numbers(share, lambda value: percent(value, digits=0)),
            _span(row, "retention", points),
            _span(row, "faster", percent),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _field(wash: pd.DataFrame, why: pd.DataFrame) -> str:
    plain, kept = wash.iloc[0], wash.iloc[1]
    explains = kept["ratio high"] < plain["ratio low"]
    reason = "giving up is what a head start works on." if explains else "giving up does not explain it."
    return (
        f"**Beside the field experiments.** Nunes & Drèze (2006): of cards with eight stamps to go, "
        f"{percent(FIELD_EIGHT, digits=0)} were filled in nine months when the card had eight places, "
        f"{percent(FIELD_TEN, digits=0)} when it had ten and two were given, {FIELD_TEN / FIELD_EIGHT:.1f} times as many; "
        f"here {_span(plain, 'eight', percent)} and {_span(plain, 'ten with two given', percent)}, "
        f"{_span(plain, 'ratio', _times)} times as many. When nobody gives a card up, {_span(kept, 'ratio', _times)}: "
        f"{reason} "
        f"Kivetz, Urminsky & Zheng (2006): whole cards were filled {percent(FIELD_FASTER, digits=0)} faster than cards "
        f"without a reward. Here all holders together come {_span(why.iloc[0], 'faster', percent)} faster, "
        f"those who have put the card "
        f"away among them, and when nobody does {_span(why.iloc[-1], 'faster', percent)}."
    )


def _foot(found: dict[str, Any]) -> str:
    worlds = {len(results.runs["replicate"].unique()) for results in found.values()}
    customers = {results.study.set["customers"] for results in found.values()}
    return (
        f"Bridge, the second largest of four coffee chains; EUR a year over two years against having no card; "
        f"{' or '.join(f'{n:,}' for n in sorted(customers))} customers, {' or '.join(map(str, sorted(worlds)))} paired "
        "worlds, 95 % intervals."
    )


# -- figure ---------------------------------------------------------------------------------------------------------


def _figure(found: dict[str, Any], cards: pd.DataFrame, equal: pd.DataFrame, why: pd.DataFrame) -> PaperFigure:
    with figure(8.8, 6.2) as fig:
        upper, lower = fig.subfigures(2, 1)  # each row with margins of its own
        (left, right), (below, last) = upper.subplots(1, 2), lower.subplots(1, 2)
        starts = sorted(cards["head start"].unique())
        for colour, start in zip(COLOURS, starts, strict=False):
            mine = cards[cards["head start"] == start].sort_values("stamps")
            _band(left, mine, "profit", 1.0, colour, f"{start} given" if start else "none given")
            _band(right, mine, "filled", 100.0, colour, f"{start} given" if start else "none given")
        left.set_title("Profit when the reward is one coffee")
        left.set_ylabel("EUR a year, against no card")
        right.set_title("Holders who ever fill a card")
        right.set_ylabel("% within two years")
        for colour, given, label in ((COLOURS[0], False, "none given"), (COLOURS[1], True, "about a fifth given")):
            mine = equal[(equal["head start"] > 0) == given].sort_values("stamps")
            _band(below, mine, "profit", 1.0, colour, label)
        below.set_title("Profit when all cards cost the same")
        below.set_ylabel("EUR a year, against no card")
        for ax in (left, right, below):
            ax.set_xlabel("stamps on a full card")
            ax.set_ylim(bottom=0)
            ax.grid(axis="y")
            ax.legend(loc="lower right")
        for ax in (left, below, last):
            thousands(ax.xaxis if ax is last else ax.yaxis)
        _draw_reasons(last, why)
        worlds = len(found[GRID].runs["replicate"].unique())
        caption(
            fig,
            f"Stamp cards of one of four coffee chains. Bands and bars: 95 % intervals over {worlds} paired "
            f"worlds, of each card against no "
            "card; between two cards, which meet the same luck, the differences are surer than the overlap of their bands suggests.",
        )
    return fig


def _draw_reasons(ax: Any, why: pd.DataFrame) -> None:
    y = np.arange(len(why))[::-1]
    error = np.abs(why[["profit low", "profit high"]].to_numpy().T - why["profit"].to_numpy())
    ax.barh(
        y,
        why["profit"],
        xerr=error,
        color=[COLOURS[2]] + [GREY] * (len(why) - 1),
        height=0.6,
        error_kw={"linewidth": 1},
    )
    ax.set_yticks(y, why["case"])
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_title("What makes a card of ten work")
    ax.set_xlabel("EUR a year, against no card")
    ax.grid(axis="x")


def _band(ax: Any, rows: pd.DataFrame, name: str, scale: float, colour: str, label: str) -> None:
    x = rows["stamps"]
    ax.plot(x, scale * rows[name], color=colour, marker="o", markersize=4, label=label)
    ax.fill_between(x, scale * rows[f"{name} low"], scale * rows[f"{name} high"], color=colour, alpha=0.15, linewidth=0)


# -- small things ---------------------------------------------------------------------------------------------------


def _ends(name: str, values: Any) -> dict[str, float]:
    return dict(zip((name, f"{name} low", f"{name} high"), interval(np.asarray(values, float)), strict=True))


def _pairs(equal: pd.DataFrame) -> list[tuple[str, str]]:
    """The cards of equal length without and with a head start."""
    names = equal.pivot(index="stamps", columns="head start", values="arm")
    return [(row.iloc[0], row.dropna().iloc[-1]) for _, row in names.iterrows()]


def _cell(cards: pd.DataFrame, stamps: int, start: int) -> pd.Series:
    return cards[(cards["stamps"] == stamps) & (cards["head start"] == start)].iloc[0]


def _numbers(found: tuple[float, float, float], show: Callable[[float], str]) -> str:
    return f"{show(found[0])} [{show(found[1])} to {show(found[2])}]"


def _span(row: pd.Series, name: str, show: Callable[[float], str]) -> str:
    return _numbers((row[name], row[f"{name} low"], row[f"{name} high"]), show)


def _signed(value: float) -> str:
    return money(value, True)


def _times(value: float) -> str:
    return f"{value:.2f}"
