"""What a comparison says, in words and in the numbers behind the words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from goodwill.lab.comparison import Comparison
from goodwill.report.difference import Difference, difference
from goodwill.report.numbers import count, money, percent, points, times


@dataclass(frozen=True)
class Verdict:
    """Which design to choose, how sure that is, and what would change it."""

    comparison: Comparison

    # -- the numbers --------------------------------------------------------------------------------------------

    @cached_property
    def order(self) -> list[str]:
        """All arms by mean profit, the best first."""
        return sorted(self.comparison.arms, key=lambda arm: -self.comparison.value(arm, "profit"))

    @property
    def best(self) -> str:
        """The arm with the largest mean profit."""
        return self.order[0]

    @property
    def designs(self) -> list[str]:
        """All arms but the baseline, the best first."""
        return [arm for arm in self.order if arm != self.comparison.baseline]

    def gain(self, arm: str) -> Difference:
        """Incremental profit of an arm."""
        return difference(self.comparison, arm, self.comparison.baseline, "profit")

    def lead(self, outcome: str = "profit") -> Difference | None:
        """The best arm's difference to the second; None with one arm."""
        return None if len(self.order) < 2 else difference(self.comparison, self.order[0], self.order[1], outcome)

    @property
    def none_pays(self) -> bool:
        """Whether the baseline earns most."""
        return self.best == self.comparison.baseline

    @property
    def decided(self) -> bool:
        """Whether the best arm is clearly ahead of every other."""
        return all(
            difference(self.comparison, self.best, arm, "profit").low > 0 for arm in self.order if arm != self.best
        )

    # -- the words ----------------------------------------------------------------------------------------------

    def money(self, value: float, signed: bool = False) -> str:
        """An amount with its currency."""
        return f"{money(value, signed)} {self.comparison.scenario.measurement.currency}"

    def amount(self, found: Difference) -> str:
        """A difference in profit with its interval."""
        return f"{self.money(found.mean, True)} a year [95 %: {money(found.low, True)} to {money(found.high, True)}]"

    @cached_property
    def headline(self) -> str:
        """The choice in a few words."""
        c = self.comparison
        if not self.designs:
            return "There is nothing to choose from."
        if self.none_pays:
            if self.decided:
                return f"Launch none of them: {named(c.baseline)} earns {c.firm_name} most."
            return f"No clear winner: {named(c.baseline)} and {named(self.order[1])} cannot be told apart."
        if not self.decided:
            rival = next(arm for arm in self.order[1:] if difference(c, self.best, arm, "profit").low <= 0)
            return f"{named(self.best, True)} looks best for {c.firm_name}, but not clearly better than {named(rival)}."
        return f"{named(self.best, True)} is the best choice for {c.firm_name}."

    @cached_property
    def sentences(self) -> list[str]:
        """The reasons: profit against doing nothing, against the runner-up, retention."""
        if not self.designs:
            return []
        return [self._against_nothing(), *self._against_the_next(), self._retention()]

    @property
    def text(self) -> str:
        """Headline and reasons as one paragraph."""
        return " ".join([self.headline, *self.sentences])

    def _against_nothing(self) -> str:
        c, best = self.comparison, self.designs[0]
        gain = self.gain(best)
        share = gain.mean / abs(c.value(c.baseline, "profit"))
        share_text = f" ({percent(share, True)} of profit)" if math.isfinite(share) else ""
        sure = "clear" if gain.clear else "not clear: the interval includes zero"
        if self.none_pays:
            many = len(self.designs) > 1
            losing = sum(self.gain(arm).high < 0 for arm in self.designs)
            all_of = (
                f"All {len(self.designs)}" if losing == len(self.designs) else f"{losing} of the {len(self.designs)}"
            )
            who = f"{all_of} designs clearly lose money; {named(best)} loses least" if many else named(best, True)
            return f"{who}: {self.amount(gain)}{share_text} against {named(c.baseline)} ({sure}, {gain.places})."
        return f"It brings {self.amount(gain)}{share_text} against {named(c.baseline)} ({sure}, {gain.places})."

    def _against_the_next(self) -> list[str]:
        """The best design against the best of the other designs."""
        if len(self.designs) < 2:
            return []
        best, rival = self.designs[:2]
        lead = difference(self.comparison, best, rival, "profit")
        sure = "a clear difference" if lead.clear else "not a clear difference"
        return [f"Next comes {named(rival)}, {self.money(lead.mean)} a year behind, {sure}."]

    def _retention(self) -> str:
        c, best = self.comparison, self.designs[0]
        found = difference(c, best, c.baseline, "retention")
        label, outcome = "retention", "retention"
        if not math.isfinite(found.mean):
            found, label, outcome = difference(c, best, c.baseline, "repeat_rate"), "the repeat rate", "repeat_rate"
        if not math.isfinite(found.mean):
            return "Retention could not be measured in a run this short."
        before = c.value(c.baseline, outcome)
        verb = "does not clearly change" if not found.clear else "raises" if found.mean > 0 else "lowers"
        return (
            f"{named(best, True)} {verb} {label}: {percent(before)} to {percent(before + found.mean)}, "
            f"{points(found.mean)} points [{points(found.low)} to {points(found.high)}]."
        )

    @cached_property
    def confidence(self) -> list[str]:
        """How sure the choice is, and of what."""
        c = self.comparison
        n = len(c.replications)
        lines = [
            f"{count(n)} simulated worlds, each with its own luck; every design was tried in each, on the same "
            f"{count(c.scenario.customers)} customers with the same luck, so that a difference is caused by the design."
        ]
        lead = self.lead()
        if lead is not None:
            first, second = named(self.best), named(self.order[1])
            if lead.clear:
                lines.append(
                    f"{_capital(first)} is clearly ahead of {second}: in {lead.ahead} of {lead.worlds} worlds."
                )
            else:
                needed = lead.worlds_needed()
                more = (
                    f"about {count(needed)} worlds would settle it if the difference is what it seems"
                    if needed
                    else "they earn practically the same: more worlds will not settle it"
                )
                lines.append(f"{_capital(first)} and {second} cannot be told apart with {n} worlds; {more}.")
        trend, still = self._trend()
        if trend and still:
            lines.append(trend)
        lines.append(
            "The intervals tell what luck can do. They do not cover the assumptions: if customers differ from the "
            "assumptions below, so may the answer."
        )
        return lines

    @cached_property
    def would_change_it(self) -> list[str]:
        """What would have to be different for another choice."""
        pay: list[str] = []
        hold: list[str] = []
        never: list[str] = []
        for arm in self.designs:
            gain, cost = self.gain(arm).mean, float(self.comparison.difference(arm, "programme_cost").mean())
            margin = gain + cost  # what its extra sales earn before it is paid for
            if not cost > 0 or not math.isfinite(margin):
                continue
            sums = f"its extra sales earn {self.money(margin)} a year and it costs {self.money(cost)}"
            if margin <= 0:
                never.append(named(arm))
            elif gain < 0:
                pay.append(f"{named(arm)} {times(cost / margin)} times ({sums})")
            else:
                hold.append(f"{named(arm)} at {percent(cost / margin, digits=0)} of it ({sums})")
        lines = []
        if pay:
            lines.append(
                "To pay for itself, a design would have to move customers more than it does here, or an extra sale would have to earn "
                f"more: {'; '.join(pay)}."
            )
        if hold:
            lines.append(f"If customers moved less than here, a design would stop paying: {'; '.join(hold)}.")
        if never:
            lines.append(
                f"{_listed(never)} sells no more than {named(self.comparison.baseline)}: no cheaper version would pay."
            )
        trend, still = self._trend()
        return [*lines, *([trend] if trend and not still else [])]

    def _trend(self) -> tuple[str, bool]:
        """Whether the last half of the time watched would choose as all of it does, in words and as a truth value."""
        c = self.comparison
        start, periods = c.scenario.warm_up, c.scenario.periods
        if periods - start < 8:
            return "", True
        late = c.series[c.series["period"] >= (start + periods) // 2]
        profit = late.groupby(["arm", "replicate"])["profit"].sum().groupby("arm").mean()
        leader = str(profit.idxmax())
        if leader == self.best:
            return (
                f"Time does not change the order at the top: {named(leader)} also earns most in the second half of the run.",
                True,
            )
        return (
            f"Time may change it: in the second half of the run, {named(leader)} earns most. A longer run would tell.",
            False,
        )


def named(arm: str, first: bool = False) -> str:
    """An arm in a sentence: 'nothing' reads as doing nothing, other names in quotation marks only when they need it."""
    text = (
        "doing nothing"
        if arm == "nothing"
        else f"the {arm}"
        if arm.islower() and arm.replace(" ", "").isalpha()
        else f"‘{arm}’"
    )
    return text[0].upper() + text[1:] if first else text


def _listed(names: list[str]) -> str:
    return _capital(", ".join(names))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
