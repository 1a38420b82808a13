"""Progress on standard error: what is being done, how far it is, how long it will take."""

from __future__ import annotations

from types import TracebackType


class Bar:
    """A bar with the time left, shown only to a person at a terminal; elsewhere the stages are said in plain lines."""

    def __init__(self, unit: str, quiet: bool = False) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._console = Console(stderr=True)
        self._plain = not self._console.is_terminal and not quiet
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting", total=None)
        self._begun = False
        self.done = 0
        self.all = 0

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def stage(self, words: str) -> None:
        """Say what begins now."""
        if self._plain:
            self._console.print(f"{words} ...", highlight=False, soft_wrap=True)
        self._progress.update(self._task, description=words, total=None)

    def advance(self, done: int, of: int) -> None:
        """So many of all are done. What was done already at the first call does not count for the time left."""
        self.done, self.all = done, of
        if not self._begun:
            self._begun = True
            self._progress.reset(self._task, total=of, completed=done, description="simulating")
        self._progress.update(self._task, total=of, completed=done)
