"""The report of a study: the right words for numbers that are known, and a page that is whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.report.invented import Invented, Value, luck
from tests.report.pages import Page, shown

from goodwill.errors import StudyError
from goodwill.report.study import study_html
from goodwill.report.study_design import arms_in_words, case_rows, design_in_words, factor_rows
from goodwill.report.study_factors import factors_shown, levels_of, response
from goodwill.report.study_findings import Findings
from goodwill.report.study_rows import sure_rows
from goodwill.report.study_verdict import confidence, discoveries, headline, sentences

ARMS: dict[str, Any] = {
    "nothing": {},
    "card": {"set": {"firms.0.service": 1.0}},
    "club": {"set": {"firms.0.service": 2.0}},
}
CASES: dict[str, Any] = {"near": {}, "far": {"set": {"firms.0.price": 4.0}}}


def steady(**gains: float) -> Value:
    """Profit of 1000 and a gain of each arm, with common luck and a little of an arm's own."""

    def value(point: dict[str, Any], arm: str, outcome: str, replicate: int) -> float:
        return (
            1000 + gains.get(arm, 0.0) + luck(replicate, 50) + luck(1000 * (1 + list(ARMS).index(arm)) + replicate, 3)
        )

    return value


def words(results: Invented) -> str:
    f = Findings(results)
    return " ".join([headline(f), *sentences(f)])


# -- what is said -------------------------------------------------------------------------------------------------


def test_a_clear_winner() -> None:
    results = Invented(steady(card=50, club=90), arms=ARMS, outcomes=["profit"])
    assert headline(Findings(results)) == "The club has the highest profit."
    found = words(results)
    assert re.search(
        r"It differs by \+(8|9)\d \w+ a year \[95 %, both arms at once: \+\d\d to \+\d\d\d?\] from doing nothing", found
    )
    assert "above the card, the next of the designs, a clear difference" in found


def test_no_clear_winner() -> None:
    results = Invented(steady(card=50, club=50.5), arms=ARMS, outcomes=["profit"])
    found = headline(Findings(results))
    assert "not clearly" in found and "doing nothing" not in found


def test_nothing_is_best() -> None:
    results = Invented(steady(card=-50, club=-90), arms=ARMS, outcomes=["profit"])
    assert headline(Findings(results)) == "Doing nothing has the highest profit."
    assert "The card comes next and differs by \u2212" in words(results)


def test_less_can_be_better() -> None:
    results = Invented(steady(card=50, club=90), arms=ARMS, outcomes=["programme_cost"])
    assert headline(Findings(results)) == "Doing nothing has the lowest programme cost."


def by_case(point: dict[str, Any], arm: str, outcome: str, replicate: int) -> float:
    gain = {"card": 60, "club": 90} if point["case"] == "near" else {"card": 40, "club": 20}
    return steady(**gain)(point, arm, outcome, replicate)


def test_not_everywhere() -> None:
    results = Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"])
    assert headline(Findings(results)) == "The club has the highest profit on average, but not everywhere."
    same = Invented(steady(card=50, club=90), arms=ARMS, cases=CASES, outcomes=["profit"])
    assert headline(Findings(same)) == "The club has the highest profit in both cases."
    assert (
        "The highest mean of 2 cases has the club in 1 and the card in 1; the best arm is clear in all of them."
        in words(results)
    )


