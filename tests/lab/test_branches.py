"""Saved worlds go on under several policies, from Python and from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.errors import GoodwillError, StudyError
from goodwill.lab.branches import branch_worlds
from goodwill.lab.study.study import Study
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

CARD = [{"kind": "stamp_card", "stamps": 6}]
PRICE = {"set": {"firms.0.price": 3.0}}
T = 20


def scenario() -> Scenario:
    return Scenario.preset("coffee-town").with_({"firms.0.programmes": []}, customers=300, periods=36, warm_up=8)


@pytest.fixture
def worlds(tmp_path: Path) -> list[Path]:
    files = []
    for replicate in range(3):
        simulation = Simulation(scenario(), replicate=replicate, threads=1, branchable=True)
        simulation.run(until=T)
        files.append(simulation.save(tmp_path / f"world-{replicate}.npz"))
    return files


def test_the_numbers_are_those_of_a_study_that_branches(worlds: list[Path]) -> None:
    arms = {"nothing": {}, "card": {"programmes": CARD}, "price": PRICE}
    found = branch_worlds(worlds, arms, threads=1)
    study = Study(scenario=scenario(), arms=arms, branch_at=T, replications=3, outcomes=["profit", "members", "share"])
    results = study.run(workers=1)
    for outcome in ("profit", "members", "share"):
        assert np.array_equal(found.values(outcome), results.values(outcome))
    row = found.summary.query("arm == 'card' and outcome == 'members'").iloc[0]
    assert row["low"] < row["difference"] < row["high"] and row["low"] > 0
    assert found.summary.query("arm == 'nothing'")["difference"].isna().all()


def test_worlds_that_do_not_belong_together_are_told(worlds: list[Path], tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="has the same luck"):
        branch_worlds([worlds[0], worlds[0]], {"card": CARD}, threads=1)
    further = Simulation.load(worlds[1], threads=1)
    further.run(until=T + 1)
    with pytest.raises(StudyError, match="is another world, or another period"):
        branch_worlds([worlds[0], further.save(tmp_path / "further.npz")], {"card": CARD}, threads=1)
    further.run()
    with pytest.raises(StudyError, match="has run to its end"):
        branch_worlds([further.save(tmp_path / "end.npz")], {"card": CARD}, threads=1)
    with pytest.raises(GoodwillError, match="start it in period 20 or later"):
        branch_worlds(worlds[:1], {"card": [{**CARD[0], "start": 10}]}, threads=1)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("card.yaml").write_text("programmes: [{kind: stamp_card, stamps: 6}]\n", encoding="utf-8")
    runner = CliRunner()
    for replicate in (0, 1):
        words = f"run coffee-town --customers 200 --periods 70 --until 60 --save w{replicate}.npz --replicate {replicate} --quiet"
        saved = runner.invoke(app, words.split())
        assert saved.exit_code == 0 and "of 60 weeks" in saved.stdout, saved.output
    shown = runner.invoke(app, ["branch", "w0.npz", "w1.npz", "--arm", "card=card.yaml", "--quiet", "-o", "runs.csv"])
    assert shown.exit_code == 0 and "from period 60 on" in shown.stdout, shown.output
    profit = next(line for line in shown.stdout.splitlines() if line.startswith(" Profit"))
    found = branch_worlds(["w0.npz", "w1.npz"], {"card": CARD}, threads=1)
    base = found.values("profit")["nothing"].mean()
    assert f"{abs(base):,.0f}" in profit and "[" in profit and ";" in profit
    assert len(Path("runs.csv").read_text(encoding="utf-8").splitlines()) == 5
    one = runner.invoke(app, ["branch", "w0.npz", "--arm", "card=card.yaml", "--quiet"])
    assert "in one world" in one.stdout and "[" not in one.stdout
    for words, told in (
        ("branch nothing.npz --arm card=card.yaml", "there is no such file"),
        ("branch card.yaml --arm card=card.yaml", "is no whole file of a simulation"),
        ("run coffee-town --periods 60 --until 61", "--until 61: the run ends after 60 periods"),
    ):
        wrong = runner.invoke(app, [*words.split(), "--quiet"])
        assert wrong.exit_code == 2 and told in wrong.output.replace("\n", " ")
