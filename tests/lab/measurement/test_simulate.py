"""Data sets with their truth: the worlds are paired, the truth adds up, what the analyst gets is what the market did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.accounts.ledger import REVENUE_ACCOUNTS
from goodwill.errors import StudyError
from goodwill.lab.measurement.data import Windows
from goodwill.lab.measurement.estimators.randomised import hold_out
from goodwill.lab.measurement.estimators.simple import members_against_others
from goodwill.lab.measurement.simulate import Design, Watched
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

CARD = {"kind": "stamp_card", "stamps": 6, "reward": 3.6, "cost_share": 0.4}
CLUB = {"kind": "paid_club", "fee": 3.0, "months": 3.0, "discount": 0.1, "member_cost": 4.0}
MONTHS: dict[str, Any] = {"before": 4, "enrolment": 2, "follow_up": 4}


def world(**changes: Any) -> Scenario:
    return Scenario.preset("coffee-town").with_(changes, customers=500, warm_up=20)


def design(programme: Any = CARD, **changes: Any) -> Design:
    return Design.of(world(**changes), programme, firm=1, **MONTHS)


def test_before_the_launch_both_worlds_are_one() -> None:
    sample = design().run()["purchases"]
    launch = sample.data.windows.launch
    np.testing.assert_array_equal(sample.data.outcome[:, :launch], sample.truth.without[:, :launch])
    assert sample.truth.effect.any()


def test_windows_are_months_about_the_launch() -> None:
    assert design().windows == Windows(begin=3, launch=20, follow=29, end=46, periods_per_year=52)


def test_the_truth_is_the_difference_between_the_worlds() -> None:
    sample = design().run()["purchases"]
    data, truth = sample.data, sample.truth
    gap = data.after - sample.placebo.after
    np.testing.assert_allclose(truth.effect, gap)
    assert truth.att == pytest.approx(gap[data.member].mean())
    everybody = truth.ate * data.offered.sum() + truth.spillover * (~data.offered).sum()
    assert everybody == pytest.approx(gap.sum())


def test_of_a_placebo_nothing_is_true_but_membership() -> None:
    sample = design().run()["purchases"]
    np.testing.assert_array_equal(sample.placebo.joined, sample.data.joined)
    assert members_against_others(sample.placebo).value != members_against_others(sample.data).value


def test_without_talk_who_is_held_out_is_not_touched() -> None:
    quiet = {f"behaviour.{name}.on": False for name in ("word_of_mouth",)}
    truth = design(**quiet).run()["purchases"].truth
    assert not truth.effect[~truth.offered].any()
    assert truth.effect[truth.member].any()


def test_nobody_who_is_held_out_is_a_member_and_joins_are_after_the_launch() -> None:
    data = design().run()["purchases"].data
    assert not data.member[~data.offered].any()
    assert 0.15 < (~data.offered).mean() < 0.45
    assert (data.joined[data.member] >= data.windows.launch).all()


def test_on_file_are_the_buyers_before_the_launch() -> None:
    one = design()
    data = one.run()["purchases"].data
    simulation = Simulation(one.without, threads=1)
    simulation.advance(one.windows.begin)
    early = simulation.population.customers.visits[1].copy()
    simulation.advance(one.windows.launch - one.windows.begin)
    bought = simulation.population.customers.visits[1] - early
    np.testing.assert_array_equal(data.customer, np.flatnonzero(bought))
    np.testing.assert_array_equal(data.frequency, bought[bought > 0])


def test_recency_and_the_customer_table_by_hand() -> None:
    data = design().run()["purchases"].data
    table = data.customers
    w = data.windows
    for row in table.head(30).itertuples():
        bought = np.flatnonzero(data.purchases[row.Index, w.begin : w.launch])
        assert row.recency == w.launch - w.begin - 1 - bought[-1]
        after = data.purchases[row.Index, w.follow : w.end].sum() * 52 / (w.end - w.follow)
        assert row.after == pytest.approx(after)
        assert row.spent == pytest.approx(data.spend[row.Index, w.begin : w.launch].sum())


@pytest.mark.parametrize("programme", [CARD, CLUB, {**CLUB, "fee": 2.0, "months": 1.0}])
def test_contribution_is_what_the_ledger_says(programme: dict[str, Any]) -> None:
    """All customers' contribution is the firm's revenue and fees less goods, rewards and membership, as its books have them."""
    one = design(programme)
    watched = Watched(one.with_it, one.firm, 0, True)
    watched.run(one.rows(watched.simulation))
    record = Record.of(watched.simulation)
    accounts = (*REVENUE_ACCOUNTS, "cost of goods", "rewards", "programme, members")
    book = sum(record.book[name][:, one.firm].sum() for name in accounts) / 100
    # Quantities are recorded in thousandths of a unit, and the books round to whole cents.
    assert watched.outcome("contribution").sum() == pytest.approx(book, rel=1e-3)
    assert abs(watched.outcome("revenue").sum() - book) > 0.05 * book


def test_the_same_seed_gives_the_same_data() -> None:
    one, two = design().run(replicate=3)["purchases"], design().run(replicate=3)["purchases"]
    np.testing.assert_array_equal(one.data.outcome, two.data.outcome)
    assert (design().run(replicate=4)["purchases"].data.customer.size, 0) != (0, 0)


def test_a_programme_keeps_its_own_hold_out() -> None:
    data = design({**CARD, "holdout": 0.6}).run()["purchases"].data
    assert 0.5 < (~data.offered).mean() < 0.7
    language = {"kind": "programme", "earn": {"per_purchase": 1}, "burn": {"rewards": [{"credits": 6, "value": 3}]}}
    assert 0.2 < (~design(language).run()["purchases"].data.offered).mean() < 0.4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"before": 9}, "warm_up to 39 or more"),
        ({"follow_up": 0.05}, "less than a week"),
    ],
)
def test_windows_that_do_not_fit_are_explained(change: dict[str, float], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        Design.of(world(), CARD, firm=1, **{**MONTHS, **change})


def test_what_cannot_be_measured_is_explained() -> None:
    with pytest.raises(StudyError, match="2 programmes"):
        design([CARD, CLUB])
    with pytest.raises(StudyError, match="leave it out"):
        design({**CARD, "start": 5})
    with pytest.raises(StudyError, match="'service' has no members"):
        design({"kind": "service", "gain": 0.5}).run()
    with pytest.raises(StudyError, match="known are purchases, revenue, contribution"):
        design().run(("profit",))


def test_those_told_less_join_less_and_so_encourage_the_comparison() -> None:
    """With `holdout_visibility` nobody is kept out: the group is an encouragement to the others, an instrument for membership."""
    card = {"kind": "programme", "earn": {"per_purchase": 1}, "burn": {"rewards": [{"credits": 6, "value": 3}]}}
    terms = {**card, "join": {"holdout": 0.5, "holdout_visibility": 0.1}}
    data = design(terms, **{"behaviour.programmes.exposure": 0.05}).run()["purchases"].data
    told, hidden = data.member[data.offered].mean(), data.member[~data.offered].mean()
    assert 0 < hidden < told
    assert hold_out(data).notes["first_stage"] > 5
