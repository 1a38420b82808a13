"""The commands about scenarios: what they print, the files they write, and their exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodwill.cli import Commands, app
from goodwill.errors import ScenarioError
from goodwill.programmes.catalogue import kinds
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.schema import arm_schema, scenario_schema

HEAVY = ("numpy", "pandas", "pydantic", "mesa", "numba", "matplotlib", "scipy", "yaml", "networkx")


def goodwill(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def program(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    call = "from goodwill.cli import main; main()"
    return subprocess.run([sys.executable, "-c", call, *map(str, arguments)], capture_output=True, text=True)


def test_help_lists_the_commands_and_imports_nothing_heavy() -> None:
    code = f"""
import sys, goodwill.cli
from typer.testing import CliRunner
result = CliRunner().invoke(goodwill.cli.app, ["--help"])
assert result.exit_code == 0, result.output
for command in ("init", "schema", "validate-scenario", "presets", "parameters", "programmes"):
    assert command in result.output, command
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_init_writes_a_scenario_and_the_schema_it_names(tmp_path: Path) -> None:
    path = tmp_path / "a new folder" / "market.yaml"
    result = goodwill("init", path)
    assert result.exit_code == 0, result.output
    Scenario.load(path)
    named = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert json.loads((path.parent / named).read_text(encoding="utf-8")) == scenario_schema()
    assert goodwill("validate-scenario", path).exit_code == 0


def test_init_from_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    assert goodwill("init", path, "--preset", "mini").exit_code == 0
    assert Scenario.load(path) == Scenario.preset("mini")


def test_init_replaces_nothing_unless_told_to(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text("precious", encoding="utf-8")
    result = goodwill("init", path)
    assert result.exit_code == 2 and "exists already" in result.stderr
    assert path.read_text(encoding="utf-8") == "precious"
    assert goodwill("init", path, "--force").exit_code == 0


def test_a_preset_that_does_not_exist(tmp_path: Path) -> None:
    result = goodwill("init", tmp_path / "x.yaml", "--preset", "grocery-cofee")
    assert result.exit_code == 2 and "did you mean 'grocery-coffee'?" in result.stderr
    assert not (tmp_path / "x.yaml").exists()


def test_validate_says_what_is_valid_and_every_mistake(tmp_path: Path) -> None:
    good, bad, missing = (tmp_path / name for name in ("good.yaml", "bad.yaml", "missing.yaml"))
    goodwill("init", good)
    bad.write_text("firms:\n- {name: A, share: 1, price: -1}\nsede: 3\n", encoding="utf-8")
    result = goodwill("validate-scenario", good, bad, missing)
    assert result.exit_code == 2
    assert result.stdout.startswith(f"{good}: valid; my-market, 20,000 customers, 104 weeks, firms Alpha, Beta, Gamma")
    assert [line.partition(": ")[2] for line in result.stderr.splitlines()] == [
        f"{bad}: firms.0.price: is -1 but must be at least 0.01",
        f"{bad}: sede: unknown key; did you mean 'seed'?",
        f"{missing}: there is no such file; `goodwill init {missing}` writes a starter",
    ]


def test_validate_tries_arms_too(tmp_path: Path) -> None:
    market, arm = tmp_path / "market.yaml", tmp_path / "card.yaml"
    goodwill("init", market)
    arm.write_text("programmes: [{kind: stamp_card}]", encoding="utf-8")
    assert goodwill("validate-scenario", market, "--arm", f"card={arm}", "--firm", "Beta").exit_code == 0
    result = goodwill("validate-scenario", market, "--arm", f"card={arm}", "--firm", "Delta")
    assert result.exit_code == 2 and "firm 'Delta' does not exist" in result.stderr


def test_schema_is_printed_or_written(tmp_path: Path) -> None:
    assert json.loads(goodwill("schema").stdout) == scenario_schema()
    path = tmp_path / "new" / "schema.json"
    assert goodwill("schema", "--arm", "--output", path).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == arm_schema()


def test_presets_are_listed() -> None:
    result = goodwill("presets")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in preset_names())


def test_programmes_are_listed_with_levers_and_sources() -> None:
    result = goodwill("programmes")
    assert all(kind in result.stdout for kind in kinds())
    one = goodwill("programmes", "stamp_card").stdout
    assert "stamp_card.reward" in one and "Kivetz" in one and "paid_club" not in one
    wrong = goodwill("programmes", "stampcard")
    assert wrong.exit_code == 2 and "did you mean 'stamp_card'?" in wrong.stderr


def test_parameters_are_listed_in_three_forms() -> None:
    assert "behaviour.habit.strength" in goodwill("parameters", "habit").stdout
    rows = json.loads(goodwill("parameters", "--format", "json").stdout)
    table = list(csv.DictReader(io.StringIO(goodwill("parameters", "--format", "csv").stdout)))
    assert [row["key"] for row in rows] == [row["key"] for row in table]
    guesses = json.loads(goodwill("parameters", "--assumptions", "--format", "json").stdout)
    assert 0 < len(guesses) < len(rows) and all(row["assumption"] for row in guesses)
    assert goodwill("parameters", "nosuchword").exit_code == 2


def test_a_word_that_is_no_command() -> None:
    assert goodwill("schem").exit_code == 2


@pytest.mark.parametrize(
    ("trouble", "code", "line"),
    [
        (ScenarioError("one\ntwo"), 2, "error: one\nerror: two\n"),
        (PermissionError(13, "Permission denied", "/out"), 2, "error: /out: Permission denied; check that the folder"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (KeyboardInterrupt("stopped after 3 of 9 runs"), 130, "error: stopped after 3 of 9 runs\n"),
    ],
)
def test_trouble_is_one_clear_line_and_an_exit_code(trouble: BaseException, code: int, line: str) -> None:
    import typer

    broken = typer.Typer(cls=Commands)

    @broken.command()
    def run() -> None:
        raise trouble

    @broken.command()
    def other() -> None: ...

    result = CliRunner().invoke(broken, ["run"])
    assert result.exit_code == code and result.stderr.startswith(line)


def test_the_program_ends_with_code_2_and_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "no.yaml"
    done = program("validate-scenario", missing)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {missing}: there is no such file; `goodwill init {missing}` writes a starter\n"


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = goodwill("init", tmp_path / "file" / "market.yaml")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1 and "may be written, or choose another" in result.stderr


def test_a_reader_that_goes_away_is_no_trouble() -> None:
    if os.name != "posix":
        pytest.skip("needs a shell with pipes")
    call = f"'{sys.executable}' -c 'from goodwill.cli import main; main()' schema | head -n 1"
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True)
    assert done.stdout == "{\n" and "Traceback" not in done.stderr
