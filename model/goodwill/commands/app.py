"""The command that opens the page for a small market."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL = "Looking at a market"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("app", rich_help_panel=PANEL)(show_app)


def show_app(
    scenario: Annotated[
        str, typer.Argument(help="A scenario file, or the name of a preset.", metavar="[SCENARIO]")
    ] = "coffee-town",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the server on this computer.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Open a page on which a small market can be played with: sliders, programmes, drawings. Ctrl-C ends it."""
    from goodwill.app.serve import serve
    from goodwill.commands.terminal import done

    done(f"the page will be at http://localhost:{port}; Ctrl-C ends it")
    serve(scenario, port, open_browser)
