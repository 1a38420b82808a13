"""Arms: what differs from the scenario in one world of a comparison - programmes of one firm, and values of any key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from goodwill.errors import ScenarioError
from goodwill.programmes.catalogue import AnyProgramme, Programme
from goodwill.scenario.changes import trouble_with
from goodwill.scenario.declare import Section, parameter
from goodwill.scenario.explain import explain
from goodwill.scenario.files import read_yaml
from goodwill.scenario.paths import set_path
from goodwill.scenario.scenario import Scenario

NOTHING = "nothing"
_SAME_IN_ALL_ARMS = ("customers", "firms", "kind", "period", "periods", "seed", "warm_up")


class Arm(Section):
    """One arm of a comparison. Read it with `Arm.load`, make it from programmes or a mapping with `Arm.of`."""

    name: str = parameter("arm", meaning="name of the arm in tables and figures", unit="text", source="-")
    description: str = parameter("", meaning="what is tried in it", unit="text", source="-")
    programmes: tuple[AnyProgramme, ...] = Field((), description="programmes that the firm runs besides those it has")
    set: dict[str, Any] = Field(
        default_factory=dict, description="values of the scenario that differ, by dotted path (`firms.0.price: 4.2`)"
    )

    @classmethod
    def load(cls, path: str | Path, name: str | None = None) -> Arm:
        """Read an arm file; without a name, the arm takes the file's `name:` or is called after the file.

        Raises `ScenarioError`.
        """
        remedy = "an arm file lists `programmes:`, each with a `kind`, and values to `set:`"
        content = read_yaml(path, remedy)
        if name is None and isinstance(content, Mapping):
            name = str(content.get("name", Path(path).stem))
        return cls._validated(content, str(name), str(path))

    @classmethod
    def of(cls, name: str, value: Any) -> Arm:
        """An arm from programmes (one or a list), a mapping as in an arm file, the path of such a file, or an arm.

        Raises `ScenarioError` naming the arm, the key, its value and the remedy.
        """
        if isinstance(value, Arm):
            return value.model_copy(update={"name": name})
        if isinstance(value, str | Path):
            return cls.load(value, name)
        if isinstance(value, Programme) or (isinstance(value, Mapping) and "kind" in value):
            value = [value]
        if isinstance(value, Sequence):
            value = {"programmes": list(value)}
        return cls._validated({} if value is None else value, name, f"arm {name!r}")

    @classmethod
    def _validated(cls, content: Any, name: str, place: str) -> Arm:
        if not isinstance(content, Mapping):
            raise ScenarioError(
                f"{place}: expected `programmes:` or `set:` with values, found {type(content).__name__}"
            )
        content = {**content, "name": name}
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise ScenarioError(explain(error, cls, place, content)) from None

    def apply(self, scenario: Scenario, firm: int | str = 0, start: int | None = None) -> Scenario:
        """The scenario of this arm: first its `set`, then its programmes added to those of `firm` (position or name).

        start: the arm begins in this period instead of from the start: programmes without a `start` of their own then, levers of
        firms by a change of the scenario in that period.

        Raises `ScenarioError` for a firm that does not exist, an unknown path, a value that does not fit, and for keys
        that have to be the same in all arms of a paired comparison (customers, firms, kind, period, periods, seed,
        warm_up).
        """
        place = f"arm {self.name!r}"
        j = scenario.firm_index(firm)
        if not self.set and not self.programmes:
            return scenario
        content = scenario.to_dict()
        later: dict[str, Any] = {}
        for path, value in self.set.items():
            if start is not None and trouble_with(path) is None:
                later[path] = _plain(value)
                continue
            if path in _SAME_IN_ALL_ARMS:
                raise ScenarioError(
                    f"{place}: set: {path}: has to be the same in all arms, or they would not be compared on the same "
                    "customers with the same luck; change the scenario instead"
                )
            try:
                set_path(content, path, value)
            except ScenarioError as error:
                raise ScenarioError(f"{place}: set: {error}") from None
        programmes = [programme.model_dump(mode="json") for programme in self.programmes]
        if start is not None:
            programmes = [{**p, "start": start} if p["start"] is None else p for p in programmes]
        content["firms"][j]["programmes"] = [*content["firms"][j]["programmes"], *programmes]
        if later:
            content["changes"] = [*content["changes"], {"start": start, "set": later}]
        return Scenario.from_dict(content, place=place)

    def to_dict(self) -> dict[str, Any]:
        """Plain content, as in an arm file, without the name."""
        content = self.model_dump(mode="json", exclude={"name", "set"})
        return {**content, "set": {path: _plain(value) for path, value in self.set.items()}}


def unused_name(arms: Iterable[str]) -> str:
    """What to call an arm that changes nothing, beside arms of these names."""
    return NOTHING if NOTHING not in arms else f"{NOTHING} at all"


def named_file(text: str) -> tuple[str, Path]:
    """Name and file of `NAME=FILE`, as on the command line; without a name the arm is called after the file."""
    name, equals, path = text.partition("=")
    if not equals:
        return Path(text).stem, Path(text)
    if not name or not path:
        raise ScenarioError(f"arm {text!r}: write NAME=FILE, such as card=card.yaml")
    return name, Path(path)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
