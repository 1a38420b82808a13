"""What sixteen ways of sharing out one programme among four firms are worth, to each of them, to all, and to customers."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.lab.statistics.ratios import fieller_ratio
from goodwill.plots.style import COLOURS, GREY, PaperFigure, caption, figure, label_lines
from goodwill.report.numbers import money, percent, points

FIRMS = "ABCD"  # from the largest to the smallest, as the study files name them
NOBODY = "nobody"
MARKETS = {"coffee-shops": "Coffee shops, a stamp card", "supermarkets": "Supermarkets, points"}


class Game:
    """One market in one case: the yearly gain of every firm in every set of holders, by replication, against nobody having it."""

    def __init__(self, results: Any, case: str) -> None:
        (point,) = results.points.index[results.points["case"] == case]
        self.results, self.case, self.point = results, case, point
        self.names = {x: results.study.scenario.firms[j].name for j, x in enumerate(FIRMS)}
        self._gains = {x: self.change(f"profit_{x}") for x in FIRMS}
        base = results.values
        self.revenue = {x: base(f"revenue_{x}").loc[point][NOBODY].to_numpy(float) for x in FIRMS}

    def change(self, outcome: str) -> pd.DataFrame:
        """An outcome less that of nobody having the programme: replications x sets of holders."""
        found = self.results.differences(outcome).loc[self.point].copy()
        found[NOBODY] = 0.0
        return found

    def gain(self, firm: str, holders: str) -> np.ndarray:
        """What a firm gains a year when these have the programme."""
        return self._gains[firm][_arm(holders)].to_numpy(float)

    def industry(self, holders: str) -> np.ndarray:
        """What all firms together gain."""
        return np.sum([self.gain(x, holders) for x in FIRMS], axis=0)

    def worth_having(self) -> pd.DataFrame:
        """Profit with it less profit without it: a column `firm|rivals who have it` for each firm and each set of rivals."""
        return pd.DataFrame(
            {
                f"{firm}|{rivals}": self.gain(firm, firm + rivals) - self.gain(firm, rivals)
                for firm in FIRMS
                for rivals in _subsets(FIRMS.replace(firm, ""))
            }
        )

    def equilibria(self) -> list[str]:
        """Sets of holders from which no single firm would rather change, by mean profit."""
        worth = self.worth_having().mean()

        def content(firm: str, holders: str) -> bool:
            rivals = holders.replace(firm, "")
            return bool(worth[f"{firm}|{rivals}"] > 0) == (firm in holders)

        return [holders for holders in _subsets(FIRMS) if all(content(firm, holders) for firm in FIRMS)]

    def by_rivals(self, firm: str, has_it: bool) -> list[np.ndarray]:
        """Gain as a share of own revenue, with 0, 1, 2, 3 rivals having it, averaged over which rivals these are."""
        rivals = FIRMS.replace(firm, "")
        own = firm if has_it else ""
        return [
            np.mean([self.gain(firm, own + s) for s in _subsets(rivals) if len(s) == k], axis=0)
            / self.revenue[firm].mean()
            for k in range(len(FIRMS))
        ]


def answer(found: dict[str, Any]) -> Answer:
    """Text, tables and figures."""
    games = {stem: {case: Game(found[stem], case) for case in found[stem].points["case"]} for stem in MARKETS}
    text = [
        _headline(games),
        "\n\n".join(_verdict(MARKETS[stem], list(by_case.values())) for stem, by_case in games.items()),
        _table(games),
        _footnote(found),
    ]
    tables = {
        "payoffs": pd.concat([_payoffs(stem, game) for stem, cases in games.items() for game in cases.values()]),
        "what-is-left": pd.concat([_left(stem, game) for stem, cases in games.items() for game in cases.values()]),
    }
    figures = {f"everyone-has-one-{stem}": _figure(MARKETS[stem], cases, found[stem]) for stem, cases in games.items()}
    return Answer(text="\n\n".join(text), tables=tables, figures=figures)


def _subsets(letters: str) -> list[str]:
    return ["".join(chosen) for k in range(len(letters) + 1) for chosen in combinations(letters, k)]


def _arm(holders: str) -> str:
    return "".join(sorted(holders)) or NOBODY


def _span(values: np.ndarray, show: Callable[[float], str]) -> str:
    mean, low, high = interval(values)
    return f"{show(mean)} [{show(low)} to {show(high)}]"


def _signed(value: float) -> str:
    return money(value, True)


def _headline(games: dict[str, dict[str, Game]]) -> str:
    """What is left of the advantage of the largest chain, in each market and case."""
    parts = []
    for stem, cases in games.items():
        told = []
        for game in cases.values():
            alone, together = game.gain(FIRMS[0], FIRMS[0]), game.gain(FIRMS[0], FIRMS)
            if interval(alone)[1] <= 0:
                said = "there was no advantage to lose"
            elif interval(together)[2] < 0:
                said = "nothing, it has become a loss"
            else:
                left = fieller_ratio(together, alone)
                said = f"{percent(left[0], digits=0)} [{percent(left[1], digits=0)} to {percent(left[2], digits=0)}]"
            told.append(f"when {game.case}, {said}")
        parts.append(f"{_short(stem)}: {'; '.join(told)}")
    sentences = ". ".join(part[0].upper() + part[1:] for part in parts)
    return f"**What is left of the largest chain's advantage once all four have the programme.** {sentences}."


def _short(stem: str) -> str:
    return MARKETS[stem].split(",")[0].lower()


def _verdict(market: str, games: list[Game]) -> str:
    """What happens, in words that follow from the numbers."""
    lines = [f"**{market}.**"]
    for game in games:
        alone = {x: interval(game.gain(x, x)) for x in FIRMS}
        together = {x: interval(game.gain(x, FIRMS)) for x in FIRMS}
        worth = simultaneous_intervals(game.worth_having())
        paid_alone = [game.names[x] for x in FIRMS if alone[x][1] > 0]
        winners = [game.names[x] for x in FIRMS if together[x][1] > 0]
        losers = [game.names[x] for x in FIRMS if together[x][2] < 0]
        always = bool((worth["low"] > 0).all())
        lines.append(
            f"*When {game.case}*: alone, the programme pays for {_these(paid_alone)}; when all four have it, it pays for "
            f"{_these(winners)} and costs money to {_these(losers)}. {_choice(game, worth, always)} "
            f"All four together change their profit by {_span(game.industry(FIRMS), _signed)} a year, customers get rewards worth "
            f"{_span(game.change('rewards')[FIRMS].to_numpy(float), money)}. "
            f"{_name(always, winners, losers, paid_alone)}{_size(game)}"
        )
    return "\n\n".join(lines)


def _choice(game: Game, worth: pd.DataFrame, always: bool) -> str:
    if always:
        return "Whatever the others do, every chain earns more with it than without."
    clear = int((worth["low"] > 0).sum())
    stable = [_these([game.names[x] for x in holders]) if holders else "nobody" for holders in game.equilibria()]
    ends = "; or ".join(stable) if stable else "no set of holders"
    return (
        f"In {clear} of {len(worth)} situations a chain clearly earns more with it than without; the game rests, by mean profits, "
        f"when those who have it are: {ends}."
    )


def _name(always: bool, winners: list[str], losers: list[str], paid_alone: list[str]) -> str:
    if always and len(losers) == len(FIRMS):
        return "That is a prisoners' dilemma: each is right to have one, and all would be better off without. "
    if always and len(winners) == len(FIRMS):
        return "All are better off than if nobody had begun; what each would like best is to have been the only one. "
    if len(paid_alone) == len(FIRMS) and losers:
        return f"What paid alone has become a cost of staying in business for {_these(losers)}. "
    return ""


def _size(game: Game) -> str:
    """Whether the programme is worth more, for its size, to the largest or to the smallest chain that has it alone."""
    large, small = FIRMS[0], FIRMS[-1]
    worth = {x: game.gain(x, x) / game.revenue[x] for x in (large, small)}
    apart = interval(worth[large] - worth[small])
    said = (
        "no clear difference"
        if apart[1] <= 0 <= apart[2]
        else f"more for {game.names[large if apart[0] > 0 else small]}"
    )
    return (
        f"For its size, having it alone is worth {percent(worth[large].mean())} of revenue to {game.names[large]} and "
        f"{percent(worth[small].mean())} to {game.names[small]}: {said} "
        f"(difference in points: {_span(worth[large] - worth[small], points)})."
    )


def _these(names: list[str]) -> str:
    if len(names) == len(FIRMS):
        return "each of the four"
    return (
        "none of them" if not names else " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    )


def _left(stem: str, game: Game) -> pd.DataFrame:
    """For each firm: alone, with all, with all others but not itself, and the share of the advantage that is left."""
    rows = []
    for x in FIRMS:
        others = FIRMS.replace(x, "")
        row: dict[str, Any] = {"market": stem, "case": game.case, "firm": game.names[x]}
        for name, holders in (("alone", x), ("all have it", FIRMS), ("all but this one", others)):
            row |= {
                f"{name}{end}": v for end, v in zip(("", " low", " high"), interval(game.gain(x, holders)), strict=True)
            }
        left = fieller_ratio(game.gain(x, FIRMS), game.gain(x, x))
        row |= {f"left{end}": value for end, value in zip(("", " low", " high"), left, strict=True)}
        row["revenue"] = float(game.revenue[x].mean())
        row |= {
            f"{outcome} {name}": float(game.change(f"{outcome}_{x}")[_arm(holders)].mean())
            for outcome in ("retention", "repeat_rate")
            for name, holders in (("alone", x), ("all have it", FIRMS))
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _payoffs(stem: str, game: Game) -> pd.DataFrame:
    """The whole game: gain of every firm, of all, and rewards of customers, in every set of holders."""
    rows = []
    for holders in _subsets(FIRMS):
        parts = {game.names[x]: game.gain(x, holders) for x in FIRMS}
        parts |= {"all firms": game.industry(holders), "rewards": game.change("rewards")[_arm(holders)].to_numpy(float)}
        for who, values in parts.items():
            mean, low, high = interval(values)
            rows.append((stem, game.case, holders or NOBODY, who, mean, low, high))
    return pd.DataFrame(rows, columns=["market", "case", "who has it", "whose", "mean", "low", "high"])


def _table(games: dict[str, dict[str, Game]]) -> str:
    heads = (
        "market, case", "chain", "alone", "all four have it", "left", "all others have it",
        "retention, alone", "with all", "repeat rate, alone", "with all",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "--:|" * (len(heads) - 2)]
    for stem, cases in games.items():
        for game in cases.values():
            for x, (_, row) in zip(FIRMS, _left(stem, game).iterrows(), strict=True):
                left = percent(row["left"], digits=0) if row["alone low"] > 0 else "–"
                cells = [
                    f"{_short(stem)}, {game.case}",
                    row["firm"],
                    _span(game.gain(x, x), _signed),
                    _span(game.gain(x, FIRMS), _signed),
                    left,
                    _span(game.gain(x, FIRMS.replace(x, "")), _signed),
                    *(
                        points(row[f"{o} {name}"])
                        for o in ("retention", "repeat_rate")
                        for name in ("alone", "all have it")
                    ),
                ]
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _footnote(found: dict[str, Any]) -> str:
    worlds = {len(results.runs["replicate"].unique()) for results in found.values()}
    customers = {results.study.set.get("customers", results.study.scenario.customers) for results in found.values()}
    return (
        f"Change of a chain's yearly profit against nobody having a programme, {_one(customers):,} customers, "
        f"{_one(worlds)} paired worlds, 95 % intervals; *left*: gain when all have it over gain alone, where the latter is clear of "
        "zero; change of retention and of the "
        "repeat rate in percentage points. That having it always pays is judged by intervals that hold for all 32 situations at once."
    )


def _one(values: set[Any]) -> Any:
    return min(values)


def _figure(market: str, cases: dict[str, Game], results: Any) -> PaperFigure:
    with figure(9.6, 3.7) as fig:
        axes = fig.subplots(1, 3)
        axes[1].sharey(axes[0])
        first, *_, last = cases.values()
        _draw_firms(axes[0], first)
        _draw_firms(axes[1], last)
        axes[0].set_ylabel("change of yearly profit, % of own revenue")
        _draw_all(axes[-1], list(cases.values()))
        worlds = len(results.runs["replicate"].unique())
        caption(
            fig,
            f"{market}: the largest and the smallest of four chains, with the programme (solid) and without it (dashed), "
            f"by how many of the other three have it. Bands: 95 % intervals over {worlds} worlds. Right: all four together, and their "
            "customers.",
        )
    return fig


def _draw_firms(ax: Any, game: Game) -> None:
    x = np.arange(len(FIRMS))
    for colour, firm in ((COLOURS[0], FIRMS[0]), (COLOURS[1], FIRMS[-1])):
        for has_it, dash, marker in ((True, "-", "o"), (False, (0, (4, 2)), "o")):
            spans = 100 * np.array([interval(values) for values in game.by_rivals(firm, has_it)])
            ax.plot(x, spans[:, 0], linestyle=dash, color=colour, marker=marker, markersize=4.5,
                    markerfacecolor=colour if has_it else "white",
                    label=f"{game.names[firm]}, {'with' if has_it else 'without'}")  # fmt: skip
            ax.fill_between(x, spans[:, 1], spans[:, 2], color=colour, alpha=0.15, linewidth=0)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set_title(f"When {game.case}")
    ax.set_xlabel("rivals who have the programme")
    ax.set_xticks(x)
    ax.grid(axis="y")
    ax.legend(loc="best", fontsize=7.5, handlelength=2.2)


def _draw_all(ax: Any, games: list[Game]) -> None:
    x = np.arange(len(FIRMS) + 1)
    ends = []
    for game, colour in zip(games, (COLOURS[2], COLOURS[5], COLOURS[6]), strict=True):
        sets = [[s for s in _subsets(FIRMS) if len(s) == k] for k in x]
        spans = np.array([interval(np.mean([game.industry(s) for s in some], axis=0)) for some in sets]) / 1000
        ax.plot(x, spans[:, 0], color=colour, marker="o", markersize=4)
        ax.fill_between(x, spans[:, 1], spans[:, 2], color=colour, alpha=0.15, linewidth=0)
        ends.append((spans[-1, 0], f"all chains,\n{textwrap.fill(game.case, 16)}", colour))
    rewards = games[0].change("rewards")
    worth = np.array([np.mean([rewards[_arm(s)].mean() for s in _subsets(FIRMS) if len(s) == k]) for k in x]) / 1000
    ax.plot(x, worth, color=GREY, linestyle=(0, (1.5, 1)))
    ends.append((worth[-1], "rewards to\ncustomers", GREY))
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set_title("Who profits")
    ax.set_xlabel("chains that have the programme")
    ax.set_ylabel("thousand a year")
    ax.set_xticks(x)
    ax.grid(axis="y")
    label_lines(ax, ends, x=float(x[-1]), gap=0.13, size=7.5)
