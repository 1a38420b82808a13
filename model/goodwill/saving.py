"""A simulation in a file, to be run on later: arrays as they are in memory, and JSON for the rest. Files are data: nothing in them is
ever executed. Luck needs no saving, because draws are named, not taken in turn.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from goodwill.engine.levers import Plan
from goodwill.engine.state import Totals
from goodwill.errors import GoodwillError, StudyError
from goodwill.files import write_atomically
from goodwill.firms import Choice, Conduct, Firms
from goodwill.lab.code import code_hash
from goodwill.population import Population
from goodwill.scenario.scenario import Scenario
from goodwill.steering import Setting
from goodwill.strategies.observation import Action, Measured
from goodwill.workforce import WorkforceState

_KIND = "simulation of goodwill"
_ABOUT = "about"  # the array that holds the JSON
# What reading raises, depending on where a file is damaged.
_UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError,
)  # fmt: skip
_LOGS = ("waves", "people", "spending")
_FLOATS_32 = ("satisfaction", "expected", "skill", "usual_skill")  # of a workforce
# Plan arrays that firms write as they act, beside its levers and terms.
_WRITTEN = ("firm_cost", "lever_fixed_cost", "lever_purchase_cost", "running")


def save(simulation: Any, path: str | Path) -> Path:
    """Write a simulation to one file, in one step; returns its path. Raises `StudyError` when that is not possible."""
    path = Path(path)
    about = {
        "kind": _KIND,
        "code": code_hash(),
        "scenario": simulation.scenario.to_dict(),
        "replicate": simulation.replicate,
        "period": simulation.period,
        "branchable": simulation.branchable,
        "user_code": _user_code(simulation.scenario, simulation.rules),
        "firms": None if simulation.firms is None else _conduct_as_data(simulation.firms),
    }
    arrays = {name: array for name, array in _state(simulation).items() if array.size}
    arrays[_ABOUT] = np.frombuffer(json.dumps(about).encode(), np.uint8)

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    try:
        return write_atomically(path, write)
    except OSError as error:
        raise StudyError(f"{path}: cannot be written ({error.strerror or error}); choose another file") from None


def load(
    simulation: Any, path: str | Path, threads: int | None, rules: Mapping[str, Callable[..., Any]] | None
) -> None:
    """Fill a simulation that has no content yet with what a file holds, but for the engine. Raises `StudyError`."""
    path = Path(path)
    about, arrays = _read(path)
    if about["code"] != code_hash():
        raise StudyError(
            f"{path}: was saved by another version of goodwill (code {about['code']}, and this is {code_hash()}), whose numbers may "
            "differ; run the market to that period again"
        )
    scenario = Scenario.from_dict(about["scenario"], place=str(path))
    user = _user_code(scenario, rules or {})
    if user != about["user_code"]:
        raise StudyError(
            f"{path}: was run with these rules and kinds of one's own: {', '.join(about['user_code']) or 'none'}; now there are "
            f"{', '.join(user) or 'none'}; give the very same with `rules=`"
        )
    simulation._begin(scenario, about["replicate"], threads, dict(rules or {}), about["branchable"])
    simulation.period = about["period"]
    simulation.allocate()
    if simulation.firms is not None:
        simulation.plan = simulation.firms.planned.copy()
        _put_conduct(simulation.firms, about["firms"])
    for name, array in _state(simulation).items():
        if not array.size:
            continue
        stored = arrays.get(name)
        if stored is None or stored.shape != array.shape or stored.dtype != array.dtype:
            raise _damaged(path, f"{name} is missing or does not fit")
        array[...] = stored


def _damaged(path: Path, why: str) -> StudyError:
    return StudyError(f"{path}: is no whole file of a simulation ({why}); save it again")


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}  # each is checked against its check sum
        about = json.loads(arrays.pop(_ABOUT).tobytes())
    except FileNotFoundError:
        raise StudyError(f"{path}: there is no such file; save one with `goodwill run --until T --save FILE`") from None
    except _UNREADABLE as error:
        raise _damaged(path, str(error) or type(error).__name__) from None
    if not isinstance(about, dict) or about.get("kind") != _KIND:
        raise _damaged(path, "it holds something else")
    return about, arrays


def _user_code(scenario: Scenario, rules: Mapping[str, Callable[..., Any]]) -> dict[str, str]:
    from goodwill.lab.user_code import UserCode

    return UserCode.of(rules, [scenario]).described


def _state(simulation: Any) -> dict[str, np.ndarray]:
    """Every array that moves, by its name in the file."""
    population: Population = simulation.population
    totals: Totals = simulation.totals
    groups: dict[str, Any] = {"customers": population.customers, "members": population.members, "totals": totals}
    if simulation.firms is not None:
        groups |= {"levers": simulation.plan.levers, "terms": simulation.plan.terms}
    found = {f"{group}/{name}": array for group, arrays in groups.items() for name, array in arrays._asdict().items()}
    if simulation.firms is None:
        return found
    plan: Plan = simulation.plan
    found |= {f"plan/{name}": getattr(plan, name) for name in _WRITTEN}
    found |= {f"costs/{name}": array for name, array in plan.costs.items()}
    found |= {f"outreach/{name}": array for name, array in plan.outreach_costs.items()}
    for j, conduct in enumerate(simulation.firms.each):
        found[f"causes/{j}"] = conduct.known_causes
    return found


# -- firms --------------------------------------------------------------------------------------------------------


def _conduct_as_data(firms: Firms) -> dict[str, Any]:
    return {
        "each": [
            _of_conduct(conduct, firm.name) for conduct, firm in zip(firms.each, firms.scenario.firms, strict=True)
        ],
        "choices": [[c.period, c.firm, c.strategy, as_data(asdict(c.action))] for c in firms.choices],
        **{log: as_data(getattr(firms, log)) for log in _LOGS},
    }


def _of_conduct(conduct: Conduct, name: str) -> dict[str, Any]:
    try:
        memory = as_data(conduct.memory)
    except TypeError as error:
        raise GoodwillError(
            f"firm {name}: what its strategy remembers cannot be saved ({error}); let it remember plain numbers, "
            "texts, lists and dicts"
        ) from None
    workforce = conduct.workforce
    return {
        "setting": as_data(asdict(conduct.setting)),
        "written": conduct.written,
        "memory": memory,
        "measured": as_data({key: asdict(figure) for key, figure in conduct.measured.items()}),
        "workforce": None if workforce is None else {key: float(value) for key, value in asdict(workforce).items()},
    }


def _put_conduct(firms: Firms, data: dict[str, Any]) -> None:
    for conduct, stored in zip(firms.each, data["each"], strict=True):
        conduct.setting = Setting(**from_data(stored["setting"]))
        conduct.written = stored["written"]
        conduct.memory = from_data(stored["memory"])
        conduct.measured = {key: Measured(**figure) for key, figure in from_data(stored["measured"]).items()}
        if stored["workforce"] is not None:
            numbers: dict[str, Any] = {
                key: np.float32(x) if key in _FLOATS_32 else x for key, x in stored["workforce"].items()
            }
            conduct.workforce = WorkforceState(**numbers)
    firms.choices = [Choice(t, j, kind, Action(**from_data(action))) for t, j, kind, action in data["choices"]]
    for log in _LOGS:
        setattr(firms, log, from_data(data[log]))


# -- plain data, back to what it was ------------------------------------------------------------------------------


def as_data(value: Any) -> Any:
    """A value as JSON that `from_data` turns back into an equal one: tuples, sets and keys of dicts are kept. Raises TypeError."""
    if value is None or isinstance(value, bool | int | float | str) and not isinstance(value, np.generic):
        return value
    if isinstance(value, np.generic):
        return {"number": str(value.dtype), "value": value.item()}
    if isinstance(value, list):
        return [as_data(item) for item in value]
    if isinstance(value, tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return {"type": type(value).__name__, "items": [as_data(item) for item in items]}
    if isinstance(value, dict):
        return {"pairs": [[as_data(key), as_data(item)] for key, item in value.items()]}
    raise TypeError(f"{type(value).__name__} is no plain data")


_MADE_OF_ITEMS: dict[str, Callable[[Any], Any]] = {"tuple": tuple, "set": set, "frozenset": frozenset}


def from_data(data: Any) -> Any:
    """What `as_data` was given."""
    if isinstance(data, list):
        return [from_data(item) for item in data]
    if not isinstance(data, dict):
        return data
    if "pairs" in data:
        return {from_data(key): from_data(item) for key, item in data["pairs"]}
    if "number" in data:
        return np.dtype(data["number"]).type(data["value"])
    return _MADE_OF_ITEMS[data["type"]](from_data(item) for item in data["items"])
