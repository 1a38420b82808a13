"""The lines people write first keep working, word for word."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

LINES = """\
import goodwill as gw
scenario = gw.Scenario.preset("grocery-coffee").with_(customers=20_000, seed=7)
record = gw.Market(scenario).run()
card = gw.StampCard(stamps=10, head_start=2, reward=5.0)
result = gw.compare(scenario, arms={"nothing": [], "card": [card], "club": [gw.PaidClub(fee=12.0)]}, firm=0, replications=10)
result.table(); result.plot(); result.report("report.html")
"""


def test_the_exact_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    names: dict[str, Any] = {"__name__": "first_lines"}
    exec(compile(LINES, "first lines", "exec", dont_inherit=True), names)
    record, result = names["record"], names["result"]
    assert len(record.firms) == names["scenario"].periods * 9
    assert set(result.arms) == {"nothing", "card", "club"}
    assert result.runs["replicate"].nunique() == 10
    assert result.value("card", "members") > 0
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_the_readme_shows_these_lines() -> None:
    assert LINES in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_of_the_readme_run() -> None:
    from typer.testing import CliRunner

    from goodwill.cli import app

    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    seen = set()
    for line in "".join(blocks).splitlines():
        command, *words = shlex.split(line, comments=True)
        seen.add(command)
        if command == "make":
            assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in words), line
        else:
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 0 and len(result.output) > 500, line
    assert seen == {"make", "goodwill"}


def test_the_keywords() -> None:
    import goodwill as gw

    scenario = gw.Scenario.preset("grocery-coffee").with_(
        {"firms.0.price": 4.0, "behaviour.habit.strength": 1.0}, customers=120, periods=30, warm_up=10
    )
    assert scenario.firms[0].price == 4.0
    assert scenario.behaviour.habit.strength == 1.0
    compiled = gw.Market(scenario, engine="compiled", threads=2).run(purchases=True)
    reference = gw.Market(scenario, engine="reference").run(purchases=True)
    assert compiled.firms.equals(reference.firms)
    assert compiled.purchases.equals(reference.purchases)
    assert len(gw.Market(scenario, threads=1).run(purchases=40).purchases) < len(compiled.purchases)


def test_a_diary_can_be_read() -> None:
    import goodwill as gw

    market = gw.Market(gw.Scenario.preset("coffee-town").with_(customers=50, periods=54))
    market.run(purchases=True)
    assert len(str(market.customer(3).diary())) > 20
