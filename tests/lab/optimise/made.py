"""Results of a search in made-up worlds: no simulation, and the truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.lab.optimise.problems import Function, Noisy

from goodwill.lab.optimise.question import Question
from goodwill.lab.optimise.results import Optimisation
from goodwill.lab.optimise.search import search
from goodwill.lab.optimise.space import Design
from goodwill.lab.optimise.verdict import judge_fresh
from goodwill.scenario.starter import example

CONTENT: dict[str, Any] = {
    "name": "made-up",
    "arms": {
        "nothing": {},
        "card": {"programmes": [{"kind": "stamp_card", "stamps": 10, "reward": 3.0}]},
        "points": {"programmes": [{"kind": "points"}]},
    },
    "levers": {
        "stamps": {"arm": "card", "path": "programmes.0.stamps", "low": 4, "high": 16, "integer": True},
        "reward": {"arm": "card", "path": "programmes.0.reward", "low": 1, "high": 10, "log": True},
        "expiry": {"arm": "points", "path": "programmes.0.expiry", "values": [3, 12, None]},
    },
    "search": {"trials": 40, "replications": 4},
    "verdict": {"replications": 8, "finalists": 6},
}


def truth(design: Design) -> dict[str, float]:
    """Generous cards bind more customers, earn most at a reward of 3, and leave more owed."""
    if design.arm == "nothing":
        return {"profit": 1000.0, "retention": 0.5, "liability": 0.0}
    if design.arm == "points":
        return {"profit": 900.0, "retention": 0.52, "liability": 300.0}
    values = {"stamps": 10, "reward": 3.0} | design.values
    generosity = values["reward"] / values["stamps"]
    return {
        "profit": 1200.0 - 60 * (values["reward"] - 3) ** 2,
        "retention": 0.5 + 0.1 * generosity / (generosity + 0.5),
        "liability": 400.0 * generosity,
    }


class World(Noisy):
    """Noise in proportion to what is measured, part of it shared by all designs of a replication."""

    def luck(self, design: Design, name: str, replicates: Any) -> np.ndarray:
        size = {"profit": 100.0, "retention": 0.01, "liability": 5.0 * (design.arm != "nothing")}[name]
        shared = super().luck(Design("world"), name, replicates)
        return size * (shared + 0.2 * super().luck(design, name, replicates))


def alike(design: Design) -> dict[str, float]:
    """All designs are worth the same."""
    return {"profit": 1000.0, "retention": 0.5, "liability": 0.0}


def made(finished: bool = True, world: Function = truth, **changes: Any) -> Optimisation:
    """A search, and its verdict unless it is not to be finished."""
    question = Question.of({**CONTENT, "scenario": example().to_dict(), **changes})
    evaluate = World(world, 1.0)
    found = search(
        question.space,
        question.goals,
        question.constraints,
        evaluate,
        question.search,
        question.starts,
        question.baseline,
    )
    verdict = judge_fresh(found, evaluate, question.verdict) if finished else None
    origin = {
        "versions": {"goodwill": "0"},
        "git_commit": "none",
        "code": "none",
        "sessions": [{"command": "goodwill"}],
    }
    return Optimisation(question, found, verdict, origin)


ONE = {"goals": {"profit": "maximise"}, "constraints": {"liability": {"at_most": 100}}}
THREE = {"goals": {"retention": "maximise", "liability": "minimise", "profit": "maximise"}}
TWO = {"goals": {"retention": "maximise", "liability": "minimise"}}
