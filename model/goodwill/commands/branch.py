"""The command that branches saved worlds into several policies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goodwill.lab.branches import Branches

PANEL = "Simulation"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("branch", rich_help_panel=PANEL)(branch)


def branch(
    files: Annotated[list[Path], typer.Argument(help="Worlds that `goodwill run --until T --save FILE` saved.")],
    arm: Annotated[
        list[str],
        typer.Option(
            "--arm", metavar="NAME=FILE", help="What the firm does from then on; give it once for each policy."
        ),
    ],
    firm: Annotated[str, typer.Option(help="The firm that tries them, by position or name.")] = "0",
    baseline: Annotated[
        str | None, typer.Option(help="The arm the others are measured against; default: nothing new is done.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; default: all processors.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write all runs to this CSV file too.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Let saved worlds go on under several policies, and compare them from the period of the branch on.

    Give several worlds, each saved with its own --replicate, to see how sure the differences are.
    """
    from goodwill.commands.inputs import arms_of, check_writable
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done
    from goodwill.lab.branches import branch_worlds

    arms = arms_of(arm)
    check_writable(output)
    with Bar("branches", quiet) as bar:
        found = branch_worlds(files, arms, firm=firm, baseline=baseline, threads=threads, progress=bar.advance)
    _show(found, len(files))
    if output is not None:
        found.runs.to_csv(output)
        done(f"wrote {output}")


def _show(found: Branches, worlds: int) -> None:
    """A row for each outcome, and for each arm the difference to the baseline with its interval."""
    from goodwill.commands.terminal import show_table
    from goodwill.lab.outcomes import OUTCOMES
    from goodwill.report.numbers import by_unit

    others = [name for name in found.arms if name != found.baseline]
    summary: dict[Any, dict[Any, float]] = found.summary.set_index(["outcome", "arm"]).to_dict("index")
    rows = []
    for outcome, (label, unit, _) in OUTCOMES.items():
        base = summary[outcome, found.baseline]
        cells = [by_unit(base["mean"], unit)]
        for name in others:
            row = summary[outcome, name]
            cell = by_unit(row["difference"], unit, signed=True)
            if row["low"] == row["low"]:
                cell += f" [{by_unit(row['low'], unit, signed=True)}; {by_unit(row['high'], unit, signed=True)}]"
            cells.append(cell)
        rows.append((f"{label}, points" if unit == "share" and others else label, *cells))
    sure = "with 95 % intervals" if worlds > 1 else "in one world; save more of them, with --replicate, for intervals"
    title = f"{found.firm} from period {found.period} on: differences to {found.baseline} in the same worlds, {sure}"
    show_table(title, ("", found.baseline, *others), rows)
