"""The words follow the numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from goodwill.lab.comparison import Comparison
from goodwill.report.difference import Difference, difference
from goodwill.report.uncertainty import uncertainty_rows, worlds_enough
from goodwill.report.verdict import Verdict, named

Maker = Callable[..., Comparison]
NOISE = [3.0, -2.0, 1.0, -1.0, 2.0, -3.0]
BASE = [1000.0 + 50 * x for x in NOISE]


def shifted(by: float, noise: float = 1.0) -> list[float]:
    return [base + by + noise * x for base, x in zip(BASE, NOISE[::-1], strict=True)]


def test_a_clear_winner(make: Maker) -> None:
    verdict = Verdict(make({"nothing": BASE, "card": shifted(100), "club": shifted(50)}))
    assert verdict.headline == "The card is the best choice for Alpha."
    assert "+100 EUR a year [95 %: +98 to +102] (+10.0\u202f% of profit) against doing nothing" in verdict.text
    assert "ahead in all 6 simulated worlds" in verdict.text
    assert "Next comes the club, 50 EUR a year behind, a clear difference." in verdict.text
    assert verdict.decided


def test_two_that_cannot_be_told_apart(make: Maker) -> None:
    c = make({"nothing": BASE, "card": shifted(100), "club": shifted(99, 20)})
    verdict = Verdict(c)
    assert verdict.headline == "The card looks best for Alpha, but not clearly better than the club."
    assert "not a clear difference" in verdict.text
    assert not verdict.decided
    (line, *_) = worlds_enough(c)
    assert line.startswith("6 worlds do not tell the card from the club; ")


def test_none_pays(make: Maker) -> None:
    verdict = Verdict(make({"nothing": BASE, "card": shifted(-100), "club": shifted(-50)}))
    assert verdict.headline == "Launch none of them: doing nothing earns Alpha most."
    assert "All 2 designs clearly lose money; the club loses least: \u221250 EUR a year" in verdict.text
    assert "behind in all 6 simulated worlds" in verdict.text


def test_none_clearly_loses(make: Maker) -> None:
    verdict = Verdict(make({"nothing": BASE, "card": shifted(-0.1, 20)}))
    assert verdict.headline == "No clear winner: doing nothing and the card cannot be told apart."


def test_one_world_in_which_everything_is_equal(make: Maker) -> None:
    c = make({"nothing": BASE, "card": list(BASE)})
    assert Verdict(c).text
    assert uncertainty_rows(c)[0].needed == "no difference to find"


def test_a_baseline_alone(make: Maker) -> None:
    verdict = Verdict(make({"nothing": BASE}))
    assert verdict.text == "There is nothing to choose from."
    assert verdict.confidence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ([0.02, 0.021, 0.019] * 2, "raises retention: 50.0\u202f% to 52.0\u202f%, +2.00 points"),
        ([-0.02, -0.021, -0.019] * 2, "lowers retention: 50.0\u202f% to 48.0\u202f%, \u22122.00 points"),
        ([0.02, -0.02, 0.0] * 2, "does not clearly change retention"),
    ],
)
def test_retention(make: Maker, change: list[float], words: str) -> None:
    c = make({"nothing": BASE, "card": shifted(5)}, {"card": [0.5 + x for x in change]})
    assert words in Verdict(c).text


def test_a_run_too_short_for_retention_speaks_of_repeat_rates(make: Maker) -> None:
    c = make({"nothing": BASE, "card": shifted(5)}, {"card": [float("nan")] * 6})
    assert "the repeat rate" in Verdict(c).text


def test_what_would_change_it(make: Maker) -> None:
    def lines(by: float, cost: float) -> str:
        return " ".join(Verdict(make({"nothing": BASE, "card": shifted(by)}, cost=cost)).would_change_it)

    # costs 40, so that its extra sales earn 40 - 20 = 20: they would have to be twice as large
    assert "the card 2.0 times (its extra sales earn 20 EUR a year and it costs 40 EUR)" in lines(-20, 40)
    assert "the card at 50\u202f% of it (its extra sales earn 40 EUR a year and it costs 20 EUR)" in lines(20, 20)
    assert "The card sells no more than doing nothing" in lines(-30, 20)


def test_worlds_needed() -> None:
    # half-width 10 with 4 worlds falls as the root of their number: 5 with 16
    assert Difference(5.0, -5.0, 15.0, 3, 4).worlds_needed() == 16
    assert Difference(0.001, -10.0, 10.0, 2, 4).worlds_needed() is None
    assert Difference(0.0, 0.0, 0.0, 0, 4).worlds_needed() is None
    assert not Difference(0.0, 0.0, 0.0, 0, 4).clear


def test_difference_is_paired(make: Maker) -> None:
    found = difference(make({"nothing": BASE, "card": shifted(7, 0)}), "card", "nothing", "profit")
    assert (found.mean, found.low, found.high, found.ahead) == (7, 7, 7, 6)


def test_names_in_a_sentence() -> None:
    assert named("nothing", True) == "Doing nothing"
    assert named("stamp card") == "the stamp card"
    assert named("Plan B2") == "‘Plan B2’"
