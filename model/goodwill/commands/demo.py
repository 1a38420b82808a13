"""The command that shows what goodwill is for, in a few minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Simulation"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("demo", rich_help_panel=PANEL)(demo)


def demo(
    replications: Annotated[int, typer.Option("--replications", "-r", help="Worlds, each with its own luck.")] = 20,
    customers: Annotated[int, typer.Option(help="Customers to simulate.")] = 20_000,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: all processors.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of all results.")] = Path("reports/demo"),
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Compare a stamp card, a paid club, better service and a price cut of the same yearly cost for one coffee brand."""
    from goodwill.commands.compare import compare_visibly
    from goodwill.commands.terminal import done
    from goodwill.lab.four_designs import BUDGET, FIRM, designs, market

    done(
        "Four ways to spend the same money on the customers of one coffee brand, tried on a simulated market that behaves "
        "like a real category.\nThis takes a few minutes; Ctrl-C keeps what is done.\n"
    )
    compare_visibly(
        market().with_(customers=customers), designs(), output, quiet,
        firm=FIRM, replications=replications, budget=BUDGET, workers=workers,
    )  # fmt: skip
