"""The command that chooses: optimise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodwill.commands.study import PANEL, RUNS, Cluster, Quiet, Workers

if TYPE_CHECKING:
    from goodwill.lab.optimise.results import Optimisation


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("optimise", rich_help_panel=PANEL)(optimise)


def optimise(
    file: Annotated[Path, typer.Argument(help="A study file with levers, goals and constraints.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the results; default: goodwill-runs/NAME.")
    ] = None,
    workers: Workers = None,
    executor: Cluster = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the tables to this file too.")] = None,
    quiet: Quiet = False,
) -> None:
    """Search the levers of programmes for the best design, or for the Pareto front of several goals.

    What was found is tried again in fresh worlds, for the best of many numbers is partly luck. After Ctrl-C, a kill or a power cut the
    same command goes on where it was.
    """
    from goodwill.commands.inputs import check_writable, command_line
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done
    from goodwill.lab.optimise.question import Question
    from goodwill.lab.optimise.run import optimise as run_search

    question = Question.load(file)
    check_writable(json_file)
    folder = output or RUNS / question.name
    with Bar("runs", quiet) as bar:
        try:
            result = run_search(
                question,
                folder=folder,
                workers=workers,
                executor=executor,
                progress=bar.advance,
                stage=bar.stage,
                command=command_line(),
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted: {bar.done} of {bar.all or 'all'} runs are kept in {folder}; "
                "the same command goes on from there"
            ) from None
    show(result)
    write_results(result, folder)
    if json_file is not None:
        done(f"wrote {result.to_json(json_file)}")


def show(result: Optimisation) -> None:
    """The answer and the finalists on standard output."""
    from goodwill.commands.terminal import show_table
    from goodwill.report.optimise_words import Words

    words = Words(result)
    typer.echo(words.headline)
    for sentence in words.sentences:
        typer.echo(sentence)
    if result.finished:
        show_table("Finalists in fresh worlds", words.columns, words.rows)


def write_results(result: Optimisation, folder: Path) -> None:
    """Tables, figure and report of a search."""
    from goodwill.commands.terminal import done
    from goodwill.report.optimise import write_all

    names = ", ".join(path.name for path in write_all(result, folder))
    done(f"wrote {names} to {folder}; to read first: {folder / 'report.html'}")


def is_search(folder: Path) -> bool:
    """Whether a folder holds a search."""
    from goodwill.lab.optimise.results import FILE

    return (folder / FILE).is_file()


def report_again(folder: Path, output: Path | None) -> None:
    """Show a stored search, finished or not, and write its files anew (or only the report, elsewhere)."""
    from goodwill.commands.terminal import done
    from goodwill.lab.optimise.results import Optimisation

    result = Optimisation.load(folder)
    show(result)
    if output is None:
        write_results(result, folder)
    else:
        done(f"wrote {result.report(output)}")
