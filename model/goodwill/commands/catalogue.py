"""Commands that show what there is: presets, programmes, strategies, parameters, concepts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

PANEL = "What there is"


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("presets", rich_help_panel=PANEL)(presets)
    app.command("programmes", rich_help_panel=PANEL)(programmes)
    app.command("strategies", rich_help_panel=PANEL)(strategies)
    app.command("parameters", rich_help_panel=PANEL)(parameters)
    app.command("concepts", rich_help_panel=PANEL)(concepts)


def presets() -> None:
    """List the scenarios that come with goodwill."""
    from goodwill.commands.terminal import show_table
    from goodwill.scenario.presets import preset_names
    from goodwill.scenario.scenario import Scenario

    rows = []
    for name in preset_names():
        scenario = Scenario.preset(name)
        size = f"{len(scenario.firms)} firms, {scenario.periods} {scenario.period}s, {scenario.kind}"
        rows.append((name, size, scenario.description))
    show_table("Presets; `goodwill init FILE --preset NAME` starts from one", ("name", "market", "description"), rows)


def programmes(
    kind: Annotated[
        str | None, typer.Argument(help="Show the levers of this kind, or this template, only.", metavar="[NAME]")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """List the kinds of programmes, with their levers and sources, and the templates."""
    from goodwill.commands.terminal import show_table
    from goodwill.errors import ScenarioError
    from goodwill.programmes.catalogue import kinds
    from goodwill.programmes.templates import template, template_names
    from goodwill.scenario.explain import nearest
    from goodwill.scenario.table import parameter_rows

    known = kinds()
    if kind in template_names():
        _show_template(kind)
        return
    if kind is not None and kind not in known:
        names = [*known, *template_names()]
        raise ScenarioError(f"there is no kind of programme or template {kind!r}{nearest(kind, names)}")
    chosen = {name: programme for name, programme in known.items() if kind in (None, name)}
    levers = [row for row in parameter_rows() if row["key"].split(".")[0] in (*chosen, "programme")]
    if output is not Format.TABLE:
        _print_rows(levers, output)
        return
    rows = [(name, programme.summary, "; ".join(programme.sources)) for name, programme in chosen.items()]
    show_table("Programmes, by the `kind` of a scenario or arm file", ("kind", "what it is", "sources"), rows)
    show_table(
        "Levers (`programme.`: of every kind)", ("lever", "meaning", "unit", "bounds", "default"), map(_lever, levers)
    )
    if kind is None:
        ready = [template(name) for name in template_names()]
        show_table(
            "Templates; `- template: NAME` among a firm's programmes takes one, with other keys beside it to differ",
            ("template", "what it is", "market", "sources"),
            [(t.name, t.description, t.market, "; ".join(t.sources)) for t in ready],
        )


def _show_template(name: str) -> None:
    """A template as it would stand in a scenario file."""
    import yaml

    from goodwill.programmes.templates import template

    ready = template(name)
    typer.echo(f"# {name}: {ready.description}\n# For {ready.market}\n# Sources: {'; '.join(ready.sources)}")
    typer.echo(yaml.safe_dump([ready.programme], sort_keys=False, allow_unicode=True), nl=False)


def strategies(
    kind: Annotated[str | None, typer.Argument(help="Show the parameters of this kind only.", metavar="[KIND]")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """List the strategies of firms, with the levers they move, their parameters and sources."""
    from goodwill.commands.terminal import show_table
    from goodwill.errors import ScenarioError
    from goodwill.scenario.explain import nearest
    from goodwill.scenario.table import parameter_rows
    from goodwill.strategies.catalogue import kinds

    known = kinds()
    if kind is not None and kind not in known:
        raise ScenarioError(f"strategy kind {kind!r} is not known{nearest(kind, list(known))}")
    chosen = {name: strategy for name, strategy in known.items() if kind in (None, name)}
    keys = [row for row in parameter_rows() if row["key"].split(".")[0] in (*chosen, "strategy")]
    if output is not Format.TABLE:
        _print_rows(keys, output)
        return
    rows = [(name, s.summary, ", ".join(s.moves) or "nothing", "; ".join(s.sources)) for name, s in chosen.items()]
    show_table("Strategies, by the `kind` of `firms.*.strategy`", ("kind", "what it does", "moves", "sources"), rows)
    show_table(
        "Parameters (`strategy.`: of every kind)", ("key", "meaning", "unit", "bounds", "default"), map(_lever, keys)
    )


def parameters(
    containing: Annotated[str, typer.Argument(help="Only keys or meanings with this word.", metavar="[WORD]")] = "",
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Only those whose default is an assumption.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """List every parameter: meaning, unit, bounds, default and source."""
    from goodwill.commands.terminal import show_table
    from goodwill.errors import ScenarioError
    from goodwill.scenario.table import parameter_rows

    word = containing.lower()
    rows = [row for row in parameter_rows() if word in row["key"].lower() or word in row["meaning"].lower()]
    rows = [row for row in rows if row["assumption"] or not assumptions]
    if not rows:
        raise ScenarioError(f"no parameter has {containing!r} in its key or meaning; `goodwill parameters` lists all")
    if output is not Format.TABLE:
        _print_rows(rows, output)
        return
    columns = ("key", "meaning", "unit", "bounds", "default", "source")
    show_table(f"{len(rows)} parameters", columns, [(*_lever(row), row["source"]) for row in rows])


def concepts(
    row: Annotated[str | None, typer.Argument(help="Show this row only, with keys, code and test.")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """List the systems of customer loyalty: what each is, whether it is here, and the preset that shows it best."""
    from dataclasses import asdict

    from goodwill.commands.terminal import show_table
    from goodwill.concepts import concepts as all_concepts
    from goodwill.errors import ScenarioError
    from goodwill.scenario.explain import nearest

    known = {concept.id: concept for concept in all_concepts()}
    if row is not None and row.upper() not in known:
        raise ScenarioError(f"concept {row!r} is not known{nearest(row.upper(), list(known))}")
    chosen = [concept for name, concept in known.items() if row is None or row.upper() == name]
    if output is not Format.TABLE:
        flat = [
            {key: "; ".join(value) if isinstance(value, tuple) else value for key, value in asdict(concept).items()}
            for concept in chosen
        ]
        _print_rows(flat, output)
    elif row is not None:
        show_table(f"{chosen[0].id} {chosen[0].system}", ("", ""), _about(chosen[0]))
    else:
        rows = [(c.id, c.system, c.line, c.state, c.preset or "-") for c in chosen]
        show_table(
            "Systems of customer loyalty; `goodwill concepts ROW` shows keys, code and test",
            ("row", "system", "what it is", "state", "best seen in"),
            rows,
        )


def _about(concept: Any) -> list[tuple[str, str]]:
    about = [
        ("what it is", concept.line),
        ("state", concept.state),
        ("missing", concept.missing),
        ("scenario keys", "\n".join(concept.keys)),
        ("code", "\n".join(f"goodwill/{file}" for file in concept.code)),
        ("test of its effect", concept.test),
        ("best seen in", f"preset {concept.preset}" if concept.preset else ""),
    ]
    return [(name, text) for name, text in about if text]


def _lever(row: dict[str, Any]) -> tuple[Any, ...]:
    from goodwill.scenario.declared import bounds_in_words

    default = "(empty)" if row["default"] is None else row["default"]
    return row["key"], row["meaning"], row["unit"], bounds_in_words(row["low"], row["high"]), default


def _print_rows(rows: list[dict[str, Any]], output: Format) -> None:
    import csv
    import io
    import json

    if output is Format.JSON:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    typer.echo(text.getvalue(), nl=False)
