"""The command that holds the model against published regularities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.lab.evidence.results import Verdict
    from goodwill.lab.evidence.suite import Job, Row

PANEL = "Evidence"
RUNS = Path("goodwill-runs/validation")
RESULTS = Path("results/validation")
PAGE = Path("docs/validation.md")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("validate", rich_help_panel=PANEL)(validate)


def validate(
    targets: Annotated[str, typer.Option(help="Only these targets.", metavar="T01,T12,...")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each target, each with its own luck.")] = 30,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: all processors.")] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="Also take one mechanism away at a time.")] = False,
    ablation_seeds: Annotated[int, typer.Option(min=1, help="Runs of each target without a mechanism.")] = 10,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the tables; default: results/validation, when all targets are run."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Hold the model against published regularities: simulated value, interval, pass or miss.

    What is done is kept: after Ctrl-C the same command goes on where it was. A run of all targets also renews their section of
    docs/validation.md, where that page is there.
    """
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done
    from goodwill.lab.evidence.catalogue import MEASUREMENTS
    from goodwill.lab.evidence.page import put, section
    from goodwill.lab.evidence.results import ablation_matrix, verdicts
    from goodwill.lab.evidence.suite import Shelf, jobs_of, run_suite
    from goodwill.lab.evidence.targets import chosen
    from goodwill.simulation import default_threads

    names = [name.strip() for name in targets.split(",") if name.strip()]
    wanted = chosen(names)
    measured = [MEASUREMENTS[name] for name in wanted if name in MEASUREMENTS]
    jobs: list[Job] = jobs_of(measured, range(seeds))
    if ablation:
        jobs += jobs_of(measured, range(min(seeds, ablation_seeds)), ablation=True)
    processes = workers or default_threads()
    with Bar("runs", quiet) as bar:
        bar.stage("compiling")
        warm_up()
        bar.stage(f"running {len(measured)} targets")
        try:
            rows = run_suite(jobs, Shelf(RUNS), processes, progress=bar.advance)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted: {bar.done} of {bar.all} runs are kept in {RUNS}; the same command goes on from there"
            ) from None
    results = verdicts(wanted, rows)
    show(results)
    matrix = ablation_matrix(wanted, rows, min(seeds, ablation_seeds)) if ablation else None
    folder = out or (None if names else RESULTS)
    if folder is not None:
        write(folder, results, rows, matrix)
        done(f"wrote the tables of {len(results)} targets to {folder}")
    if not names and PAGE.is_file():
        put(PAGE, section(results, seeds, matrix, min(seeds, ablation_seeds)))
        done(f"wrote {PAGE}")


def warm_up() -> None:
    """Let this process compile the engine once, so that the others find it compiled."""
    from goodwill.scenario.scenario import Scenario
    from goodwill.simulation import Simulation

    Simulation(Scenario.preset("mini").with_(customers=8, periods=1), threads=1).run()


def show(results: list[Verdict]) -> None:
    """The table on standard output, and what failed."""
    from goodwill.commands.terminal import show_table
    from goodwill.lab.evidence.results import counts

    lines: list[tuple[str, ...]] = []
    for verdict in results:
        target = verdict.target
        if not verdict.findings:
            lines.append((target.id, target.tag, target.statement, "", "", "", verdict.outcome))
        for place, f in enumerate(verdict.findings):
            head = (target.id, target.tag) if place == 0 else ("", "")
            value = f"{f.value:.4g} ({f.low:.4g} to {f.high:.4g})"
            lines.append((*head, f.check.meaning, f.check.bounds(), value, str(f.runs), f.outcome))
        lines += [("", "", error, "", "", "", "failed") for error in verdict.errors[:3]]
    show_table(
        "Published regularities", ("target", "tag", "number", "wanted", "simulated (95 %)", "runs", "verdict"), lines
    )
    for tag, (passed, measured) in counts(results).items():
        typer.echo(f"{tag}: {passed} of {measured} targets met")


def write(folder: Path, results: list[Verdict], rows: list[Row], matrix: pd.DataFrame | None) -> None:
    """The tables as files; each says which versions made it."""
    from goodwill.lab.code import code_hash
    from goodwill.lab.evidence import results as tables
    from goodwill.provenance import versions

    made = ", ".join(f"{package} {number}" for package, number in versions().items())
    named = {"targets.csv": tables.table(results), "numbers.csv": tables.numbers(rows)}
    if matrix is not None:
        named["targets-ablation.csv"] = matrix
    failed = tables.failures(rows)
    for name, table in {**named, "failures.csv": failed}.items():
        if name == "failures.csv" and failed.empty:
            (folder / name).unlink(missing_ok=True)
            continue
        _write_table(folder / name, table, f"# code {code_hash('lab/evidence')}; {made}")


def _write_table(path: Path, table: pd.DataFrame, origin: str) -> None:
    from goodwill.files import write_atomically

    text = f"{origin}\n{table.to_csv(index=False, float_format='%.6g', lineterminator=chr(10))}"
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
