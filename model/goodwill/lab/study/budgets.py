"""Equal budgets in a study: arms with programmes are scaled to the same yearly cost, in each world anew.

The scaling is work like the runs are: in parallel, kept, and taken up again. Where a budget cannot be reached the cell's runs are
failed runs that say so, and the study goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodwill.errors import GoodwillError
from goodwill.lab.amount import share_of
from goodwill.lab.budget import equal_budget, yearly_revenue
from goodwill.lab.jobs.job import RUNS, Job, Tables, job_id
from goodwill.lab.jobs.runner import Progress, run_jobs
from goodwill.lab.jobs.store import Store
from goodwill.lab.user_code import UserCode
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.lab.study.plan import Plan, Point

FOLDER = "budget"


def scaled_arm(plan: Plan, point: Point, name: str, arm: Arm) -> Arm | str:
    """The arm as the budget lets it be in a point: itself without a budget, or why the budget cannot be reached."""
    if not plan.scaled or not _concerned(plan, point, name, arm):
        return arm
    found = plan.scaled[_scale_id(plan, point, arm)]
    return found["error"] if found["error"] else Arm.of(name, json.loads(found["arm"]))


def scale(
    plan: Plan,
    folder: Path,
    workers: int,
    executor: Executor | None,
    progress: Progress | None = None,
) -> None:
    """Scale all arms of the plan that a budget concerns, and put them into `plan.scaled`. Raises `StudyError`."""
    if not any(_budget(plan, point) for point in plan.points):
        return
    store = Store(folder / FOLDER)
    revenues: dict[str, float] = {}
    for work, jobs in ((revenue_of_world, _revenue_jobs), (scale_arm, _scale_jobs)):
        run_jobs(work, jobs(plan, revenues), store, workers=workers, executor=executor, progress=progress)
        rows = {row["run"]: row for row in store.rows()}
        if work is revenue_of_world:
            revenues.update({run: row["revenue"] for run, row in rows.items() if row.get("revenue") is not None})
    plan.scaled.update({run: row for run, row in rows.items() if row.get("arm") or row.get("error")})


def scaling(plan: Plan) -> pd.DataFrame:
    """point, arm, budget, cost, factor, error: how the arms were scaled."""
    import pandas as pd

    rows = []
    for point in plan.points if plan.scaled else []:
        for name in plan.arms:
            arm = plan.arm(point, name)
            if _concerned(plan, point, name, arm):
                found = plan.scaled[_scale_id(plan, point, arm)]
                rows.append(
                    (point.index, name, found.get("budget"), found.get("cost"), found.get("factor"), found["error"])
                )
    return pd.DataFrame(rows, columns=["point", "arm", "budget", "cost", "factor", "error"])


def revenue_of_world(content: dict[str, Any]) -> Tables:
    """Job: the firm's yearly revenue as it is."""
    scenario = Scenario.from_dict(content["scenario"])
    return {RUNS: {"revenue": yearly_revenue(scenario, content["firm"], rules=content["user"].rules)}}


def scaling_content(scenario: Scenario, arm: Arm, firm: int, amount: float, user: UserCode) -> dict[str, Any]:
    """What the job that scales an arm to an amount gets."""
    plain = {"scenario": scenario.to_dict(), "arm": arm.to_dict(), "name": arm.name}
    return {**plain, "firm": firm, "budget": amount, "user": user}


def scale_arm(content: dict[str, Any]) -> Tables:
    """Job: one arm scaled to the budget; what makes it impossible is the job's error."""
    scenario = Scenario.from_dict(content["scenario"])
    arm = Arm.of(content["name"], content["arm"])
    scaled, how = equal_budget(scenario, arm, content["firm"], content["budget"], rules=content["user"].rules)
    return {
        RUNS: {
            "arm": json.dumps(scaled.to_dict()),
            "factor": how["factor"],
            "cost": how["cost"],
            "budget": content["budget"],
        }
    }


def _budget(plan: Plan, point: Point) -> float | str | None:
    case = None if point.case is None else plan.study.cases[point.case]
    return plan.study.budget if case is None or case.budget is None else case.budget


def _concerned(plan: Plan, point: Point, name: str, arm: Arm) -> bool:
    return name != plan.baseline and bool(arm.programmes) and _budget(plan, point) is not None


def _revenue_id(plan: Plan, point: Point) -> str:
    world, firm = plan.world(point)
    return job_id("revenue", world.to_dict(), firm, plan.code, plan.user.described)


def _scale_id(plan: Plan, point: Point, arm: Arm) -> str:
    world, firm = plan.world(point)
    return job_id(
        "scale", world.to_dict(), firm, arm.to_dict(), str(_budget(plan, point)), plan.code, plan.user.described
    )


def _revenue_jobs(plan: Plan, revenues: dict[str, float]) -> Iterator[Job]:
    for point in plan.points:
        if isinstance(_budget(plan, point), str):
            world, firm = plan.world(point)
            yield Job(_revenue_id(plan, point), {"scenario": world.to_dict(), "firm": firm, "user": plan.user})


def _scale_jobs(plan: Plan, revenues: dict[str, float]) -> Iterator[Job]:
    for point in plan.points:
        budget = _budget(plan, point)
        world, firm = plan.world(point)
        for name in plan.arms:
            arm = plan.arm(point, name)
            if budget is None or not _concerned(plan, point, name, arm):
                continue
            share = share_of(budget)
            if share is not None:
                revenue = revenues.get(_revenue_id(plan, point))
                if revenue is None:
                    raise GoodwillError(f"{point}: the revenue a budget is a share of could not be simulated")
                amount = share * revenue
            else:
                amount = float(budget)
            yield Job(_scale_id(plan, point, arm), scaling_content(world, arm, firm, amount, plan.user))
