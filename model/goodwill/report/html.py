"""The report of a comparison: one HTML file that needs nothing else, the decision first."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from goodwill.lab.comparison import Comparison
from goodwill.report import numbers
from goodwill.report.arms import arms_in_words
from goodwill.report.assumptions import groups, preset_remarks, switched_off
from goodwill.report.choices import COLUMNS as CHOICE_COLUMNS
from goodwill.report.choices import choices_by_arm
from goodwill.report.limits import limits
from goodwill.report.pages import templates, write_page
from goodwill.report.rows import account_rows, outcome_rows
from goodwill.report.uncertainty import uncertainty_rows, worlds_enough
from goodwill.report.verdict import Verdict


def write_report(comparison: Comparison, path: Path | str) -> Path:
    """Write the report to one file, all at once; returns its path. Raises `StudyError` when it cannot be written."""
    return write_page(report_html(comparison), Path(path))


def report_html(comparison: Comparison) -> str:
    """The whole page as text."""
    scenario = comparison.scenario
    return (
        templates()
        .get_template("report.html")
        .render(
            c=comparison,
            scenario=scenario,
            firm=scenario.firms[comparison.firm],
            currency=scenario.measurement.currency,
            verdict=Verdict(comparison),
            glance=_glance(comparison),
            rows=outcome_rows(comparison),
            accounts=account_rows(comparison),
            figures=_figures(comparison),
            uncertainty=uncertainty_rows(comparison),
            enough=worlds_enough(comparison),
            arms=arms_in_words(comparison),
            groups=groups(scenario),
            off=switched_off(scenario),
            remarks=preset_remarks(scenario),
            choice_columns=CHOICE_COLUMNS,
            choices=choices_by_arm(comparison),
            limits=limits(comparison),
            command=_command(comparison),
            scenario_yaml=_yaml(scenario.to_dict()),
            arm_yaml={name: _yaml(arm.to_dict()) for name, arm in comparison.arms.items()},
        )
    )


def notebook_table(comparison: Comparison) -> str:
    """Verdict and tables as a fragment for a notebook."""
    return (
        templates()
        .get_template("notebook.html")
        .render(
            c=comparison,
            verdict=Verdict(comparison),
            rows=outcome_rows(comparison),
            accounts=account_rows(comparison),
            currency=comparison.scenario.measurement.currency,
        )
    )


def _glance(comparison: Comparison) -> list[tuple[str, str, str]]:
    """The best design in four figures: label, value, what is beneath it."""
    verdict = Verdict(comparison)
    if not verdict.designs:
        return []
    arm = verdict.designs[0]
    cells = {row.label: row.cells[list(comparison.arms).index(arm)] for row in outcome_rows(comparison)}
    currency = comparison.scenario.measurement.currency
    gain = verdict.gain(arm)
    found = [
        (
            f"Incremental profit, {currency} a year",
            numbers.money(gain.mean, True),
            f"95 %: {numbers.money(gain.low, True)} to {numbers.money(gain.high, True)}",
        )
    ]
    if "ROI" in cells and cells["ROI"].text != numbers.DASH:
        found.append(("Return on its cost", cells["ROI"].text, "incremental profit per unit spent"))
    if "Retention" in cells:
        found.append(("Retention", cells["Retention"].text, f"{cells['Retention'].below} points"))
    if "Given anyway" in cells and cells["Given anyway"].text != numbers.DASH:
        found.append(("Given anyway", cells["Given anyway"].text, "of it went to purchases made without it too"))
    return found


def _figures(comparison: Comparison) -> list[dict[str, Any]]:
    """The panels as inline SVG, each with a caption and words for who cannot see it."""
    from markupsafe import Markup

    from goodwill.plots.comparison import PANELS, panel_figure

    if not Verdict(comparison).designs:
        return []
    return [
        {"name": name, "svg": Markup(panel_figure(comparison, draw).svg(name)), "caption": text, "words": _words(comparison, name)}
        for name, draw, text in PANELS
    ]  # fmt: skip


def _words(comparison: Comparison, panel: str) -> str:
    """A figure in words."""
    verdict = Verdict(comparison)
    if panel == "loyalty":
        parts = [
            f"{arm}: retention {numbers.points(comparison.value(arm, 'retention', 'difference'))}, "
            f"repeat rate {numbers.points(comparison.value(arm, 'repeat_rate', 'difference'))}"
            for arm in verdict.designs
        ]
        return "Chart. Change in percentage points. " + "; ".join(parts)
    kind = {"profit": "Incremental profit a year", "money": "Incremental profit by kind of money; the sum",
            "time": "Incremental profit added up over time; a year on average"}[panel]  # fmt: skip
    return f"Chart. {kind}. " + "; ".join(
        f"{arm} {verdict.money(verdict.gain(arm).mean, True)}" for arm in verdict.designs
    )


def _command(comparison: Comparison) -> str:
    """The command that makes the comparison again."""
    command = comparison.provenance.get("command")
    if command:
        return str(command)
    arms = [f"--arm {shlex.quote(f'{name}={name}.yaml')}" for name in comparison.arms if name != comparison.baseline]
    return " ".join(
        ["goodwill compare scenario.yaml", *arms, f"--firm {shlex.quote(comparison.firm_name)}",
         f"--replications {len(comparison.replications)}"]
    )  # fmt: skip


def _yaml(content: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
