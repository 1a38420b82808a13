"""Card, club, service or a lower price for the same money, in six kinds of markets: what a euro of budget earns, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from goodwill.accounts.ledger import ACCOUNTS
from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.lab.statistics.ratios import fieller_ratio
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure
from goodwill.report.numbers import money, percent, points

# Study files in the order of the figure, and what to call them.
MARKETS = {
    "grocery-brand": "grocery brand",
    "supermarkets": "supermarket",
    "airlines": "airline",
    "mobile-contracts": "mobile contract",
    "restaurants": "restaurant",
    "coffee-shops": "coffee shop",
}
DESIGNS = ("card", "club", "service", "price cut")
DEAR = "dear service"
SHOWN = ("card", "club", "service", DEAR, "price cut")
AS_IT_IS = "as it is"
SALES, GOODS = "sales at usual prices", "cost of goods"
COLOUR = dict(zip((*DESIGNS, DEAR), (COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3], COLOURS[2]), strict=True))


class Market:
    """The results of one study file, by case."""

    def __init__(self, results: Any) -> None:
        self.results = results
        self.point = {case: point for point, case in results.points["case"].items()}
        self.changed = [case for case in self.point if case != AS_IT_IS]
        scaled = results.scaled
        self.budget = {
            case: float(scaled.loc[scaled["point"] == point, "budget"].iloc[0]) for case, point in self.point.items()
        }
        firm = results.study.scenario.firms[results.study.scenario.firm_index(results.study.firm)]
        self.margin = 1 - firm.unit_cost / firm.price

    def per_unit(self, case: str = AS_IT_IS) -> pd.DataFrame:
        """Profit against doing nothing for one unit of budget: replications x arms."""
        return self.results.differences("profit").loc[self.point[case]] / self.budget[case]

    def change(self, outcome: str, arm: str, case: str = AS_IT_IS) -> tuple[float, float, float]:
        """Mean difference of an outcome to doing nothing, and its interval."""
        return interval(self.results.differences(outcome).loc[self.point[case]][arm].to_numpy(float))

    def break_even(self, arm: str) -> tuple[float, float, float]:
        """The gross margin at which the arm neither earns nor costs anything, and its interval.

        A change of unit cost changes nothing that customers see. With d for the difference to doing nothing, profit is
        d(sales at usual prices) * margin + the rest, so it is nil at the margin -rest / d(sales). The cost of
        rewards is left as it is.
        """
        book = self.results.accounts
        book = book[book["point"] == self.point[AS_IT_IS]]
        wide = (
            book.pivot(index=["arm", "replicate"], columns="account", values="amount")
            .reindex(columns=list(ACCOUNTS))
            .fillna(0.0)
        )
        gained = wide.loc[arm] - wide.loc[self.results.baseline]
        rest = gained.drop(columns=[SALES, GOODS]).sum(axis=1)
        return fieller_ratio(-rest.to_numpy(float), gained[SALES].to_numpy(float))


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figure."""
    markets = {stem: Market(found[stem]) for stem in MARKETS}
    text = [_headline(markets), _verdict(markets), _table(markets), _why(markets), _foot(found)]
    return Answer(
        text="\n\n".join(text),
        tables={"designs": _designs(markets), "cases": _cases(markets)},
        figures={"card-club-service": _figure(found, markets)},
    )


def _designs(markets: dict[str, Market]) -> pd.DataFrame:
    rows = []
    for stem, market in markets.items():
        gains = market.per_unit()
        for arm in gains:
            even = market.break_even(arm)
            rows.append(
                {
                    "market": stem,
                    "arm": arm,
                    "budget": market.budget[AS_IT_IS],
                    **_ends("profit per unit of budget", interval(gains[arm].to_numpy(float))),
                    **_ends("profit", market.change("profit", arm)),
                    **_ends("retention", market.change("retention", arm)),
                    **_ends("share", market.change("share", arm)),
                    "margin": market.margin,
                    **_ends("break-even margin", even),
                }
            )
    return pd.DataFrame(rows)


def _cases(markets: dict[str, Market]) -> pd.DataFrame:
    rows = []
    for stem, market in markets.items():
        for case in market.point:
            gains = market.per_unit(case)
            for arm in gains:
                found = interval(gains[arm].to_numpy(float))
                rows.append({"market": stem, "case": case, "arm": arm, **_ends("profit per unit of budget", found)})
    return pd.DataFrame(rows)


