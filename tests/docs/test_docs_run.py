"""The documentation is true: its code runs, its links lead somewhere, its tables and lists are those of the code."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "experiments").rglob("*.md")])
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Pages that take long: their examples build rules into the engine.
SLOW = {"docs/how-to/replace-a-rule.md"}
SEEN_ELSEWHERE = {"README.md"}  # tests/test_front_door.py runs its lines and looks at what comes out

_FENCE = re.compile(r"^```(?P<lang>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_NOTE = re.compile(r"<!-- (?P<word>not run|file): (?P<what>[^>]+) -->\n$")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language and text, its first line, why it is not run, the file it stands for."""

    lang: str
    text: str
    line: int
    not_run: str = ""
    file: str = ""


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        note = _NOTE.search(text[: match.start()])
        said = {note["word"]: note["what"]} if note else {}
        line = text[: match.start()].count("\n") + 1
        found.append(Block(match["lang"], match["text"], line, said.get("not run", ""), said.get("file", "")))
    return found


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def runnable() -> Iterator[Any]:
    for page in PAGES:
        runs = any(block.lang in ("python", "sh") and not block.not_run for block in blocks_of(page))
        if runs and name_of(page) not in SEEN_ELSEWHERE:
            marks = [pytest.mark.slow] if name_of(page) in SLOW else []
            yield pytest.param(page, id=name_of(page), marks=marks)


def run_shell(text: str, targets: set[str], dry: bool = False) -> None:
    """Lines with goodwill go through its command line; of make and python, only that target and file exist.

    dry: of goodwill too, only that the command and the files of its arms exist.
    """
    from typer.testing import CliRunner

    from goodwill.cli import app

    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] == "make":
            wanted = {word for word in words[1:] if "=" not in word}
            assert wanted <= targets, f"the Makefile has no target {wanted - targets}"
            continue
        if words[0] == "python":
            assert (ROOT / words[1]).exists(), f"{words[1]} does not exist"
            continue
        assert words[0] == "goodwill", f"the harness cannot run {line!r}; mark the block <!-- not run: reason -->"
        if dry:
            for word in words:
                file = word.partition("=")[2]
                assert not file.endswith(".yaml") or (ROOT / file).exists(), f"{file} does not exist"
        result = CliRunner().invoke(app, [words[1], "--help"] if dry else words[1:])
        assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"


@pytest.fixture
def programme_kinds() -> Iterator[None]:
    """Programmes that an example defines are forgotten afterwards."""
    from goodwill.programmes import base, catalogue

    assert catalogue
    known = base.Programme.known
    before = dict(known)
    yield
    known.clear()
    known.update(before)


@pytest.mark.parametrize("page", list(runnable()))
@pytest.mark.usefixtures("programme_kinds")
def test_code_of_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    names: dict[str, Any] = {"__name__": "page"}
    for block in blocks_of(page):
        if block.not_run:
            continue
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.lang == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec", dont_inherit=True), names)
        elif block.lang == "sh":
            run_shell(block.text, targets, dry=page.is_relative_to(ROOT / "experiments"))  # studies take minutes


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_blocks_have_a_language_the_harness_knows(page: Path) -> None:
    for block in blocks_of(page):
        assert block.lang in ("python", "sh", "yaml", "text", "bibtex"), f"{name_of(page)}:{block.line}: {block.lang!r}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_yaml_blocks_are_valid_arms_or_studies(page: Path, tmp_path: Path) -> None:
    import yaml

    from goodwill.lab.experiment import asked
    from goodwill.scenario.arms import Arm

    for block in blocks_of(page):
        if block.lang == "yaml" and not block.not_run:
            content = yaml.safe_load(block.text)
            if "scenario" in content:
                (tmp_path / "example.yaml").write_text(block.text)
                asked(tmp_path / "example.yaml")
            else:
                Arm.of("example", content)


# -- links ----------------------------------------------------------------------------------------------------------


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)
    return set(slugs)


def texts_with_links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        yield page, _FENCE.sub("", page.read_text(encoding="utf-8"))
    for notebook in NOTEBOOKS:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        yield notebook, "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


@pytest.mark.parametrize("page, text", [pytest.param(*x, id=name_of(x[0])) for x in texts_with_links()])
def test_links_lead_to_files_that_exist(page: Path, text: str) -> None:
    for match in _LINK.finditer(text):
        target = match["target"]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{name_of(page)}: {target} does not exist"
        assert file.is_relative_to(ROOT), f"{name_of(page)}: {target} lies outside the project"
        if anchor:
            assert anchor in anchors_of(file), f"{name_of(page)}: {target} has no such heading"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / m["target"].partition("#")[0]).resolve() for m in _LINK.finditer(index)}
    missing = [name_of(p) for p in (ROOT / "docs").rglob("*.md") if p.name != "index.md" and p.resolve() not in linked]
    assert not missing


def test_no_path_of_a_machine_and_no_internal_tool() -> None:
    forbidden = re.compile(r"/work\b|/root\b|/home/|/tmp/|\.library|\bshared/|\bfarm-|`issues ")
    files = [*PAGES, *NOTEBOOKS, *(ROOT / "docs").rglob("*.py"), ROOT / "CITATION.cff", ROOT / "Makefile"]
    for file in files:
        found = forbidden.search(file.read_text(encoding="utf-8"))
        assert found is None, f"{name_of(file)}: {found and found.group()!r}"


