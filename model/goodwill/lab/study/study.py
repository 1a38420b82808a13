"""A study: what is asked, frozen and validated. Read it with `Study.load`, make it with `Study(...)`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from goodwill.errors import ScenarioError
from goodwill.lab.outcomes import OUTCOMES, SUMMED
from goodwill.lab.study.declared import ALL, Case, Design, Factor, Outcome, Precision, optional_budget
from goodwill.scenario.arms import Arm, unused_name
from goodwill.scenario.declare import Section, parameter, section
from goodwill.scenario.explain import explain, nearest
from goodwill.scenario.files import read_yaml
from goodwill.scenario.paths import set_path
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario

if TYPE_CHECKING:
    from goodwill.lab.study.results import Results

Extra = Literal["accounts", "periods", "customers"]
_DEFAULT_OUTCOMES = ("profit", "revenue", "programme_cost", "retention", "share", "liability")
_REMEDY = "a study file names a `scenario:`, `arms:` and what to vary; docs/reference/study-files.md lists its keys"
_folder: ContextVar[Path] = ContextVar("folder of the study file", default=Path())


def scenario_of(value: Any) -> Any:
    """A scenario from what a study file names: a preset, a file beside it, or the whole content."""
    if not isinstance(value, str | Path):
        return value
    beside = _folder.get() / value
    if str(value) in preset_names() and not beside.is_file():
        return Scenario.preset(str(value))
    if beside.exists() or beside.suffix:
        return Scenario.load(beside)
    raise ValueError(f"{str(value)!r} is no preset, and no such file is there{nearest(str(value), preset_names())}")


def _arm_of(value: Any) -> Any:
    """The plain content of an arm, from any form `Arm.of` takes; names come later."""
    if isinstance(value, str | Path):
        value = _folder.get() / value
    try:
        return Arm.of("arm", value).to_dict()
    except ScenarioError as error:
        raise ValueError(str(error)) from None


def _outcomes_of(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return {name: {} for name in value}
    return {name: {} if of is None else of for name, of in value.items()} if isinstance(value, Mapping) else value


def _case_of(value: Any) -> Any:
    if isinstance(value, Mapping) and value.get("scenario") is not None:
        found = scenario_of(value["scenario"])
        found = found if isinstance(found, Scenario) else Scenario.from_dict(found)
        return {**value, "scenario": found.to_dict()}
    return {} if value is None else value


class Study(Section):
    """What is asked of the model: scenario, arms, what varies, what is measured, how often."""

    name: str = parameter("study", meaning="short name, also of its folder of results", unit="text", source="-")
    question: str = parameter("", meaning="what it is to answer", unit="text", source="-")
    scenario: Annotated[Scenario, BeforeValidator(scenario_of)] = Field(
        ..., description="the world: a preset, a scenario file beside this one, or a whole scenario"
    )
    set: dict[str, Any] = Field(default_factory=dict, description="values of the scenario that differ, by dotted path")
    horizon: int | None = parameter(
        None, meaning="periods simulated; default: the scenario's", unit="periods", low=1, high=5000, source="-"
    )
    firm: int | str = Field(0, description="who tries the arms: position or name of a firm")
    arms: dict[str, Annotated[dict[str, Any], BeforeValidator(_arm_of)]] = Field(
        default_factory=dict, description="name -> programmes and values to set, as in an arm file; nothing: {}"
    )
    branch_at: int | None = parameter(
        None, meaning="period from which arms differ: the run up to it is shared, and what arms set changes then; outcomes count from "
        "it. Default: what arms set holds from the start, and programmes start after the warm-up",
        unit="period", low=1, high=5000, source="-",
    )  # fmt: skip
    baseline: str | None = Field(
        None, description="the arm others are measured against; default: the one that changes nothing"
    )
    budget: Annotated[float | str | None, BeforeValidator(optional_budget)] = Field(
        None, description="scale arms with programmes to this yearly cost: money, or a share of revenue such as 3%"
    )
    levers: dict[str, Factor] = Field(default_factory=dict, description="name -> what the firm may choose")
    uncertainties: dict[str, Factor] = Field(default_factory=dict, description="name -> what the world may be like")
    cases: dict[str, Annotated[Case, BeforeValidator(_case_of)]] = Field(
        default_factory=dict,
        description="name -> a world of its own; with factors, each case is tried with all their values",
    )
    design: Design = section(Design, "which combinations of factors are tried")
    outcomes: Annotated[dict[str, Outcome], BeforeValidator(_outcomes_of)] = Field(
        default_factory=lambda: {name: Outcome.model_validate({}) for name in _DEFAULT_OUTCOMES},
        description="what is measured: a list of names, or name -> of, firm, from, to; the first is what decides",
    )
    replications: int | None = parameter(
        None, meaning="worlds for each cell, each with its own luck; default: 20, or what the precision needs",
        unit="replications", low=1, high=1_000_000, source="-",
    )  # fmt: skip
    precision: Precision | None = Field(None, description="add replications until intervals are this narrow")
    keep: tuple[Extra, ...] = Field((), description="further tables: accounts, periods, customers")

    # -- making one ---------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """Read and validate a study file. Raises `ScenarioError` naming the place, the value and the remedy."""
        content = read_yaml(path, _REMEDY)
        if isinstance(content, Mapping):
            content = {"name": Path(path).stem, **content}
        return cls.from_dict(content, str(path), Path(path).parent)

    @classmethod
    def from_dict(cls, content: Any, place: str = "study", folder: Path = Path()) -> Study:
        """Validate a mapping; files it names lie in `folder`. Raises `ScenarioError`."""
        if not isinstance(content, Mapping):
            raise ScenarioError(f"{place}: expected keys and values, found {type(content).__name__}; {_REMEDY}")
        with _files_in(folder):
            try:
                return cls.model_validate(dict(content))
            except ValidationError as error:
                raise ScenarioError(explain(error, cls, place, content)) from None
            except ScenarioError as error:
                raise ScenarioError(f"{place}: {error}") from None

    def with_(self, **changes: Any) -> Study:
        """A copy with some keys changed. Raises `ScenarioError` for a value that does not fit."""
        return type(self).from_dict({**self.to_dict(), **changes})

    # -- what it says -------------------------------------------------------------------------------------------

    @model_validator(mode="after")
    def _hangs_together(self) -> Study:
        self._check_arms()
        self._check_factors()
        self._check_outcomes()
        if self.replications is not None and self.precision is not None:
            raise ValueError("give either replications or precision")
        if self.branch_at is not None and (
            self.budget is not None or any(case.budget is not None for case in self.cases.values())
        ):
            raise ValueError(
                "branch_at: a budget is reckoned for arms that run from the end of the warm-up; leave either out"
            )
        return self

    def _check_arms(self) -> None:
        if self.baseline is not None and self.baseline not in self.arms:
            raise ValueError(f"baseline {self.baseline!r} is not an arm{nearest(self.baseline, list(self.arms))}")

    def _check_factors(self) -> None:
        both = set(self.levers) & set(self.uncertainties)
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is a lever and an uncertainty; give one of them another name")
        for name, factor in self.factors.items():
            if name in ("point", "case", "arm", "replicate", "run", "error", "trace", "seconds", *self.outcomes):
                raise ValueError(
                    f"a factor cannot be called {name!r}, which is a column of the results; take another name"
                )
            if factor.arm is not None and factor.arm not in self.arms:
                raise ValueError(
                    f"levers.{name}.arm: {factor.arm!r} is not an arm{nearest(factor.arm, list(self.arms))}"
                )
        for name, factor in self.uncertainties.items():
            if factor.arm is not None:
                raise ValueError(
                    f"uncertainties.{name}.arm: an uncertainty is of the world, not of an arm; make it a lever"
                )
        if self.design.kind == "cases":
            if self.factors:
                raise ValueError(
                    f"design.kind is 'cases', but {next(iter(self.factors))!r} is to vary; "
                    "choose grid, latin_hypercube, sobol or morris"
                )
        elif not self.factors:
            raise ValueError(
                f"design.kind is {self.design.kind!r}, but no levers or uncertainties are given; give one, or use cases"
            )
        if self.cases and self.design.kind in ("sobol", "morris"):
            raise ValueError(f"cases cannot be combined with a {self.design.kind} design; use a study for each case")

    def _check_outcomes(self) -> None:
        if not self.outcomes:
            raise ValueError(f"outcomes: name at least one of {', '.join(OUTCOMES)}")
        for name, outcome in self.outcomes.items():
            of = outcome.of or name
            if of not in OUTCOMES:
                raise ValueError(f"outcomes.{name}: {of!r} is not known{nearest(of, list(OUTCOMES))}")
            if outcome.firm == ALL and of not in SUMMED:
                raise ValueError(f"outcomes.{name}: {of} cannot be summed over firms; possible are {', '.join(SUMMED)}")
        if self.precision is not None and self.precision.outcome not in self.outcomes:
            known = list(self.outcomes)
            raise ValueError(
                f"precision.outcome: {self.precision.outcome!r} is not among the outcomes{nearest(self.precision.outcome, known)}"
            )

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers and uncertainties."""
        return {**self.levers, **self.uncertainties}

    @property
    def all_arms(self) -> dict[str, Arm]:
        """The arms by name, with one that changes nothing if there was none."""
        found = {name: Arm.of(name, content) for name, content in self.arms.items()}
        return found if self.reference in found else {self.reference: Arm.of(self.reference, []), **found}

    @property
    def reference(self) -> str:
        """Name of the baseline: the one given, else the arm that changes nothing, else a new one."""
        if self.baseline is not None:
            return self.baseline
        varied = {factor.arm for factor in self.levers.values()}
        empty = [
            name
            for name, content in self.arms.items()
            if not content.get("programmes") and not content.get("set") and name not in varied
        ]
        return empty[0] if empty else unused_name(self.arms)

    def to_dict(self) -> dict[str, Any]:
        """Plain content, as in a study file, with all scenarios written out."""
        content = self.model_dump(mode="json", by_alias=True)
        content["arms"] = {name: Arm.of(name, arm).to_dict() for name, arm in self.arms.items()}
        return content

    def hash(self) -> str:
        """Twelve hex digits that stand for the content."""
        import hashlib

        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def run(self, **options: Any) -> Results:
        """Run it; see `run_study`."""
        from goodwill.lab.study.run import run_study

        return run_study(self, **options)

    def world(self, case: str | None) -> tuple[dict[str, Any], str]:
        """Plain content of the scenario of a case, before factors and arms, and what to call it in messages.

        Raises `ScenarioError`.
        """
        content: dict[str, Any] = self.scenario.to_dict()
        places: list[tuple[str, Mapping[str, Any]]] = [("set", self.set)]
        horizon = self.horizon
        if case is not None:
            one = self.cases[case]
            if one.scenario is not None:
                content = json.loads(json.dumps(one.scenario))
            places.append((f"cases.{case}.set", one.set))
            horizon = one.horizon or horizon
        if horizon is not None:
            content["periods"] = horizon
        for place, values in places:
            for path, value in values.items():
                try:
                    set_path(content, path, value)
                except ScenarioError as error:
                    raise ScenarioError(f"{self.name}: {place}: {error}") from None
        return content, self.name if case is None else f"{self.name}: case {case!r}"


@contextmanager
def _files_in(folder: Path) -> Iterator[None]:
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)
