"""The commands that simulate: what they print and write, how they go on after a break, and what they say about mistakes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from goodwill.cli import app
from goodwill.lab.comparison import Comparison
from goodwill.scenario.starter import example

CARD = "programmes:\n  - kind: stamp_card\n    stamps: 6\n    reward: 4.0\n"
CUT = "programmes:\n  - kind: price_cut\n    depth: 0.05\n"


def goodwill(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def listen_to_ctrl_c() -> None:
    """A shell that was put into the background hands down that Ctrl-C is to be ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    call = "from goodwill.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", call, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen_to_ctrl_c, **options,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario and two arms, in which the commands run."""
    import yaml

    monkeypatch.chdir(tmp_path)
    content = example().with_(customers=400, periods=60, warm_up=20).to_dict()
    (tmp_path / "market.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    (tmp_path / "card.yaml").write_text(CARD)
    (tmp_path / "cut.yaml").write_text(CUT)
    return tmp_path


def compare(*more: str | Path) -> Result:
    return goodwill("compare", "market.yaml", "--arm", "card=card.yaml", "-r", "3", "--workers", "1", *more)


class TestRun:
    def test_a_preset(self) -> None:
        result = goodwill("run", "grocery-coffee", "--customers", "500", "--periods", "60", "--seed", "3")
        assert result.exit_code == 0, result.output
        assert "the last 52 of 60 weeks, 500 customers, seed 3; money in USD" in result.stdout
        assert all(firm in result.stdout for firm in ("PL", "M1046", "OTHER"))

    def test_it_writes_the_tables(self, here: Path) -> None:
        result = goodwill("run", "market.yaml", "--output", "out", "--purchases", "all", "--threads", "2")
        assert result.exit_code == 0, result.output
        firms = pd.read_parquet(here / "out" / "firms.parquet")
        purchases = pd.read_parquet(here / "out" / "purchases.parquet")
        assert len(purchases) == firms["purchases"].sum()
        assert (here / "out" / "scenario.yaml").is_file() and (here / "out" / "provenance.json").is_file()

    def test_a_panel(self, here: Path) -> None:
        assert goodwill("run", "market.yaml", "--output", "out", "--purchases", "30").exit_code == 0
        assert pd.read_parquet(here / "out" / "purchases.parquet")["customer"].nunique() <= 30

    def test_engines_agree(self, here: Path) -> None:
        for engine in ("compiled", "reference"):
            result = goodwill(
                "run", "market.yaml", "--customers", "60", "--periods", "30", "--engine", engine, "-o", engine
            )
            assert result.exit_code == 0, result.output
        one, other = (pd.read_parquet(here / engine / "firms.parquet") for engine in ("compiled", "reference"))
        assert one.equals(other)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["grocery-cofee"], "grocery-cofee: there is no such file or preset; did you mean 'grocery-coffee'?"),
            (["missing.yaml"], "missing.yaml: there is no such file"),
            (["market.yaml", "--customers", "0"], "--customers: is 0 but must be at least 1"),
            (["market.yaml", "--periods", "10"], "warm_up (20) must be smaller than periods (10)"),
            (["market.yaml", "--purchases", "5"], "--purchases: needs --output"),
            (["market.yaml", "--purchases", "some", "-o", "x"], "--purchases 'some': write a number"),
            (["market.yaml", "-o", "card.yaml/x"], "cannot be written"),
        ],
    )
    def test_mistakes(self, arguments: list[str], message: str) -> None:
        result = goodwill("run", *arguments)
        assert result.exit_code == 2, result.output
        assert message in " ".join(result.stderr.split())
        assert "Traceback" not in result.output


class TestCompare:
    def test_it_prints_and_writes(self, here: Path) -> None:
        result = compare("--arm", "cut=cut.yaml", "--output", "out", "--json", "a/b.json", "--report", "a/c.html")
        assert result.exit_code == 0, result.output
        assert "Incremental profit" in result.stdout
        assert {path.name for path in (here / "out").iterdir()} == {
            "runs", "summary.csv", "comparison.json", "comparison.png", "comparison.svg", "report.html",
        }  # fmt: skip
        content = json.loads((here / "a" / "b.json").read_text())
        assert list(content["arms"]) == ["nothing", "card", "cut"]
        assert (here / "a" / "c.html").read_text() == (here / "out" / "report.html").read_text()
        assert list(pd.read_csv(here / "out" / "summary.csv")) == [*content["summary"][0]]

    def test_every_question_has_its_folder(self, here: Path) -> None:
        for more in ([], [], ["--seed", "9"], ["--firm", "1"], ["--budget", "3%"]):
            result = compare(*more)
            assert result.exit_code == 0, result.output
        assert len(list((here / "goodwill-runs").iterdir())) == 4

    def test_options_reach_the_comparison(self, here: Path) -> None:
        options = [
            "--firm",
            "Beta",
            "--budget",
            "2%",
            "--customers",
            "300",
            "--periods",
            "50",
            "--seed",
            "8",
            "-o",
            "out",
        ]
        assert compare("--arm", "cut=cut.yaml", "--baseline", "cut", *options).exit_code == 0
        found = Comparison.load(here / "out")
        assert (found.firm_name, found.baseline, len(found.replications)) == ("Beta", "cut", 3)
        assert (found.scenario.customers, found.scenario.periods, found.scenario.seed) == (300, 50, 8)
        assert list(found.scaled) == ["card"]

    def test_a_stored_comparison_is_shown_again(self, here: Path) -> None:
        first = compare("--output", "out")
        stored = (here / "out" / "report.html").read_text()
        (here / "out" / "report.html").unlink()
        result = goodwill("report", "out")
        assert (result.exit_code, result.stdout) == (0, first.stdout)
        assert (here / "out" / "report.html").read_text() == stored
        assert goodwill("report", "out", "-o", "other.html").exit_code == 0
        assert (here / "other.html").read_text() == stored

    def test_more_replications_go_on(self, here: Path) -> None:
        compare("--output", "out")
        times = {path.name: path.stat().st_mtime_ns for path in here.glob("out/runs/*/parts/runs/*.parquet")}
        assert len(times) == 3
        assert compare("--output", "out", "-r", "5").exit_code == 0
        now = {path.name: path.stat().st_mtime_ns for path in here.glob("out/runs/*/parts/runs/*.parquet")}
        assert len(now) == 5
        assert times.items() <= now.items()

    def test_a_damaged_replication_is_run_again(self, here: Path) -> None:
        first = compare("--output", "out")
        file = next(here.glob("out/runs/*/parts/runs/*.parquet"))
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        assert compare("--output", "out").stdout == first.stdout
        assert len(file.read_bytes()) > len(whole) // 2


class TestMistakes:
    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (
                "programmes:\n  - kind: stamp_card\n    reward: -4.0\n",
                "programmes.0.reward: is -4.0 but must be at least 0",
            ),
            ("programmes:\n  - kind: stamp_card\n    stmps: 4\n", "stmps: unknown key; did you mean 'stamps'?"),
            (
                "programmes:\n  - kind: stamp_crad\n",
                "programme kind 'stamp_crad' is not known; did you mean 'stamp_card'?",
            ),
            ("programmes: [\n", "check indentation, colons and quotes there"),
            ("", "the file is empty"),
            ("set:\n  firms.9.price: 3\n", "arm 'bad': set: firms.9: there is no entry '9' among 3"),
        ],
    )
    def test_in_an_arm(self, here: Path, file: str, message: str) -> None:
        (here / "bad.yaml").write_text(file)
        self.check(compare("--arm", "bad=bad.yaml"), message)
        assert not (here / "goodwill-runs").exists()

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (["--arm", "card=cut.yaml"], "--arm card=cut.yaml: the name 'card' is given twice; give each arm its own"),
            (["--arm", "lost=lost.yaml"], "lost.yaml: there is no such file"),
            (["--arm", "=card.yaml"], "write NAME=FILE"),
            (["--firm", "Delta"], "firm 'Delta' does not exist; the firms of 'my-market' are 0 = Alpha"),
            (["--firm", "7"], "firm '7' does not exist"),
            (["--baseline", "crad"], "baseline 'crad' is not an arm; did you mean 'card'?"),
            (["--budget", "much"], "budget 'much': write an amount"),
            (["--budget", "1e12"], "cannot be reached"),
            (["-r", "1"], "replications is 1; an interval needs at least 2"),
            (["--output", "card.yaml/out"], "cannot be written"),
            (["--report", "card.yaml/report.html"], "cannot be written"),
            (["--json", "."], "cannot be written (it is a folder)"),
        ],
    )
    def test_on_the_line(self, more: list[str], message: str) -> None:
        self.check(compare(*more), message)

    def test_in_the_scenario(self, here: Path) -> None:
        text = (here / "market.yaml").read_text()
        (here / "market.yaml").write_text(text.replace("customers: 400", "customrs: 400"))
        self.check(compare(), "market.yaml: customrs: unknown key; did you mean 'customers'?")

    def test_no_stored_comparison(self) -> None:
        self.check(goodwill("report", "nowhere"), "nowhere: holds no comparison")

    def check(self, result: Result, message: str) -> None:
        assert result.exit_code == 2, result.output
        assert message in " ".join(result.stderr.split()), result.stderr
        assert all(line.startswith("error: ") for line in result.stderr.splitlines() if "..." not in line)
        assert "Traceback" not in result.output


def test_demo(here: Path) -> None:
    result = goodwill("demo", "--customers", "1500", "-r", "2", "--workers", "1", "--output", "demo")
    assert result.exit_code == 0, result.output
    for arm in ("stamp card", "paid club", "better service", "price cut"):
        assert arm in result.stdout
    assert "demo/report.html" in result.stderr
    assert (here / "demo" / "report.html").is_file()


ARGUMENTS = (
    "compare",
    "market.yaml",
    "--arm",
    "card=card.yaml",
    "-r",
    "12",
    "--customers",
    "60000",
    "--output",
    "broken",
)


def wait_for_files(here: Path, process: subprocess.Popen[str], wanted: int) -> None:
    end = time.monotonic() + 240
    while len(list(here.glob("broken/runs/*/parts/runs/*.parquet"))) < wanted:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def check_it_goes_on(here: Path) -> None:
    """The same command goes on, and gives what an uninterrupted one gives."""
    kept = {path.name: path.stat().st_mtime_ns for path in here.glob("broken/runs/*/parts/runs/*.parquet")}
    assert 2 <= len(kept) < 12
    assert goodwill(*ARGUMENTS).exit_code == 0
    now = {path.name: path.stat().st_mtime_ns for path in here.glob("broken/runs/*/parts/runs/*.parquet")}
    assert kept.items() <= now.items() and len(now) == 12
    assert goodwill(*ARGUMENTS[:-1], "whole").exit_code == 0
    for name in ("summary.csv", "comparison.png"):
        assert (here / "broken" / name).read_bytes() == (here / "whole" / name).read_bytes()
    broken, whole = Comparison.load(here / "broken"), Comparison.load(here / "whole")
    assert broken.runs.equals(whole.runs) and broken.series.equals(whole.series)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_done_and_the_command_goes_on(here: Path, workers: str) -> None:
    process = start(*ARGUMENTS, "--workers", workers, start_new_session=True)
    wait_for_files(here, process, 3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "of 12 worlds are kept in broken; the same command goes on from there" in err
    assert "Traceback" not in out + err
    check_it_goes_on(here)


@pytest.mark.slow
def test_a_killed_program_goes_on(here: Path) -> None:
    process = start(*ARGUMENTS, "--workers", "1")
    wait_for_files(here, process, 3)
    process.kill()
    process.communicate()
    check_it_goes_on(here)


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(here: Path) -> None:
    psutil = pytest.importorskip("psutil")
    process = start(*ARGUMENTS, "--workers", "2", start_new_session=True)
    wait_for_files(here, process, 3)
    workers = [
        child
        for child in psutil.Process(process.pid).children(recursive=True)
        if "loky" in " ".join(child.cmdline()) and "resource_tracker" not in " ".join(child.cmdline())
    ]
    workers[0].kill()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert goodwill(*ARGUMENTS[:-1], "whole").exit_code == 0
    broken, whole = Comparison.load(here / "broken"), Comparison.load(here / "whole")
    assert broken.runs.equals(whole.runs) and broken.series.equals(whole.series)
