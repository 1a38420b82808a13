"""The commands of studies: run, status, resume, report, explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goodwill.lab.study.results import Results
    from goodwill.lab.study.study import Study

PANEL = "Laboratory"
RUNS = Path("goodwill-runs")
REPORT = "report.html"

group = typer.Typer(no_args_is_help=True, help="Run a study: one file says what is asked, one command answers it.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(group, name="study", rich_help_panel=PANEL)


Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default: all processors.")]
Cluster = Annotated[
    str | None,
    typer.Option("--executor", help="A Dask scheduler, whose workers do the runs: tcp://host:8786.", metavar="ADDRESS"),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
Folder = Annotated[Path, typer.Argument(help="The folder of a study.")]


@group.command("run")
def run(
    file: Annotated[Path, typer.Argument(help="The study file.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the results; default: goodwill-runs/NAME.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", "-r", min=1, help="Worlds for each cell, instead of the file's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck, instead of the scenario's.")] = None,
    workers: Workers = None,
    executor: Cluster = None,
    quiet: Quiet = False,
) -> None:
    """Run a study; what its folder has already is not run again.

    After Ctrl-C, a kill or a power cut the same command goes on where it was.
    """
    from goodwill.lab.study.study import Study

    study = Study.load(file)
    changes: dict[str, Any] = {}
    if replications is not None:
        changes |= {"replications": replications, "precision": None}
    if seed is not None:
        changes["set"] = {**study.set, "seed": seed}
    if changes:
        study = study.with_(**changes)
    folder = output or RUNS / study.name
    _visibly(folder, quiet, study, workers=workers, executor=executor)


@group.command("resume")
def resume(folder: Folder, workers: Workers = None, executor: Cluster = None, quiet: Quiet = False) -> None:
    """Go on with the study of a folder, as it was asked; damaged parts are run again."""
    _visibly(folder, quiet, None, workers=workers, executor=executor)


@group.command("status")
def status(folder: Folder) -> None:
    """Say how far the study of a folder is, and what failed."""
    from goodwill.commands.terminal import show_table
    from goodwill.lab.study.results import Results

    results = Results.load(folder)
    counts = results.counts
    asked, done = int(counts["asked"].sum()), int(counts["done"].sum())
    lines = [
        (
            str(point),
            _named(results, int(str(point))),
            f"{row['done']:,} of {row['asked']:,}",
            f"{row['failed']:,}",
        )
        for point, row in counts.to_dict("index").items()
        if len(counts) <= 20 or row["done"] < row["asked"] or row["failed"]
    ]
    show_table(f"{results.study.name}: {done:,} of {asked:,} runs done", ("point", "", "runs", "failed"), lines[:40])
    if len(lines) > 40:
        typer.echo(f"... and {len(lines) - 40} more points")
    for error, count in results.failed["error"].value_counts().head(5).items():
        typer.echo(f"{count:,} x {error}")
    last = results.manifest["sessions"][-1]
    state = "done" if results.finished else "not finished; `goodwill study resume` goes on"
    typer.echo(f"last session began {last['began']} with {last['workers']} workers; the study is {state}")


@group.command("report")
def report(
    folder: Folder,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the report to this file; default: report.html in the folder."),
    ] = None,
) -> None:
    """Write the report of a study, finished or not: one HTML file, the verdict first."""
    from goodwill.commands.inputs import check_writable
    from goodwill.commands.terminal import done
    from goodwill.lab.study.results import Results

    check_writable(output)
    results = Results.load(folder)
    done(f"wrote {results.report(output or folder / REPORT)}")


@group.command("explain")
def explain(
    folder: Folder,
    arm: Annotated[str | None, typer.Option(help="The arm to look at; default: each.")] = None,
    outcome: Annotated[str | None, typer.Option(help="The outcome to explain; default: the study's first.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for figures and tables; default: FOLDER/understanding."),
    ] = None,
) -> None:
    """Say what decides an outcome, when an arm loses, how arms stand up to doubt and where they break even.

    What is done depends on the design; figures (PNG) and tables (CSV) are written.
    """
    from goodwill.commands.terminal import done
    from goodwill.lab.study.results import Results
    from goodwill.lab.understand.explain import explain, write_findings

    results = Results.load(folder)
    found = explain(results, outcome, arm)
    for finding in found:
        typer.echo(f"{finding.title}\n  {finding.text}\n")
    target = output or folder / "understanding"
    files = write_findings(found, target)
    done(f"wrote {len(files)} files to {target}")


def _named(results: Results, point: int) -> str:
    values = results.points.loc[point]
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()
    )


def _visibly(folder: Path, quiet: bool, study: Study | None, **options: Any) -> Results:
    """Run with progress, and say what came of it."""
    from goodwill.commands.inputs import command_line
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done
    from goodwill.lab.study.run import resume_study, run_study

    with Bar("runs", quiet) as bar:
        options |= {"progress": bar.advance, "stage": bar.stage, "command": command_line()}
        try:
            results = resume_study(folder, **options) if study is None else run_study(study, folder=folder, **options)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted: {bar.done} of {bar.all or 'all'} runs are kept in {folder}; "
                f"`goodwill study resume {folder}` goes on from there"
            ) from None
    done(f"{results}")
    done(f"wrote {results.folder / 'runs.parquet'}: all runs in one table")
    done(f"wrote {results.report(results.folder / REPORT)}: to read first")
    return results
