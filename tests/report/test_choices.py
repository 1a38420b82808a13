"""The report says who chose what when strategies play, and nothing of it otherwise."""

from __future__ import annotations

from goodwill.lab.compare import compare
from goodwill.lab.comparison import Comparison
from goodwill.report.html import report_html
from goodwill.scenario.scenario import Scenario


def test_choices_are_in_the_report(market: Scenario) -> None:
    card = {"kind": "stamp_card", "stamps": 6, "reward": 4.0}
    answering = market.with_({"firms.1.strategy": {"kind": "match_programme", "delay": 4}, "firms.1.options": [card]})
    compared = compare(answering, {"nothing": [], "stamps": {"programmes": [card]}}, replications=2, workers=1)
    page = report_html(compared)
    assert "Who chose what, when, and what it earned" in page
    assert "launch stamp_card (option 0)" in page and "answers stamp_card" in page
    assert (
        page.count('aria-label="Choices in') == 2
    )  # a table and its frame, of the one arm in which there is something to answer


def test_without_strategies_there_is_no_such_section(compared: Comparison) -> None:
    assert "Who chose what" not in report_html(compared)