def _headline(markets: dict[str, Market]) -> str:
    """In how many markets anything pays, and which programmes do better there than a lower price."""
    paying, beats = [], {arm: [] for arm in DESIGNS if arm != "price cut"}
    for stem, market in markets.items():
        gains = market.per_unit()[list(DESIGNS)]
        if (simultaneous_intervals(gains)["low"] > 0).any():
            paying.append(MARKETS[stem])
        lead = simultaneous_intervals(gains[list(beats)].sub(gains["price cut"], axis=0))
        for arm, where in beats.items():
            if lead.loc[arm, "low"] > 0:
                where.append(MARKETS[stem])
    others = [MARKETS[stem] for stem in markets if MARKETS[stem] not in paying]
    ahead = "; ".join(f"the {arm} in {len(where)} ({_and(where)})" for arm, where in beats.items())
    return (
        f"**Something clearly pays in {len(paying)} of {len(markets)} markets ({_and(paying)}), "
        f"nothing does in the rest ({_and(others)}).** "
        f"The same money clearly does better than in a price cut: {ahead}."
    )


def _verdict(markets: dict[str, Market]) -> str:
    """One sentence a market: what to launch, and how sure that is."""
    lines = []
    for stem, market in markets.items():
        gains = market.per_unit()[list(DESIGNS)]
        clear = simultaneous_intervals(gains)
        paying = [arm for arm in DESIGNS if clear.loc[arm, "low"] > 0]
        losing = [arm for arm in DESIGNS if clear.loc[arm, "high"] < 0]
        best = compare_with_best(gains.assign(nothing=0.0))
        could = [arm for arm in best.index if best.loc[arm, "could_be_best"]]
        if could == ["nothing"]:
            least = compare_with_best(gains)
            few = [arm for arm in DESIGNS if least.loc[arm, "could_be_best"]]
            lost = " or ".join(money(abs(float(clear.loc[arm, "difference"]))) for arm in few)
            said = f"launch none of them; the {_or(few)} loses least, {lost} of each unit spent"
        else:
            said = f"{_or(could)}" + (
                f" ({_signed(clear.loc[could[0], 'difference'])} a unit spent)" if len(could) == 1 else " could be best"
            )
        pays = f"clearly pays: {_and(paying)}; clearly loses: {_and(losing)}"
        dear = interval(market.per_unit()[DEAR].to_numpy(float))
        if "service" in could:
            rival = max((arm for arm in (*DESIGNS, "nothing") if arm != "service"), key=lambda arm: _mean(gains, arm))
            apart = interval((market.per_unit()[DEAR] - gains.get(rival, 0.0)).to_numpy(float))
            name = rival if rival == "nothing" else f"the {rival}"
            pays += f"; were service four times as dear ({_numbers(dear, _signed)}), it would {_against(apart, name)}"
        lines.append(
            f"- **{MARKETS[stem].capitalize()}** (margin {percent(market.margin, digits=0)}): {said}. {pays.capitalize()}."
        )
    return "\n".join(lines)


def _against(apart: tuple[float, float, float], name: str) -> str:
    """How a lead over something is told."""
    if apart[1] > 0:
        return f"still beat {name}"
    return f"fall behind {name}" if apart[2] < 0 else f"be as good as {name}, as far as can be told"


def _mean(gains: pd.DataFrame, arm: str) -> float:
    return float(gains[arm].mean()) if arm in gains else 0.0


