"""The report of a search: one HTML file that needs nothing else, the choice first."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.optimise.search import EVERY
from goodwill.report.optimise_words import Words, plain
from goodwill.report.pages import templates, write_page

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.lab.optimise.results import Optimisation


def write_report(result: Optimisation, path: Path) -> Path:
    """Write the report to one file, all at once; returns its path. Raises `StudyError` when it cannot be written."""
    return write_page(report_html(result), path)


def write_all(result: Optimisation, folder: Path) -> list[Path]:
    """Write tables (CSV), figure (PNG) and report into a folder; returns their paths.

    Raises `StudyError` when it cannot be written.
    """
    tables = {"trials": result.trials}
    if result.finished:
        tables |= {"finalists": result.finalists, "gap": result.gap}
    figure = result.plot()
    try:
        written = [
            write_atomically(folder / f"{name}.csv", partial(_csv, table=table)) for name, table in tables.items()
        ]
        written.append(write_atomically(folder / "search.png", partial(figure.savefig, format="png", dpi=150)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudyError(f"{folder}: cannot be written ({reason}); choose another folder with --output") from None
    return [*written, write_report(result, folder / "report.html")]


def _csv(path: Path, table: pd.DataFrame) -> None:
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def report_html(result: Optimisation) -> str:
    """The whole page as text."""
    import yaml
    from markupsafe import Markup

    words = Words(result)
    question = result.question
    scenario = question.study.scenario
    return (
        templates()
        .get_template("optimise.html")
        .render(
            result=result,
            words=words,
            study=question.study,
            scenario=scenario,
            firm=scenario.firms[scenario.firm_index(question.study.firm)],
            glance=words.glance,
            flattery=words.flattery if result.finished else [],
            svg=Markup(result.plot().svg("search")),
            trials=trial_rows(result, words),
            limits=_limits(result),
            session=result.provenance["sessions"][-1],
            question_yaml=yaml.safe_dump(question.to_dict(), sort_keys=False, allow_unicode=True, width=100),
        )
    )


def trial_rows(result: Optimisation, words: Words) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of all trials."""
    measures = result.measures
    levers = list(result.question.study.levers)
    head = ["trial", "origin", "arm", *(name.replace("_", " ") for name in levers)]
    head += [words.title(measure) for measure in measures.values()]
    rows = []
    for trial, row in zip(result.search.trials, result.trials.to_dict("records"), strict=True):
        design = trial.design.values
        cells = [str(trial.number), trial.origin, trial.design.arm]
        cells += [plain(design[name]) if name in design else "" for name in levers]
        if trial.ran:
            cells += [words.number(measure, float(row[name])) for name, measure in measures.items()]
            cells.append("" if row["feasible"] else "breaks a constraint")
        else:
            cells += ["" for _ in measures] + [trial.problem]
        rows.append(cells)
    return [*head, "remark"], rows


def _limits(result: Optimisation) -> list[str]:
    question = result.question
    whole = result.search.sampler == EVERY
    lines = [
        "This is a simulation, not a forecast: differences between designs are more trustworthy than levels, and signs "
        "and orders more than sizes.",
        "The choice is the best of what was tried in this one world, with its assumptions. Before it is acted on, a study "
        "should show how it fares in others: name them as cases or uncertainties.",
        "Every design within the levers' bounds was tried; outside them there may be better ones."
        if whole
        else f"A search of {len(result.search.trials)} designs finds good ones, not the best there is; another seed of the search "
        "may find another as good.",
        "Intervals tell what luck can do, not what the assumptions may be off.",
    ]
    if any(not goal.measure.paired for goal in question.goals):
        lines.append(
            "A goal that is measured as a value carries the luck that all designs share, and its intervals in the table are "
            "wide for that reason; the order of the designs is surer than they look. As `measure: difference` it is free of it."
        )
    return lines
