"""The experiment of the four designs: its files agree with each other and with what the package runs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from goodwill.lab.four_designs import BUDGET, FIRM, PRESET, designs, market
from goodwill.scenario.arms import Arm

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENT = ROOT / "experiments" / "four-designs"
RESULTS = ROOT / "results" / "four-designs"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("four_designs_run", EXPERIMENT / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", [name for name in designs() if name != "nothing"])
def test_the_arm_files_are_the_designs(name: str) -> None:
    loaded = Arm.load(EXPERIMENT / f"{name.replace(' ', '-')}.yaml", name)
    assert loaded == Arm.of(name, designs()[name])
    loaded.apply(market(), FIRM)


def test_the_readme_quotes_the_results(run: ModuleType) -> None:
    text = (EXPERIMENT / "README.md").read_text(encoding="utf-8")
    quoted = text.partition(run.BEGIN)[2].partition(run.END)[0].strip()
    assert quoted == run.answer(), "run experiments/four-designs/run.py again"


def test_the_summaries_agree() -> None:
    content = json.loads((RESULTS / "four-designs.json").read_text(encoding="utf-8"))
    table = pd.read_csv(RESULTS / "summary.csv")
    other = pd.DataFrame(content["summary"]).astype({"mean": float})
    pd.testing.assert_frame_equal(table, other, check_dtype=False, rtol=1e-6)
    assert (content["scenario"], content["firm"]) == (PRESET, FIRM)
    assert list(content["arms"]) == list(designs())
    share = content["budget"] / table.set_index(["arm", "outcome"]).loc[("nothing", "revenue"), "mean"]
    assert share == pytest.approx(float(BUDGET.rstrip("%")) / 100, rel=0.02)


def test_what_is_committed_is_small() -> None:
    files = [path for path in RESULTS.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"summary.csv", "four-designs.json", "four-designs.png"}
    assert all(path.stat().st_size < 200_000 for path in files if path.name != "report.html")
