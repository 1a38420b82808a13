"""Serving the page from this computer."""

from __future__ import annotations

import importlib.util
import os
import socket
import threading
import time
import webbrowser
from pathlib import Path

from goodwill.errors import GoodwillError
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario

SCENARIO_VARIABLE = "GOODWILL_APP_SCENARIO"
DEFAULT_PRESET = "coffee-town"
_HOST = "localhost"
_FAREWELL = 2  # seconds
_PATIENCE = 60  # seconds to wait for the server before the browser is opened
# The server reads its settings from the environment when it is imported. Nobody is told that it runs.
_SETTINGS = {
    "SOLARA_APP": "goodwill.app.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_VARIANT": "light",
}


def chosen_scenario(name: str) -> Scenario:
    """A preset by name, or a scenario file."""
    name = name or DEFAULT_PRESET
    return Scenario.preset(name) if name in preset_names() and not Path(name).is_file() else Scenario.load(name)


def serve(name: str, port: int, open_browser: bool) -> None:
    """Serve the page until it is interrupted. Raises `GoodwillError`."""
    chosen_scenario(name)  # what is wrong with it is said here, not in the browser
    if importlib.util.find_spec("solara") is None:
        raise GoodwillError("the page needs the extra [app]; install it with: pip install 'goodwill[app]'")
    _check_port(port)
    os.environ[SCENARIO_VARIABLE] = name
    for variable, value in _SETTINGS.items():
        os.environ.setdefault(variable, value)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(port,), daemon=True).start()
    import uvicorn

    # An open page keeps its connection; Ctrl-C must end the server all the same.
    uvicorn.run(
        "solara.server.starlette:app", host=_HOST, port=port, log_level="error", timeout_graceful_shutdown=_FAREWELL
    )


def _check_port(port: int) -> None:
    """Raise `GoodwillError` when another program listens there: the server would only say so in many lines."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise GoodwillError(f"port {port}: {error.strerror}; choose another with --port") from None


def _open_when_ready(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                webbrowser.open(f"http://{_HOST}:{port}")
                return
        time.sleep(0.2)
