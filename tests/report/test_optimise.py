from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.optimise.made import ONE, THREE, alike, made
from tests.report.test_html import Page

from goodwill.lab.optimise.results import Optimisation
from goodwill.report.optimise import report_html, write_all
from goodwill.report.optimise_words import Words, confidence, plain


def number(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-"))


@pytest.fixture(scope="module")
def one() -> Optimisation:
    return made(**ONE)


@pytest.fixture(scope="module")
def three() -> Optimisation:
    return made(**THREE)


def test_the_choice_in_words(one: Optimisation) -> None:
    words = Words(one)
    best = one.best
    assert words.headline.startswith(f"Choose card (stamps {best['stamps']}, reward {best['reward']:g}): +")
    assert number(words.headline.split(": ")[1].split()[0]) == round(best["profit"])
    text = " ".join(words.sentences)
    assert "highest profit beyond doing nothing, with liability at the end at most 100" in text
    assert "tried 40 designs" in text and "In 8 fresh worlds" in text
    assert "flattered it by" in text


def test_doing_nothing_can_be_the_answer() -> None:
    kept = Words(made(goals={"liability": "minimise"}))
    assert kept.headline == "Keep \u201cnothing\u201d: nothing that was tried does better"
    assert all(sentence for sentence in kept.sentences)


def test_a_design_that_cannot_be_told_from_the_baseline_is_not_praised() -> None:
    """Points and nothing are alike in what they would earn here, but for luck."""
    levers = {"expiry": {"arm": "points", "path": "programmes.0.expiry", "values": [3, 12, None]}}
    goal = {"retention": {"direction": "maximise", "measure": "difference"}}
    arms = {"nothing": {}, "points": {"programmes": [{"kind": "points"}]}}
    same = made(goals=goal, levers=levers, arms=arms, world=alike)
    words = Words(same)
    assert words.keeping_is_as_good
    assert words.headline.startswith(("Nothing is clearly better than to keep \u201cnothing\u201d", "Keep"))
    better = Words(made(goals=goal, levers=levers, arms=arms))
    assert better.headline.startswith("Choose points") and not better.keeping_is_as_good


def test_the_front_in_words(three: Optimisation) -> None:
    words = Words(three)
    front = three.front
    assert words.headline.startswith(f"{len(front)} of {len(three.finalists)} designs")
    text = " ".join(words.sentences)
    low, high = front["liability"].min(), front["liability"].max()
    assert f"Liability at the end from {low:,.0f} to {high:,.0f}" in text
    assert "hypervolume" in text


def test_rows_fit_their_headings_and_the_best_is_first(one: Optimisation, three: Optimisation) -> None:
    for found in (one, three):
        words = Words(found)
        assert {len(row) for row in words.rows} == {len(words.columns)}
        assert len(words.rows) == len(found.finalists)
    assert Words(one).rows[0][0] == str(one.best["trial"])


@pytest.mark.parametrize("change", [ONE, THREE], ids=["one", "three"])
@pytest.mark.parametrize("finished", [True, False])
def test_the_page_is_whole_and_needs_nothing_else(change: dict[str, object], finished: bool) -> None:
    found = made(finished, **change)
    text = report_html(found)
    page = Page(text)
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    assert Words(found).headline.replace("\u201c", "") in " ".join(page.words).replace("\u201c", "") or not finished


def test_all_files_are_written(one: Optimisation, tmp_path: Path) -> None:
    names = [path.name for path in write_all(one, tmp_path)]
    assert names == ["trials.csv", "finalists.csv", "gap.csv", "search.png", "report.html"]
    again = [path.read_bytes() for path in write_all(one, tmp_path)]
    assert again == [(tmp_path / name).read_bytes() for name in names]
    assert len((tmp_path / "trials.csv").read_text().splitlines()) == 1 + len(one.trials)


def test_small_words() -> None:
    assert [plain(x) for x in (True, None, 2.5, 3, "daily")] == ["yes", "none", "2.5", "3", "daily"]
    assert [confidence(x) for x in (1.0, 0.0)] == ["> 99.9 %", "< 0.1 %"]
    assert confidence(0.874).startswith("87.4")
