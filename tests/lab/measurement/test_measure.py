"""Measurements from file to table: what is asked is run once, kept, and judged with its error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.errors import GoodwillError, StudyError
from goodwill.lab.measurement.data import Data
from goodwill.lab.measurement.estimate import Estimate
from goodwill.lab.measurement.performance import performance, wilson
from goodwill.lab.measurement.question import Question
from goodwill.lab.measurement.results import Measured
from goodwill.lab.measurement.run import measure

SMALL: dict[str, Any] = {
    "name": "small", "scenario": "coffee-town", "set": {"customers": 400, "warm_up": 20}, "firm": 1,
    "arms": {"card": {"programmes": [{"kind": "stamp_card", "stamps": 6, "reward": 3.6}]}},
    "cases": {"talk": {}, "no talk": {"set": {"behaviour.word_of_mouth.on": False}}},
    "estimators": ["naive", "holdout", "offer"], "data": {"before": 4, "enrolment": 1, "follow_up": 4}, "replications": 4,
}  # fmt: skip
FILE = """\
name: small
scenario: coffee-town
set: {customers: 300, warm_up: 20}
firm: Bridge
arms: {card: {programmes: [{kind: stamp_card, stamps: 6}]}}
estimators: {naive: , mine: "mine.py:estimate"}
data: {before: 4, enrolment: 1, follow_up: 4}
replications: 3
"""
MINE = """\
from goodwill.lab.measurement.estimate import Estimate

def estimate(data):
    \"\"\"twice what it should be\"\"\"
    t = data.customers
    return Estimate.normal(2 * t.loc[t.member, "after"].mean(), 1.0)
