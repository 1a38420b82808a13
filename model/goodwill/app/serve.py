"""Starting the server of the page."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

from goodwill.errors import GoodwillError
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario

SCENARIO_VARIABLE = "GOODWILL_APP_SCENARIO"
DEFAULT_PRESET = "coffee-town"


def chosen_scenario(name: str) -> Scenario:
    """A preset by name, or a scenario file."""
    name = name or DEFAULT_PRESET
    return Scenario.preset(name) if name in preset_names() and not Path(name).is_file() else Scenario.load(name)


def serve(name: str, port: int, open_browser: bool) -> int:
    """Serve the page until it is interrupted; returns the server's exit code. Raises `GoodwillError`."""
    chosen_scenario(name)  # what is wrong with it is said here, not in the browser
    if importlib.util.find_spec("solara") is None:
        raise GoodwillError("the page needs the extra [app]; install it with: pip install 'goodwill[app]'")
    _check_port(port)
    environment = {
        **os.environ,
        SCENARIO_VARIABLE: str(Path(name).resolve()) if Path(name).is_file() else name,
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    }
    command = [
        sys.executable, "-m", "solara", "run", "goodwill.app.page", "--port", str(port), "--production",
        "--open" if open_browser else "--no-open", "--theme-variant", "light",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Ctrl-C reached the server as well; it only needs the time to end.
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        return 0


def _check_port(port: int) -> None:
    """Raise `GoodwillError` when another program listens there: the server would only say so in many lines."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError as error:
            raise GoodwillError(f"port {port}: {error.strerror}; choose another with --port") from None
