"""The question of a measurement: a study file with estimators."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from goodwill.errors import ScenarioError, StudyError
from goodwill.lab.measurement.estimate import Estimator, Method, methods_of
from goodwill.lab.measurement.simulate import MEASURED
from goodwill.lab.study.study import Study
from goodwill.scenario.declare import Section, parameter
from goodwill.scenario.explain import explain, nearest
from goodwill.scenario.files import read_yaml

if TYPE_CHECKING:
    from goodwill.lab.measurement.results import Measured

REPLICATIONS = 100
_OWN = ("estimators", "data", "outcomes", "replications")
_INSTEAD = {
    "budget": "a measurement takes the programme as it is; scale it in a study first",
    "precision": "say `replications:`; the table shows the error that is left",
    "baseline": "each arm is measured against the same world without its programme",
    "keep": "what is kept is `estimates` and `truths`",
    "branch_at": "the launch is the end of the warm-up",
    "horizon": "it follows from the warm-up and `data:`",
}
_REMEDY = "a file to measure is a study file with `estimators:`; docs/how-to/measure.md shows one"


class DataPlan(Section):
    """What data the analyst gets."""

    holdout: float = parameter(
        0.3,
        meaning="share of customers kept out of the programme at random",
        unit="share",
        low=0,
        high=0.95,
        source="-",
    )
    before: float = parameter(
        6.0,
        meaning="data before the launch; whoever bought in it is on file",
        unit="months",
        low=0.1,
        high=120,
        source="-",
    )
    enrolment: float = parameter(
        3.0,
        meaning="time after the launch in which the effect is not measured yet",
        unit="months",
        low=0,
        high=120,
        source="-",
    )
    follow_up: float = parameter(
        9.0, meaning="time in which the effect is measured", unit="months", low=0.1, high=240, source="-"
    )


@dataclass(frozen=True)
class Question:
    """Which programmes are launched in which worlds, and which estimators measure them. Read it with `load`, make it with `of`.

    The launch is the end of the warm-up; `own` are a user's own functions among the estimators.
    """

    study: Study
    methods: dict[str, Method]
    data: DataPlan
    outcomes: tuple[str, ...]
    replications: int
    own: dict[str, str] = field(default_factory=dict)  # where they came from

    @property
    def name(self) -> str:
        """Short name."""
        return self.study.name

    @property
    def question(self) -> str:
        """What it is to answer."""
        return self.study.question

    @classmethod
    def load(cls, path: str | Path) -> Question:
        """Read and validate a file. Raises `ScenarioError` or `StudyError` naming the place, the value and the remedy."""
        return cls.of(read_yaml(path, _REMEDY), place=str(path), folder=Path(path).parent)

    @classmethod
    def of(
        cls,
        content: Any,
        estimators: Mapping[str, Estimator] | None = None,
        place: str = "measure",
        folder: Path = Path(),
    ) -> Question:
        """Validate a mapping with the keys of a file; files it names lie in `folder`. Raises as `load` does.

        estimators: further ones of your own: name -> function of `Data` that returns an `Estimate`.
        """
        if not isinstance(content, Mapping):
            raise StudyError(f"{place}: expected keys and values, found {type(content).__name__}; {_REMEDY}")
        for key, remedy in _INSTEAD.items():
            if key in content:
                raise StudyError(f"{place}: {key}: {remedy}")
        study = Study.from_dict({k: v for k, v in content.items() if k not in _OWN}, place, folder)
        if not any(arm.programmes for arm in study.all_arms.values()):
            raise StudyError(f"{place}: arms: none has a programme, so there is nothing to measure; {_REMEDY}")
        given, own = _estimators(content.get("estimators"), place, folder)
        try:
            methods = methods_of({**given, **(estimators or {})})
        except StudyError as error:
            raise StudyError(f"{place}: estimators: {error}") from None
        outcomes = content.get("outcomes", ["purchases"])
        for name in outcomes:
            if name not in MEASURED:
                raise StudyError(f"{place}: outcomes: {name!r} is not known{nearest(str(name), list(MEASURED))}")
        replications = content.get("replications", REPLICATIONS)
        if not isinstance(replications, int) or replications < 2:
            raise StudyError(f"{place}: replications: is {replications!r} but must be a whole number from 2 on")
        data = content.get("data") or {}
        try:
            plan = DataPlan.model_validate(data)
        except ValidationError as error:
            raise ScenarioError(explain(error, DataPlan, f"{place}: data", data)) from None
        return cls(study, methods, plan, tuple(outcomes), replications, own)

    def changed(self, replications: int | None = None, seed: int | None = None) -> Question:
        """The same with so many data sets for each world, and luck of this seed."""
        study = self.study if seed is None else self.study.with_(set={**self.study.set, "seed": seed})
        return replace(self, study=study, replications=replications or self.replications)

    def run(self, **options: Any) -> Measured:
        """Run it; see `measure`."""
        from goodwill.lab.measurement.run import measure

        return measure(self, **options)

    def hash(self) -> str:
        """Twelve hex digits that stand for what is asked."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """Plain content, as in a file, with all scenarios written out. Functions given in Python are named only."""
        content = {k: v for k, v in self.study.to_dict().items() if k not in (*_OWN, *_INSTEAD)}
        return {
            **content,
            "estimators": {name: self.own.get(name) for name in self.methods},
            "data": self.data.model_dump(),
            "outcomes": list(self.outcomes),
            "replications": self.replications,
        }


def _estimators(given: Any, place: str, folder: Path) -> tuple[dict[str, Estimator | None], dict[str, str]]:
    """Estimators by name (None: ours), and the file a user's own came from. Nothing given: all of ours."""
    from goodwill.lab.measurement.estimators import METHODS

    if not given:
        return dict.fromkeys(METHODS), {}
    if isinstance(given, str) or not isinstance(given, list | tuple | Mapping):
        raise StudyError(f"{place}: estimators: list names, such as [naive, holdout], or write NAME: FILE.py:FUNCTION")
    if not isinstance(given, Mapping):
        return dict.fromkeys(map(str, given)), {}
    found: dict[str, Estimator | None] = {}
    for name, where in given.items():
        found[str(name)] = None if where is None else _function(str(where), f"{place}: estimators.{name}", folder)
    return found, {str(name): str(where) for name, where in given.items() if where is not None}


def _function(where: str, place: str, folder: Path) -> Estimator:
    """The function FILE.py:FUNCTION. It is not put among the modules, so that it travels to workers as it is."""
    file, colon, name = where.rpartition(":")
    path = folder / file
    if not colon or not path.is_file():
        raise StudyError(f"{place}: {where!r}: write FILE.py:FUNCTION with a file beside this one")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a user's file does wrong
        raise StudyError(f"{place}: {path} cannot be read: {type(error).__name__}: {error}") from None
    function: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(function):
        raise StudyError(f"{place}: {path} has no function {name!r}")
    return function
