"""Arms share their past: it is run once, and the numbers are those of whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from goodwill.lab.jobs.job import RUNS
from goodwill.lab.outcomes import firm_result
from goodwill.lab.study import past as past_of_arms
from goodwill.lab.study.plan import Plan
from goodwill.lab.study.run import run_study
from goodwill.lab.study.simulate import simulate
from goodwill.lab.study.study import Study
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

WORLD = {
    "scenario": "coffee-town", "set": {"customers": 400, "warm_up": 16, "firms.0.programmes": []}, "horizon": 30, "replications": 2,
    "outcomes": ["profit", "retention", "members", "liability"],
}  # fmt: skip
ARMS: dict[str, Any] = {
    "nothing": {},
    "card": {"programmes": [{"kind": "stamp_card", "stamps": 6}]},
    "service": {"programmes": [{"kind": "service", "gain": 0.5}]},
    "price": {"set": {"firms.0.price": 3.0}},
    "early": {"programmes": [{"kind": "stamp_card", "stamps": 6, "start": 3}]},
}


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    past_of_arms._kept.pasts.clear()


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Periods simulated, call by call."""
    done: list[int] = []
    advance = Simulation.advance

    def counted(self: Simulation, periods: int, **options: Any) -> None:
        before = self.period
        advance(self, periods, **options)
        done.append(self.period - before)

    monkeypatch.setattr(Simulation, "advance", counted)
    yield done


def whole(scenario: Scenario, replicate: int, firm: int, start: int) -> tuple[dict[str, float], np.ndarray]:
    """Outcomes and visits of a run from the start, by the plain way."""
    from goodwill.lab.outcomes import firm_outcomes

    simulation = Simulation(scenario, replicate=replicate, threads=1)
    simulation.run(until=scenario.warm_up)
    before = simulation.population.customers.visits[firm].astype(np.int64)
    simulation.run()
    record = Record.of(simulation)
    return firm_outcomes(record, firm, start), firm_result(record, firm, before).visits


@pytest.mark.parametrize("branch_at", [None, 7, 16, 21])
def test_the_numbers_are_those_of_whole_runs(branch_at: int | None) -> None:
    arms = {name: arm for name, arm in ARMS.items() if branch_at is None or name != "early"}
    plan = Plan(Study(**WORLD, arms=arms, branch_at=branch_at, keep=["customers"]))
    jobs = list(plan.jobs(range(2), together=True))
    for job in jobs:
        found = simulate(job.content)
        cell = job.content["cell"]
        scenario = Scenario.from_dict(cell.scenario)
        start = scenario.warm_up if branch_at is None else branch_at
        outcomes, visits = whole(scenario, job.content["replicate"], cell.firm, start)
        for name, value in found[RUNS].items():
            assert value == outcomes[name] or (value != value and outcomes[name] != outcomes[name]), (cell.arm, name)
        assert np.array_equal(found["customers"]["visits"], visits)
    assert len({job.group for job in jobs}) == 2 and len({job.id for job in jobs}) == len(jobs)


def test_the_past_is_run_once(simulated: list[int]) -> None:
    plan = Plan(Study(**WORLD, arms=ARMS))
    for job in plan.jobs(range(1), together=True):
        simulate(job.content)
    together, apart = 16 + 3 * 14, 2 * 30  # a price from the start, and an early card, have a past of their own
    assert sum(simulated) == together + apart


def test_arms_that_begin_later_share_more(simulated: list[int]) -> None:
    arms = {name: arm for name, arm in ARMS.items() if name != "early"}
    run_study(Study(**WORLD, arms=arms, branch_at=25), workers=1)
    assert sum(simulated) - 2 * (25 + 4 * 5) in (0, 2)  # compiling, if it was necessary, runs two periods


def test_outcomes_count_from_the_branch_on() -> None:
    arms = {"nothing": {}, "card": ARMS["card"]}
    late = run_study(Study(**WORLD, arms=arms, branch_at=20), workers=1)
    spelled = {name: {"from": 20} for name in WORLD["outcomes"]}
    full = {"programmes": [{"kind": "stamp_card", "stamps": 6, "start": 20}]}
    by_hand = run_study(Study(**{**WORLD, "outcomes": spelled}, arms={"nothing": {}, "card": full}), workers=1)
    assert late.values("profit").equals(by_hand.values("profit"))
    assert list(late.runs["run"]) == list(by_hand.runs["run"])  # the very same runs
    assert (late.differences("members")["card"] > 0).all()


def test_a_budget_needs_arms_from_the_warm_up_on() -> None:
    from goodwill.errors import GoodwillError

    with pytest.raises(GoodwillError, match="branch_at: a budget"):
        Study(**WORLD, arms=ARMS, branch_at=20, budget=1000)


def test_designs_that_differ_in_arms_only_share_one_past(simulated: list[int]) -> None:
    stamps = {"stamps": {"arm": "card", "path": "programmes.0.stamps", "values": [5, 6, 7]}}
    asked = {**WORLD, "arms": {"nothing": {}, "card": ARMS["card"]}, "levers": stamps, "design": {"kind": "grid"}}
    plan = Plan(Study(**asked))
    for job in plan.jobs(range(2), together=True):
        simulate(job.content)
    assert sum(simulated) == 2 * (16 + 3 * 2 * 14)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_of_arms, "MEMORY", 1)
    plan = Plan(Study(**WORLD, arms=ARMS))
    for job in plan.jobs(range(2)):
        simulate(job.content)
    assert len(past_of_arms._kept.pasts) == 1
