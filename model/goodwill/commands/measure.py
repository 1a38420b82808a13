"""The command of the measurement lab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

PANEL = "Laboratory"
RUNS = Path("goodwill-runs")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("measure", rich_help_panel=PANEL)(measure)


def measure(
    file: Annotated[Path, typer.Argument(help="A study file with `estimators:`.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the results; default: goodwill-runs/NAME.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", "-r", min=2, help="Data sets for each world, instead of the file's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck, instead of the scenario's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: all processors.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Let analysts' estimators measure a programme on simulated data, and compare with the truth.

    After Ctrl-C, a kill or a power cut the same command goes on where it was.
    """
    from goodwill.commands.inputs import command_line
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done, show_table
    from goodwill.lab.measurement.question import Question
    from goodwill.lab.measurement.run import measure as run
    from goodwill.report.measurement import COLUMNS, performance_rows, sentences, write_all

    question = Question.load(file).changed(replications=replications, seed=seed)
    folder = output or RUNS / question.study.name
    with Bar("data sets", quiet) as bar:
        options: dict[str, Any] = {"progress": bar.advance, "stage": bar.stage, "command": command_line()}
        try:
            measured = run(question, folder=folder, workers=workers, **options)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted: {bar.done} of {bar.all or 'all'} data sets are kept in {folder}; "
                "the same command goes on from there"
            ) from None
    for outcome in question.outcomes:
        for title, rows in performance_rows(measured, outcome):
            show_table(f"{title}: effect on {outcome}, {measured.unit(outcome)}", COLUMNS, rows)
        for sentence in sentences(measured, outcome):
            typer.echo(sentence)
    failed = measured.runs["error"].dropna()
    for text, count in failed.value_counts().head(5).items():
        done(f"{count:,} of {len(measured.runs):,} data sets failed: {text}")
    names = ", ".join(path.name for path in write_all(measured))
    done(f"wrote {names} to {folder}; to read first: {folder / 'report.html'}")