def _table(markets: dict[str, Market]) -> str:
    lines = [
        "Profit a year against doing nothing, for one unit of money of the budget; below it the change of retention in points:\n"
    ]
    lines += [f"| market | {' | '.join(SHOWN)} |", "|---" * (len(SHOWN) + 1) + "|"]
    for stem, market in markets.items():
        gains = market.per_unit()
        cells = []
        for arm in SHOWN:
            gain, kept = interval(gains[arm].to_numpy(float)), market.change("retention", arm)
            cells.append(f"{_numbers(gain, _signed)}<br>{_numbers(kept, points)}")
        lines.append(f"| {MARKETS[stem]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _why(markets: dict[str, Market]) -> str:
    lines = [
        "The same with one thing changed in each market (profit for one unit of budget, each scaled to the budget again):\n"
    ]
    lines += [f"| market | changed | {' | '.join(DESIGNS)} |", "|---" * (len(DESIGNS) + 2) + "|"]
    for stem, market in markets.items():
        now = market.per_unit()
        for case in market.changed:
            then = market.per_unit(case)
            cells = [
                f"{_signed(now[a].mean())} → {_numbers(interval(then[a].to_numpy(float)), _signed)}" for a in DESIGNS
            ]
            lines.append(f"| {MARKETS[stem]} | {case} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _foot(found: dict[str, Any]) -> str:
    worlds = sorted({len(results.runs["replicate"].unique()) for results in found.values()})
    budgets = sorted({str(results.study.budget).replace("%", " %") for results in found.values()})
    return (
        f"The second largest firm of each market; every design costs {' or '.join(budgets)} of its yearly revenue; "
        f"{' or '.join(map(str, worlds))} paired worlds, 95 % intervals. *Clearly* and *could be best* hold for all designs of a "
        "market at once (max-t; multiple comparisons "
        "with the best). A unit that earns +1 comes back twice; one that earns −1 is gone."
    )


def _figure(found: dict[str, Any], markets: dict[str, Market]) -> PaperFigure:
    with figure(9.6, 5.2) as fig:
        profit, kept, margin = fig.subplots(1, 3, sharey=True)
        offsets = dict(zip(SHOWN, np.linspace(0.3, -0.3, len(SHOWN)), strict=True))
        for row, market in enumerate(markets.values()):
            y = len(markets) - 1 - row
            gains = market.per_unit()
            for arm in SHOWN:
                _dot(profit, interval(gains[arm].to_numpy(float)), y + offsets[arm], arm)
                _dot(kept, tuple(100 * v for v in market.change("retention", arm)), y + offsets[arm], arm)
                _needed(margin, market.break_even(arm), y + offsets[arm], arm)
            margin.plot(
                [100 * market.margin] * 2, [y - 0.42, y + 0.42], color="black", linewidth=2.2, solid_capstyle="butt"
            )
            for ax in (profit, kept, margin):
                ax.axhline(y - 0.5, color="#E3E3E3", linewidth=0.6)
        profit.set_yticks(range(len(markets)), [MARKETS[stem] for stem in reversed(markets)])
        profit.set_ylim(-0.5, len(markets) - 0.5)
        _name_axes(profit, kept, margin)
        handles = [_dot(None, (0, 0, 0), 0, arm) for arm in SHOWN]
        fig.legend(handles=handles, loc="outside upper left", ncols=len(SHOWN), fontsize=8.5)
        worlds = min(len(results.runs["replicate"].unique()) for results in found.values())
        caption(
            fig,
            "Every design costs 3 % of the firm's yearly revenue. Dear service: every point of service costs four times as much. "
            "Right: where a dot lies left of the black bar, the design pays; triangle: no margin is enough. "
            f"Lines: 95 % intervals over {worlds} paired worlds.",
        )
    return fig


def _name_axes(profit: Any, kept: Any, margin: Any) -> None:
    profit.set_title("What one unit of budget earns")
    profit.set_xlabel("change of profit per unit spent")
    profit.axvline(0, color=GREY, linewidth=0.9)
    kept.set_title("What it does to retention")
    kept.set_xlabel("percentage points")
    kept.axvline(0, color=GREY, linewidth=0.9)
    margin.set_title("Margin needed, and there is (bar)")
    margin.set_xlabel("gross margin, %")
    margin.set_xlim(0, 112)
    margin.set_xticks([0, 25, 50, 75, 100])
    for ax in (profit, kept, margin):
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x")


def _dot(ax: Any, found: tuple[float, ...], y: float, arm: str) -> Any:
    """A mean with its interval; without axes, a handle for the legend."""
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {
        "color": COLOUR[arm],
        "marker": "o",
        "markersize": 5,
        "markerfacecolor": "white" if arm == DEAR else COLOUR[arm],
    }
    if ax is None:
        return Line2D([], [], label=arm, linestyle="-", **look)
    mean, low, high = found
    ax.plot([low, high], [y, y], color=COLOUR[arm], linewidth=1.6, solid_capstyle="butt")
    ax.plot([mean], [y], linestyle="none", **look)
    return None


def _needed(ax: Any, found: tuple[float, float, float], y: float, arm: str) -> None:
    """The break-even margin, or an arrow at the edge where no margin up to 100 % is enough."""
    mean, low, high = (100 * value for value in found)
    if 0 <= mean <= 100 and np.isfinite([low, high]).all():
        _dot(ax, (mean, max(low, 0.0), min(high, 104.0)), y, arm)
    else:
        ax.plot(
            [107],
            [y],
            linestyle="none",
            marker=">",
            color=COLOUR[arm],
            markersize=5,
            markerfacecolor="white" if arm == DEAR else COLOUR[arm],
        )


def _ends(name: str, found: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((name, f"{name} low", f"{name} high"), found, strict=True))


def _numbers(found: tuple[float, float, float], show: Callable[[float], str]) -> str:
    return f"{show(found[0])} [{show(found[1])} to {show(found[2])}]"


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names or ["none"])


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _signed(value: float) -> str:
    return money(value, True)
