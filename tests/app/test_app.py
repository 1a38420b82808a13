"""The page in a real browser: it comes up, steps, is reset with another programme, and draws."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goodwill.scenario.table import parameter_rows

pytest.importorskip("solara")
sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 60_000  # ms


def app_command(port: int | str) -> list[str]:
    call = "from goodwill.cli import main; main()"
    return [sys.executable, "-c", call, "app", "coffee-town", "--port", str(port), "--no-open"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A served page of a small market."""
    port = free_port()
    server = subprocess.Popen(
        app_command(port),
        env={**os.environ, "BROWSER": "true"},
    )
    end = time.monotonic() + 120
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("localhost", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://localhost:{port}"
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=60)
    except subprocess.TimeoutExpired:
        server.kill()
        raise


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    """A tab that shows it."""
    chromium = next((found for name in _NAMES if (found := shutil.which(name))), None)
    with sync_api.sync_playwright() as playwright:
        executable = chromium or playwright.chromium.executable_path
        if not Path(executable).exists():
            pytest.skip("no Chromium found; install one, or run: playwright install chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        tab = browser.new_page(viewport={"width": 1500, "height": 1100})
        tab.set_default_timeout(_PATIENCE)
        tab.goto(address)
        yield tab
        browser.close()


def step(page: Any, to: int) -> None:
    page.get_by_role("button", name="Step").click()
    page.get_by_text(at(to), exact=True).wait_for()


def at(steps: int) -> str:
    """What Mesa writes after so many steps: 3.3 counts steps, later versions tell the time."""
    import mesa

    version = tuple(int(part) for part in mesa.__version__.split(".")[:2])
    return f"Step: {steps}" if version < (3, 4) else f"Time: {float(steps)}"


def test_page_steps_resets_and_draws(page: Any, tmp_path: Path) -> None:
    page.get_by_role("button", name="Step").wait_for()
    for name in ("customers", "Anchor: price", "habit: strength"):
        assert page.get_by_text(name).first.is_visible(), name
    for count in (1, 2, 3):
        step(page, count)
    assert page.locator("img").count() >= 4, "four drawings"
    before = page.locator("img").first.get_attribute("src")

    page.get_by_text("as in the scenario").click()
    page.get_by_role("option", name="paid club").click()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text(at(0), exact=True).wait_for()
    step(page, 1)
    assert page.locator("img").first.get_attribute("src") != before

    page.get_by_role("button", name="▶").click()
    page.get_by_text(at(1), exact=True).wait_for(state="detached")  # it plays on by itself
    page.get_by_role("button", name="❚❚").click()
    page.screenshot(path=tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 20_000

    page.get_by_role("tab").nth(1).click()
    price = next(row for row in parameter_rows() if row["key"] == "firms.*.price")
    page.get_by_text(price["meaning"]).wait_for()
    page.get_by_text("repeat rate").first.wait_for()


def test_busy_port_is_explained(address: str) -> None:
    port = address.rsplit(":", 1)[1]
    done = subprocess.run(
        app_command(port),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--port" in done.stderr
