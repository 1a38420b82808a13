"""Every experiment is whole: what it asks is valid, what is committed of it belongs to what it asks, and its page shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from goodwill.lab.experiment import BEGIN, END, Experiment, asked

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "experiments").glob("*/answer.py"))
IMAGE = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?!https?:)([^)#]+)")


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def experiment(request: pytest.FixtureRequest) -> Experiment:
    return Experiment(request.param, ROOT / "results" / request.param.name)


def readme(experiment: Experiment) -> str:
    return (experiment.folder / "README.md").read_text(encoding="utf-8")


def test_there_are_experiments() -> None:
    assert FOLDERS


def test_what_it_asks_is_valid(experiment: Experiment) -> None:
    """Each file loads, says what it is to answer, and every point of a study is a valid scenario."""
    from goodwill.lab.study.plan import Plan
    from goodwill.lab.study.study import Study

    for path in experiment.files:
        study = asked(path)
        assert study.question.strip().endswith((".", "?")), path.name
        if isinstance(study, Study):
            Plan(study).check()


def test_names_of_studies_are_their_own() -> None:
    names = [asked(path).name for folder in FOLDERS for path in Experiment(folder, folder).files]
    assert len(names) == len(set(names))


def test_results_belong_to_what_it_asks(experiment: Experiment) -> None:
    """The committed results are those of the committed files: a study that was changed has to be run again."""
    origin = json.loads((experiment.results / "provenance.json").read_text(encoding="utf-8"))
    assert origin["asked"] == experiment.hashes(), f"run: {origin['command']}"


def test_page_has_question_answer_and_limits(experiment: Experiment) -> None:
    text = readme(experiment)
    assert text.count(BEGIN) == text.count(END) == 1
    told = text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()
    assert "95 %" in told and "nan" not in told.lower().split(), "an answer has numbers with intervals"
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    assert "**Question.**" in before
    assert "## What would change the answer" in after
    assert f"python experiments/remake.py {experiment.name}" in after


def test_page_shows_every_figure(experiment: Experiment) -> None:
    """Every committed figure is shown, with a description for those who cannot see it, and no other is."""
    shown = {(experiment.folder / path).resolve(): words for words, path in IMAGE.findall(readme(experiment))}
    assert shown and set(shown) == {path.resolve() for path in experiment.results.glob("*.png")}
    assert all(len(words) > 20 for words in shown.values())


def test_links_lead_somewhere(experiment: Experiment) -> None:
    for path in LINK.findall(readme(experiment)):
        assert (experiment.folder / path).exists(), path


def test_tables_are_tables(experiment: Experiment) -> None:
    for path in experiment.results.glob("*.csv"):
        assert len(pd.read_csv(path)), path.name


@pytest.mark.slow
def test_runs_from_file_to_page(experiment: Experiment, tmp_path: Path) -> None:
    """The whole way at a tiny size: every file is run, and its page gets a new answer and figures of the same names."""
    import shutil

    folder = tmp_path / experiment.name
    shutil.copytree(experiment.folder, folder)
    for path in folder.glob("*.yaml"):
        shrink(path)
    small = Experiment(folder, tmp_path / "results")
    answer = small.remake(workers=1)
    assert answer.text and answer.text in readme(small)
    for kind in ("png", "csv"):
        made = {path.name for path in small.results.glob(f"*.{kind}")}
        assert made == {path.name for path in experiment.results.glob(f"*.{kind}")}


def shrink(path: Path) -> None:
    """A file that asks the same of few customers, as seldom as its answer can bear."""
    import yaml

    from goodwill.scenario.files import read_yaml

    content: dict[str, Any] = read_yaml(path)
    content.setdefault("set", {})["customers"] = 200
    if "precision" in content or "replications" in content:
        content.pop("precision", None)
        content["replications"] = 3
    if "goals" in content:
        content["search"] = {"trials": 16, "replications": 2}
        content["verdict"] = {"replications": 3, "finalists": 5}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def test_hash_is_of_what_a_file_says(tmp_path: Path) -> None:
    """Comments and layout do not make results stale; a value does."""
    results = tmp_path / "results"
    hashes = []
    for text in ("name: a\nreplications: 3\n", "# why\nreplications: 3 # few\nname: a\n", "name: a\nreplications: 4\n"):
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        hashes.append(Experiment(tmp_path, results).hashes()["study"])
    assert hashes[0] == hashes[1] != hashes[2]
