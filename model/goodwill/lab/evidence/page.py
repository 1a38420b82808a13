"""The section of docs/validation.md about published regularities, between its markers; the rest of the page is not touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.evidence.judge import Finding
from goodwill.lab.evidence.results import Verdict, counts

BEGIN, END = "<!-- evidence: begin -->", "<!-- evidence: end -->"

_WORDS = {"pass": "pass", "miss": "**miss**", "unclear": "**unclear**", "failed": "**failed**"}


def section(results: Sequence[Verdict], seeds: int, ablation: pd.DataFrame | None, ablation_seeds: int) -> str:
    """The text of the section."""
    parts = [_summary(results, seeds), _table(results), _misses(results), _sources(results)]
    if ablation is not None and len(ablation):
        parts.append(_ablation(ablation, ablation_seeds))
    return "\n\n".join(part for part in parts if part)


def put(page: Path, text: str) -> None:
    """Replace the section of a page. Raises `StudyError` when the page has no place for it."""
    whole = page.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise StudyError(f"{page}: has no place for the results; put the lines {BEGIN} and {END} into it")
    new = f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"
    write_atomically(page, lambda path: path.write_text(new, encoding="utf-8"))


def _summary(results: Sequence[Verdict], seeds: int) -> str:
    passed = counts(results)
    words = [
        f"**{passed[tag][0]} of {passed[tag][1]} {tag}**" for tag in ("emergent", "imposed", "exact") if tag in passed
    ]
    open_ones = [v.target.id for v in results if v.outcome == "not yet measurable"]
    rest = f" Not yet measurable: {', '.join(open_ones)}." if open_ones else ""
    return (
        f"Met: {'; '.join(words)} targets, over {seeds} seeds each.{rest} Only the emergent ones test the model: an imposed one had a "
        "parameter set from it, so that it is met says that the setting worked.\n\n"
        "A target *passes* when the whole 95 % interval of every number lies within its bounds (Student's t for means, "
        "bootstrap over seeds for ratios); it is *missed* when a value lies outside, *unclear* when the value lies inside "
        "and its interval reaches beyond."
    )


def _number(value: float) -> str:
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if size >= 10 else f"{value:.3f}"


def _table(results: Sequence[Verdict]) -> str:
    lines = [
        "| target | statement | tag | number | wanted | simulated | 95 % interval | verdict |",
        "|---|---|---|---|---|---:|---|---|",
    ]
    for verdict in results:
        target = verdict.target
        head = f"| {target.id} | {target.statement} | {target.tag} |"
        if not verdict.findings:
            lines.append(f"{head} | | | | {_plain(verdict)} |")
        for place, finding in enumerate(verdict.findings):
            first = head if place == 0 else "| | | |"
            lines.append(f"{first} {_line(finding)} |")
    return "\n".join(lines)


def _plain(verdict: Verdict) -> str:
    return _WORDS.get(verdict.outcome, verdict.outcome)


def _line(finding: Finding) -> str:
    check = finding.check
    known = finding.low == finding.low  # not NaN
    interval = f"{_number(finding.low)} to {_number(finding.high)}" if known else ""
    return f"{check.meaning} | {check.bounds()} | {_number(finding.value)} | {interval} | {_WORDS[finding.outcome]}"


def _misses(results: Sequence[Verdict]) -> str:
    lines = []
    for verdict in results:
        if verdict.outcome in ("pass", "not yet measurable"):
            continue
        sizes = [
            f"{f.check.meaning}: {_number(f.value)}, {_number(f.gap)} outside"
            if f.gap > 0
            else f"{f.check.meaning}: {f.outcome}"
            for f in verdict.findings
            if f.outcome != "pass"
        ]
        errors = [f"{len(verdict.errors)} runs failed ({verdict.errors[0]})"] if verdict.errors else []
        why = f" {verdict.target.miss}" if verdict.target.miss else " No explanation yet."
        lines.append(f"- **{verdict.target.id}** ({'; '.join(sizes + errors)}).{why}")
    return "### Misses\n\n" + "\n".join(lines) if lines else ""


def _sources(results: Sequence[Verdict]) -> str:
    lines = [
        "### Where the targets come from",
        "",
        "| target | what was found | source | world that is run | why this tag |",
        "|---|---|---|---|---|",
    ]
    for verdict in results:
        t = verdict.target
        lines.append(
            f"| {t.id} | {t.numbers} | {t.source} ({t.confidence} confidence) | {t.world} | {t.tag}: {t.why} |"
        )
    return "\n".join(lines)


def _ablation(matrix: pd.DataFrame, seeds: int) -> str:
    head = [str(c) for c in matrix.columns]
    lines = [
        "### Which mechanism each target needs",
        "",
        "The targets again with one mechanism taken away from their worlds, all else left as it is, by their values over "
        f"{seeds} seeds. "
        "*breaks*: met with it, missed without it. *mends*: the reverse. Empty: no change. -: it does not act there.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    lines += ["| " + " | ".join("" if v != v else str(v) for v in row) + " |" for row in matrix.itertuples(index=False)]
    return "\n".join(lines)
