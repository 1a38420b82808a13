"""What commands share for talking to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on standard output, with wrapped cells; None is left empty."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=False, style="bold" if index == 0 else None)
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, 160)  # a file or a pipe has no edge
    console.print(table)


def write_text(path: Path, text: str) -> None:
    """Write a file and the folders above it; an OSError ends the program with one clear line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def done(message: str) -> None:
    """Say on standard error that something is done, so that standard output keeps only results."""
    typer.echo(message, err=True)


def report_errors(message: str) -> None:
    """One line per mistake on standard error."""
    for line in message.splitlines():
        typer.secho("error: ", fg=typer.colors.RED, bold=True, nl=False, err=True)
        typer.echo(line, err=True)
