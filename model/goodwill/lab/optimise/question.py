"""The question of a search: a study file with goals instead of a design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.optimise.goals import Constraint, Goal, constraints_of, goals_of
from goodwill.lab.optimise.search import SearchPlan
from goodwill.lab.optimise.space import ARM, Design, Dimension, Options, Range, Space
from goodwill.lab.optimise.verdict import VerdictPlan
from goodwill.lab.outcomes import OUTCOMES
from goodwill.lab.study.declared import Factor
from goodwill.lab.study.study import Study
from goodwill.scenario.declare import Section
from goodwill.scenario.explain import explain
from goodwill.scenario.files import read_yaml
from goodwill.scenario.paths import set_path

if TYPE_CHECKING:
    from goodwill.lab.optimise.results import Optimisation

_OWN = ("goals", "constraints", "search", "verdict")
_INSTEAD = {
    "budget": "a search weighs cost itself: write `constraints: {programme_cost: {at_most: ...}}`",
    "cases": "a search is in one world: write one file for each case",
    "design": "a search chooses the designs itself: say how in `search:`",
    "precision": "say `search: {replications: ...}` and `verdict: {replications: ...}`",
    "replications": "say `search: {replications: ...}` and `verdict: {replications: ...}`",
    "uncertainties": "a search is in one world: choose in one, and see in a study how the choice fares in others",
}
_COLUMNS = (ARM, "trial", "origin", "feasible", "rank", "front", "problem", "chosen")
_REMEDY = "a file to optimise is a study file with `levers:` and `goals:`; docs/how-to/optimise.md shows one"
_SETTING = "set."
"""How the path of a lever begins that moves a value of an arm's `set`."""
_SectionT = TypeVar("_SectionT", bound=Section)


