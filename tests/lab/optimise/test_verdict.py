from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.lab.optimise.problems import Noisy, at_least, at_most, disc, maximise, minimise, zdt1

from goodwill.lab.optimise.goals import Constraint, Measure
from goodwill.lab.optimise.search import SearchPlan, search
from goodwill.lab.optimise.space import Design, Options, Range, Space
from goodwill.lab.optimise.verdict import FRESH, NoFeasibleDesign, Verdict, VerdictPlan, judge_fresh, welch

SQUARE = Space({"design": {"x": Range(0, 1), "y": Range(0, 1)}})


def list_of(many: int, tag: object = "") -> Space:
    return Space({f"list{tag}": {"x": Options(tuple(range(many)))}})


def pure_luck(tag: object, many: int = 20, replications: int = 5) -> Verdict:
    """Designs that are all worth 0, with noise of standard deviation 1."""
    problem = Noisy(lambda design: {"worth": 0.0}, 1.0)
    found = search(
        list_of(many, tag), [maximise("worth")], [], problem, SearchPlan(trials=many, replications=replications)
    )
    return judge_fresh(found, problem, VerdictPlan(replications=30))


def test_the_search_flatters_by_the_expected_maximum_of_its_luck_and_the_verdict_does_not() -> None:
    """Of 20 equal designs the best of the search looks better by E[max of 20 normals] / sqrt(5), which is 1.867 / 2.236."""
    verdicts = [pure_luck(tag) for tag in range(60)]
    worth = Measure("worth", False)
    gaps = [verdict.gap(verdict.winner, worth)[0] for verdict in verdicts]
    normal = stats.norm()
    expected = 20 * float(normal.expect(lambda x: x * normal.cdf(x) ** 19)) / np.sqrt(5)
    assert expected == pytest.approx(1.867 / np.sqrt(5), abs=1e-3)
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert abs(np.mean(gaps) - expected) < 3 * error
    fresh = [verdict.fresh(verdict.winner, worth)[0] for verdict in verdicts]
    assert abs(np.mean(fresh)) < 3 / np.sqrt(30 * 60)


def test_intervals_cover_whichever_design_is_chosen_by_them() -> None:
    """Simultaneous intervals cover the chosen one at least 95 % of the time; its own 95 % interval would not."""
    verdicts = [pure_luck(f"c{tag}", replications=2) for tag in range(150)]
    worth = Measure("worth", False)
    covered = naive = 0
    for verdict in verdicts:
        assert verdict.chosen is not None and len(verdict.finalists) == 5
        _, low, high = verdict.fresh(verdict.chosen, worth)
        covered += low <= 0 <= high
        values = worth.of(verdict.chosen.fresh, None)
        half = stats.t.ppf(0.975, 29) * values.std(ddof=1) / np.sqrt(30)
        naive += abs(values.mean()) <= half
    assert covered >= 0.95 * len(verdicts)
    assert naive < covered


def test_fresh_replications_are_new_and_the_same_for_all_finalists() -> None:
    problem = Noisy(lambda design: {"worth": 0.0}, 1.0)
    found = search(list_of(8), [maximise("worth")], [], problem, SearchPlan(trials=8, replications=4))
    problem.asked.clear()
    verdict = judge_fresh(found, problem, VerdictPlan(replications=6, finalists=3))
    assert {replicates for _, replicates in problem.asked} == {tuple(range(FRESH, FRESH + 6))}
    assert len(problem.asked) == len(verdict.finalists) == 3
    assert [finalist.rank for finalist in verdict.finalists] == [1, 2, 3]
    assert verdict.winner.rank == 1


def test_the_better_design_overtakes_the_luckier_one() -> None:
    """With a true difference of a tenth of the noise, many fresh replications put right what few got wrong."""
    problem = Noisy(lambda design: {"worth": 0.1 * design.values["x"]}, 1.0)
    for tag in range(40):
        found = search(list_of(6, tag), [maximise("worth")], [], problem, SearchPlan(trials=6, replications=2))
        verdict = judge_fresh(found, problem, VerdictPlan(replications=2000, finalists=6))
        assert verdict.chosen is not None
        assert verdict.chosen.trial.design.values["x"] == 5
        if verdict.winner is not verdict.chosen:
            contest = verdict.contest
            assert not contest.loc[verdict.winner.trial.number, "could_be_best"]
            assert contest.loc[verdict.chosen.trial.number, "probability"] > 0.95
            return
    raise AssertionError("in none of 40 searches was the winner another design")


