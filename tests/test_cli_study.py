"""The report on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from goodwill.cli import app, main

STUDY = {
    "name": "small",
    "scenario": "mini",
    "set": {"customers": 150, "warm_up": 6},
    "horizon": 14,
    "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card"}]}},
    "cases": {"near": {}, "dear": {"set": {"firms.0.price": 4.0}}},
    "outcomes": ["profit", "retention"],
    "replications": 2,
    "keep": ["customers"],
}


def test_run_writes_the_report_and_report_writes_it_again(tmp_path: Path) -> None:
    file, folder = tmp_path / "study.yaml", tmp_path / "found"
    file.write_text(yaml.safe_dump(STUDY), encoding="utf-8")
    found = CliRunner().invoke(app, ["study", "run", str(file), "-o", str(folder), "--workers", "1", "--quiet"])
    assert found.exit_code == 0, found.output
    first = (folder / "report.html").read_text(encoding="utf-8")
    assert "Whom it moves" in first and "near" in first
    elsewhere = tmp_path / "again.html"
    found = CliRunner().invoke(app, ["study", "report", str(folder), "-o", str(elsewhere)])
    assert found.exit_code == 0, found.output
    assert elsewhere.read_text(encoding="utf-8") == first


def test_a_folder_without_a_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["goodwill", "study", "report", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert "holds no study" in capsys.readouterr().err
