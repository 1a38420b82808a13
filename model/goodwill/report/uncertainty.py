"""How sure the numbers are: intervals, how much pairing saved, and whether more worlds would help."""

from __future__ import annotations

from dataclasses import dataclass

from goodwill.lab.comparison import Comparison
from goodwill.report.difference import Difference, difference
from goodwill.report.numbers import count, times
from goodwill.report.verdict import Verdict, named


@dataclass(frozen=True)
class Uncertainty:
    """The uncertainty of one design's incremental profit.

    pairing: times smaller the variance is than in unpaired worlds. needed: worlds after which its sign would be clear.
    """

    arm: str
    gain: Difference
    spread: float
    pairing: float
    needed: str


def uncertainty_rows(comparison: Comparison) -> list[Uncertainty]:
    """One row for each design, the best first."""
    rows = []
    for arm in Verdict(comparison).designs:
        gain = difference(comparison, arm, comparison.baseline, "profit")
        spread = float(comparison.difference(arm, "profit").std(ddof=1))
        enough = gain.worlds_needed()
        needed = "enough" if gain.clear else f"about {count(enough)}" if enough else "no difference to find"
        rows.append(Uncertainty(arm, gain, spread, comparison.variance_ratio(arm), needed))
    return rows


def worlds_enough(comparison: Comparison) -> list[str]:
    """Whether there are enough worlds for the choice, and what pairing saved, in words."""
    verdict, n = Verdict(comparison), len(comparison.replications)
    if not verdict.designs:
        return []
    lines = []
    open_pairs = [arm for arm in verdict.order[1:] if not difference(comparison, verdict.best, arm, "profit").clear]
    if not open_pairs:
        lines.append(
            f"{count(n)} worlds are enough for the choice: {named(verdict.best)} is clearly ahead of every other arm."
        )
    else:
        rest = ", ".join(named(arm) for arm in open_pairs)
        more = _more(comparison, verdict.best, open_pairs)
        lines.append(f"{count(n)} worlds do not tell {named(verdict.best)} from {rest}; {more}.")
    saved = [comparison.variance_ratio(arm) for arm in verdict.designs]
    finite = sorted(ratio for ratio in saved if ratio == ratio and ratio != float("inf"))
    if finite:
        typical = finite[len(finite) // 2]
        lines.append(
            f"Because every design was tried on the same customers with the same luck, differences vary {times(typical)} times "
            f"less (in variance) than between unrelated worlds. Without pairing, the same certainty would have taken about "
            f"{float(f'{typical * n:.2g}'):,.0f} worlds."
        )
    return lines


def _more(comparison: Comparison, best: str, others: list[str]) -> str:
    needed = [difference(comparison, best, arm, "profit").worlds_needed() for arm in others]
    known = [worlds for worlds in needed if worlds is not None]
    if not known:
        return "they earn practically the same, and more worlds would not change that"
    return f"about {count(max(known))} would, if the differences are what they seem (raise --replications; what is done is kept)"