def test_constraints_that_held_by_luck_are_found_out() -> None:
    problem = Noisy(disc, 0.3)
    found = search(SQUARE, [maximise("sum")], [at_most("square", 1.0)], problem, SearchPlan(trials=60, replications=3))
    verdict = judge_fresh(found, problem, VerdictPlan(replications=400, finalists=8))
    rule = verdict.judge.constraints[0]
    for finalist in verdict.finalists:
        truth = disc(finalist.trial.design)["square"]
        assert truth == pytest.approx(verdict.fresh(finalist, rule.measure)[0], abs=0.1)
        if truth > 1.1:
            assert not verdict.holds(finalist, rule) and verdict.confidence(finalist, rule) < 0.05
        if truth < 0.9:
            assert verdict.holds(finalist, rule) and verdict.confidence(finalist, rule) > 0.95
    assert any(not verdict.feasible(finalist) for finalist in verdict.finalists)
    assert verdict.chosen is None or verdict.feasible(verdict.chosen)


def test_confidence_is_one_minus_the_p_value() -> None:
    problem = Noisy(lambda design: {"worth": 1.0}, 1.0)
    found = search(
        list_of(2), [maximise("worth")], [at_least("worth", -5)], problem, SearchPlan(trials=2, replications=3)
    )
    verdict = judge_fresh(found, problem, VerdictPlan(replications=12))
    finalist = verdict.finalists[0]
    values = finalist.fresh["worth"]
    for bound in (0.5, 1.0, 1.4):
        expected = 1 - stats.ttest_1samp(values, bound, alternative="greater").pvalue
        assert verdict.confidence(finalist, at_least("worth", bound)) == pytest.approx(expected)
        assert verdict.confidence(finalist, at_most("worth", bound)) == pytest.approx(1 - expected)
    constant = Noisy(lambda design: {"worth": 1.0})
    certain = judge_fresh(
        search(list_of(2), [maximise("worth")], [], constant, SearchPlan(trials=2, replications=3)), constant
    )
    rule = Constraint(Measure("worth", False), at_least=1.0)
    assert certain.confidence(certain.finalists[0], rule) == 1.0


def test_the_baseline_stands_for_a_second_try_and_differences_are_paired() -> None:
    """A programme that costs 1: doing nothing is best, and the pairing removes the luck that worlds share."""

    class Shared(Noisy):
        def luck(self, design: Design, name: str, replicates: object) -> np.ndarray:
            return super().luck(Design("world"), name, replicates)  # type: ignore[arg-type]

    problem = Shared(lambda design: {"profit": -1.0 - design.values.get("x", -1.0)}, 50.0)
    goal = maximise("profit")
    paired = type(goal)(Measure("profit", True), True)
    found = search(list_of(6), [paired], [], problem, SearchPlan(trials=7, replications=3), baseline=Design("nothing"))
    verdict = judge_fresh(found, problem, VerdictPlan(replications=5, finalists=2))
    assert verdict.chosen is not None and verdict.chosen.trial.design == Design("nothing")
    second = next(f for f in verdict.finalists if f.rank == 2)
    assert verdict.fresh(second, paired.measure) == pytest.approx((-1.0, -1.0, -1.0))


def test_no_feasible_design_says_what_came_nearest() -> None:
    found = search(
        SQUARE, [maximise("sum")], [at_least("sum", 3.0)], Noisy(disc), SearchPlan(trials=30, replications=2)
    )
    words = r"none of 30 designs .* Trial \d+ came nearest, design \(x .*sum is 1\.\d+ and has to be at least 3"
    with pytest.raises(NoFeasibleDesign, match=words):
        judge_fresh(found, Noisy(disc))


def test_a_front_is_tried_again_and_measured() -> None:
    cube = Space({"design": {f"x{k}": Range(0, 1) for k in range(3)}})
    problem = Noisy(zdt1, 0.1)
    found = search(cube, [minimise("first"), minimise("second")], [], problem, SearchPlan(trials=80, replications=3))
    verdict = judge_fresh(found, problem, VerdictPlan(replications=100, finalists=8))
    assert len(verdict.finalists) == 8 and verdict.several
    front, stays = verdict.on_front(), verdict.stays()
    truth = -np.array([list(zdt1(f.trial.design).values()) for f in verdict.finalists])
    assert np.abs(verdict.scores() - truth).max() < 0.05
    assert front.any() and stays[front].min() > 0.2
    volumes = verdict.volumes()
    flattered, fresh = volumes["search"][0], volumes["fresh"]
    assert fresh[1] <= fresh[0] <= fresh[2]
    assert flattered > fresh[2], "a front picked from noise looks larger than it is"


def test_welch_is_the_textbook_interval() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(1, 1, 8), rng.normal(0, 3, 20)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    gap, low, high = welch(a, b)
    assert (gap, low, high) == pytest.approx((a.mean() - b.mean(), expected.low, expected.high))
    assert welch([1.0, 1.0], [0.0, 0.0]) == (1.0, 1.0, 1.0)
    assert np.isnan(welch([1.0], [0.0, 1.0])[1])
