"""The commands that compare designs: compare, and report, which shows a stored comparison again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goodwill.lab.comparison import Comparison
    from goodwill.scenario.scenario import Scenario

PANEL = "Simulation"
RUNS = Path("goodwill-runs")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("compare", rich_help_panel=PANEL)(compare)
    app.command("report", rich_help_panel=PANEL)(report)


def compare(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a preset.")],
    arm: Annotated[
        list[str], typer.Option("--arm", metavar="NAME=FILE", help="A design to try; give it once for each design.")
    ],
    firm: Annotated[str, typer.Option(help="The firm that tries them, by position or name.")] = "0",
    replications: Annotated[int, typer.Option("--replications", "-r", help="Worlds, each with its own luck.")] = 20,
    budget: Annotated[
        str | None,
        typer.Option(
            help="Scale every design to this expected yearly cost: money, or a share of the firm's revenue such as 3%.",
            metavar="AMOUNT|SHARE%",
        ),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="The arm the others are measured against; default: nothing is done.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: all processors.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of all results; default: one in goodwill-runs/ for each question."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the summary to this file too.")] = None,
    report_file: Annotated[Path | None, typer.Option("--report", help="Write the report to this file too.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    customers: Annotated[int | None, typer.Option(help="Customers to simulate.")] = None,
    periods: Annotated[int | None, typer.Option(help="Periods to simulate.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Try designs for one firm in the same worlds with the same luck.

    What is done is kept: after Ctrl-C or a power cut the same command goes on where it was.
    """
    from goodwill.commands.inputs import arms_of, check_writable, scenario_of
    from goodwill.commands.terminal import done

    world = scenario_of(scenario, seed=seed, customers=customers, periods=periods)
    arms = arms_of(arm)
    check_writable(json_file, report_file)
    folder = output or default_folder(world, arms, firm, baseline, budget)
    result = compare_visibly(
        world,
        arms,
        folder,
        quiet,
        firm=firm,
        replications=replications,
        baseline=baseline,
        budget=budget,
        workers=workers,
    )
    for path, write in ((json_file, result.to_json), (report_file, result.report)):
        if path is not None:
            done(f"wrote {write(path)}")


def report(
    folder: Annotated[Path, typer.Argument(help="The output folder of a comparison or of a search.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the report to this file instead.")
    ] = None,
) -> None:
    """Show a stored comparison or search again, finished or not, and make its report anew."""
    from goodwill.commands.inputs import check_writable
    from goodwill.commands.optimise import is_search, report_again
    from goodwill.commands.terminal import done
    from goodwill.lab.comparison import Comparison

    check_writable(output)
    if is_search(folder):
        report_again(folder, output)
        return
    result = Comparison.load(folder)
    show(result)
    if output is None:
        write_results(result, folder)
    else:
        done(f"wrote {result.report(output)}")


def default_folder(
    scenario: Scenario, arms: dict[str, Any], firm: str, baseline: str | None, budget: float | str | None
) -> Path:
    """A folder of its own for every question, so that the same command finds it again."""
    from goodwill.lab.compare import described_arms, key_of

    described, base = described_arms(arms, baseline)
    key = key_of(scenario, described, scenario.firm_index(firm), base, budget)
    return RUNS / f"{scenario.name}-{key[:8]}"


def compare_visibly(
    scenario: Scenario, arms: dict[str, Any], folder: Path, quiet: bool = False, **options: Any
) -> Comparison:
    """Compare with progress; print the table and write all results into the folder."""
    from goodwill.commands.inputs import command_line
    from goodwill.commands.progress import Bar
    from goodwill.lab.compare import compare as run_comparison

    with Bar("worlds", quiet) as bar:
        try:
            result = run_comparison(
                scenario, arms, folder=folder, progress=bar.advance, stage=bar.stage, command=command_line(), **options
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted: {bar.done} of {bar.all or options['replications']} worlds are kept in {folder}; "
                "the same command goes on from there"
            ) from None
    show(result)
    write_results(result, folder)
    return result


def show(result: Comparison) -> None:
    """The table on standard output."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, 120)
    console.print(result.table())


def write_results(result: Comparison, folder: Path) -> None:
    """Summary, figure and report of a comparison."""
    from goodwill.commands.terminal import done
    from goodwill.report.files import write_all

    names = ", ".join(path.name for path in write_all(result, folder))
    done(f"wrote {names} to {folder}; to read first: {folder / 'report.html'}")
