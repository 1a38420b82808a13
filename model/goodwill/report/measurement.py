"""What came of a measurement, in tables and on one HTML page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.measurement.results import Measured
from goodwill.plots.measurement import NAMES, title_of
from goodwill.report.numbers import percent, plain
from goodwill.report.pages import templates

COLUMNS = ("estimator", "true effect", "estimate", "bias, % of the truth", "typical error", "coverage", "false alarms")


def performance_rows(measured: Measured, outcome: str) -> list[tuple[str, list[list[str]]]]:
    """Title and rows (as COLUMNS) of each world."""
    table = measured.performance[measured.performance["outcome"] == outcome]
    return [
        (
            title_of({name: part.iloc[0][name] for name in measured.labels}),
            [_row(row) for row in part.to_dict("records")],
        )
        for _, part in table.groupby(["point", "arm"], sort=False)
    ]


def _row(row: dict[Any, Any]) -> list[str]:
    missing = f", {row['missing']} missing" if row["missing"] else ""

    def share(name: str, signed: bool = False) -> str:
        value, low, high = (percent(row[name + end], signed, 0) for end in ("", "_low", "_high"))
        return f"{value} ({low} to {high})"

    figures = (plain(row["truth"]), plain(row["estimate"]), share("relative", True), plain(row["rmse"]))
    return [NAMES.get(row["estimator"], row["estimator"]) + missing, *figures, share("coverage"), share("rejected")]


def sentences(measured: Measured, outcome: str) -> list[str]:
    """The answer in words: how wrong the crudest estimate is, and which ones held."""
    table = measured.performance[measured.performance["outcome"] == outcome]
    found = []
    naive = table[table["estimator"] == "naive"]
    if len(naive):
        low, high = naive["estimate"].div(naive["truth"]).min(), naive["estimate"].div(naive["truth"]).max()
        span = f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} to {high:.1f}"
        found.append(f"Members against others shows {span} times the true effect on {outcome}.")
    held = _all_worlds(table, table["coverage_high"] >= 0.95)
    wrong = _all_worlds(table, table["coverage_high"] < 0.95)
    if held:
        found.append(
            f"In every world tried the interval keeps its promise of 95 %, as far as the trials can tell: {', '.join(held)}."
        )
    if wrong:
        found.append(f"In every one it does not: {', '.join(wrong)}.")
    return found


def _all_worlds(table: pd.DataFrame, good: pd.Series) -> list[str]:
    """Estimators of which it is true everywhere."""
    everywhere = good.groupby(table["estimator"], sort=False).all()
    return [NAMES.get(str(name), str(name)) for name, value in everywhere.items() if value]


def report_html(measured: Measured) -> str:
    """The page as text."""
    from markupsafe import Markup

    outcomes = list(measured.manifest["measurement"]["outcomes"])
    parts = [
        {
            "title": f"Effect on {outcome}, {measured.unit(outcome)}",
            "svg": Markup(measured.plot(outcome).svg(outcome)),
            "words": "Chart of the estimates against the true effect; the tables below give the same figures.",
            "worlds": [{"title": title, "rows": rows} for title, rows in performance_rows(measured, outcome)],
        }
        for outcome in outcomes
    ]
    page: str = (
        templates()
        .get_template("measurement.html")
        .render(
            m=measured,
            question=measured.manifest["measurement"]["question"],
            sentences=sentences(measured, outcomes[0]),
            parts=parts,
            columns=COLUMNS,
            trials=int(measured.performance["trials"].max()),
            summaries={NAMES.get(name, name): text for name, text in measured.summaries.items()},
        )
    )
    return page


def write_all(measured: Measured) -> list[Path]:
    """Write performance.csv, a figure for each outcome and report.html into the folder; returns their paths.

    Raises `StudyError` when they cannot be written.
    """
    folder, table = measured.folder, measured.performance.round(6)
    page = report_html(measured)
    try:
        written = [
            write_atomically(folder / "report.html", lambda path: path.write_text(page, encoding="utf-8")),
            write_atomically(
                folder / "performance.csv", lambda path: table.to_csv(path, index=False, lineterminator="\n")
            ),
        ]
        for outcome in measured.manifest["measurement"]["outcomes"]:
            save = partial(measured.plot(outcome).savefig, format="png", dpi=150)
            written.append(write_atomically(folder / f"{outcome}.png", save))
    except OSError as error:
        raise StudyError(
            f"{folder}: cannot be written ({error.strerror or error}); choose another with --output"
        ) from None
    return written
