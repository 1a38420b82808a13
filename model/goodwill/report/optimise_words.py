"""The result of a search in words and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from goodwill.lab.optimise.goals import Constraint, Goal, Measure
from goodwill.lab.optimise.results import Optimisation, unit_of
from goodwill.lab.optimise.verdict import Finalist, Interval, Verdict
from goodwill.report.numbers import DASH, by_unit, percent


@dataclass(frozen=True)
class Words:
    """Says what a search found. `headline` and `sentences` are for people; `rows` is the table of finalists."""

    result: Optimisation

    # -- names and numbers --------------------------------------------------------------------------------------

    @property
    def currency(self) -> str:
        """Of the scenario."""
        return self.result.question.study.scenario.measurement.currency

    def label(self, measure: Measure) -> str:
        """What a measure is called."""
        from goodwill.lab.outcomes import OUTCOMES

        outcome = self.result.question.study.outcomes[measure.outcome]
        name = outcome.of or measure.outcome
        label = OUTCOMES[name][0] if name == measure.outcome else measure.outcome.replace("_", " ").capitalize()
        return f"{label} beyond {self.baseline}" if measure.paired else label

    @property
    def baseline(self) -> str:
        """What differences are to, in words."""
        name = self.result.question.study.reference
        return "doing nothing" if name == "nothing" else name

    def unit(self, measure: Measure) -> str:
        """Its unit, as in a heading."""
        unit = unit_of(self.result.question, measure.outcome)
        if unit == "share":
            return "points" if measure.paired else ""
        return {"money": f"{self.currency} a year", "balance": self.currency}.get(unit, unit)

    def title(self, measure: Measure, share: str = "") -> str:
        """What a measure is called, with its unit; `share` is that of shares, which numbers with a per cent sign need not."""
        unit = self.unit(measure) or share
        return f"{self.label(measure)}, {unit}" if unit else self.label(measure)

    def number(self, measure: Measure, value: float, signed: bool = False) -> str:
        """A value of a measure, or with `signed` a difference of two."""
        return by_unit(value, unit_of(self.result.question, measure.outcome), measure.paired or signed)

    def interval(self, measure: Measure, found: Interval) -> str:
        """Mean and interval."""
        mean, low, high = (self.number(measure, value) for value in found)
        return mean if low == high else f"{mean} [{low} to {high}]"

    def design(self, finalist: Finalist) -> str:
        """A design as one says it."""
        design = finalist.trial.design
        inside = ", ".join(f"{name.replace('_', ' ')} {plain(value)}" for name, value in design.levers)
        written = " as it is written" if finalist.trial.origin == "as written" and not inside else ""
        return f"{design.arm} ({inside})" if inside else f"{design.arm}{written}"

    # -- what was found -----------------------------------------------------------------------------------------

    @property
    def headline(self) -> str:
        """The answer in one line."""
        verdict = self.result.verdict
        if verdict is None:
            return "The search is not finished"
        if verdict.several:
            return f"{int(verdict.on_front().sum())} of {len(verdict.finalists)} designs stand on the front after fresh luck"
        chosen = verdict.chosen
        if chosen is None:
            return "No finalist holds all constraints on fresh luck"
        goal = verdict.judge.goals[0]
        if chosen.trial.origin == "baseline":
            return f"Keep “{chosen.trial.design.arm}”: nothing that was tried does better"
        number = self.number(goal.measure, verdict.fresh(chosen, goal.measure)[0])
        best = f"{self.design(chosen)}: {number} {self.unit(goal.measure)}".strip()
        if self.keeping_is_as_good:
            return f"Nothing is clearly better than to keep “{self.result.question.study.reference}”; ahead is {best}"
        return f"Choose {best}"

    @property
    def keeping_is_as_good(self) -> bool:
        """Whether the baseline holds the constraints and cannot be told from the best."""
        verdict = self.result.verdict
        assert verdict is not None
        base = [f.trial.number for f in verdict.finalists if f.trial.origin == "baseline"]
        could = verdict.contest["could_be_best"].astype(bool)
        return any(could.get(number, False) for number in base)

    @property
    def sentences(self) -> list[str]:
        """What has to be known beside."""
        verdict = self.result.verdict
        if verdict is None:
            return [
                f"{len(self.result.search.trials)} designs were tried up to now; run the same again, and it goes on."
            ]
        found = [self._searched()]
        found += self._front(verdict) if verdict.several else self._choice(verdict)
        return [sentence.strip() for sentence in found if sentence]

    def _searched(self) -> str:
        question, search = self.result.question, self.result.search
        ran = [trial for trial in search.trials if trial.ran]
        wanted = " and ".join(
            f"{'highest' if goal.maximise else 'lowest'} {self.label(goal.measure).lower()}" for goal in question.goals
        )
        rules = ", ".join(self._bounds(rule) for rule in question.constraints)
        hold = f", of which {len(search.feasible)} hold that" if rules else ""
        return (
            f"Wanted: {wanted}{f', with {rules}' if rules else ''}. The search tried {len(ran)} designs{hold}, all in the same "
            f"{question.search.replications} worlds ({search.sampler})."
        )

    def _bounds(self, rule: Constraint) -> str:
        parts = [f"at least {self.number(rule.measure, rule.at_least)}"] if rule.at_least is not None else []
        parts += [f"at most {self.number(rule.measure, rule.at_most)}"] if rule.at_most is not None else []
        return f"{self.label(rule.measure).lower()} {' and '.join(parts)}"

    def _choice(self, verdict: Verdict) -> list[str]:
        goal, chosen, winner = verdict.judge.goals[0], verdict.chosen, verdict.winner
        worlds = self.result.question.verdict.replications
        flattered = self._gap(verdict, winner, goal)
        if chosen is None:
            return [f"In {worlds} fresh worlds every finalist breaks a constraint on average. {flattered}"]
        lines = [
            f"In {worlds} fresh worlds, {self.design(chosen)} comes to "
            f"{self.label(goal.measure).lower()} {self.interval(goal.measure, verdict.fresh(chosen, goal.measure))} "
            f"{self.unit(goal.measure)}".strip()
            + f". {self._constraints(verdict, chosen)}".rstrip(),
            flattered,
        ]
        if winner is not chosen:
            lines.append(f"The search had preferred “{self.design(winner)}”; fresh luck turned the order round.")
        contest = verdict.contest
        if len(contest) > 1:
            sure = percent(float(contest["probability"].to_dict()[chosen.trial.number]), digits=0)
            rivals = [n for n in contest.index[contest["could_be_best"].astype(bool)] if n != chosen.trial.number]
            others = "no other finalist can still be the best" if not rivals else (
                "it cannot be told from trial " + ", ".join(str(n) for n in rivals)
            )  # fmt: skip
            lines.append(f"It is the best of the finalists with probability {sure}; {others}.")
        return lines

    def _gap(self, verdict: Verdict, winner: Finalist, goal: Goal) -> str:
        gap, low, high = (goal.sign * value for value in verdict.gap(winner, goal.measure))
        ends = sorted((low, high))
        number = [self.number(goal.measure, value, True) for value in (gap, *ends)]
        thought = self.number(goal.measure, verdict.searched(winner, goal.measure)[0])
        if winner.trial.origin == "baseline" and goal.measure.paired:
            return ""
        return (
            f"The search had thought {thought} of its winner, which flattered it by {number[0]} "
            f"[95 %: {number[1]} to {number[2]}]."
        )

    def _constraints(self, verdict: Verdict, finalist: Finalist) -> str:
        parts = [
            f"{self.label(rule.measure)} is {self.interval(rule.measure, verdict.fresh(finalist, rule.measure))} "
            f"({self._bounds(rule).removeprefix(self.label(rule.measure).lower() + ' ')}: "
            f"holds with confidence {confidence(verdict.confidence(finalist, rule))})"
            for rule in verdict.judge.constraints
        ]
        return "; ".join(parts) + "." if parts else ""

    def _front(self, verdict: Verdict) -> list[str]:
        front = self.result.front
        lines = []
        for name, measure in self.result.measures.items():
            if measure in [goal.measure for goal in verdict.judge.goals] and len(front):
                ends = (self.number(measure, float(front[name].min())), self.number(measure, float(front[name].max())))
                lines.append(f"{self.label(measure)} from {ends[0]} to {ends[1]} {self.unit(measure)}".strip())
        volumes = verdict.volumes()
        seen, fresh = volumes["search"][0], volumes["fresh"]
        spread = " to ".join(percent(value / seen, digits=0) for value in fresh[1:]) if seen > 0 else DASH
        covered = percent(fresh[0] / seen, digits=0) if seen > 0 else DASH
        return [
            f"Along the front: {'; '.join(lines)}.",
            f"In {self.result.question.verdict.replications} fresh worlds the front covers {covered} [95 %: {spread}] of what "
            "the search thought it does (hypervolume).",
        ]

    @property
    def glance(self) -> list[tuple[str, str, str]]:
        """With one goal: the chosen design in a few figures: label, value, what is beneath it."""
        verdict = self.result.verdict
        if verdict is None or verdict.several or verdict.chosen is None:
            return []
        found = []
        for measure in verdict.judge.measures:
            mean, low, high = (self.number(measure, value) for value in verdict.fresh(verdict.chosen, measure))
            found.append((self.title(measure), mean, f"95 %: {low} to {high}"))
        return found

    @property
    def flattery(self) -> list[list[str]]:
        """Design, measure, what the search thought, what fresh luck says, the difference with its interval."""
        verdict = self.result.verdict
        assert verdict is not None
        rows = []
        for finalist in verdict.finalists:
            if finalist.trial.origin == "baseline":
                continue
            for measure in verdict.judge.measures:
                gap = [self.number(measure, value, True) for value in verdict.gap(finalist, measure)]
                rows.append(
                    [
                        f"{finalist.trial.number}: {self.design(finalist)}",
                        self.label(measure),
                        self.number(measure, verdict.searched(finalist, measure)[0]),
                        self.number(measure, verdict.fresh(finalist, measure)[0]),
                        gap[0] if gap[1] == gap[2] else f"{gap[0]} [{gap[1]} to {gap[2]}]",
                    ]
                )
        return rows

    # -- rows ---------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> list[str]:
        """Headings of `rows`."""
        result = self.result
        levers = [name.replace("_", " ") for name in self.levers]
        measures = [self.title(measure) for measure in result.measures.values()]
        rules = [f"{self._bounds(rule)}: confidence" for rule in result.question.constraints]
        several = result.verdict is not None and result.verdict.several
        return ["trial", "arm", *levers, *measures, *rules, *(["front", "stays"] if several else ["rank", "best?"])]

    @property
    def levers(self) -> list[str]:
        """Levers of any finalist's arm."""
        assert self.result.verdict is not None
        used = {name for f in self.result.verdict.finalists for name in f.trial.design.values}
        return [name for name in self.result.question.study.levers if name in used]

    @property
    def rows(self) -> list[list[str]]:
        """The finalists: the best first, or along the front."""
        result, verdict = self.result, self.result.verdict
        assert verdict is not None
        table = result.finalists
        first = next(iter(result.measures))
        table = table.sort_values(first) if verdict.several else table.sort_values("rank", na_position="last")
        by_number = {finalist.trial.number: finalist for finalist in verdict.finalists}
        found = []
        for row in table.to_dict("records"):
            finalist = by_number[int(row["trial"])]
            design = finalist.trial.design.values
            measures = [self.interval(m, verdict.fresh(finalist, m)) for m in result.measures.values()]
            rules = [
                f"{confidence(verdict.confidence(finalist, rule))}{'' if verdict.holds(finalist, rule) else ', broken'}"
                for rule in verdict.judge.constraints
            ]
            if verdict.several:
                last = ["yes" if row["front"] else "dominated", percent(row["stays"], digits=0)]
            else:
                rank = DASH if pd.isna(row["rank"]) else f"{row['rank']:.0f}"
                sure = DASH if pd.isna(row["probability"]) else percent(row["probability"], digits=0)
                last = [f"{rank} (search: {row['rank_in_search']})", sure]
            levers = [plain(design[name]) if name in design else DASH for name in self.levers]
            found.append([str(finalist.trial.number), finalist.trial.design.arm, *levers, *measures, *rules, *last])
        return found


def plain(value: Any) -> str:
    """A lever's value."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def confidence(value: float) -> str:
    """A confidence; near its ends as a bound."""
    if value > 0.999:
        return "> 99.9 %"
    return "< 0.1 %" if value < 0.001 else percent(value)
