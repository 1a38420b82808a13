"""The verdict of a study in words: which arm, where, and how sure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from goodwill.lab.statistics.multiplicity import benjamini_hochberg, paired_p
from goodwill.lab.statistics.stopping import StoppingRule
from goodwill.report.numbers import count, percent
from goodwill.report.study_findings import Findings
from goodwill.report.verdict import named

FEW_WORLDS = 5
FEW_POINTS = 5


def headline(f: Findings) -> str:
    """The answer in a few words."""
    if f.empty:
        return "There is nothing to read yet."
    label = lowered(f.label(f.outcome))
    if not f.designs:
        return f"{f.label(f.outcome)}: {f.amount(f.mean(f.results.baseline, f.outcome).mean, f.outcome)}."
    if not f.comparable:
        return "No arms can be compared yet."
    best, candidates = str(f.ranking.index[0]), f.candidates
    where = " on average" if len(f.results.points) > 1 else ""
    if len(candidates) > 1:
        rest = " and ".join(named(arm) for arm in candidates[1:3]) + (" and others" if len(candidates) > 3 else "")
        return f"{named(best, True)} has the {f.extreme} {label}{where}, but not clearly: {rest} may match it."
    if where and f.clear_winners is not None:
        everywhere = bool((f.clear_winners == best).all())
        whole = len(f.worlds) == len(f.results.points)
        each = f" in {_all(len(f.worlds))} {_points(f)}" if whole else f" in each of {_of_points(f)}"
        where = each if everywhere else " on average, but not everywhere"
    return f"{named(best, True)} has the {f.extreme} {label}{where}."


def sentences(f: Findings) -> list[str]:
    """The reasons."""
    if not f.designs or not f.comparable:
        return []
    found = [_against_the_baseline(f), *_runner_up(f)]
    return [*found, *_by_point(f)]


def confidence(f: Findings) -> list[str]:
    """How sure the verdict is, and of what."""
    r = f.results
    if f.empty or (f.designs and not f.comparable):
        return ["Nothing: no world has been lived through by more than one arm."]
    counts = sorted(set(f.worlds))
    many = count(counts[0]) if len(counts) == 1 else f"{count(counts[0])} to {count(counts[-1])}"
    worlds = "world" if counts == [1] else "worlds"
    points = "" if len(r.points) == 1 else f" in each of {_of_points(f)}"
    same = "; every arm was tried in each, with the same luck" if len(r.arms) > 1 else ""
    lines = [f"{many} simulated {worlds}{points}, each with its own luck{same}."]
    if r.study.precision is not None:
        lines.append(_precision(f))
    if f.unit_of_spread == "point":
        lines.append(
            "With a single replication the intervals are over points: they say how differences vary between the points tried, not how "
            "far they are luck. Two replications or more would tell."
        )
    elif counts[0] < FEW_WORLDS:
        lines.append(
            f"{count(counts[0])} worlds are few: how much luck differs is then itself hardly known, and intervals are very wide."
        )
    if len(f.designs) > 1:
        lines.append(
            f"{count(len(f.designs))} arms were compared with {named(r.baseline)}. The best of several looks better than it is, "
            "so intervals marked ‘all at once’ are wider: they hold for all arms together with 95 %."
        )
    if f.designs:
        chances = ", ".join(
            f"{named(str(arm))} {percent(float(p), digits=0) if 0.005 < p < 0.995 else ('under 1 %' if p <= 0.005 else 'over 99 %')}"
            for arm, p in f.ranking["probability"].head(4).items()
            if p == p
        )
        if chances:
            lines.append(
                f"Probability of having the {f.extreme} {lowered(f.label(f.outcome))}, given these {f.unit_of_spread}s: {chances}."
            )
    return lines


def discoveries(f: Findings) -> str:
    """In how many points each design differs from the baseline, at a false discovery rate of 5 % over all points and arms."""
    if not f.comparable or len(f.results.points) <= FEW_POINTS or f.unit_of_spread == "point":
        return ""
    apart = f.differences(f.outcome)[f.designs]
    by_point = apart.groupby(level="point")
    p = pd.DataFrame(
        {point: [paired_p(table[arm].to_numpy()) for arm in f.designs] for point, table in by_point}
    ).T.to_numpy()
    found = (benjamini_hochberg(p.ravel()) <= 0.05).reshape(p.shape)
    up = by_point.mean().to_numpy() > 0
    parts = [
        f"{named(arm)} above {named(f.results.baseline)} in {count((found & up)[:, x].sum())}, below in "
        f"{count((found & ~up)[:, x].sum())}, not told apart in {count((~found)[:, x].sum())} of {count(len(p))}"
        for x, arm in enumerate(f.designs)
    ]
    return "; ".join(parts)


def _precision(f: Findings) -> str:
    """What a wanted precision came to."""
    wanted = f.results.study.precision
    assert wanted is not None
    rule = StoppingRule(wanted.half_width, wanted.relative, wanted.level, wanted.batch, wanted.at_most)
    values = f.values(wanted.outcome)
    reached = 0
    for _, table in values.groupby(level="point"):
        base = table[f.results.baseline]
        apart = table.drop(columns=f.results.baseline).sub(base, axis=0) if f.designs else base.to_frame()
        reached += rule.reached(apart.to_numpy(), base.to_numpy())
    if wanted.half_width is not None:
        half = f.amount(wanted.half_width, wanted.outcome, True).lstrip("+")
    else:
        half = f"{percent(wanted.relative or 0.0)} of {named(f.results.baseline)}"
    return (
        f"Worlds were added until the interval of {lowered(f.label(wanted.outcome))} was no wider than ±{half} for every arm, "
        f"{count(wanted.at_most)} worlds at most: reached in {count(reached)} of {count(len(f.results.points))} {_points(f)}."
    )


def _against_the_baseline(f: Findings) -> str:
    r, best = f.results, f.designs[0]
    found = f.corrected(best, f.outcome)
    corrected = {1: "", 2: ", both arms at once"}.get(len(f.designs), f", all {len(f.designs)} arms at once")
    sure = "clear" if found.clear else "not clear: the interval includes zero"
    if not np.isfinite(found.low):
        return (
            f"It differs by {f.amount(found.mean, f.outcome, True)} from {named(r.baseline)}; more replications would tell how "
            "sure that is."
        )
    who = "It differs" if str(f.ranking.index[0]) == best else f"{named(best, True)} comes next and differs"
    return (
        f"{who} by {f.amount(found.mean, f.outcome, True)} [95 %{corrected}: {f.range(found, f.outcome)}] from "
        f"{named(r.baseline)} ({sure})."
    )


def _runner_up(f: Findings) -> list[str]:
    """The best design against the next one."""
    if len(f.designs) < 2:
        return []
    best, rival = f.designs[:2]
    lead = f.difference(best, f.outcome, rival)
    if lead.mean != lead.mean:
        return []
    sure = "a clear difference" if lead.clear else "not a clear difference"
    better = "below" if f.lowest else "above"
    return [f"It is {f.amount(abs(lead.mean), f.outcome)} {better} {named(rival)}, the next of the designs, {sure}."]


def _by_point(f: Findings) -> list[str]:
    """Where which arm is best."""
    if len(f.results.points) < 2 or f.winners.empty:
        return []
    shares, of = f.winners.value_counts(), len(f.winners)
    if f.clear_winners is not None and (f.clear_winners == shares.index[0]).all():
        return []  # the headline says so
    if len(shares) == 1:
        text = f"{named(str(shares.index[0]), True)} has the {f.extreme} mean in {_all(of)} {_points(f)}"
    else:
        parts = [f"{named(str(arm))} in {count(n)}" for arm, n in shares.head(4).items()]
        text = f"The {f.extreme} mean of {count(of)} {_points(f)} has {_listed(parts)}"
    if f.clear_winners is not None:
        clear = int(f.clear_winners.notna().sum())
        text += f"; the best arm is clear in {'all' if clear == of else count(clear) if clear else 'none'} of them"
    return [text + "."]


def _of_points(f: Findings) -> str:
    """The points that averages are of: all, or so many of them."""
    done, of = len(f.worlds), len(f.results.points)
    return f"{count(of)} {_points(f)}" if done == of else f"{count(done)} of the {count(of)} {_points(f)}"


def _points(f: Findings) -> str:
    factors = [name for name in f.results.points.columns if name != "case"]
    return "points" if factors else "cases"


def _all(many: int) -> str:
    return "both" if many == 2 else f"all {count(many)}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def lowered(label: str) -> str:
    """A label inside a sentence."""
    return label[0].lower() + label[1:]
