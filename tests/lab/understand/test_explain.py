from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from goodwill.errors import StudyError
from goodwill.lab.study.results import Results
from goodwill.lab.study.study import Study
from goodwill.lab.understand.explain import explain, understanding_section, write_findings


class Answered(Results):
    """Results of a study whose runs are made up: no run is needed to see what is made of them."""

    def __init__(self, content: dict[str, Any], effect: Any, replicates: int = 4) -> None:
        from goodwill.lab.study.plan import Plan

        world = {"scenario": "mini", "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card"}]}}}
        self.study = Study.from_dict({"name": "made-up", "outcomes": ["profit"], **world, **content})
        self.plan = Plan(self.study)
        rng = np.random.default_rng(0)
        rows = []
        for point in self.plan.points:
            mean = float(effect(point.values if point.case is None else {"case": point.case}))
            for replicate, luck in enumerate(rng.normal(0, 5, replicates)):
                base = 100 + float(rng.normal(0, 50))
                for arm in self.arms:
                    rows.append((point.index, arm, replicate, base + (0 if arm == "nothing" else mean + luck)))
        self.__dict__["runs"] = pd.DataFrame(rows, columns=["point", "arm", "replicate", "profit"])


HABIT = {"path": "behaviour.habit.strength", "low": 0.0, "high": 1.0}
PRICE = {"path": "firms.1.price", "low": 1.0, "high": 2.0, "label": "the rival's price"}


def sloped(values: dict[str, Any]) -> float:
    return float(100 * (values["habit"] - 0.6) - 40 * (values["price"] - 1.5))


def names(results: Results, **options: Any) -> list[str]:
    return [finding.name for finding in explain(results, **options)]


def test_a_latin_hypercube_gets_rule_break_even_surface_and_regret() -> None:
    results = Answered(
        {"uncertainties": {"habit": HABIT, "price": PRICE}, "design": {"kind": "latin_hypercube", "samples": 80}},
        sloped,
    )
    found = {finding.name: finding for finding in explain(results)}
    assert [*found] == ["rule", "break-even-habit", "break-even-price", "surface", "regret"]
    assert "gains when habit is above" in found["rule"].text
    assert "breaks even at habit 0.599 utility [0.5" in found["break-even-habit"].text
    assert "breaks even at the rival's price" in found["break-even-price"].text
    assert found["regret"].tables["robustness"]["alternative"].tolist() == ["nothing", "card"]


def test_a_sobol_design_gets_indices_first() -> None:
    results = Answered(
        {"uncertainties": {"habit": HABIT, "price": PRICE}, "design": {"kind": "sobol", "samples": 32}}, sloped, 8
    )
    first = explain(results)[0]
    assert first.name == "sobol"
    table = first.tables["sobol"].set_index("factor")
    truth = 100**2 / (100**2 + 40**2)
    assert table["total"]["habit"] == pytest.approx(truth, abs=0.1)
    assert set(names(results)) > {"rule", "surface", "regret"}


def test_a_morris_design_gets_a_screening_only() -> None:
    results = Answered(
        {"uncertainties": {"habit": HABIT, "price": PRICE}, "design": {"kind": "morris", "trajectories": 8}}, sloped
    )
    assert names(results) == ["morris"]
    assert explain(results)[0].tables["morris"].set_index("factor")["mu"]["price"] == pytest.approx(-40, rel=0.2)


def test_cases_get_regret_only_and_one_point_is_too_few() -> None:
    cases = {"habitual": {"set": {"behaviour.habit.strength": 0.9}}, "free": {"set": {"behaviour.habit.strength": 0.1}}}
    results = Answered({"cases": cases}, lambda values: 10 if values["case"] == "habitual" else -10)
    assert names(results) == ["regret"]
    single = Answered({}, lambda values: 1)
    with pytest.raises(StudyError, match="a single point has nothing to compare"):
        explain(single)
    assert understanding_section(single) == []


def test_levers_in_a_grid_become_alternatives() -> None:
    stamps = {"arm": "card", "path": "programmes.0.stamps", "values": [6, 10]}
    habit = {**HABIT, "levels": 3}
    results = Answered(
        {"levers": {"stamps": stamps}, "uncertainties": {"habit": habit}, "design": {"kind": "grid"}},
        lambda values: 10 * (values["stamps"] == 10) + values["habit"],
    )
    regret = explain(results)[-1]
    assert regret.tables["robustness"].set_index("alternative")["max_regret"].idxmin() == "card, stamps 10"


def test_of_a_cost_less_is_better() -> None:
    results = Answered(
        {
            "uncertainties": {"habit": HABIT, "price": PRICE},
            "design": {"kind": "latin_hypercube", "samples": 80},
            "outcomes": {"profit": {"of": "programme_cost"}},
        },
        sloped,
    )
    found = {finding.name: finding for finding in explain(results)}
    assert "loses when habit is above" in found["rule"].text.replace("It ", "")
    assert found["regret"].tables["robustness"].set_index("alternative")["max_regret"]["nothing"] > 0


def test_an_arm_that_is_not_there_and_an_interrupted_study() -> None:
    results = Answered(
        {"uncertainties": {"habit": HABIT, "price": PRICE}, "design": {"kind": "sobol", "samples": 16}}, sloped
    )
    with pytest.raises(StudyError, match="there is no arm 'pub'"):
        explain(results, arm="pub")
    runs = results.runs
    results.__dict__["runs"] = runs[runs["point"] < len(results.points) - 6]  # the last points were not reached
    assert "blocks of the design were left out" in explain(results)[0].text


def test_files_are_written(tmp_path: Path) -> None:
    results = Answered(
        {"uncertainties": {"habit": HABIT}, "design": {"kind": "latin_hypercube", "samples": 30}},
        lambda values: values["habit"] - 0.5,
    )
    files = write_findings(explain(results), tmp_path / "out")
    assert {file.name for file in files} == {
        "rule.png", "rule-probability-of-losing.csv", "rule-rules.csv", "break-even-habit.png",
        "break-even-habit-break-even.csv", "break-even-habit-curve.csv", "regret.png", "regret-robustness.csv",
        "regret-regret.csv",
    }  # fmt: skip
    assert all(file.stat().st_size > 0 for file in files)
    assert len(pd.read_csv(tmp_path / "out" / "rule-probability-of-losing.csv")) == 30


def test_the_command_explains_a_folder(tmp_path: Path) -> None:
    from goodwill.cli import app

    study = Study.from_dict(
        {
            "name": "tiny",
            "scenario": "mini",
            "set": {"customers": 60, "warm_up": 2},
            "horizon": 6,
            "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card", "stamps": 4}]}},
            "uncertainties": {"trips": {"path": "population.trips_per_year", "low": 6, "high": 30}, "price": PRICE},
            "outcomes": ["profit"],
            "design": {"kind": "latin_hypercube", "samples": 20},
            "replications": 2,
        }
    )
    study.run(folder=tmp_path / "tiny", workers=1)
    said = CliRunner().invoke(app, ["study", "explain", str(tmp_path / "tiny")])
    assert said.exit_code == 0, said.output
    assert "When it " in said.output and "How arms stand up to doubt" in said.output
    assert (tmp_path / "tiny" / "understanding" / "rule.png").exists()
    wrong = CliRunner().invoke(app, ["study", "explain", str(tmp_path / "tiny"), "--arm", "pub"])
    assert wrong.exit_code == 2
