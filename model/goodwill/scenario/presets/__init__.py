"""The scenarios that come with goodwill, each a YAML file that names its sources."""

from __future__ import annotations

from pathlib import Path

from goodwill.errors import ScenarioError
from goodwill.scenario.explain import nearest

_FOLDER = Path(__file__).resolve().parent


def preset_names() -> list[str]:
    """Names of all presets."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def preset_path(name: str) -> Path:
    """File of a preset; raises `ScenarioError` with the nearest name."""
    if name not in preset_names():
        raise ScenarioError(f"there is no preset {name!r}{nearest(name, preset_names())}")
    return _FOLDER / f"{name}.yaml"