@dataclass(frozen=True)
class Question:
    """What is wanted, of which levers, in which world. Read it with `load`, make it with `of`."""

    study: Study
    goals: list[Goal]
    constraints: list[Constraint]
    search: SearchPlan
    verdict: VerdictPlan

    @classmethod
    def load(cls, path: str | Path) -> Question:
        """Read and validate a file. Raises `ScenarioError` or `StudyError` naming the place, the value and the remedy."""
        return cls.of(read_yaml(path, _REMEDY), str(path), Path(path).parent)

    @classmethod
    def of(cls, content: Any, place: str = "optimise", folder: Path = Path()) -> Question:
        """Validate a mapping with the keys of a file; files it names lie in `folder`. Raises as `load` does."""
        if not isinstance(content, Mapping):
            raise StudyError(f"{place}: expected keys and values, found {type(content).__name__}; {_REMEDY}")
        for key, remedy in _INSTEAD.items():
            if key in content:
                raise StudyError(f"{place}: {key}: {remedy}")
        if not content.get("levers"):
            raise StudyError(f"{place}: levers: there are none, so there is nothing to choose; {_REMEDY}")
        rest = {key: value for key, value in content.items() if key not in _OWN}
        wanted = [*(content.get("goals") or {}), *(content.get("constraints") or {})]
        given = _outcomes(rest.get("outcomes"))
        # What is wanted is measured, whether it is listed or not.
        rest["outcomes"] = {**given, **{name: {} for name in wanted if name not in given and name in OUTCOMES}}
        rest["outcomes"] = rest["outcomes"] or {"profit": {}}
        # A design that is never run: how the levers are varied is the search's business.
        study = Study.from_dict({**rest, "design": {"kind": "latin_hypercube", "samples": 2}}, place, folder)
        known = {name: name for name in OUTCOMES} | {name: one.of or name for name, one in study.outcomes.items()}
        clash = [name for name in study.levers if name in _COLUMNS]
        if clash:
            raise StudyError(f"{place}: levers.{clash[0]}: is a column of the results; take another name")
        _check_levers(study, place)
        return cls(
            study,
            goals_of(content.get("goals"), known, place),
            constraints_of(content.get("constraints"), known, place),
            _section(SearchPlan, content.get("search"), f"{place}: search"),
            _section(VerdictPlan, content.get("verdict"), f"{place}: verdict"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain content, as in a file, with everything written out."""
        content = {key: value for key, value in self.study.to_dict().items() if key not in _INSTEAD}
        goals = {
            goal.name: {"direction": "maximise" if goal.maximise else "minimise", "measure": goal.measure.kind}
            for goal in self.goals
        }
        constraints = {
            rule.name: {"at_least": rule.at_least, "at_most": rule.at_most, "measure": rule.measure.kind}
            for rule in self.constraints
        }
        return {
            **content,
            "goals": goals,
            "constraints": constraints,
            "search": self.search.model_dump(),
            "verdict": self.verdict.model_dump(),
        }

    @property
    def name(self) -> str:
        """Short name, also of the folder of results."""
        return self.study.name

    @property
    def question(self) -> str:
        """What it is to answer, in words."""
        return self.study.question

    def run(self, **options: Any) -> Optimisation:
        """Search and judge; see `optimise`."""
        from goodwill.lab.optimise.run import optimise

        return optimise(self, **options)

    @cached_property
    def space(self) -> Space:
        """The levers of each arm; those without an arm belong to all."""
        arms: dict[str, dict[str, Dimension]] = {}
        for arm in self.study.all_arms:
            levers = {
                name: dimension(factor) for name, factor in self.study.levers.items() if factor.arm in (None, arm)
            }
            if levers:
                arms[arm] = levers
        return Space(arms)

    @property
    def baseline(self) -> Design:
        """What differences are measured against, and a choice like any other: the baseline as it is written."""
        return Design(self.study.reference)

    @cached_property
    def starts(self) -> list[Design]:
        """The other arms as they are written."""
        world, _ = self.study.world(None)
        found = []
        for name, arm in self.study.all_arms.items():
            if name == self.study.reference:
                continue
            now = {
                lever: _value_now(self.study.levers[lever], arm.to_dict(), world)
                for lever in self.space.arms.get(name, {})
            }
            found.append(self.space.canonical(Design.of(name, now)) or Design(name))
        return found


def _check_levers(study: Study, place: str) -> None:
    """See that every lever moves something that is there. Raises `ScenarioError`."""
    world, _ = study.world(None)
    for name, factor in study.levers.items():
        for path in factor.targets:
            inside, target = path, world
            if factor.arm is not None:
                if path.startswith(_SETTING):
                    inside = path.removeprefix(_SETTING)
                else:
                    target = study.all_arms[factor.arm].to_dict()
            try:
                set_path(deepcopy(target), inside, None)
            except ScenarioError as error:
                raise ScenarioError(f"{place}: levers.{name}.path: {error}") from None


def dimension(factor: Factor) -> Dimension:
    """What a lever may be."""
    if factor.values:
        return Options(tuple(factor.values))
    assert factor.low is not None and factor.high is not None
    if factor.integer:
        return Range(math.ceil(factor.low), math.floor(factor.high), True, factor.log)
    return Range(factor.low, factor.high, False, factor.log)


def _value_now(factor: Factor, arm: dict[str, Any], world: dict[str, Any]) -> Any:
    """The value a lever has where nothing is chosen; None if it has none, or several paths differ."""
    found = [_at(world if factor.arm is None else arm, path) for path in factor.targets]
    value = found[0] if all(one == found[0] for one in found) else None
    if factor.values or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return int(value) if factor.integer and value == int(value) else float(value)


def _at(node: Any, path: str) -> Any:
    """The value at a dotted path of plain content; None where there is none."""
    if path.startswith(_SETTING) and isinstance(node, Mapping) and "programmes" in node:
        return node["set"].get(path.removeprefix(_SETTING))  # an arm's `set` has dotted keys
    for part in path.split("."):
        if isinstance(node, list):
            names = [item.get("name", item.get("kind")) if isinstance(item, Mapping) else None for item in node]
            index = int(part) if part.isdigit() else names.index(part) if part in names else len(node)
            node = node[index] if index < len(node) else None
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _outcomes(value: Any) -> dict[str, Any]:
    if isinstance(value, list | tuple):
        return {name: {} for name in value}
    return dict(value or {})


def _section(kind: type[_SectionT], content: Any, place: str) -> _SectionT:
    try:
        return kind.model_validate(content or {})
    except ValidationError as error:
        raise ScenarioError(explain(error, kind, place, content)) from None
