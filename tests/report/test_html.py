"""The report: one file that needs nothing else, with the decision first."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from tests.report.pages import Page, shown

from goodwill.errors import StudyError
from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.report.assumptions import groups
from goodwill.report.html import report_html
from goodwill.report.verdict import Verdict
from goodwill.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def text(compared: Comparison) -> str:
    return report_html(compared)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_it_is_whole(page: Page) -> None:
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_it_asks_for_nothing(text: str, page: Page) -> None:
    assert [link for link in page.links if not link.startswith(("#", "data:,"))] == []
    assert "<script" not in text and "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    outside = set(re.findall(r"https?://[^\s\"'<)]+", text)) - {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert outside == set()


def test_references_inside_figures_are_found(text: str, page: Page) -> None:
    wanted = set(re.findall(r"url\(#([^)]+)\)", text)) | {link[1:] for link in page.links if link.startswith("#")}
    assert wanted and wanted <= set(page.ids)


def test_the_order(compared: Comparison, page: Page) -> None:
    assert page.headings[0] == ("h1", Verdict(compared).headline)
    assert [text for level, text in page.headings if level == "h2"] == [
        "How sure is that?", "What would change it", "Key figures", "In pictures", "Uncertainty", "Income and costs by kind",
        "What was tried", "Assumptions", "Limits", "Provenance",
    ]  # fmt: skip


def test_names_are_text_not_markup(text: str) -> None:
    assert "alert(1)</script>" not in text
    assert "club &lt;script&gt;" in text
    assert "Ten stamps &lt;b&gt;&amp;&lt;/b&gt; a reward" in text


def test_every_parameter_that_is_on_is_named(compared: Comparison, text: str, page: Page) -> None:
    words = "".join(page.words)
    rows = [row for group in groups(compared.scenario) for row in group.rows]
    assert len(rows) > 20
    for row in rows:
        assert row.key in words
        assert html.escape(row.value, quote=False) in text
    keys = [row.key for row in rows]
    assert "behaviour.programmes.attention" not in keys
    assert any(key.startswith("behaviour.programmes.") for key in keys)
    assert not any(key.startswith("behaviour.word_of_mouth.") for key in keys)  # off in this scenario
    assert "Switched off" in words and "word of mouth" in words


def test_provenance(compared: Comparison, text: str, page: Page) -> None:
    words = "".join(page.words)
    for part in (compared.scenario.hash(), compared.provenance["git_commit"], "numba", "goodwill compare"):
        assert part in words
    assert "seed: 5" in words  # of the YAML


def test_a_budget_is_told(compared: Comparison, page: Page) -> None:
    words = " ".join("".join(page.words).split())
    assert "scaled to the same expected yearly cost of" in words
    assert "Its levers were multiplied by" in words


def test_a_preset_names_its_sources() -> None:
    market = Scenario.preset("grocery-coffee")
    rows = {row.key: row for group in groups(market) for row in group.rows}
    assert rows["population.trips_per_year"].source.startswith("data")
    assert rows["population.attention"].flag == "assumption"
    changed = market.with_({"population.trips_per_year": 9.0})
    rows = {row.key: row for group in groups(changed) for row in group.rows}
    assert rows["population.trips_per_year"].flag == "scenario"


def test_it_is_written_whole(compared: Comparison, tmp_path: Path) -> None:
    path = compared.report(tmp_path / "new folder" / "report.html")
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
    assert path.stat().st_size < 1_000_000
    with pytest.raises(StudyError, match="the report cannot be written"):
        compared.report(path / "below-a-file.html")


@pytest.mark.parametrize("preset", ["coffee-town", "mobile-contract", "music-retailer"])
def test_other_markets(preset: str, tmp_path: Path) -> None:
    market = Scenario.preset(preset).with_(customers=300)
    arms = {
        "card": {"programmes": [{"kind": "points"}]},
        "A B": {"programmes": [{"kind": "service"}, {"kind": "tiers"}]},
    }
    result = compare(market, arms, replications=2, workers=1)
    assert Page(report_html(result)).open == []
    assert str(result.table())


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_in_a_browser(compared: Comparison, tmp_path: Path, width: int) -> None:
    path = compared.report(tmp_path / "report.html")
    with shown(path, width) as page:
        assert page.locator("h1").inner_text() == Verdict(compared).headline
        assert page.locator("h2").count() == 10
        assert page.locator("figure svg").count() == 4
        assert all(box["width"] > 250 for box in (svg.bounding_box() for svg in page.locator("figure svg").all()))
        page.locator("summary", has_text="whole scenario").click()
        assert page.get_by_text("warm_up: 20").is_visible()
