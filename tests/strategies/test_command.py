"""`goodwill strategies` and what `goodwill run` says about choices."""

from __future__ import annotations

from pathlib import Path

import yaml
from tests.strategies.worlds import CARD, market
from typer.testing import CliRunner

from goodwill.cli import app


def test_strategies_are_listed_with_levers_and_sources() -> None:
    result = CliRunner().invoke(app, ["strategies"])
    assert result.exit_code == 0
    for words in ("best_response", "copy_leader", "Porter 1980", "launch, stop, price, budget", "strategy.every"):
        assert words in result.output
    one = CliRunner().invoke(app, ["strategies", "attack", "--format", "csv"])
    assert one.exit_code == 0 and "attack.cut" in one.output and "defend" not in one.output


def test_an_unknown_strategy_is_explained() -> None:
    result = CliRunner().invoke(app, ["strategies", "atack"])
    assert result.exit_code == 2 and "did you mean 'attack'" in result.output


def test_a_run_shows_who_chose_what(tmp_path: Path) -> None:
    file = tmp_path / "market.yaml"
    scenario = market({1: {"options": [CARD], "strategy": {"kind": "attack"}}}, customers=200)
    file.write_text(yaml.safe_dump(scenario.to_dict()), encoding="utf-8")
    result = CliRunner().invoke(app, ["run", str(file), "--quiet", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "Who chose what, when, and what it earned" in result.output
    assert "launch stamp_card (option 0)" in result.output
    assert (tmp_path / "out" / "choices.parquet").exists()
