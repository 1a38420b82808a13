"""The table in a terminal and in a notebook."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from goodwill.accounts.ledger import ACCOUNTS
from goodwill.lab.comparison import Comparison
from goodwill.report import numbers
from goodwill.report.rows import SHOWN, account_rows, outcome_rows
from goodwill.report.verdict import Verdict


def printed(comparison: Comparison, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(comparison.table())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_it_fits_and_loses_nothing(compared: Comparison, width: int) -> None:
    text = printed(compared, width)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in text
    words = " ".join(text.split())
    assert Verdict(compared).headline in words
    for row in [*outcome_rows(compared), *account_rows(compared)]:
        assert row.label in words
        for cell in row.cells:
            assert cell.text in text
            for part in cell.below.split(" to "):
                assert part in text


def test_the_decision_comes_first(compared: Comparison) -> None:
    assert " ".join(printed(compared, 100).split()).startswith(Verdict(compared).headline)


def test_colour_marks_what_is_clear(compared: Comparison) -> None:
    console = Console(width=120, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(compared.table())
    assert isinstance(console.file, io.StringIO)
    assert "\x1b[" in console.file.getvalue()
    assert "\x1b[" not in str(compared.table())


def test_rows(compared: Comparison) -> None:
    rows = {row.label: row for row in outcome_rows(compared)}
    assert list(rows)[0] == "Incremental profit"
    for label in (
        "Retention",
        "Repeat rate",
        "Market share",
        "Revenue",
        "Programme cost",
        "Profit",
        "ROI",
        "Given anyway",
    ):
        assert label in rows, label
    arms = list(compared.arms)
    card = arms.index("stamp card")
    assert rows["Profit"].cells[card].text == numbers.money(compared.value("stamp card", "profit"))
    assert rows["Incremental profit"].cells[arms.index("nothing")].text == numbers.DASH
    assert len(SHOWN) == 11


def test_accounts_add_up(compared: Comparison) -> None:
    means = compared.accounts.groupby(["arm", "account"])["amount"].mean()
    for arm in compared.arms:
        assert sum(means[arm]) == pytest.approx(compared.value(arm, "profit"))
    labels = [row.label.lower() for row in account_rows(compared)]
    assert labels[-1] == "profit"
    assert [label for label in ACCOUNTS if label in labels] == labels[:-1]


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_notebook_shows_it(compared: Comparison) -> None:
    text = compared.table()._repr_html_()
    parser = Cells()
    parser.feed(text)
    assert parser.open == []
    assert parser.tags.count("table") == 2
    assert "<script" not in text
    assert Verdict(compared).headline.replace("<", "&lt;").split("&")[0] in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numbers.money(-1234.4), "\u22121,234"),
        (numbers.money(0.004, True), "0.00"),
        (numbers.money(-0.001), "0.00"),
        (numbers.money(3.14159, True), "+3.14"),
        (numbers.money(float("nan")), numbers.DASH),
        (numbers.percent(0.4567), "45.7\u202f%"),
        (numbers.points(0.0123), "+1.23"),
        (numbers.points(-0.00001), "0.00"),
        (numbers.count(1e6), "1,000,000"),
        (numbers.times(199.4), "199"),
        (numbers.times(2.44), "2.4"),
        (numbers.by_unit(0.02, "share", True), "+2.00"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert text == expected