# -- tables and lists -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def make_tables() -> Any:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_are_not_stale(make_tables: Any) -> None:
    assert [name_of(p) for p in make_tables.stale()] == [], "run: make docs-tables"


def test_every_parameter_is_in_the_documentation() -> None:
    from goodwill.scenario.table import parameter_rows

    text = "".join(
        (ROOT / "docs" / page).read_text(encoding="utf-8")
        for page in ("parameters.md", "programmes.md", "strategies.md")
    )
    for row in parameter_rows():
        if row["key"].split(".")[0] not in ("cash_back", "wake_up"):  # examples on pages
            assert f"| {row['meaning']} |" in text, row["key"]


def test_odd_quotes_the_order_of_the_period() -> None:
    from goodwill.simulation import ORDER_OF_THE_PERIOD

    assert ORDER_OF_THE_PERIOD in (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")


def test_odd_has_all_its_parts() -> None:
    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    parts = re.findall(r"^## \d\. (.+)$", text, re.MULTILINE)
    assert parts == [
        "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
        "Design concepts", "Initialization", "Input data", "Submodels",
    ]  # fmt: skip
    for concept in (
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
        "Stochasticity", "Collectives", "Observation",
    ):  # fmt: skip
        assert f"**{concept}.**" in text, concept


def test_odd_describes_every_rule_and_every_switch() -> None:
    from goodwill.rules.registry import rules
    from goodwill.scenario.behaviour import Behaviour

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    text = text[: text.index("Parameters of behaviour\n")]
    missing = [name for name in rules() if f"`{name}`" not in text and name not in ("gumbel", "leave_probability")]
    assert not missing
    for name, field in Behaviour.model_fields.items():
        assert field.annotation is not None
        if "on" in field.annotation.model_fields:
            assert f"`{name}.on`" in text, f"{name}.on"


def test_odd_gives_the_numbers_of_the_code() -> None:
    from goodwill.engine import traits
    from goodwill.engine.steps.incidence import MAX_TRIPS

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert f"not below {traits._TASTE_FLOOR:g} " in text
    assert f"At most {MAX_TRIPS} trip events" in text


def test_odd_says_truly_what_abandonment_alone_does() -> None:
    import numpy as np

    from goodwill.engine.jit import python_function
    from goodwill.rules.programme import abandon_probability
    from goodwill.scenario.behaviour import Programmes

    def completed(stamps: int, given: int) -> float:
        stay, hazard = 1.0, np.float32(Programmes().abandonment)
        for stamp in range(given + 1, stamps + 1):
            near, step = np.float32(stamp / stamps), np.float32(1 / stamps)
            stay *= 1 - float(python_function(abandon_probability)(near, step, hazard))
        return stay

    small, endowed = completed(8, 0), completed(10, 2)
    said = re.search(
        r"lets (\d+) % complete a card of eight and (\d+) % a card of ten with two given, a ratio of ([\d.]+)",
        re.sub(r"\s+", " ", (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")),
    )
    assert said is not None
    assert (int(said[1]), int(said[2]), float(said[3])) == (
        round(100 * small), round(100 * endowed), round(endowed / small, 1),
    )  # fmt: skip


def test_every_column_of_a_record_is_described() -> None:
    from goodwill import Scenario, Simulation
    from goodwill.record import Record
    from goodwill.sinks import MemorySink

    scenario = Scenario.preset("coffee-town").with_(customers=50, periods=54)
    simulation, sink = Simulation(scenario, threads=1), MemorySink()
    simulation.run(sink=sink)
    record = Record.of(simulation, sink)
    page = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `record\.(\w+)`[^\n]*\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL))
    for name in ("firms", "market", "programmes", "customers", "purchases", "ledger"):
        text = sections[name]
        described = set(re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (.+?) \|", text, re.MULTILINE))))
        columns = set(getattr(record, name).columns)
        assert columns == described, f"{name}: {columns ^ described}"


def test_numbers_in_the_readme_come_from_results() -> None:
    """They stand in tables that docs/make_tables.py writes from results/; elsewhere there are none to go stale."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"<!-- table: .*?<!-- end of table -->", "", _FENCE.sub("", text), flags=re.DOTALL)
    numbers = re.findall(r"\d[\d.,]*(?: ?%| times| million| seconds)?", _LINK.sub("", text))
    assert set(numbers) <= {"3.11", "95 %"}


def test_the_readme_draws_the_conclusion_of_the_results() -> None:
    assert "Retention rises with all four, profit is another matter" in (ROOT / "README.md").read_text(encoding="utf-8")
    content = json.loads((ROOT / "results/four-designs/four-designs.json").read_text(encoding="utf-8"))
    rows = {(row["arm"], row["outcome"]): row for row in content["summary"] if row["arm"] != content["baseline"]}
    assert len({arm for arm, _ in rows}) == 4
    for (_, outcome), row in rows.items():
        assert outcome != "retention" or row["difference_low"] > 0
        assert outcome != "anyway" or row["mean"] > 0.5
        assert outcome != "incremental_profit" or row["low"] < 0


def test_notebooks_are_stored_light() -> None:
    for notebook in NOTEBOOKS:
        assert notebook.stat().st_size < 60_000, name_of(notebook)
        assert "image/png" not in notebook.read_text(encoding="utf-8"), f"{name_of(notebook)}: clear its figures"
