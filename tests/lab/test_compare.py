"""Paired comparisons: the same numbers whoever computes them, in whatever order, at once or after a break."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

ARMS: dict[str, Any] = {
    "nothing": [],
    "card": {"programmes": [{"kind": "stamp_card", "stamps": 6, "reward": 4.0}]},
    "cut": {"programmes": [{"kind": "price_cut", "depth": 0.1}]},
}


def same(one: Comparison, other: Comparison) -> bool:
    return one.replications == other.replications or (
        one.runs.equals(other.runs) and one.accounts.equals(other.accounts) and one.series.equals(other.series)
    )


@pytest.fixture(scope="module")
def straight(small: Scenario) -> Comparison:
    return compare(small, ARMS, replications=4, workers=1)


def test_workers_and_executors_give_equal_numbers(small: Scenario, straight: Comparison) -> None:
    assert same(straight, compare(small, ARMS, replications=4, workers=2))
    with ThreadPoolExecutor(2) as threads:
        assert same(straight, compare(small, ARMS, replications=4, executor=threads))


def test_an_interrupted_comparison_goes_on(small: Scenario, straight: Comparison, tmp_path: Path) -> None:
    def stop_after_two(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(small, ARMS, replications=4, workers=1, folder=tmp_path, progress=stop_after_two)
    assert same(Comparison.load(tmp_path), compare(small, ARMS, replications=2, workers=1))
    seen: list[tuple[int, int]] = []
    resumed = compare(small, ARMS, replications=4, workers=1, folder=tmp_path, progress=lambda *at: seen.append(at))
    assert seen == [(2, 4), (3, 4), (4, 4)]
    assert same(resumed, straight)
    assert same(Comparison.load(tmp_path), straight)


@pytest.mark.parametrize("damage", ["emptied", "cut", "one bit", "something else"])
def test_a_damaged_file_is_run_again(small: Scenario, straight: Comparison, tmp_path: Path, damage: str) -> None:
    compare(small, ARMS, replications=4, workers=1, folder=tmp_path)
    files = sorted(tmp_path.glob("runs/*/parts/runs/*.parquet"))
    assert len(files) == 4  # each replication is kept by itself, as soon as it is done
    whole = files[2].read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 4
    changed = {"emptied": b"", "cut": whole[:-9], "one bit": bytes(flipped), "something else": b"[1, 2]"}
    files[2].write_bytes(changed[damage])
    seen: list[int] = []
    again = compare(small, ARMS, replications=4, workers=1, folder=tmp_path, progress=lambda done, _: seen.append(done))
    assert seen == [3, 4]
    assert same(again, straight)
    assert same(Comparison.load(tmp_path), straight)


def test_a_run_that_fails_is_told(small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from goodwill.lab import replicate

    def fail(*_: Any) -> None:
        raise ValueError("so it is")

    monkeypatch.setattr(replicate, "firm_result", fail)
    with pytest.raises(StudyError, match="ValueError: so it is .to try it again, delete "):
        compare(small, ARMS, replications=2, workers=1, folder=tmp_path)


def test_another_question_in_the_same_folder_starts_afresh(small: Scenario, tmp_path: Path) -> None:
    compare(small, ARMS, replications=2, workers=1, folder=tmp_path)
    compare(small, ARMS, firm=1, replications=2, workers=1, folder=tmp_path)
    assert len(list(tmp_path.glob("runs/*"))) == 2
    assert Comparison.load(tmp_path).firm == 1


def test_scaled_arms_are_found_again(small: Scenario, tmp_path: Path) -> None:
    options: dict[str, Any] = {"budget": "3%", "workers": 1, "folder": tmp_path}
    said: list[str] = []
    first = compare(small, ARMS, replications=2, stage=said.append, **options)
    assert any("scaling" in words for words in said)
    said.clear()
    more = compare(small, ARMS, replications=3, stage=said.append, **options)
    assert said == []
    assert more.scaled == first.scaled
    assert more.arms == first.arms
    assert first.budget is not None and first.budget == more.budget


def test_arms_begin_alike(straight: Comparison, small: Scenario) -> None:
    before = straight.series[straight.series["period"] < small.warm_up]
    by_arm = [part.drop(columns="arm").reset_index(drop=True) for _, part in before.groupby("arm")]
    assert all(part.equals(by_arm[0]) for part in by_arm)


def test_profit_is_the_sum_of_the_accounts(straight: Comparison) -> None:
    for result in straight.replications:
        for found in result["arms"].values():
            assert sum(found["accounts"].values()) == pytest.approx(found["outcomes"]["profit"], abs=0.01)


class TestBaseline:
    def test_the_arm_that_changes_nothing(self, small: Scenario) -> None:
        found = compare(small, {"card": ARMS["card"], "as it is": []}, replications=2, workers=1)
        assert found.baseline == "as it is"

    def test_one_is_added(self, small: Scenario) -> None:
        found = compare(small, {"card": ARMS["card"]}, replications=2, workers=1)
        assert (found.baseline, list(found.arms)) == ("nothing", ["nothing", "card"])

    def test_the_one_that_is_wanted(self, small: Scenario) -> None:
        found = compare(small, ARMS, baseline="card", replications=2, workers=1)
        assert found.baseline == "card"
        assert list(found.difference("card", "profit")) == [0, 0]
        opposite = compare(small, ARMS, replications=2, workers=1).difference("card", "profit")
        assert list(found.difference("nothing", "profit")) == list(-opposite)

    def test_a_design_may_be_called_nothing(self, small: Scenario) -> None:
        found = compare(small, {"nothing": ARMS["card"]}, replications=2, workers=1)
        assert found.baseline != "nothing"
        assert found.value(found.baseline, "members") == 0

    def test_unknown(self, small: Scenario) -> None:
        with pytest.raises(StudyError, match="'crad' is not an arm; did you mean 'card'"):
            compare(small, ARMS, baseline="crad", replications=2)


class TestMistakes:
    def test_too_few_replications(self, small: Scenario) -> None:
        with pytest.raises(StudyError, match="at least 2"):
            compare(small, ARMS, replications=1)

    def test_no_such_firm(self, small: Scenario) -> None:
        with pytest.raises(ScenarioError, match="firm 7 does not exist; the firms of .* are 0 = "):
            compare(small, ARMS, firm=7, replications=2)

    def test_an_arm_that_does_not_fit(self, small: Scenario) -> None:
        with pytest.raises(ScenarioError, match="arm 'bad': set: customers"):
            compare(small, {"bad": {"set": {"customers": 3}}}, replications=2)

    @pytest.mark.parametrize("budget", ["much", "0", "-3", "x%", "-1%", "nan", 0.0])
    def test_a_budget_that_is_none(self, small: Scenario, budget: str | float) -> None:
        with pytest.raises(StudyError, match="share of revenue, such as 3%"):
            compare(small, ARMS, budget=budget, replications=2)

    def test_a_folder_that_cannot_be_written(self, small: Scenario, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(StudyError, match="cannot be written .*; choose another folder"):
            compare(small, ARMS, replications=2, workers=1, folder=tmp_path / "file" / "results")

    def test_nothing_stored(self, tmp_path: Path) -> None:
        with pytest.raises(StudyError, match="holds no comparison"):
            Comparison.load(tmp_path)


def test_json_is_strict_and_complete(straight: Comparison, tmp_path: Path) -> None:
    def never(word: str) -> None:
        raise AssertionError(word)

    text = straight.to_json(tmp_path / "comparison.json").read_text(encoding="utf-8")
    content = json.loads(text, parse_constant=never)
    assert content["verdict"]["headline"].endswith(".")
    assert {row["arm"] for row in content["summary"]} == set(ARMS)
    assert content["arms"]["card"] == Arm.of("card", ARMS["card"]).to_dict()
