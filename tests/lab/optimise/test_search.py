from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.lab.optimise.problems import Noisy, at_least, at_most, bowl, disc, maximise, minimise, zdt1

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.optimise.pareto import hypervolume
from goodwill.lab.optimise.search import EVERY, Evaluation, Search, SearchPlan, search
from goodwill.lab.optimise.space import Design, Options, Range, Space

CUBE = Space({"design": {f"x{k}": Range(0, 1) for k in range(4)}})
SQUARE = Space({"design": {"x": Range(0, 1), "y": Range(0, 1)}})
PLAN = SearchPlan(trials=60, replications=5)


def best(found: Search) -> Design:
    return max(found.feasible, key=lambda trial: float(found.judge.scores(trial.outcomes)[0])).design


def designs(found: Search) -> list[Design]:
    return [trial.design for trial in found.trials]


def test_it_comes_near_a_known_optimum_and_nearer_than_random_search() -> None:
    """Means over seeds, for a single search may be lucky; the function without its noise is the judge."""
    off = {
        sampler: np.mean(
            [
                -bowl(best(search(CUBE, [maximise("height")], [], Noisy(bowl, 0.1),
                                  SearchPlan(trials=60, replications=5, sampler=sampler, seed=seed))))["height"]
                for seed in range(6)
            ]
        )
        for sampler in ("tpe", "random")
    }  # fmt: skip
    assert off["tpe"] < 0.06
    assert off["tpe"] < 0.6 * off["random"]


def covered(found: Search) -> float:
    """Hypervolume without noise."""
    points = [list(zdt1(trial.design).values()) for trial in found.feasible]
    return hypervolume(-np.array(points), np.array([-1.1, -10.0]))


def test_a_known_front_is_covered_better_than_by_random_search() -> None:
    goals = [minimise("first"), minimise("second")]
    volume = {
        sampler: np.mean(
            [covered(search(CUBE, goals, [], Noisy(zdt1, 0.05), SearchPlan(trials=80, replications=4, sampler=sampler, seed=seed)))
             for seed in range(4)]
        )
        for sampler in ("tpe", "nsga2", "random")
    }  # fmt: skip
    whole = 1.1 * 10 - 1 / 3  # all but what lies below the front: the integral of 1 - sqrt
    assert volume["random"] < volume["nsga2"] < whole
    assert volume["random"] < volume["tpe"] < whole
    assert volume["tpe"] > 0.92 * whole


def test_a_constraint_is_sought_out() -> None:
    found = search(
        SQUARE, [maximise("sum")], [at_most("square", 1.0)], Noisy(disc, 0.01), SearchPlan(trials=80, replications=5)
    )
    top = disc(best(found))
    assert top["square"] <= 1.03
    assert top["sum"] == pytest.approx(np.sqrt(2), abs=0.06)
    infeasible = [t for t in found.trials if not found.judge.feasible(t.outcomes)]
    assert infeasible, "trials outside are kept"
    assert all(found.judge.violations(t.outcomes)[0] > 0 for t in infeasible)
    near = [t for t in found.trials if 0.7 < disc(t.design)["square"] < 1.3]
    assert len(near) > 0.5 * len(found.trials), "most of the search goes to the edge (by chance 38 % would)"


def test_the_arm_is_a_choice_with_levers_of_its_own() -> None:
    def height(design: Design) -> dict[str, float]:
        x = design.values
        return {
            "height": -((x["x"] - 0.2) ** 2) if design.arm == "low" else 1 - (x["y"] - 0.7) ** 2 - (x["z"] - 0.1) ** 2
        }

    space = Space({"low": {"x": Range(0, 1)}, "high": {"y": Range(0, 1), "z": Range(0, 1)}})
    found = search(space, [maximise("height")], [], Noisy(height, 0.02), PLAN)
    top = best(found)
    assert top.arm == "high"
    assert abs(top.values["y"] - 0.7) < 0.15 and abs(top.values["z"] - 0.1) < 0.15
    many = sum(design.arm == "high" for design in designs(found))
    assert 0.6 * len(found.trials) < many < len(found.trials), "most of the search goes to the better arm, not all"


def test_every_trial_has_the_same_replications_and_no_design_is_tried_twice() -> None:
    problem = Noisy(bowl, 0.1)
    space = Space({"design": {"x": Options(tuple(range(40))), "y": Range(1, 3, integer=True)}})
    found = search(space, [maximise("height")], [], problem, SearchPlan(trials=50, replications=3))
    assert {replicates for _, replicates in problem.asked} == {(0, 1, 2)}
    assert len(set(designs(found))) == len(found.trials) == len(problem.asked) == 50
    assert [trial.number for trial in found.trials] == list(range(50))


