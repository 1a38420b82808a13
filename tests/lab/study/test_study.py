"""A study file is checked before anything is run, and each mistake is named with its place, value and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import goodwill as gw
from goodwill.errors import GoodwillError, ScenarioError
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.study import Study


def test_a_file_and_python_say_the_same(tmp_path: Path, asked: dict[str, Any]) -> None:
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(asked))
    study = Study.load(tmp_path / "study.yaml")
    scenario = gw.Scenario.preset("mini")
    made = Study(
        **{
            **asked,
            "scenario": scenario,
            "arms": {"nothing": [], "card": gw.StampCard(stamps=10), "club": [gw.PaidClub()]},
        }
    )
    assert made == study and made.hash() == study.hash()


def test_written_out_it_reads_the_same_again(asked: dict[str, Any]) -> None:
    study = Study.from_dict({**asked, "outcomes": {"late": {"of": "profit", "from": 8, "to": 12}}, "budget": "3%"})
    assert Study.from_dict(study.to_dict()) == study
    assert study.to_dict()["outcomes"]["late"] == {"of": "profit", "firm": None, "from": 8, "to": 12}


def test_files_it_names_lie_beside_it(tmp_path: Path, asked: dict[str, Any]) -> None:
    (tmp_path / "market.yaml").write_text(yaml.safe_dump(gw.Scenario.preset("mini").with_(customers=77).to_dict()))
    (tmp_path / "card.yaml").write_text("programmes: [{kind: stamp_card, stamps: 7}]")
    (tmp_path / "study.yaml").write_text(
        yaml.safe_dump(
            {"scenario": "market.yaml", "arms": {"card": "card.yaml"}, "cases": {"there": {"scenario": "market.yaml"}}}
        )
    )
    study = Study.load(tmp_path / "study.yaml")
    assert study.scenario.customers == 77 and study.arms["card"]["programmes"][0]["stamps"] == 7
    assert study.cases["there"].scenario["customers"] == 77
    assert study.reference == "nothing" and list(study.all_arms) == ["nothing", "card"]


WRONG = {
    "unknown key": ({"scenaro": 1}, r"scenaro: unknown key; did you mean 'scenario'\?"),
    "preset": ({"scenario": "minni"}, r"'minni' is no preset, and no such file is there; did you mean 'mini'\?"),
    "value of the scenario": ({"set": {"customers": -3}}, r"customers: is -3 but must be at least 1"),
    "path": ({"set": {"behaviour.habitt.on": True}}, r"set: behaviour\.habitt: unknown key; did you mean 'habit'"),
    "arm": (
        {"arms": {"card": {"programmes": [{"kind": "stampcard"}]}}},
        r"arms\.card.*'stampcard' is not known; did you mean 'stamp_card'",
    ),
    "arm's term": ({"arms": {"card": {"programmes": [{"kind": "stamp_card", "stamps": 0}]}}}, r"stamps: is 0 but must be at least 1"),
    "baseline": ({"baseline": "nothin"}, r"baseline 'nothin' is not an arm; did you mean 'nothing'"),
    "outcome": ({"outcomes": ["profits"]}, r"'profits' is not known; did you mean 'profit'"),
    "sum of shares": ({"outcomes": {"x": {"of": "share", "firm": "all"}}}, r"share cannot be summed over firms"),
    "outcome's firm": ({"outcomes": {"x": {"of": "profit", "firm": "Nobody"}}}, r"firm 'Nobody' does not exist"),
    "outcome's time": ({"outcomes": {"x": {"of": "profit", "to": 99}}}, r"outcomes\.x\.to: is 99, but the run has 18 periods"),
    "both": ({"precision": {"outcome": "profit", "half_width": 3}}, r"give either replications or precision"),
    "precision": ({"replications": None, "precision": {"outcome": "share", "half_width": 3}}, r"'share' is not among the outcomes"),
    "no design": ({"levers": {"x": {"path": "firms.0.price", "values": [1, 2]}}}, r"design\.kind is 'cases', but 'x' is to vary"),
    "no factors": ({"design": {"kind": "grid"}}, r"no levers or uncertainties are given"),
    "power of two": ({"design": {"kind": "sobol", "samples": 100}}, r"needs a power of two, such as 128"),
    "range": ({"levers": {"x": {"path": "firms.0.price", "low": 3, "high": 2}}, "design": {"kind": "grid"}}, r"low below high"),
    "lever's arm": (
        {"levers": {"x": {"arm": "crd", "path": "p", "values": [1]}}, "design": {"kind": "grid"}},
        r"'crd' is not an arm; did you mean 'card'",
    ),
    "lever's path": (
        {"levers": {"x": {"arm": "card", "path": "programmes.0.stamp", "values": [1]}}, "design": {"kind": "grid"}},
        r"levers\.x: programmes\.0\.stamp: unknown key; did you mean 'stamps'",
    ),
    "lever's value": (
        {"levers": {"x": {"arm": "card", "path": "programmes.0.stamps", "values": [10, -1]}}, "design": {"kind": "grid"}},
        r"point 1 \(x = -1\).*stamps: is -1 but must be at least 1",
    ),
    "branch_at": (
        {"branch_at": 8, "arms": {"nothing": {}, "habit": {"set": {"behaviour.habit.strength": 0.9}}}},
        r"arm 'habit', branch_at: cannot branch: behaviour\.habit\.strength is .* in the run and 0\.9 in the branch",
    ),
    "a column's name": (
        {"levers": {"run": {"path": "firms.0.price", "values": [1]}}, "design": {"kind": "grid"}},
        r"cannot be called 'run'",
    ),
    "budget": ({"budget": "much"}, r"budget 'much': write an amount of money a year"),
    "firm": ({"firm": "Nobody"}, r"firm 'Nobody' does not exist"),
    "override": (
        {
            "arms": {"card": {"set": {"firms.0.price": 2}}},
            "baseline": "card",
            "levers": {"x": {"path": "firms.0.price", "values": [1, 2]}},
            "design": {"kind": "grid"},
        },
        r"every arm sets firms\.0\.price itself, so varying it does nothing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_named_before_anything_is_run(tmp_path: Path, asked: dict[str, Any], mistake: str) -> None:
    change, message = WRONG[mistake]
    with pytest.raises(GoodwillError) as raised:
        gw.run_study(Study.from_dict({**asked, **change}), folder=tmp_path / "results")
    assert re.search(message, str(raised.value), re.DOTALL), str(raised.value)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("written", [5000, "5000", " 5000 "])
def test_an_amount_in_quotes_is_an_amount(asked: dict[str, Any], written: Any) -> None:
    assert Study.from_dict({**asked, "budget": written}).budget == 5000
    assert Study.from_dict({**asked, "cases": {"x": {"budget": written}}}).cases["x"].budget == 5000


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file; a study file names"):
        Study.load(tmp_path / "none.yaml")


def test_points_are_cases_times_combinations(asked: dict[str, Any]) -> None:
    study = Study.from_dict(
        {
            **asked,
            "cases": {"cheap": {"set": {"firms.0.price": 0.8}}, "long": {"horizon": 24}},
            "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [6, 8]}},
            "uncertainties": {"talk": {"path": "firms.1.price", "low": 1.0, "high": 4.0, "levels": 3, "log": True}},
            "design": {"kind": "grid"},
        }
    )
    plan = Plan(study)
    assert len(plan.points) == 2 * 2 * 3 and list(plan.table.columns) == ["case", "stamps", "talk"]
    assert plan.table["talk"].unique() == pytest.approx([1, 2, 4])
    cell = plan.cell(plan.points[-1], "card").scenario
    assert cell is not None
    assert (
        cell["periods"] == 24 and cell["firms"][1]["price"] == 4 and cell["firms"][0]["programmes"][-1]["stamps"] == 8
    )
    # What a lever does not touch is one and the same run.
    ids = {
        stamps: plan.run_id(plan.cell(point, "nothing"), 0)
        for stamps, point in zip([6, 8], plan.points[:4:3], strict=True)
    }
    assert ids[6] == ids[8]
