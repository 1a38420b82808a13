"""Reading what a person gave on the command line: a scenario or preset with some values changed, arms, files to write."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.scenario.scenario import Scenario


def scenario_of(text: str, **changes: int | None) -> Scenario:
    """The scenario of a file, or the preset of that name, with the values that are given. Raises `ScenarioError`."""
    from goodwill.errors import ScenarioError
    from goodwill.scenario.explain import nearest
    from goodwill.scenario.presets import preset_names
    from goodwill.scenario.scenario import Scenario

    given = {key: value for key, value in changes.items() if value is not None}
    if text in preset_names() and not Path(text).is_file():
        scenario = Scenario.preset(text)
    elif Path(text).exists() or Path(text).suffix or len(Path(text).parts) > 1:
        scenario = Scenario.load(text)
    else:
        raise ScenarioError(f"{text}: there is no such file or preset{nearest(text, preset_names())}")
    if not given:
        return scenario
    try:
        return scenario.with_(given)
    except ScenarioError as error:
        raise ScenarioError(str(error).replace("with_: ", "--", 1)) from None


def arms_of(texts: Iterable[str]) -> dict[str, Path]:
    """Arms given as NAME=FILE. Raises `ScenarioError` when a name is given twice."""
    from goodwill.errors import ScenarioError
    from goodwill.scenario.arms import named_file

    arms: dict[str, Path] = {}
    for text in texts:
        name, path = named_file(text)
        if name in arms:
            raise ScenarioError(f"--arm {text}: the name {name!r} is given twice; give each arm its own")
        arms[name] = path
    return arms


def check_writable(*paths: Path | None) -> None:
    """See before any work is done that these files could be written. Raises `StudyError`."""
    from goodwill.errors import StudyError
    from goodwill.files import write_atomically

    for path in paths:
        if path is None:
            continue
        probe = path.parent / f".{path.name}.try"
        try:
            if path.is_dir():
                raise IsADirectoryError(0, "it is a folder")
            write_atomically(probe, lambda temporary: temporary.write_text("", encoding="utf-8"))
            probe.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
            raise StudyError(f"{path}: cannot be written ({reason}); choose another file or folder") from None


def check_table(path: Path) -> None:
    """See before any work is done that a table could be written there, by its suffix. Raises `StudyError`."""
    from goodwill.errors import StudyError

    if path.suffix not in (".csv", ".parquet"):
        raise StudyError(f"{path}: a table is written as .csv or .parquet; end the name in one of these")
    check_writable(path)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as its suffix says."""
    from goodwill.files import write_atomically

    if path.suffix == ".csv":
        write_atomically(path, lambda part: table.to_csv(part, index=False, lineterminator="\n"))
    else:
        write_atomically(path, lambda part: table.to_parquet(part, index=False))


def command_line() -> str:
    """The command as it was typed."""
    import shlex

    return shlex.join(["goodwill", *sys.argv[1:]])
