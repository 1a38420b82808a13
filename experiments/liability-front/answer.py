"""What retention costs in liability along the front, and what to choose at a floor of profit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.experiment import Answer
from goodwill.lab.optimise.goals import Measure
from goodwill.lab.optimise.results import Optimisation
from goodwill.lab.optimise.verdict import Finalist
from goodwill.lab.statistics.ratios import fieller_ratio
from goodwill.plots.style import COLOURS, GREY, LIGHT, PaperFigure, caption, figure, legend_below, thousands
from goodwill.report.numbers import money, percent, points
from goodwill.report.optimise_words import Words

RETENTION, PROFIT, LIABILITY = Measure("retention", True), Measure("profit", True), Measure("liability", False)
FLOORS = {"above doing nothing": 0.0, "half of the best": 0.5, "nine tenths of the best": 0.9}
NO_LOSS = FLOORS["above doing nothing"]
CASES = {"goals-pull": "goals pull", "rewards-only": "only the worth of rewards counts"}
MARKS = {"card": "s", "points": "o"}


def answer(found: dict[str, Any]) -> Answer:
    fronts = {CASES[stem]: Front(result) for stem, result in found.items()}
    first = "; ".join(front.first_line(case) for case, front in fronts.items())
    parts = [f"**The most retention that surely costs no profit**: {first}."]
    for case, front in fronts.items():
        parts += [
            f"*When {case}.* {front.near_the_best()} {front.prices()} {front.flattery()}",
            front.table(),
            front.choices_table(),
        ]
    parts.append(_footnote(next(iter(fronts.values())).result))
    designs = pd.concat([front.designs().assign(case=case) for case, front in fronts.items()], ignore_index=True)
    choices = pd.concat([front.choices().assign(case=case) for case, front in fronts.items()], ignore_index=True)
    return Answer("\n\n".join(parts), {"front": designs, "choices": choices}, {"liability-front": _figure(fronts)})


class Front:
    """The designs that stand on the front in fresh worlds, by liability."""

    def __init__(self, result: Optimisation) -> None:
        verdict = result.verdict
        assert verdict is not None
        self.result, self.verdict, self.words = result, verdict, Words(result)
        keep = verdict.on_front()
        able = [f for f, on in zip(verdict.finalists, keep, strict=True) if on]
        self.finalists = sorted(able, key=lambda f: self.mean(f, LIABILITY))
        self.stays = {f.trial.number: s for f, s in zip(verdict.finalists, verdict.stays(), strict=True)}

    def mean(self, finalist: Finalist, measure: Measure) -> float:
        return self.verdict.fresh(finalist, measure)[0]

    @property
    def programmes(self) -> list[Finalist]:
        return [f for f in self.finalists if f.trial.origin != "baseline"]

    def price(self, finalist: Finalist) -> tuple[float, float, float]:
        """Owed for each percentage point of retention gained, with its interval."""
        gain = 100 * RETENTION.of(finalist.fresh, self.verdict.judge.baseline)
        return fieller_ratio(np.asarray(finalist.fresh["liability"], float), gain)

    def best_profit(self) -> float:
        return max(self.mean(f, PROFIT) for f in self.finalists)

    def choose(self, share: float) -> tuple[Finalist | None, Finalist | None]:
        """Of the designs whose profit is surely above the floor: least liability, most retention. None if there are none."""
        floor = share * self.best_profit()
        able = [f for f in self.programmes if self.verdict.fresh(f, PROFIT)[1] >= floor]
        return (
            min(able, key=lambda f: self.mean(f, LIABILITY), default=None),
            max(able, key=lambda f: self.mean(f, RETENTION), default=None),
        )

    # -- words --------------------------------------------------------------------------------------------------

    def first_line(self, case: str) -> str:
        _, most = self.choose(NO_LOSS)
        return f"when {case}, " + ("there is none" if most is None else f"{self.gains(most)}, by {self.said(most)}")

    def near_the_best(self) -> str:
        """What keeps nine tenths of the best profit."""
        least, most = self.choose(FLOORS["nine tenths of the best"])
        best = f"The best profit on the front is {_signed(self.best_profit())} a year"
        if least is None or most is None:
            return f"{best}; no programme surely keeps nine tenths of it."
        if least is most:
            return (
                f"{best}; one programme surely keeps nine tenths of it: {self.said(least)}, with {self.gains(least)}."
            )
        return (
            f"{best}; of the programmes that surely keep nine tenths of it {self.said(least)} leave least owed, with "
            f"{self.gains(least)}, and {self.said(most)} bring most retention, with {self.gains(most)}."
        )

    def said(self, finalist: Finalist) -> str:
        values = finalist.trial.design.values
        if finalist.trial.design.arm == "card":
            return (
                f"a card of {values['stamps']} stamps, {values['head_start']} of them given, for a reward worth "
                f"{values['card_reward']:.2f}, void after {_months(values['card_expiry'])} without a purchase"
            )
        return (
            f"points with a reward worth {values['points_reward']:.2f} at {values['threshold']} points, {values['welcome']} of them "
            f"given, valid for {_months(values['points_expiry'])}"
        )

    def gains(self, finalist: Finalist) -> str:
        return (
            f"{_span(self.verdict.fresh(finalist, RETENTION), points)} points of retention, "
            f"{_span(self.verdict.fresh(finalist, LIABILITY), money)} owed at the end and "
            f"{_span(self.verdict.fresh(finalist, PROFIT), _signed)} of profit a year"
        )

    def prices(self) -> str:
        """What a point of retention costs in liability at the two ends of the front."""
        cards = sum(f.trial.design.arm == "card" for f in self.programmes)
        mix = (
            f"Cards among the {len(self.programmes)} programmes on the front: {cards or 'none'}. {self.cards()}".strip()
        )
        priced = [f for f in self.programmes if np.isfinite(self.price(f)).all()]
        if len(priced) < 2:
            return mix
        cheap, dear = min(priced, key=lambda f: self.price(f)[0]), priced[-1]
        return (
            f"{mix} What a point of retention leaves owed is least, {_span(self.price(cheap), money)}, with trial "
            f"{cheap.trial.number}, and {_span(self.price(dear), money)} at the generous end."
        )

    def cards(self) -> str:
        """The card that gained most retention in the search, and what the front has for no more liability; none: no words."""
        found = self.result.search
        cards = [t for t in found.trials if t.ran and t.design.arm == "card"]
        if not cards:
            return ""
        best = max(cards, key=lambda t: float(RETENTION.of(t.outcomes, found.judge.baseline).mean()))
        owed = float(best.outcomes["liability"].mean())
        rivals = [self.mean(f, RETENTION) for f in self.programmes if self.mean(f, LIABILITY) <= owed]
        text = (
            f"Of {len(cards)} cards that were tried the one that gained most came to "
            f"{points(float(RETENTION.of(best.outcomes, found.judge.baseline).mean()))} points in the search, with {money(owed)} owed"
        )
        return f"{text}; the front has {points(max(rivals))} for no more than that." if rivals else f"{text}."

    def flattery(self) -> str:
        """How much the search flattered the front as a whole."""
        volumes = self.verdict.volumes()
        seen, fresh = volumes["search"][0], volumes["fresh"]
        if not seen > 0:
            return ""
        ends = " to ".join(percent(value / seen, digits=0) for value in fresh[1:])
        many, on = len(self.verdict.finalists), len(self.finalists)
        return (
            f"In fresh worlds {on} of {many} designs stay on the front, which covers {percent(fresh[0] / seen, digits=0)} "
            f"[{ends}] of what the search thought."
        )

    # -- tables -------------------------------------------------------------------------------------------------

    def designs(self) -> pd.DataFrame:
        rows = []
        for f in self.finalists:
            row: dict[str, Any] = {"trial": f.trial.number, "arm": f.trial.design.arm}
            row |= {name: f.trial.design.values.get(name) for name in self.result.question.study.levers}
            for measure in (RETENTION, LIABILITY, PROFIT):
                ends = zip(("", " low", " high"), self.verdict.fresh(f, measure), strict=True)
                row |= {f"{measure.outcome}{end}": value for end, value in ends}
            rows.append(row | {"stays": self.stays[f.trial.number]})
        return pd.DataFrame(rows)

    def table(self) -> str:
        lines = [
            "| trial | programme | retention, points | owed at the end | profit a year | owed per point | stays on the front |",
            "|--:|---|--:|--:|--:|--:|--:|",
        ]
        for f in self.finalists:
            price = self.price(f)
            cells = [
                str(f.trial.number),
                self.short(f),
                _span(self.verdict.fresh(f, RETENTION), points),
                _span(self.verdict.fresh(f, LIABILITY), money),
                _span(self.verdict.fresh(f, PROFIT), _signed),
                _span(price, money) if np.isfinite(price).all() else "–",
                percent(self.stays[f.trial.number], digits=0),
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def short(self, finalist: Finalist) -> str:
        values = finalist.trial.design.values
        if not values:
            return finalist.trial.design.arm
        if finalist.trial.design.arm == "card":
            return (
                f"card: {values['card_reward']:.2f} at {values['stamps']}, {values['head_start']} given, "
                f"{_months(values['card_expiry'])}"
            )
        return (
            f"points: {values['points_reward']:.2f} at {values['threshold']}, {values['welcome']} given, "
            f"{_months(values['points_expiry'])}"
        )

    def choices(self) -> pd.DataFrame:
        rows = []
        for name, share in FLOORS.items():
            for wish, f in zip(("least owed", "most retention"), self.choose(share), strict=True):
                row: dict[str, Any] = {"floor": name, "amount": share * self.best_profit(), "wish": wish}
                if f is not None:
                    row |= {"trial": f.trial.number, "programme": self.short(f)}
                    row |= {m.outcome: self.mean(f, m) for m in (RETENTION, LIABILITY, PROFIT)}
                rows.append(row)
        return pd.DataFrame(rows)

    def choices_table(self) -> str:
        lines = ["| profit surely at least | least owed | most retention |", "|---|---|---|"]
        for name, share in FLOORS.items():
            cells = ["none" if f is None else f"{self.short(f)} (trial {f.trial.number})" for f in self.choose(share)]
            lines.append(f"| {name} ({_signed(share * self.best_profit())}) | {' | '.join(cells)} |")
        return "\n".join(lines)


def _months(value: float) -> str:
    return "a month" if value == 1 else f"{value:g} months"


def _signed(value: float) -> str:
    return money(value, True)


def _span(found: tuple[float, float, float], write: Any) -> str:
    mean, low, high = (write(value) for value in found)
    return mean if low == high else f"{mean} [{low} to {high}]"


def _footnote(result: Optimisation) -> str:
    question = result.question
    currency = question.study.scenario.measurement.currency
    return (
        f"{question.study.firm} in {question.study.scenario.name}, {question.study.set['customers']:,} customers, {currency}; "
        "differences to doing nothing in the same worlds, except what is owed. "
        f"{question.verdict.replications} fresh worlds; 95 % intervals that hold for all finalists at once, those of *owed per "
        "point* one by one. Programmes: worth of the reward at so many stamps or points, how many are given at the start, months "
        "until they lapse (cards: without a purchase; points: by age). *Stays*: share of resampled luck in which no other finalist "
        "dominates it. *Surely*: the whole interval of profit."
    )


# -- figure -----------------------------------------------------------------------------------------------------


def _figure(fronts: dict[str, Front]) -> PaperFigure:
    with figure(8.6, 4.1) as paper:
        row = paper.subplots(1, len(fronts), squeeze=False, sharex=True, sharey=True)[0]
        for axes, (case, front) in zip(row, fronts.items(), strict=True):
            handles = _draw(axes, front)
            axes.set_title(f"When {case}")
            axes.set_xlabel(f"owed at the end, {front.words.currency}")
        row[0].set_ylabel("retention beyond doing nothing, points")
        for axes, part in zip(row, (handles[::2], handles[1::2]), strict=False):
            legend_below(axes, part, columns=1)
        question = next(iter(fronts.values())).result.question
        caption(
            paper,
            f"{question.study.firm} in {question.study.scenario.name}: {question.search.trials} designs in the same "
            f"{question.search.replications} worlds (pale), finalists in {question.verdict.replications} fresh worlds with 95 % "
            "intervals of all at once; numbers: profit a year beyond doing nothing. Up and to the left is better.",
        )
    return paper


def _draw(axes: Any, front: Front) -> list[Any]:
    from matplotlib.lines import Line2D

    result, verdict = front.result, front.verdict
    ran = [t for t in result.search.trials if t.ran]
    for arm, mark in MARKS.items():
        mine = [t for t in ran if t.design.arm == arm]
        across = [t.outcomes["liability"].mean() for t in mine]
        up = [100 * RETENTION.of(t.outcomes, result.search.judge.baseline).mean() for t in mine]
        axes.plot(across, up, mark, color=LIGHT, markersize=3.5)
    standing = {f.trial.number for f in front.finalists}
    for f in verdict.finalists:
        x, y = verdict.fresh(f, LIABILITY), tuple(100 * v for v in verdict.fresh(f, RETENTION))
        colour = COLOURS[0] if f.trial.number in standing else GREY
        mark = MARKS.get(f.trial.design.arm, "D")
        axes.plot(x[1:], [y[0]] * 2, color=colour, linewidth=1.2)
        axes.plot([x[0]] * 2, y[1:], color=colour, linewidth=1.2)
        axes.plot(
            [x[0]],
            [y[0]],
            mark,
            color=colour,
            markersize=5,
            markerfacecolor=colour if f.trial.number in standing else "white",
        )
        if f.trial.origin != "baseline":
            axes.annotate(
                f"{front.mean(f, PROFIT) / 1000:+.1f}k".replace("-", "\u2212"), (x[0], y[0]), xytext=(-6, 3), ha="right",
                textcoords="offset points", fontsize=7, color=colour,
            )  # fmt: skip
    _, most = front.choose(NO_LOSS)
    if most is not None:
        place = [front.mean(most, LIABILITY)], [100 * front.mean(most, RETENTION)]
        axes.plot(*place, "o", color=COLOURS[1], markersize=11, markerfacecolor="none")
    axes.margins(x=0.14)
    axes.axhline(0, color="black", linewidth=0.8, zorder=1)
    axes.grid()
    thousands(axes.xaxis)
    marks = (
        ("card, tried", MARKS["card"], LIGHT, 3.5, True),
        ("card on the front", MARKS["card"], COLOURS[0], 5, True),
        ("points, tried", MARKS["points"], LIGHT, 3.5, True),
        ("points on the front", MARKS["points"], COLOURS[0], 5, True),
        ("doing nothing", "D", COLOURS[0], 5, True),
        ("most retention without loss of profit", "o", COLOURS[1], 9, False),
    )
    return [
        Line2D([], [], color=colour, marker=mark, markersize=size, markerfacecolor=colour if full else "none",
               linewidth=0, label=label)
        for label, mark, colour, size, full in marks
    ]  # fmt: skip
