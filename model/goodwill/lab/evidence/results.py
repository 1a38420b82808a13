"""The results of the suite: verdicts by target, what each mechanism is needed for, and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from goodwill.lab.evidence.judge import Finding, Outcome, holds, judge, verdict_of
from goodwill.lab.evidence.suite import Row
from goodwill.lab.evidence.targets import Target


@dataclass(frozen=True)
class Verdict:
    """A target, its findings, the errors of runs that failed, and the outcome."""

    target: Target
    findings: tuple[Finding, ...]
    errors: tuple[str, ...]
    outcome: Outcome


def verdicts(targets: Mapping[str, Target], rows: Sequence[Row]) -> list[Verdict]:
    """One verdict for each target; one without runs is not yet measurable."""
    found = []
    for name, target in targets.items():
        mine = [row for row in rows if row.target == name and not row.without]
        good = [row.numbers for row in mine if row.numbers is not None]
        errors = tuple(f"seed {row.seed}: {row.error}" for row in mine if row.numbers is None)
        findings = tuple(judge(check, good) for check in target.checks) if good else ()
        found.append(Verdict(target, findings, errors, verdict_of(findings, len(errors))))
    return found


def table(results: Sequence[Verdict]) -> pd.DataFrame:
    """One row for each check: target, tag, check, bounds, value, low, high, runs, outcome, gap; one for a target without a check."""
    lines = []
    for verdict in results:
        head = {"target": verdict.target.id, "subject": verdict.target.subject, "tag": verdict.target.tag}
        for finding in verdict.findings:
            check = finding.check
            lines.append(
                {
                    **head,
                    "check": check.name,
                    "meaning": check.meaning,
                    "bounds": check.bounds(),
                    "value": finding.value,
                    "low": finding.low,
                    "high": finding.high,
                    "runs": finding.runs,
                    "outcome": finding.outcome,
                    "gap": finding.gap,
                }
            )
        if not verdict.findings:
            lines.append({**head, "outcome": verdict.outcome})
    columns = [
        "target", "subject", "tag", "check", "meaning", "bounds", "value", "low", "high", "runs", "outcome", "gap",
    ]  # fmt: skip
    return pd.DataFrame(lines).reindex(columns=columns)


def failures(rows: Sequence[Row]) -> pd.DataFrame:
    """Every run that failed: target, without, seed, error."""
    lines = [(row.target, row.without, row.seed, row.error) for row in rows if row.numbers is None]
    return pd.DataFrame(lines, columns=["target", "without", "seed", "error"])


def numbers(rows: Sequence[Row]) -> pd.DataFrame:
    """Mean of every measured number over the seeds: target, without, measure, mean, sd, runs."""
    lines = [
        (row.target, row.without, name, value)
        for row in rows
        if row.numbers is not None
        for name, value in row.numbers.items()
    ]
    long = pd.DataFrame(lines, columns=["target", "without", "measure", "value"])
    grouped = long.groupby(["target", "without", "measure"], sort=False)["value"]
    return grouped.agg(mean="mean", sd="std", runs="count").reset_index()


def counts(results: Sequence[Verdict]) -> dict[str, tuple[int, int]]:
    """By tag: how many targets pass, of how many that could be measured."""
    found: dict[str, tuple[int, int]] = {}
    for verdict in results:
        if verdict.outcome == "not yet measurable":
            continue
        passed, measured = found.get(verdict.target.tag, (0, 0))
        found[verdict.target.tag] = (passed + (verdict.outcome == "pass"), measured + 1)
    return found


def ablation_matrix(targets: Mapping[str, Target], rows: Sequence[Row], seeds: int) -> pd.DataFrame:
    """Mechanism x target: "breaks", "mends" or "" (no change); "-" where it does not act. By values, over the first `seeds` seeds.

    A target that is missed with the mechanism as well and without it has "".
    """

    def runs(name: str, without: str) -> list[dict[str, float]]:
        mine = [row for row in rows if row.target == name and row.without == without]
        return [row.numbers for row in mine[:seeds] if row.numbers is not None]

    tried = list(dict.fromkeys(row.without for row in rows if row.without))
    lines = []
    for mechanism in tried:
        line = {"without": mechanism}
        for name, target in targets.items():
            there = [row for row in rows if row.target == name and row.without == mechanism]
            if not target.checks:
                continue
            if not there:
                line[name] = "-"
                continue
            before, after = holds(target, runs(name, "")), holds(target, runs(name, mechanism))
            line[name] = "" if before == after else ("breaks" if before else "mends")
        lines.append(line)
    return pd.DataFrame(lines)
