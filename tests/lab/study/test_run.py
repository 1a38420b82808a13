"""Running studies: the numbers are those of the simulation, and no kill, worker or second session changes them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

import goodwill as gw
from goodwill.errors import StudyError
from goodwill.lab.jobs.batch import do_batch
from goodwill.lab.jobs.store import MANIFEST, Store
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.results import Results
from goodwill.lab.study.simulate import simulate
from goodwill.lab.study.study import Study


def numbers(results: Results) -> pd.DataFrame:
    return results.runs.drop(columns="seconds")


def test_outcomes_are_those_of_compare_in_the_same_worlds(asked: dict[str, Any]) -> None:
    results = Study.from_dict({**asked, "keep": ["customers", "accounts", "periods"]}).run(workers=1)
    world = gw.Scenario.preset("mini").with_(customers=200, warm_up=6, periods=18)
    arms = {"nothing": [], "card": gw.StampCard(stamps=10), "club": gw.PaidClub()}
    compared = gw.compare(world, arms=arms, replications=3, workers=1)
    for arm in arms:
        for outcome in ("profit", "retention"):
            assert results.values(outcome)[arm].to_numpy() == pytest.approx(compared.values(arm, outcome), abs=0)
    assert results.differences("profit")["club"].to_numpy() == pytest.approx(
        compared.difference("club", "profit"), abs=0
    )
    assert results.values("anyway")["card"].to_numpy() == pytest.approx(compared.values("card", "anyway"), rel=1e-6)
    booked = results.accounts.groupby(["arm", "replicate"])["amount"].sum()
    assert booked["card"].to_numpy() == pytest.approx(results.values("profit")["card"].to_numpy())
    assert len(results.periods) == 3 * 3 * 18 and len(results.customers) == 3 * 3 * 200
    assert results.finished and results.failed.empty


def test_windows_and_other_firms(asked: dict[str, Any]) -> None:
    outcomes = {
        "profit": {},
        "first": {"of": "profit", "to": 12},
        "second": {"of": "profit", "from": 12},
        "rival": {"of": "profit", "firm": "Two"},
        "all": {"of": "purchases", "firm": "all"},
        "purchases": {},
        "share": {},
    }
    runs = Study.from_dict({**asked, "outcomes": outcomes, "replications": 2}).run(workers=1).runs
    assert ((runs["first"] + runs["second"]) / 2).to_numpy() == pytest.approx(runs["profit"].to_numpy())
    assert (runs["purchases"] / runs["all"]).to_numpy() == pytest.approx(runs["share"].to_numpy())
    assert not np.allclose(runs["rival"], runs["profit"])


def test_workers_and_executors_change_nothing(asked: dict[str, Any]) -> None:
    study = Study.from_dict(asked)
    alone = numbers(study.run(workers=1))
    pd.testing.assert_frame_equal(numbers(study.run(workers=2)), alone)
    with ThreadPoolExecutor(2) as pool:
        pd.testing.assert_frame_equal(numbers(study.run(executor=pool, workers=2)), alone)


def test_a_longer_study_takes_up_what_a_shorter_one_ran(tmp_path: Path, asked: dict[str, Any]) -> None:
    short = Study.from_dict({**asked, "replications": 2}).run(folder=tmp_path, workers=1)
    said: list[int] = []
    longer = Study.from_dict(asked).run(folder=tmp_path, workers=1, progress=lambda done, total: said.append(done))
    assert said[0] == 6 and said[-1] == 9
    pd.testing.assert_frame_equal(numbers(longer)[lambda t: t["replicate"] < 2].reset_index(drop=True), numbers(short))
    pd.testing.assert_frame_equal(numbers(Results.load(tmp_path)), numbers(longer))


def test_what_a_given_up_worker_wrote_besides_counts_once(tmp_path: Path, asked: dict[str, Any]) -> None:
    study = Study.from_dict({**asked, "keep": ["periods"]})
    whole = study.run(folder=tmp_path, workers=1)
    runs, periods = numbers(whole), whole.periods
    store = Store(tmp_path)
    jobs, before = list(Plan(study).jobs(range(3))), len(store.files("runs"))
    do_batch(simulate, [jobs[1], jobs[5]], store.place)  # a batch of its own, of runs that are there already
    again = Results.load(tmp_path)
    assert len(store.files("runs")) == before + 1
    pd.testing.assert_frame_equal(numbers(again), runs)
    pd.testing.assert_frame_equal(again.periods, periods)
    assert again.sql("select count(*) as n from periods")["n"].tolist() == [len(periods)]
    assert len(numbers(study.run(folder=tmp_path, workers=1))) == len(pd.read_parquet(tmp_path / "runs.parquet")) == 9


def test_results_open_in_one_line(tmp_path: Path, asked: dict[str, Any]) -> None:
    asked |= {
        "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [6, 9]}},
        "design": {"kind": "grid"},
    }
    results = Study.from_dict(asked).run(folder=tmp_path, workers=1)
    by_pandas = pd.read_parquet(tmp_path / "runs.parquet")
    by_duckdb = duckdb.sql(f"select * from '{tmp_path}/runs.parquet'").df()
    assert by_pandas["profit"].tolist() == by_duckdb["profit"].tolist() == results.runs["profit"].tolist()
    assert by_pandas["stamps"].unique().tolist() == [6, 9]
    means = results.sql(
        "select stamps, avg(profit) as profit from runs join points using (point) where arm = 'card' group by 1"
    )
    assert means.set_index("stamps")["profit"].to_dict() == pytest.approx(
        by_pandas[by_pandas["arm"] == "card"].groupby("stamps")["profit"].mean().to_dict()
    )
    with pytest.raises(StudyError, match="cannot be answered"):
        results.sql("select nonsense")


def test_manifest_says_what_and_with_which_versions(tmp_path: Path, asked: dict[str, Any]) -> None:
    study = Study.from_dict(asked)
    manifest = study.run(folder=tmp_path, workers=1, command="goodwill study run x").manifest
    assert manifest["study_hash"] == study.hash() and manifest["seed"] == study.scenario.seed
    assert {"goodwill", "python", "numpy", "numba"} <= set(manifest["versions"]) and manifest["git_commit"]
    (session,) = Results.load(tmp_path).manifest["sessions"]
    assert session["runs"] == 9 and session["seconds"] > 0 and session["command"] == "goodwill study run x"


def test_a_failed_run_is_a_row_and_the_study_goes_on(asked: dict[str, Any]) -> None:
    study = Study.from_dict({**asked, "budget": 1e9, "replications": 2})
    results = study.run(workers=1)
    assert len(results.runs) == 6 and len(results.failed) == 4
    assert results.failed["error"].str.contains("cannot be reached").all()
    assert results.values("profit")["nothing"].notna().all() and results.values("profit")["card"].isna().all()
    assert results.scaled["error"].notna().all()


def test_equal_budgets_cost_the_same(asked: dict[str, Any]) -> None:
    arms = {
        "nothing": {},
        "card": asked["arms"]["card"],
        "long": {"programmes": [{"kind": "stamp_card", "stamps": 14}]},
    }
    study = Study.from_dict({**asked, "arms": arms, "set": {"customers": 2000, "warm_up": 6}, "budget": "4%"})
    results = study.run(workers=1)
    assert results.failed.empty and len(results.scaled) == 2
    costs = results.scaled.set_index("arm")["cost"]
    budget = results.scaled["budget"].iloc[0]
    assert costs.to_numpy() == pytest.approx(budget, rel=0.05)


def test_precision_adds_replications_where_they_are_needed(tmp_path: Path, asked: dict[str, Any]) -> None:
    asked |= {"replications": None, "outcomes": ["profit"]}
    arms = {"nothing": {}, "card": asked["arms"]["card"]}
    pilot = Study.from_dict({**asked, "arms": arms, "replications": 12}).run(workers=1).differences("profit")["card"]
    half = 1.9 * pilot.std() / np.sqrt(12)  # about that of a dozen
    precise = Study.from_dict(
        {
            **asked,
            "arms": arms,
            "precision": {"outcome": "profit", "half_width": float(half), "batch": 5, "at_most": 40},
        }
    )
    results = precise.run(folder=tmp_path, workers=2)
    count = results.replications[0]
    assert 5 < count < 40 and count % 5 == 0 and results.finished
    again = precise.run(workers=1)
    pd.testing.assert_frame_equal(numbers(again), numbers(results))
    assert again.replications == results.replications


def test_the_users_own_rule_counts_as_another_question(tmp_path: Path, asked: dict[str, Any]) -> None:
    def mine(satisfaction: Any, experience: Any, p: Any) -> Any:
        return satisfaction

    study = Study.from_dict(asked)
    plain, changed = Plan(study), Plan(study, {"update_satisfaction": mine})
    cell = plain.cell(plain.points[0], "card")
    assert plain.run_id(cell, 0) != changed.run_id(cell, 0)


def test_another_versions_runs_are_not_mixed(tmp_path: Path, asked: dict[str, Any]) -> None:
    Study.from_dict(asked).run(folder=tmp_path, workers=1)
    manifest = (tmp_path / MANIFEST).read_text()
    code = Results.load(tmp_path).manifest["code"]
    (tmp_path / MANIFEST).write_text(manifest.replace(code, "0123456789ab"))
    with pytest.raises(StudyError, match="another version of goodwill"):
        gw.resume_study(tmp_path)
    assert len(Results.load(tmp_path).runs) == 9  # but they can be read


def test_no_study_in_a_folder(tmp_path: Path) -> None:
    for call in (Results.load, gw.resume_study):
        with pytest.raises(StudyError, match="holds no study"):
            call(tmp_path)


@pytest.mark.slow
def test_kill_minus_nine_and_resume_give_what_an_uninterrupted_study_gives(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    asked |= {
        "set": {"customers": 4000, "warm_up": 6},
        "replications": 12,
        "keep": ["periods"],
        "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [6, 9]}},
        "design": {"kind": "grid"},
    }
    file = tmp_path / "study.yaml"
    file.write_text(yaml.safe_dump(asked))
    whole = Study.load(file).run(folder=tmp_path / "whole", workers=1)
    program = [sys.executable, "-c", "from goodwill.cli import main; main()", "study"]
    command = [*program, "run", str(file), "-o", str(tmp_path / "killed"), "--workers", "2", "--quiet"]
    kills = 0
    for pause in (0.2, 0.6, 1.0):
        process = subprocess.Popen(command, start_new_session=True)
        parts = tmp_path / "killed" / "parts" / "runs"
        before = len(list(parts.glob("*.parquet")))
        deadline = time.monotonic() + 120
        while process.poll() is None and len(list(parts.glob("*.parquet"))) <= before and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(pause)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # workers and all
            kills += 1
        process.wait()
    assert kills
    done = subprocess.run([*program, "resume", str(tmp_path / "killed"), "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    resumed = Results.load(tmp_path / "killed")
    assert resumed.finished
    pd.testing.assert_frame_equal(numbers(resumed), numbers(whole))
    pd.testing.assert_frame_equal(resumed.periods, whole.periods)
    left, right = (
        pd.read_parquet(tmp_path / name / "runs.parquet").drop(columns="seconds") for name in ("killed", "whole")
    )
    pd.testing.assert_frame_equal(left, right)
