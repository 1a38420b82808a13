"""The command that runs one market."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goodwill.record import Record
    from goodwill.scenario.scenario import Scenario
    from goodwill.simulation import Simulation

PANEL = "Simulation"


class Engine(StrEnum):
    """How to simulate; the results are the same."""

    COMPILED = "compiled"
    REFERENCE = "reference"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("run", rich_help_panel=PANEL)(run)


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a preset.")],
    seed: Annotated[int | None, typer.Option(help="Seed of all luck.")] = None,
    customers: Annotated[int | None, typer.Option(help="Customers to simulate.")] = None,
    periods: Annotated[int | None, typer.Option(help="Periods to simulate.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; default: all processors.")] = None,
    engine: Annotated[Engine, typer.Option(help="reference is slow: one object for each customer.")] = Engine.COMPILED,
    purchases: Annotated[
        str | None,
        typer.Option(help="Record the purchases of so many customers, or of all of them.", metavar="N|all"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write all tables into this folder (Parquet).")
    ] = None,
    orders: Annotated[
        Path | None, typer.Option("--orders", help="Write purchases as an order file (.csv or .parquet).")
    ] = None,
    clv: Annotated[
        Path | None,
        typer.Option("--clv", help="Write customer_id, frequency, recency, T, monetary_value (.csv or .parquet)."),
    ] = None,
    firm: Annotated[str, typer.Option(help="The firm whose customers --clv and --orders are about.")] = "0",
    replicate: Annotated[int, typer.Option(min=0, help="Number of the replication: each has its own luck.")] = 0,
    until: Annotated[int | None, typer.Option(min=1, help="Stop after so many periods.", metavar="T")] = None,
    save: Annotated[
        Path | None,
        typer.Option(help="Save the world as it is then; `goodwill branch` goes on from it.", metavar="FILE"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Simulate one market and show its firms in the last year."""
    from goodwill.commands.inputs import check_table, check_writable, scenario_of
    from goodwill.commands.progress import Bar
    from goodwill.commands.terminal import done
    from goodwill.errors import ScenarioError
    from goodwill.lab.warm import ensure_compiled

    market = scenario_of(scenario, seed=seed, customers=customers, periods=periods)
    exports = {path: kind for path, kind in ((orders, "orders"), (clv, "clv")) if path is not None}
    panel = _panel_size(purchases, output, market.customers)
    market.firm_index(firm)
    for path in exports:
        check_table(path)
    if exports and panel is None:
        panel = market.customers
    if until is not None and until > market.periods:
        raise ScenarioError(
            f"--until {until}: the run ends after {market.periods} periods; give it more with --periods"
        )
    if output is not None:
        check_writable(output / "firms.parquet")
    check_writable(save)
    with Bar(f"{market.period}s", quiet) as bar:
        if engine is Engine.COMPILED:
            ensure_compiled(bar.stage)
        start = Start(market, replicate, threads, engine, until, branchable=save is not None)
        record = _simulate(start, panel, output, bar)
    _show(record)
    if save is not None:
        done(f"wrote {record.simulation.save(save)}; `goodwill branch {save} --arm NAME=FILE` goes on from there")
    if output is not None:
        record.save(output)
        done(f"wrote the tables to {output}")
    for path, kind in exports.items():
        _export(record, path, kind, firm)
        done(f"wrote {path}")


def _export(record: Record, path: Path, kind: str, firm: str) -> None:
    """Orders of the firm, or their summary by customer in weeks, up to the last day of the run."""
    import pandas as pd

    from goodwill.commands.inputs import write_table
    from goodwill.measures.clv_summary import clv_summary
    from goodwill.measures.orders import last_day, order_table

    table = order_table(record, firm)
    write_table(table if kind == "orders" else clv_summary(table, pd.Timestamp(last_day(record))), path)


def _panel_size(purchases: str | None, output: Path | None, customers: int) -> int | None:
    """Customers whose purchases are recorded; None: nobody's."""
    from goodwill.errors import ScenarioError

    if purchases is None:
        return None
    if output is None:
        raise ScenarioError("--purchases: needs --output FOLDER, where they are written")
    if purchases == "all":
        return customers
    if not purchases.isdigit() or int(purchases) < 1:
        raise ScenarioError(f"--purchases {purchases!r}: write a number of customers from 1 on, or all")
    return min(int(purchases), customers)


@dataclass(frozen=True)
class Start:
    """What is simulated, and how."""

    scenario: Scenario
    replicate: int
    threads: int | None
    engine: Engine
    until: int | None
    branchable: bool

    def simulation(self) -> Simulation:
        """The market before its first period."""
        from goodwill.simulation import Simulation

        return Simulation(
            self.scenario,
            replicate=self.replicate,
            threads=self.threads,
            branchable=self.branchable,
            engine=self.engine.value,
        )


def _simulate(start: Start, panel: int | None, output: Path | None, bar: Any) -> Record:
    from contextlib import nullcontext

    from goodwill.record import Record
    from goodwill.sinks import MemorySink, ParquetSink, sample_panel

    simulation = start.simulation()
    customers = start.scenario.customers
    sink: Any = None
    mask = None
    if panel is not None:
        names = [firm.name for firm in start.scenario.firms]
        sink = MemorySink() if output is None else ParquetSink(output / "purchases.parquet", names)
        mask = None if panel == customers else sample_panel(customers, panel, simulation.key)
    with sink if isinstance(sink, ParquetSink) else nullcontext():
        simulation.run(until=start.until, sink=sink, panel=mask, progress=bar.advance)
    return Record.of(simulation, sink)


def _show(record: Record) -> None:
    """Firms in the last year (or in what there is of it)."""
    from goodwill.commands.terminal import show_table
    from goodwill.report.firms import COLUMNS, firm_rows

    scenario = record.scenario
    span = min(record.periods, scenario.periods_per_year)
    currency = scenario.measurement.currency
    title = (
        f"{scenario.name}: the last {span} of {record.periods} {scenario.period}s, {scenario.customers:,} customers, "
        f"seed {scenario.seed}; money in {currency}"
    )
    show_table(title, COLUMNS, firm_rows(record, span))
    if len(record.choices):
        from goodwill.report.choices import COLUMNS as CHOICE_COLUMNS
        from goodwill.report.choices import choice_rows

        show_table(
            f"Who chose what, when, and what it earned; money in {currency}",
            CHOICE_COLUMNS,
            choice_rows(record.choices),
        )