def test_the_same_question_gives_the_same_search_and_another_seed_another() -> None:
    first, second = (search(SQUARE, [maximise("height")], [], Noisy(bowl, 0.1), PLAN) for _ in range(2))
    other = search(SQUARE, [maximise("height")], [], Noisy(bowl, 0.1), SearchPlan(trials=60, replications=5, seed=2))
    assert designs(first) == designs(second) != designs(other)


def test_a_space_no_larger_than_the_search_is_tried_whole() -> None:
    space = Space({"a": {"x": Range(1, 5, integer=True)}, "b": {"y": Options(("low", "high"))}})
    found = search(space, [maximise("h")], [], Noisy(lambda d: {"h": 0.0}), SearchPlan(trials=20, replications=2))
    assert found.sampler == EVERY and found.exhausted
    assert designs(found) == list(space.designs())


def test_baseline_and_starts_come_first_and_count() -> None:
    problem = Noisy(bowl)
    starts = [Design.of("design", {"x": 0.5, "y": 0.5}), Design.of("design", {"x": 7.0, "y": 0.5})]
    found = search(
        SQUARE, [maximise("height")], [], problem, SearchPlan(trials=12, replications=2), starts, Design("nothing")
    )
    assert [trial.origin for trial in found.trials[:4]] == ["baseline", "as written", "as written", "search"]
    assert designs(found)[:3] == [Design("nothing"), *starts]  # one of them outside the levers' bounds
    assert len(found.trials) == 12


def test_designs_that_cannot_be_run_are_kept_with_the_reason_and_do_not_count() -> None:
    def evaluate(wanted: Sequence[Design], replicates: Sequence[int]) -> list[Evaluation]:
        good = Noisy(bowl, 0.05)
        return [
            Evaluation(problem="x has to be smaller than y")
            if d.values["x"] >= d.values["y"]
            else good([d], replicates)[0]
            for d in wanted
        ]

    found = search(SQUARE, [maximise("height")], [], evaluate, PLAN)
    failed = [trial for trial in found.trials if not trial.ran]
    assert sum(trial.ran for trial in found.trials) == PLAN.trials
    assert failed and {trial.problem for trial in failed} == {"x has to be smaller than y"}
    assert len(failed) < 40, "the search learns where designs cannot be run (half the square)"


def test_values_that_are_not_numbers_are_a_reason() -> None:
    def height(design: Design) -> dict[str, float]:
        return {"height": float("nan") if design.values["x"] > 0.5 else bowl(design)["height"]}

    found = search(SQUARE, [maximise("height")], [], Noisy(height), SearchPlan(trials=20, replications=3))
    assert {t.problem for t in found.trials if not t.ran} == {"height is not a number in 3 of 3 replications"}
    assert all((t.design.values["x"] > 0.5) != t.ran for t in found.trials)


def test_a_hopeless_question_ends_early() -> None:
    asked: list[Design] = []

    def evaluate(wanted: Sequence[Design], replicates: Sequence[int]) -> list[Evaluation]:
        asked.extend(wanted)
        return [Evaluation(problem="no such programme") for _ in wanted]

    with pytest.raises(StudyError, match=r"none of 20 designs can be run.*no such programme"):
        search(SQUARE, [maximise("height")], [], evaluate, SearchPlan(trials=100, replications=2))
    assert len(asked) <= 24
    with pytest.raises(StudyError, match=r"the baseline \(nothing\) cannot be run: no such programme"):
        search(
            SQUARE,
            [maximise("height")],
            [],
            evaluate,
            SearchPlan(trials=100, replications=2),
            baseline=Design("nothing"),
        )


def test_unknown_sampler() -> None:
    with pytest.raises(ScenarioError, match="sampler.*annealing.*tpe"):
        search(
            SQUARE, [maximise("height")], [], Noisy(bowl), SearchPlan(trials=20, replications=2, sampler="annealing")
        )


def test_a_gaussian_process_needs_pytorch_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StudyError, match="gp needs PyTorch, which is not installed; install torch, or choose tpe"):
        search(SQUARE, [maximise("height")], [], Noisy(bowl), SearchPlan(trials=20, replications=2, sampler="gp"))


def test_a_gaussian_process_comes_near_a_known_optimum() -> None:
    pytest.importorskip("torch", reason="the sampler gp needs PyTorch")
    found = search(
        SQUARE, [maximise("height")], [], Noisy(bowl, 0.05), SearchPlan(trials=40, replications=5, sampler="gp")
    )
    assert -bowl(best(found))["height"] < 0.02


def test_one_watches_it_grow() -> None:
    seen: list[int] = []
    search(SQUARE, [maximise("height")], [at_least("height", -9)], Noisy(bowl), SearchPlan(trials=20, replications=2, batch=8),
           watch=lambda found: seen.append(len(found.trials)))  # fmt: skip
    assert seen == [8, 16, 20]
