"""The suite: kept results, failed runs, mechanisms taken away, and the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from goodwill.errors import StudyError
from goodwill.lab.evidence.catalogue import MEASUREMENTS
from goodwill.lab.evidence.measurement import Measurement
from goodwill.lab.evidence.mechanisms import ablated, mechanisms, without
from goodwill.lab.evidence.page import BEGIN, END, put, section
from goodwill.lab.evidence.results import ablation_matrix, failures, table, verdicts
from goodwill.lab.evidence.suite import Row, Shelf, jobs_of, run_suite
from goodwill.lab.evidence.targets import Check, Target, all_targets, chosen
from goodwill.scenario.scenario import Scenario

CALLS: list[int] = []


def mini() -> dict[str, Scenario]:
    return {"mini": Scenario.preset("mini").with_(customers=10, periods=2)}


def counted(worlds: Mapping[str, Scenario], seed: int) -> dict[str, float]:
    CALLS.append(seed)
    if seed == 2:
        raise RuntimeError("no luck")
    return {"x": float(seed), "satisfied": float(worlds["mini"].behaviour.satisfaction.on)}


TARGET = Target(
    "T99",
    "test",
    "a statement",
    "1",
    "nobody 2000",
    "high",
    "emergent",
    "none",
    "mini",
    (Check("x", "x", 0, 9),),
    "bad",
)
MEASURED = Measurement("T99", mini, counted)


def test_a_failed_run_is_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    rows = run_suite(jobs_of([MEASURED], range(4)), Shelf(tmp_path))
    assert [row.numbers is None for row in rows] == [False, False, True, False]
    assert "RuntimeError: no luck (test_suite.py" in rows[2].error
    verdict = verdicts({"T99": TARGET}, rows)[0]
    assert verdict.outcome == "failed"
    assert verdict.errors[0].startswith("seed 2:")
    assert len(failures(rows)) == 1


def test_worlds_that_cannot_be_built_are_a_row(tmp_path: Path) -> None:
    def none() -> dict[str, Scenario]:
        return {"mini": mini()["mini"].with_({"behaviour.nothing.on": True})}

    broken = Measurement("T99", none, counted)
    rows = run_suite(jobs_of([broken, MEASURED], range(2)), Shelf(tmp_path))
    assert "behaviour.nothing" in rows[0].error
    assert [row.numbers is None for row in rows] == [True, False, False]


def test_what_is_done_is_not_run_again_and_what_failed_is(tmp_path: Path) -> None:
    jobs = jobs_of([MEASURED], range(4))
    first = run_suite(jobs, Shelf(tmp_path))
    CALLS.clear()
    told: list[tuple[int, int]] = []
    second = run_suite(jobs, Shelf(tmp_path), progress=lambda done, of: told.append((done, of)))
    assert CALLS == [2]
    assert told[0] == (3, 4)
    assert [row.numbers for row in second] == [row.numbers for row in first]


def test_an_interrupted_suite_goes_on_where_it_was(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    jobs = jobs_of([MEASURED], range(2))
    with pytest.raises(KeyboardInterrupt):
        run_suite(jobs, Shelf(tmp_path), progress=stop)
    CALLS.clear()
    run_suite(jobs, Shelf(tmp_path))
    assert CALLS == [1]


def test_a_damaged_file_is_run_again(tmp_path: Path) -> None:
    jobs = jobs_of([MEASURED], range(1))
    run_suite(jobs, Shelf(tmp_path))
    file = next(tmp_path.rglob("*.json"))
    file.write_text(file.read_text().replace('"x": 0.0', '"x": 7.0'))
    assert run_suite(jobs, Shelf(tmp_path))[0].numbers == {"x": 0.0, "satisfied": 1.0}


def test_another_world_is_another_key(tmp_path: Path) -> None:
    other = Measurement("T99", lambda: {"mini": mini()["mini"].with_(customers=11)}, counted)
    assert jobs_of([MEASURED], [0])[0].key != jobs_of([other], [0])[0].key


def test_mechanisms_are_those_that_act() -> None:
    names = mechanisms(mini())
    assert "satisfaction" in names
    assert "loss aversion" in names
    assert "commitment" not in names
    assert "head start" not in names
    world = mini()["mini"]
    changed = without(world, "satisfaction")
    assert changed is not None
    assert not changed.behaviour.satisfaction.on
    assert without(world, "commitment") is None
    card = world.with_({"firms.0.programmes": [{"kind": "stamp_card", "stamps": 10, "head_start": 2}]})
    bare = ablated({"a": card, "b": world}, "head start")
    assert bare["a"].firms[0].programmes[0].model_dump()["head_start"] == 0
    assert bare["b"] == world


def test_the_matrix_says_what_breaks() -> None:
    target = Target("T99", "", "", "", "", "", "emergent", "", "", (Check("satisfied", "", 1, 1),))
    rows = run_suite([*jobs_of([MEASURED], [0]), *jobs_of([MEASURED], [0], ablation=True)])
    matrix = ablation_matrix({"T99": target}, rows, 1).set_index("without")["T99"]
    assert matrix["satisfaction"] == "breaks"
    assert matrix["loss aversion"] == ""


def test_the_page_keeps_what_is_not_of_the_suite(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    page.write_text(f"before\n{BEGIN}\na stale line\n{END}\nafter <!-- table: x -->\n")
    results = verdicts(
        {"T99": TARGET, **chosen(["T25"])}, [Row("T99", "", 0, {"x": 12.0}), Row("T99", "", 1, {"x": 12.0})]
    )
    for _ in range(2):
        put(page, section(results, 2, None, 0))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after <!-- table: x -->\n")
    assert "a stale line" not in text
    assert "3.000 outside" in text
    assert "bad" in text
    assert text.count("### Misses") == 1


def test_a_page_without_a_place_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    page.write_text("nothing")
    with pytest.raises(StudyError, match="no place"):
        put(page, "text")


def test_every_target_is_whole() -> None:
    targets = all_targets()
    assert set(MEASUREMENTS) <= set(targets)
    for name, target in targets.items():
        assert bool(target.checks) == (name in MEASUREMENTS), name
        assert target.source
        assert target.why
        for check in target.checks:
            assert check.low < check.high
            assert np_finite(check.low) or np_finite(check.high), check


def np_finite(value: float) -> bool:
    return abs(value) != float("inf")


def test_an_unknown_target_is_named() -> None:
    with pytest.raises(StudyError, match="T99"):
        chosen(["T99"])


def test_a_target_without_runs_is_not_passed() -> None:
    verdict = verdicts(chosen(["T25"]), [])[0]
    assert verdict.outcome in ("not yet measurable", "failed")
    assert len(table([verdict])) == 1


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["T09", "T22", "T27"])
def test_cheap_targets_end_to_end(name: str) -> None:
    target = all_targets()[name]
    rows = run_suite(jobs_of([MEASUREMENTS[name]], range(2)))
    found = verdicts({name: target}, rows)[0]
    assert not found.errors
    assert all(finding.gap == 0 for finding in found.findings)


@pytest.mark.statistical
def test_the_command_writes_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from goodwill.cli import app

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        app, ["validate", "--targets", "T27,T25", "--seeds", "2", "--workers", "1", "--out", "out"]
    )
    assert done.exit_code == 0, done.output
    assert "not yet measurable" in done.output or "T25" in done.output
    assert (tmp_path / "out" / "targets.csv").read_text().startswith("# code ")
