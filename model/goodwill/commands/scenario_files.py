"""Commands that write and check scenario files: init, schema, validate-scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Scenario files"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("init", rich_help_panel=PANEL)(init)
    app.command("validate-scenario", rich_help_panel=PANEL)(validate_scenario)
    app.command("schema", rich_help_panel=PANEL)(schema)


def init(
    file: Annotated[Path, typer.Argument(help="The scenario file to write.")],
    preset: Annotated[str | None, typer.Option(help="Begin with the values of this preset.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a scenario file in which every key is explained, and its JSON schema beside it."""
    from goodwill.commands.terminal import done, write_text
    from goodwill.errors import ScenarioError
    from goodwill.scenario.schema import FILE_NAME, scenario_schema, schema_text
    from goodwill.scenario.starter import preset_starter, starter

    text = starter() if preset is None else preset_starter(preset)
    if file.exists() and not force:
        raise ScenarioError(f"{file}: exists already; choose another name, or add --force to replace it")
    write_text(file, text)
    write_text(file.parent / FILE_NAME, schema_text(scenario_schema()))
    done(f"wrote {file}, and {file.parent / FILE_NAME} for editors; check it with: goodwill validate-scenario {file}")


def validate_scenario(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.", metavar="FILE...")],
    arm: Annotated[
        list[str] | None, typer.Option("--arm", metavar="NAME=FILE", help="Try this arm on each scenario too.")
    ] = None,
    firm: Annotated[str, typer.Option(help="The firm of the arms, by position or name.")] = "0",
) -> None:
    """Check scenario files (and arms on them); every mistake is named with its place, value and remedy."""
    from goodwill.errors import ScenarioError
    from goodwill.scenario.arms import Arm, named_file
    from goodwill.scenario.scenario import Scenario

    mistakes = []
    for file in files:
        try:
            scenario = Scenario.load(file)
            for text in arm or ():
                name, path = named_file(text)
                Arm.load(path, name).apply(scenario, firm)
        except ScenarioError as error:
            mistakes.append(str(error))
        else:
            firms = ", ".join(f.name for f in scenario.firms)
            typer.echo(
                f"{file}: valid; {scenario.name}, {scenario.customers:,} customers, "
                f"{scenario.periods} {scenario.period}s, firms {firms}; hash {scenario.hash()}"
            )
    if mistakes:
        raise ScenarioError("\n".join(mistakes))


def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to this file.")] = None,
    arm: Annotated[bool, typer.Option("--arm", help="The schema of arm files.")] = False,
) -> None:
    """Print the JSON schema of scenario files, with which editors complete and check them."""
    from goodwill.commands.terminal import done, write_text
    from goodwill.scenario.schema import arm_schema, scenario_schema, schema_text

    text = schema_text(arm_schema() if arm else scenario_schema())
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
        done(f"wrote {output}")
