"""The rules a user may replace by a function of his own, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any

import numba
import numpy as np

from goodwill.engine.jit import interpreted, python_function, rebind, rule
from goodwill.errors import RuleError
from goodwill.rules import (
    bond,
    bonds,
    choice,
    contact,
    currency,
    defection,
    expectation,
    gifts,
    incidence,
    offers,
    personal,
    posts,
    programme,
    recovery,
    referral,
    relationship,
    satisfaction,
    spending,
    value,
    win_back,
    word_of_mouth,
    workforce,
)
from goodwill.scenario.explain import nearest

_MODULES: tuple[ModuleType, ...] = (
    incidence, choice, expectation, satisfaction, programme, currency, bond, value, recovery, bonds, defection,
    word_of_mouth, relationship, spending, workforce, offers, gifts, personal, contact, win_back, posts, referral,
)  # fmt: skip


def rules() -> dict[str, Any]:
    """All rules by name, in the order of the files."""
    found = {}
    for module in _MODULES:
        for name, thing in vars(module).items():
            if getattr(python_function(thing), "__module__", "") == module.__name__ and not name.startswith("_"):
                found[name] = thing
    return found


def check_rule(name: str, function: Callable[..., Any]) -> None:
    """Raise `RuleError` unless `name` is a rule and `function` takes as many arguments as it."""
    known = rules()
    if name not in known:
        raise RuleError(f"rule {name!r} does not exist{nearest(name, list(known))}")
    wanted = list(inspect.signature(python_function(known[name])).parameters)
    given = list(inspect.signature(python_function(function)).parameters)
    if len(wanted) != len(given):
        raise RuleError(
            f"rule {name!r} takes {len(wanted)} numbers ({', '.join(wanted)}), but {function.__name__!r} takes {len(given)}"
        )


@lru_cache(maxsize=64)
def compiled_rule(function: Callable[..., Any]) -> Any:
    """A user's function, compiled to be inlined; its result is made a float32 whatever constants it uses."""
    inner = function if hasattr(function, "py_func") else numba.njit(nogil=True, error_model="numpy")(function)

    @rule
    def rounded(*numbers: Any) -> np.float32:
        return np.float32(inner(*numbers))

    return rounded


def compile_rules(root: Any, replacements: dict[str, Callable[..., Any]]) -> Any:
    """`root` with the user's rules in place of ours; `root` itself when there are none. Raises `RuleError`.

    The same functions give the same result again, so that many runs with a user's rule compile once.
    """
    for name, function in replacements.items():
        check_rule(name, function)
    return _rebound(root, tuple(sorted(replacements.items()))) if replacements else root


@lru_cache(maxsize=16)
def _rebound(root: Any, replacements: tuple[tuple[str, Callable[..., Any]], ...]) -> Any:
    return rebind(root, {name: compiled_rule(function) for name, function in replacements})


@contextmanager
def explained(names: Iterable[str]) -> Iterator[None]:
    """Turn the compiler's complaint about a user's rule, which comes when it is first called, into a `RuleError`."""
    try:
        yield
    except numba.core.errors.NumbaError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        # The first line names a stage of the compiler; the problem is in the next.
        problem = next((line for line in lines if line and not line.startswith("Failed in")), "")
        raise RuleError(
            f"rule {', '.join(names)} cannot be compiled: {problem}; use numbers, arithmetic and the functions of math only"
        ) from error


def in_python(replacements: dict[str, Callable[..., Any]]) -> SimpleNamespace:
    """All rules by name, in plain Python; a user's own rules in place of ours."""
    ours = {name: interpreted(function) for name, function in rules().items()}
    theirs = {name: _one_at_a_time(name, function) for name, function in replacements.items()}
    return SimpleNamespace(**{**ours, **theirs})


def _one_at_a_time(name: str, function: Callable[..., Any]) -> Callable[..., np.float32]:
    """A user's rule, compiled as in the compiled engine, so that its constants are promoted in the same way."""
    compiled = compiled_rule(function)

    def call(*numbers: np.float32) -> np.float32:
        with explained([name]):
            return np.float32(compiled(*numbers))

    return call