def test_the_numbers_are_averages_over_points() -> None:
    f = Findings(Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"]))
    apart = f.results.differences("profit")["club"]
    assert f.difference("club", "profit").mean == pytest.approx(apart.mean())
    alone, together = f.difference("club", "profit"), f.corrected("club", "profit")
    assert together.low < alone.low < alone.high < together.high
    assert f.difference("club", "profit", "card").mean == pytest.approx(
        apart.mean() - f.results.differences("profit")["card"].mean()
    )


def test_one_replication_says_what_its_intervals_are() -> None:
    f = Findings(Invented(by_case, worlds=1, arms=ARMS, cases=CASES, outcomes=["profit"]))
    assert any("single replication" in line for line in confidence(f))
    assert Page(study_html(f.results)).open == []


def test_few_worlds_are_called_few() -> None:
    f = Findings(Invented(by_case, worlds=3, arms=ARMS, cases=CASES, outcomes=["profit"]))
    assert any("3 worlds are few" in line for line in confidence(f))


# -- factors ------------------------------------------------------------------------------------------------------

FACTORS: dict[str, Any] = {
    "arms": ARMS,
    "outcomes": ["profit"],
    "levers": {"price": {"path": "firms.0.price", "values": [3.0, 4.0, 5.0]}},
    "uncertainties": {"cost": {"path": "firms.0.unit_cost", "values": [0.5, 1.0]}},
    "design": {"kind": "grid"},
}


def additive(point: dict[str, Any], arm: str, outcome: str, replicate: int) -> float:
    gain = {"nothing": 0.0, "card": 10 * point["price"] + 4 * point["cost"], "club": 5.0}[arm]
    return 100 + gain + luck(replicate, 20) + 0.01 * luck(7 + replicate * 13 + len(arm))


def test_main_effects_of_an_additive_world() -> None:
    f = Findings(Invented(additive, **FACTORS))
    assert factors_shown(f) == ["price", "cost"]  # 20 against 2
    levels = response(f, "profit", "card", "price")
    assert [level.place for level in levels] == [3, 4, 5]
    assert [level.mean for level in levels] == pytest.approx([33, 43, 53], abs=0.1)
    assert all(level.low < level.mean < level.high for level in levels)
    assert [level.mean for level in response(f, "profit", "club", "price")] == pytest.approx([5, 5, 5], abs=0.1)


def test_samples_are_binned() -> None:
    asked = FACTORS | {
        "levers": {"price": {"path": "firms.0.price", "low": 3, "high": 5}},
        "uncertainties": {"cost": {"path": "firms.0.unit_cost", "low": 0.5, "high": 1.0}},
        "design": {"kind": "latin_hypercube", "samples": 60},
    }
    f = Findings(Invented(additive, worlds=2, **asked))
    known = levels_of(f, "price")
    assert known.binned and known.number.value_counts().between(9, 11).all()
    assert [level.mean for level in response(f, "profit", "card", "price")] == pytest.approx(
        [10 * place + 3 for place in known.places], abs=0.6
    )


def test_factors_without_an_order() -> None:
    asked = FACTORS | {"levers": {"price": {"path": "behaviour.habit.on", "values": [True, False]}}}
    results = Invented(lambda point, arm, outcome, r: luck(r) + len(arm) + point["price"], **asked)
    known = levels_of(Findings(results), "price")
    assert known.labels == ["True", "False"] and known.places == [0, 1]
    assert Page(study_html(results)).open == []


# -- the page -----------------------------------------------------------------------------------------------------


def kept_customers(results: Invented) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    parts = []
    for replicate in range(4):
        before = rng.poisson(3, 60)
        for arm in results.arms:
            more = (before > 3) * (arm == "club")
            part = {"point": 0, "arm": arm, "replicate": replicate, "customer": range(60), "visits_before": before}
            parts.append(pd.DataFrame(part | {"visits": before + more, "member": more.astype(bool)}))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def whole() -> Invented:
    results = Invented(
        by_case, done=0.9, arms=ARMS, cases={"<b>near</b>": {}, "far": CASES["far"]} | {"near": {}}, keep=["customers"],
        outcomes=["profit", "retention"], question="Card & club?",
    )  # fmt: skip
    results.fail(0, "card", 2, "ValueError: <broken>")
    results.kept = kept_customers(results)
    return results


def test_the_page_is_whole(whole: Invented) -> None:
    text = study_html(whole)
    page = Page(text)
    assert page.open == [] and len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if not link.startswith(("#", "data:"))] == []
    assert "<b>near" not in text and "<broken>" not in text and "Card &amp; club?" in text
    assert [title for level, title in page.headings if level == "h2"] == [
        "How sure is that?", "The arms", "In pictures", "Understanding", "Point by point", "Whom it moves", "Failed runs",
        "What was tried", "Limits", "Provenance",
    ]  # fmt: skip
    said = " ".join("".join(page.words).split())
    assert "Not finished: 65 of 72 runs are done" in said
    assert "1 of 65 runs failed" in said and "ValueError: <broken>" in said and "the card, point 0, replicate 2" in said
    assert "members *" in said and "post-treatment" in said
    wanted = set(re.findall(r"url\(#([^)]+)\)", text))
    assert wanted and wanted <= set(page.ids)


def test_before_the_first_run() -> None:
    results = Invented(by_case, done=0.0, arms=ARMS, cases=CASES, keep=["customers"])
    page = Page(study_html(results))
    assert page.headings[0] == ("h1", "There is nothing to read yet.")


def test_one_arm_one_point() -> None:
    results = Invented(steady(), arms={"nothing": {}}, outcomes=["profit"])
    page = Page(study_html(results))
    assert page.headings[0][1].startswith("Profit: ")
    assert results.plot() is not None


@pytest.mark.slow
def test_a_thousand_points() -> None:
    asked = FACTORS | {
        "levers": {"price": {"path": "firms.0.price", "low": 3, "high": 5}},
        "design": {"kind": "latin_hypercube", "samples": 1000},
    }
    results = Invented(additive, worlds=3, **asked)
    text = study_html(results)
    assert Page(text).open == [] and len(text) < 4_000_000
    assert "The first 40 of 1,000 points" in text


def test_it_is_written_whole(tmp_path: Path) -> None:
    results = Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"])
    path = results.report(tmp_path / "new folder" / "study.html")
    assert path.read_text(encoding="utf-8").endswith("</html>")
    with pytest.raises(StudyError, match="the report cannot be written"):
        results.report(path / "below-a-file.html")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_in_a_browser(whole: Invented, tmp_path: Path, width: int) -> None:
    with shown(whole.report(tmp_path / "report.html"), width) as page:
        assert page.locator("h1").inner_text() == headline(Findings(whole))
        assert page.locator("figure svg").count() == 3
        page.locator("summary", has_text="whole study").click()
        assert page.get_by_text("warm_up: 10").first.is_visible()


