"""The table of a comparison: it prints itself in a terminal of any width and shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goodwill.lab.comparison import Comparison
from goodwill.report.rows import Cell, Row, account_rows, outcome_rows
from goodwill.report.verdict import Verdict

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions

_COLOUR = {1: "green", -1: "red", 0: ""}
_LABEL = 26
_HEAD = 14
_GAP = 2
NOTE = (
    "Means over worlds; beneath them the difference to the baseline in the same worlds, coloured where its 95 % interval "
    "leaves zero out. Given anyway: share of what was given that went to purchases which would have been made without it."
)


@dataclass(frozen=True)
class ComparisonTable:
    """Verdict, key figures and costs by kind. `print` it with rich, or let it be the last line of a notebook's cell."""

    comparison: Comparison
    costs: bool = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Any]:
        """The verdict in words, then tables that fit the width."""
        from rich.padding import Padding
        from rich.text import Text

        verdict = Verdict(self.comparison)
        yield Text(verdict.headline, style="bold")
        yield Padding(Text(" ".join(verdict.sentences)), (0, 0, 1, 0))
        yield from self._tables(self._title(), outcome_rows(self.comparison), options.max_width)
        if self.costs:
            currency = self.comparison.scenario.measurement.currency
            title = (
                f"Income and costs by kind, {currency} a year; beneath, the difference to {self.comparison.baseline}"
            )
            yield from self._tables(title, account_rows(self.comparison), options.max_width)
        yield Text(NOTE, style="dim")

    def __str__(self) -> str:
        from rich.console import Console

        console = Console(width=120, color_system=None, force_terminal=False)
        with console.capture() as captured:
            console.print(self)
        return captured.get()

    def _repr_html_(self) -> str:
        from goodwill.report.html import notebook_table

        return notebook_table(self.comparison)

    def _title(self) -> str:
        c = self.comparison
        return (
            f"{c.firm_name} in {c.scenario.name}: {len(c.replications)} worlds of {c.scenario.customers:,} customers, "
            f"{c.scenario.periods - c.scenario.warm_up} {c.scenario.period}s, seed {c.scenario.seed}"
        )

    def _tables(self, title: str, rows: list[Row], width: int) -> Iterator[Any]:
        """One table, or several with the baseline in each when the arms do not fit side by side."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        arms = list(self.comparison.arms)
        narrow, blocks = self._blocks(rows, width)
        for block in blocks:
            table = Table(
                title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP, 0, 0)
            )
            table.add_column("", no_wrap=True)
            for x in block:
                table.add_column(Text(arms[x]), justify="right", overflow="fold")
            for row in rows:
                label = Text(row.label, style="bold" if row.strong else "")
                if row.unit:
                    label.append(("\n" if narrow or len(row.label + row.unit) > _LABEL else ", ") + row.unit)
                table.add_row(label, *(_styled(row.cells[x], row.strong, narrow) for x in block))
            yield table
            title = f"{title.removesuffix(', continued')}, continued"

    def _blocks(self, rows: list[Row], width: int) -> tuple[bool, list[list[int]]]:
        """Whether numbers have to be broken, and the arms in each table; the baseline stands first in every one."""
        arms = list(self.comparison.arms)
        base = arms.index(self.comparison.baseline)
        others = [x for x in range(len(arms)) if x != base]

        def needed(x: int, narrow: bool) -> int:
            cells = [_broken(part, narrow) for row in rows for part in (row.cells[x].text, row.cells[x].below)]
            lines = [line for cell in cells for line in cell.split("\n")]
            return max(min(len(arms[x]), _HEAD), *(len(line) for line in lines)) + _GAP

        for narrow in (False, True):
            label = max(len(row.label) for row in rows) if narrow else _LABEL
            room = width - label - _GAP - needed(base, narrow)
            widths = [needed(x, narrow) for x in others]
            if sum(widths) <= room:
                return narrow, [[base, *others]]
        tables = -(-sum(widths) // max(room, max(widths, default=1)))
        size = -(-len(others) // tables)
        return True, [[base, *others[x : x + size]] for x in range(0, len(others), size)]


def comparison_table(comparison: Comparison) -> ComparisonTable:
    """The comparison as a rich renderable that also shows itself in a notebook."""
    return ComparisonTable(comparison)


def _broken(text: str, narrow: bool) -> str:
    return text.replace(" to ", " to\n") if narrow else text


def _styled(cell: Cell, strong: bool, narrow: bool) -> Any:
    from rich.text import Text

    text = Text(cell.text, style=" ".join(["bold" if strong else "", _COLOUR[cell.sign] if strong else ""]).strip())
    if cell.below:
        text.append("\n" + _broken(cell.below, narrow), style=_COLOUR[cell.sign] or "dim")
    return text
