"""All files of a comparison's result."""

from __future__ import annotations

from pathlib import Path

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.lab.comparison import Comparison


def write_all(comparison: Comparison, folder: Path, name: str = "comparison", small: bool = False) -> list[Path]:
    """Write summary (CSV and JSON), figure (PNG; SVG) and report into a folder; small: no SVG and no report.

    Returns their paths. Raises `StudyError` when the folder cannot be written.
    """
    figure = comparison.plot()
    table = comparison.summary.round(6)
    try:
        written = [
            write_atomically(folder / "summary.csv", lambda path: table.to_csv(path, index=False, lineterminator="\n")),
            comparison.to_json(folder / f"{name}.json"),
            write_atomically(folder / f"{name}.png", lambda path: figure.savefig(path, format="png", dpi=150)),
        ]
        if not small:
            written.append(write_atomically(folder / f"{name}.svg", lambda path: figure.savefig(path, format="svg")))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudyError(f"{folder}: cannot be written ({reason}); choose another folder with --output") from None
    return written if small else [*written, comparison.report(folder / "report.html")]
