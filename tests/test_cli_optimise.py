from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.scenario.starter import example


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    return {
        "name": "card",
        "scenario": example().with_(customers=100, periods=30, warm_up=10).to_dict(),
        "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card", "stamps": 5}]}},
        "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [3, 5, 8]}},
        "goals": {"profit": "maximise"},
        "search": {"replications": 2},
        "verdict": {"replications": 2},
    }


def run(asked: dict[str, Any], *options: str) -> Any:
    Path("ask.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    return CliRunner().invoke(app, ["optimise", "ask.yaml", "--workers", "1", *options])


def test_it_says_what_to_choose_and_keeps_all(asked: dict[str, Any]) -> None:
    result = run(asked, "--json", "found.json")
    assert result.exit_code == 0, result.output
    assert "tried 4 designs" in result.output and "Finalists in fresh worlds" in result.output
    found = json.loads(Path("found.json").read_text())
    assert len(found["trials"]) == 4 and sum(row["chosen"] for row in found["finalists"]) == 1
    assert (Path("goodwill-runs") / "card" / "optimisation.json").exists()


def test_mistakes_are_one_line_and_exit_code_2(asked: dict[str, Any]) -> None:
    result = run({**asked, "goals": {"profits": "maximise"}})
    assert result.exit_code == 2
    assert "ask.yaml: goals.profits: there is no outcome 'profits'; did you mean 'profit'?" in result.output
    result = run({**asked, "constraints": {"retention": {"at_least": 0.9999}}})
    assert result.exit_code == 2
    assert "none of 4 designs holds all constraints" in result.output
