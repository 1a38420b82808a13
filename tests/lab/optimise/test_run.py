from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import goodwill as gw
from goodwill.errors import GoodwillError, StudyError
from goodwill.lab.jobs.store import Store
from goodwill.lab.optimise.question import Question
from goodwill.lab.optimise.verdict import FRESH, NoFeasibleDesign
from goodwill.lab.study.plan import Plan, Point
from goodwill.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def content(small: Scenario) -> dict[str, Any]:
    """A card whose head start may be longer than the card, which is no valid card."""
    return {
        "name": "choice",
        "scenario": small.with_(customers=150, periods=40).to_dict(),
        "arms": {
            "nothing": {},
            "card": {"programmes": [{"kind": "stamp_card", "stamps": 6, "head_start": 1, "reward": 1.0}]},
            "points": {"programmes": [{"kind": "points", "threshold": 10, "automatic": True}]},
        },
        "levers": {
            "stamps": {"arm": "card", "path": "programmes.0.stamps", "low": 3, "high": 9, "integer": True},
            "head_start": {"arm": "card", "path": "programmes.0.head_start", "low": 0, "high": 4, "integer": True},
            "reward": {"arm": "points", "path": "programmes.0.reward", "low": 0.2, "high": 3, "log": True},
        },
        "goals": {"retention": "maximise", "liability": "minimise"},
        "outcomes": ["retention", "liability", "profit"],
        "search": {"trials": 14, "replications": 2, "batch": 4},
        "verdict": {"replications": 3, "finalists": 4},
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("search")


@pytest.fixture(scope="module")
def result(content: dict[str, Any], folder: Path) -> Iterator[gw.Optimisation]:
    yield gw.optimise(content, folder=folder, workers=1)


def same(a: gw.Optimisation, b: gw.Optimisation) -> None:
    pd.testing.assert_frame_equal(a.trials, b.trials)
    pd.testing.assert_frame_equal(a.finalists, b.finalists)
    pd.testing.assert_frame_equal(a.gap, b.gap)


def test_trials_are_runs_of_the_model(result: gw.Optimisation, content: dict[str, Any]) -> None:
    """The means in the table are those of runs made one by one; differences are paired with the baseline as written."""
    trials = result.trials
    assert (trials["problem"] == "").sum() == 14
    assert trials["origin"].tolist()[:3] == ["baseline", "as written", "as written"]
    row = trials[(trials["arm"] == "points") & (trials["origin"] == "search")].iloc[0]
    question = Question.of(content)
    plan = Plan(question.study, points=[Point(0, None, {})])
    cell = plan.cell(Point(0, None, {"reward": row["reward"]}), "points")
    assert cell.scenario is not None
    scenario = Scenario.from_dict(cell.scenario)
    assert scenario.firms[0].programmes[-1].reward == row["reward"]  # type: ignore[attr-defined]
    alone = gw.compare(scenario, {}, replications=2, workers=1)
    assert row["retention"] == pytest.approx(alone.value("nothing", "retention"), rel=1e-12)
    assert row["liability"] == pytest.approx(alone.value("nothing", "liability"), rel=1e-12)


def test_designs_that_are_no_valid_programme_are_kept_with_the_reason(content: dict[str, Any]) -> None:
    only = {name: arm for name, arm in content["arms"].items() if name != "points"}
    levers = {"stamps": {**content["levers"]["stamps"], "high": 4}, "head_start": content["levers"]["head_start"]}
    found = gw.optimise({**content, "arms": only, "levers": levers}, workers=1).trials
    bad = found[found["problem"] != ""]
    assert set(zip(bad["stamps"], bad["head_start"], strict=True)) == {(3, 3), (3, 4), (4, 4)}
    assert all("head_start" in text and "point 0" not in text for text in bad["problem"])
    assert not bad["feasible"].any() and bad["retention"].isna().all()
    assert str(found["stamps"].dtype) == "Int64"


def test_the_front_is_made_of_fresh_runs(result: gw.Optimisation, folder: Path) -> None:
    assert len(result.front) >= 1
    assert set(result.front["trial"]) <= set(result.finalists["trial"])
    assert result.front["retention"].is_monotonic_increasing and result.front["liability"].is_monotonic_increasing
    assert {"profit", "stays", "front"} <= set(result.finalists.columns)
    assert len(result.gap) == 2 * len(result.finalists)
    with pytest.raises(StudyError, match="several goals"):
        _ = result.best
    manifest = Store(folder, read_only=True).manifest()
    assert manifest is not None and manifest["optimise"]["name"] == "choice" and FRESH > 10**9


def test_what_was_run_is_not_run_again_and_gives_the_same(
    result: gw.Optimisation, content: dict[str, Any], folder: Path
) -> None:
    before = len(Store(folder, read_only=True).done)
    same(gw.optimise(content, folder=folder, workers=1), result)
    assert len(Store(folder, read_only=True).done) == before
    more = gw.optimise({**content, "search": {**content["search"], "trials": 18}}, folder=folder, workers=1)
    tried = more.trials.drop(columns="front").head(14)
    pd.testing.assert_frame_equal(tried, result.trials.drop(columns="front").head(14))
    assert len(Store(folder, read_only=True).done) > before


def test_numbers_do_not_depend_on_workers_or_executor(result: gw.Optimisation, content: dict[str, Any]) -> None:
    same(gw.optimise(content, workers=2), result)
    with ThreadPoolExecutor(2) as threads:
        same(gw.optimise(content, workers=2, executor=threads), result)


def test_what_is_stored_is_loaded_again(result: gw.Optimisation, content: dict[str, Any], tmp_path: Path) -> None:
    gw.optimise(content, folder=tmp_path, workers=1)
    loaded = gw.Optimisation.load(tmp_path)
    same(loaded, result)
    assert loaded.finished
    with pytest.raises(StudyError, match="holds no search"):
        gw.Optimisation.load(tmp_path / "elsewhere")


def test_an_interrupted_search_can_be_looked_at_and_goes_on(
    result: gw.Optimisation, content: dict[str, Any], tmp_path: Path
) -> None:
    def stop(done: int, of: int) -> None:
        if done >= 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gw.optimise(content, folder=tmp_path, workers=1, progress=stop)
    part = gw.Optimisation.load(tmp_path)
    assert not part.finished and 3 <= len(part.trials) < 14
    with pytest.raises(StudyError, match="not finished"):
        _ = part.finalists
    same(gw.optimise(content, folder=tmp_path, workers=1), result)


def test_one_goal_with_constraints(content: dict[str, Any]) -> None:
    asked = {**content, "goals": {"profit": "maximise"}, "constraints": {"retention": {"at_least": 0.01}}}
    found = gw.optimise(asked, workers=1)
    best = found.best
    assert best["chosen"] and best["rank"] == 1
    assert best["profit"] == found.finalists.loc[found.finalists["retention_holds"], "profit"].max()
    nothing = found.finalists[found.finalists["arm"] == "nothing"].iloc[0]
    assert nothing["profit"] == nothing["profit_low"] == 0  # its difference to itself
    assert sorted(found.trials["rank"].dropna()) == list(range(1, int(found.trials["feasible"].sum()) + 1))
    with pytest.raises(StudyError, match="no front"):
        _ = found.front


def test_no_design_holds_the_constraints(content: dict[str, Any], tmp_path: Path) -> None:
    asked = {**content, "constraints": {"retention": {"at_least": 0.999}}}
    with pytest.raises(
        NoFeasibleDesign, match=r"none of 14 designs .* came nearest, .*retention is 0\.\d+ and has to be"
    ):
        gw.optimise(asked, folder=tmp_path, workers=1)
    assert len(gw.Optimisation.load(tmp_path).trials) >= 14


def test_mistakes_are_told_before_anything_runs(content: dict[str, Any], tmp_path: Path) -> None:
    wrong = {**content, "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamp", "low": 3, "high": 9}}}
    with pytest.raises(GoodwillError, match="stamp.*stamps"):
        gw.optimise(wrong, folder=tmp_path / "a", workers=1)
    wrong = {**content, "outcomes": {"retention": {"firm": "Nobody"}, "liability": {}}}
    with pytest.raises(GoodwillError, match="Nobody"):
        gw.optimise(wrong, folder=tmp_path / "b", workers=1)
    assert not list(tmp_path.glob("*/parts"))


def test_progress_ends_at_all(content: dict[str, Any]) -> None:
    seen: list[tuple[int, int]] = []
    stages: list[str] = []
    gw.optimise(content, workers=1, progress=lambda done, of: seen.append((done, of)), stage=stages.append)
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert any("fresh" in words for words in stages)


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_result(
    result: gw.Optimisation, content: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "ask.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from goodwill.cli import main; main()",
        "optimise",
        str(tmp_path / "ask.yaml"),
        "--workers",
        "2",
    ]
    command += ["--output", str(tmp_path / "out"), "--quiet"]
    kills = 0
    for wanted in (4, 12):
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 120
        while running.poll() is None and time.monotonic() < until:
            if len(list((tmp_path / "out" / "parts" / "runs").glob("*.parquet"))) >= wanted:
                running.send_signal(signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.02)
        running.wait(60)
    assert kills
    same(gw.optimise(content, folder=tmp_path / "out", workers=2), result)