# -- what was tried -----------------------------------------------------------------------------------------------


def test_the_design_in_words() -> None:
    results = Invented(additive, **FACTORS)
    text = design_in_words(results)
    assert "200 customers, 40 weeks, 10 of them warm-up" in text
    assert "6 points: every combination of the values below." in text
    assert [(row.name, row.values, row.kind) for row in factor_rows(results)] == [
        ("price", "3, 4, 5", "lever"), ("cost", "0.5, 1", "uncertainty"),
    ]  # fmt: skip
    assert "Arms begin" not in text
    later = Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"], branch_at=25)
    assert "Arms begin in week 25, and outcomes count from then on." in design_in_words(later)
    assert case_rows(Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"])) == [
        ("near", "nothing"), ("far", "firms.0.price: 4"),
    ]  # fmt: skip


def test_levers_of_an_arm_are_shown_as_varied() -> None:
    asked = FACTORS | {
        "arms": {"nothing": {}, "card": {"programmes": [{"kind": "stamp_card"}]}},
        "levers": {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [6, 10]}},
    }
    results = Invented(lambda point, arm, outcome, r: luck(r) + point["stamps"] * (arm == "card"), **asked)
    (card,) = (arm for arm in arms_in_words(results) if arm.name == "card")
    values = {lever.key: lever.value for lever in card.programmes[0].levers}
    assert values["stamps"] == "varied: 6, 10" and "varied" not in values["reward"]


def test_screening_of_many_points() -> None:
    """Of 6 points the card gains in those with a high price only."""
    asked = FACTORS | {"uncertainties": {"cost": {"path": "firms.0.unit_cost", "values": [0.5, 0.75, 1.0]}}}

    def value(point: dict[str, Any], arm: str, outcome: str, replicate: int) -> float:
        gain = 20.0 * (point["price"] == 5) * (arm == "card")
        return gain + luck(replicate, 20) + luck(hash((point["price"], point["cost"])) % 1000 + replicate + len(arm), 1)

    found = discoveries(Findings(Invented(value, **asked)))
    assert "the card above doing nothing in 3, below in 0, not told apart in 6 of 9" in found


def test_what_a_wanted_precision_came_to() -> None:
    asked = {"arms": ARMS, "cases": CASES, "outcomes": ["profit"], "replications": None}
    wanted = {"outcome": "profit", "half_width": 20.0, "batch": 5, "at_most": 8}
    lines = confidence(Findings(Invented(by_case, **asked, precision=wanted)))
    assert any("no wider than ±20" in line and "reached in 2 of 2 cases" in line for line in lines)
    lines = confidence(Findings(Invented(by_case, **asked, precision=wanted | {"half_width": 0.1})))
    assert any("reached in 0 of 2 cases" in line for line in lines)


def test_points_with_more_worlds_than_others() -> None:
    """Averages weigh points alike; what would be said of single worlds is left out."""
    results = Invented(by_case, worlds=12, arms=ARMS, cases=CASES, outcomes=["profit"])
    runs = results.runs
    results.__dict__["runs"] = runs[(runs["point"] == 0) | (runs["replicate"] < 5)]
    f = Findings(results)
    assert not f.even
    means = f.differences("profit").groupby("point").mean()["club"]
    assert f.difference("club", "profit").mean == pytest.approx(means.mean())
    assert all(row.needed == row.worth == "–" for row in sure_rows(f))
    assert "as worlds were added" not in study_html(results)


def test_many_arms_are_rows() -> None:
    arms = {name: {"set": {"firms.0.service": float(x)}} for x, name in enumerate("abcdef", 1)}
    results = Invented(
        lambda p, arm, o, r: luck(r) + len(o), arms={"nothing": {}, **arms}, outcomes=["profit", "share"]
    )
    page = Page(study_html(results))
    said = "|".join(word.strip() for word in page.words if word.strip())
    assert page.open == [] and "|Arm|Profit|Market share|nothing|" in said


def test_what_is_not_done_is_not_counted() -> None:
    results = Invented(
        by_case, arms=ARMS, cases=CASES, outcomes=["profit"], done=17 / 48
    )  # near: all but the club's last 7
    f = Findings(results)
    assert list(f.worlds) == [1] and f.mean("nothing", "profit").mean == results.values("profit")["nothing"].iloc[0]
    assert any("1 of the 2 cases" in line for line in confidence(f))
    alone = Findings(Invented(by_case, arms=ARMS, cases=CASES, outcomes=["profit"], done=8 / 48))
    assert headline(alone) == "No arms can be compared yet." and sentences(alone) == []
    assert Page(study_html(alone.results)).open == []
