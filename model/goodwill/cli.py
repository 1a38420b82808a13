"""The program `goodwill`. Only typer and the standard library are imported here, so that help comes at once."""

from __future__ import annotations

import errno
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from goodwill.commands import app as app_page
from goodwill.commands import branch, catalogue, compare, demo, measure, optimise, run, scenario_files, study, validate
from goodwill.commands.terminal import report_errors
from goodwill.errors import GoodwillError

WRONG_INPUT = 2
INTERRUPTED = 130  # as shells report a program that Ctrl-C ended


class Commands(TyperGroup):
    """All commands. Whatever they raise that a person can put right becomes one clear line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except GoodwillError as error:
            report_errors(str(error))
        except KeyboardInterrupt as error:
            report_errors(str(error) or "interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has gone: nothing to tell anybody
                raise
            report_errors(_file_trouble(error))
        raise typer.Exit(WRONG_INPUT)


app = typer.Typer(
    name="goodwill",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Try a customer-loyalty programme out before it is launched.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"goodwill {version('goodwill')}")
        raise typer.Exit


@app.callback()
def goodwill(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Try a customer-loyalty programme out before it is launched."""


for _module in (run, branch, compare, demo, study, optimise, measure, validate, scenario_files, catalogue, app_page):
    _module.register(app)


def _file_trouble(error: OSError) -> str:
    """An OSError as place, problem and remedy."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}; check that the folder exists and may be written, or choose another"


def main() -> None:
    """Run the program. Exit codes: 0 done, 2 wrong input (with one line that says what), 130 interrupted."""
    app()