"""


def nil(data: Data) -> Estimate:
    """always nil"""
    return Estimate(0.0, -1.0, 1.0)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure(SMALL, {"nil": nil}, folder=tmp_path_factory.mktemp("measured"), workers=1)


def test_tables_have_a_row_for_everything_asked(measured: Measured) -> None:
    assert len(measured.runs) == 2 * 4
    assert measured.runs["error"].isna().all()
    assert len(measured.truths) == 2 * 4
    assert len(measured.estimates) == 2 * 4 * 4 * 2
    assert list(measured.performance["estimator"][:4]) == ["naive", "holdout", "offer", "nil"]
    assert list(measured.performance["case"].unique()) == ["talk", "no talk"]


def test_the_table_is_what_the_estimates_say(measured: Measured) -> None:
    row = measured.performance.query("case == 'talk' and estimator == 'naive'").iloc[0]
    estimates = measured.estimates.query("case == 'talk' and estimator == 'naive' and data == 'real'").set_index("run")
    truths = measured.truths.query("case == 'talk'").set_index("run")
    error = estimates["value"] - truths["att"]
    assert row["bias"] == pytest.approx(error.mean())
    assert row["relative"] == pytest.approx(error.mean() / truths["att"].mean())
    assert row["rmse"] == pytest.approx(np.sqrt((error**2).mean()))
    never = measured.performance.query("estimator == 'nil'")
    assert (never["rejected"] == 0).all()
    assert never["bias"].to_numpy() == pytest.approx(-never["truth"].to_numpy())


def test_an_estimator_is_held_against_what_it_claims(measured: Measured) -> None:
    table = measured.performance.set_index(["case", "estimator"])
    assert table.loc[("talk", "offer"), "truth"] == pytest.approx(measured.truths.query("case == 'talk'")["ate"].mean())


def test_no_talk_no_spillover(measured: Measured) -> None:
    assert (measured.truths.query("case == 'no talk'")["spillover"] == 0).all()


def test_going_on_does_what_is_missing_and_workers_change_nothing(measured: Measured, tmp_path: Path) -> None:
    part = measure({**SMALL, "replications": 2}, {"nil": nil}, folder=tmp_path, workers=1)
    assert len(part.runs) == 4
    whole = measure(SMALL, {"nil": nil}, folder=tmp_path, workers=2)
    for name in ("truths", "estimates"):
        one, other = (getattr(m, name).sort_values(["run", *(["data", "estimator"] if name == "estimates" else [])])
                      for m in (whole, measured))  # fmt: skip
        assert one.reset_index(drop=True).equals(other.reset_index(drop=True))
    assert Measured.load(tmp_path).performance.equals(whole.performance)


def test_the_figure_and_the_page(measured: Measured) -> None:
    from goodwill.report.measurement import report_html, sentences

    axes = measured.plot().axes
    assert len(axes) == 2
    for on, truth in zip(axes, measured.truths.groupby("point")["att"].mean(), strict=True):
        low, high = on.get_xlim()
        assert low < truth < high
    page = report_html(measured)
    assert "members against others" in page
    assert "times the true effect" in sentences(measured, "purchases")[0]
    with pytest.raises(StudyError, match="was not measured"):
        measured.plot("revenue")


def test_wilson_by_hand() -> None:
    """Newcombe (1998), table I: 15 of 148 gives .0624 to .1605; 0 of 20 gives 0 to .1611."""
    assert wilson(15, 148) == pytest.approx((15 / 148, 0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0, 0.1611), abs=5e-5)
    assert np.isnan(wilson(0, 0)[0])


def test_performance_of_normal_estimates() -> None:
    """An unbiased normal estimate with a right error has coverage .95 and size .05; a shifted one the bias put in."""
    rng = np.random.default_rng(0)
    noise, other = rng.standard_normal((2, 4000))
    truth = np.full(4000, 5.0)
    right = performance(5 + noise, 5 + noise - 1.96, 5 + noise + 1.96, truth, other - 1.96, other + 1.96)
    assert right.bias_low < 0 < right.bias_high
    assert right.coverage_low < 0.95 < right.coverage_high
    assert right.rejected_low < 0.05 < right.rejected_high
    assert abs(right.rmse - 1) < 4 * right.rmse_error
    wrong = performance(7 + noise, 7 + noise - 1.96, 7 + noise + 1.96, truth, other, other + 1)
    assert abs(wrong.relative - 0.4) < 0.02
    assert wrong.coverage == pytest.approx(0.484, abs=0.03)  # Phi(-.04) - Phi(-3.96)


def test_what_an_estimator_cannot_say_is_counted_and_left_out() -> None:
    nan = float("nan")
    rows = ([1.0, nan, 3.0], [0.0, nan, 2.0], [2.0, nan, 4.0], [1.0, 1.0, 1.0], [nan] * 3, [nan] * 3)
    found = performance(*(np.array(row) for row in rows))
    assert (found.trials, found.missing, found.bias, found.coverage) == (3, 1, 1.0, 0.5)
    assert np.isnan(found.rejected)


def test_a_file_with_a_function_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    result = CliRunner().invoke(
        app, ["measure", str(tmp_path / "m.yaml"), "-o", str(tmp_path / "out"), "--workers", "2", "--quiet"]
    )
    assert result.exit_code == 0, result.output
    assert "members against others" in result.stdout and "mine" in result.stdout
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {
        "report.html",
        "performance.csv",
        "purchases.png",
        "manifest.json",
    }
    assert Measured.load(tmp_path / "out").summaries["mine"] == "twice what it should be"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"estimators": ["naiv"]}, "did you mean 'naive'"),
        ({"estimators": {"mine": "mine.py"}}, "FILE.py:FUNCTION"),
        ({"estimators": "naive"}, "list names"),
        ({"outcomes": ["profits"]}, "known are purchases"),
        ({"data": {"hold_out": 0.2}}, "did you mean 'holdout'"),
        ({"data": {"before": 12}}, "warm_up to 52"),
        ({"replications": 1}, "from 2 on"),
        ({"branch_at": 10}, "the launch is the end of the warm-up"),
        ({"budget": "3%"}, "scale it in a study first"),
        ({"arms": {"nothing": {}}}, "nothing to measure"),
        ({"arms": {"two": {"programmes": [{"kind": "stamp_card"}, {"kind": "points"}]}}}, "arm 'two': 2 programmes"),
        ({"senario": "x"}, "unknown key"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(GoodwillError, match=words):
        measure({**SMALL, **change}, workers=1)


def test_an_estimator_that_fails_is_blamed_in_its_row(tmp_path: Path) -> None:
    def broken(data: Data) -> Estimate:
        """breaks"""
        raise ZeroDivisionError("no")

    found = measure({**SMALL, "replications": 2}, {"broken": broken}, folder=tmp_path, workers=1)
    assert found.runs["error"].str.contains("estimator 'broken' failed: ZeroDivisionError").all()
    with pytest.raises(StudyError, match="no finished trial"):
        _ = found.estimates


def test_a_question_can_be_read_again() -> None:
    question = Question.of(SMALL)
    again = Question.of(question.to_dict())
    assert again.to_dict() == question.to_dict()
