"""What a user has written himself and a worker process cannot know: his rules, and his own kinds of programme and strategy.

Both may be defined in a script or a notebook, which workers do not import. They travel as cloudpickle writes them, class and function
by value, once a worker: the same bytes give the same functions again, so that a worker compiles a rule once and not in every
replication.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from goodwill.engine.jit import python_function
from goodwill.rules.registry import check_rule
from goodwill.scenario.kind import Kind
from goodwill.scenario.scenario import Scenario

Rules = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, eq=False)
class UserCode:
    """Rules; classes of programmes and strategies that are not goodwill's own. Raises `RuleError` for rules that do not fit."""

    rules: dict[str, Callable[..., Any]] = field(default_factory=dict)
    kinds: tuple[type[Kind], ...] = ()

    @classmethod
    def of(cls, rules: Rules | None, scenarios: Iterable[Scenario]) -> UserCode:
        """The rules, and whatever programmes and strategies of the scenarios are not goodwill's own."""
        for name, function in (rules or {}).items():
            check_rule(name, function)
        firms = [firm for s in scenarios for firm in s.firms]
        kinds: set[type[Kind]] = {type(p) for f in firms for p in (*f.programmes, *f.options)}
        kinds |= {type(f.strategy) for f in firms if f.strategy is not None}
        own = [kind for kind in kinds if kind.__module__.split(".")[0] != __package__.split(".")[0]]
        return cls(dict(rules or {}), tuple(sorted(own, key=lambda kind: kind.__qualname__)))

    @cached_property
    def described(self) -> dict[str, str]:
        """Name of everything with a hash of what it does; two that are the same give the same numbers."""
        return {
            **{f"rule {name}": fingerprint(function) for name, function in sorted(self.rules.items())},
            **{f"{kind.family} {kind.__qualname__}": fingerprint(kind) for kind in self.kinds},
        }

    @cached_property
    def _packed(self) -> bytes:
        import cloudpickle

        packed: bytes = cloudpickle.dumps((self.rules, self.kinds))
        return packed

    def __reduce__(self) -> Any:
        return _unpacked, (self._packed,)


@lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> UserCode:
    """In a worker: the same rules and classes, which are known from now on."""
    rules, kinds = pickle.loads(packed)
    for kind in kinds:
        kind.register()
    return UserCode(rules, kinds)


def fingerprint(thing: Any) -> str:
    """Hash of a function or a class of programmes, of all it calls and of the numbers it reads (12 hex digits)."""
    digest = hashlib.sha256()
    seen: set[int] = set()

    def add(value: Any) -> None:
        if id(value) in seen and not isinstance(value, int | float | str):
            return
        seen.add(id(value))
        value = python_function(value)
        if isinstance(value, FunctionType):
            code = value.__code__
            add(code)
            cells = [cell.cell_contents for cell in value.__closure__ or ()]
            read = [value.__globals__[name] for name in code.co_names if name in value.__globals__]
            for part in (*(value.__defaults__ or ()), *cells, *read):
                add(part)
        elif isinstance(value, CodeType):
            digest.update(value.co_code + repr(value.co_names).encode())
            for part in value.co_consts:
                add(part)
        elif isinstance(value, type) and issubclass(value, Kind):
            digest.update(repr(value.model_fields).encode())
            for part in vars(value).values():
                if isinstance(part, FunctionType):
                    add(part)
        elif isinstance(value, type | ModuleType):
            digest.update(value.__name__.encode())
        else:
            try:
                digest.update(pickle.dumps(value))
            except Exception:  # whatever cannot be stored: what it shows of itself has to do
                digest.update(repr(value).encode())

    add(thing)
    return digest.hexdigest()[:12]
