"""Reading YAML files as data, with errors that name the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from goodwill.errors import ScenarioError
from goodwill.scenario.yaml_core import CoreLoader


def read_text(path: str | Path, remedy: str | None = None) -> str:
    """Text of a file. Raises `ScenarioError` with the remedy for a file that is not there."""
    path = Path(path)
    remedy = remedy or f"`goodwill init {path}` writes a starter"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file; {remedy}") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path}: is a folder, not a file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as text: {error}") from None


def read_yaml(path: str | Path, remedy: str | None = None) -> Any:
    """Content of a YAML file (safe loading: nothing in it is ever evaluated). Raises `ScenarioError`.

    remedy: what to do about a file that is missing or empty, if not to write a scenario's starter.
    """
    text = read_text(path, remedy)
    try:
        content = yaml.load(text, CoreLoader)  # CoreLoader is a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise ScenarioError(f"{path}{where}: {problem}; check indentation, colons and quotes there") from None
    except (RecursionError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read as YAML: {error}") from None
    if content is None:
        raise ScenarioError(f"{path}: the file is empty; {remedy or f'`goodwill init {path}` writes a starter'}")
    return content
