"""Pages that need nothing else: their templates, and writing them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from goodwill.errors import StudyError
from goodwill.files import write_atomically
from goodwill.report import numbers

if TYPE_CHECKING:
    import jinja2


def write_page(text: str, path: Path) -> Path:
    """Write a page, all at once; returns its path. Raises `StudyError` when it cannot be written."""
    try:
        return write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudyError(f"{path}: the report cannot be written ({reason}); choose another file or folder") from None


@cache
def templates() -> jinja2.Environment:
    """The templates, with the formats of numbers as filters."""
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    templates.filters.update(
        {name: getattr(numbers, name) for name in ("money", "percent", "points", "count", "times", "plain")}
    )
    return templates
