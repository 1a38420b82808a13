"""How goodwill compiles: one decorator for rules, one for kernels, and a cache that is never stale.

Numba's own file cache looks only at the file a kernel stands in; a kernel here calls rules from other
files, so a changed rule would silently run its old code. The cache folder therefore carries a hash of
every source file that is compiled, and of the library versions. The folder can be moved with
``GOODWILL_CACHE_DIR``; by default it is the user's cache folder (``XDG_CACHE_HOME`` or ``~/.cache``).
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

import llvmlite
import numba as typed_numba
import numpy as np
from numba.core.extending import _Intrinsic

from goodwill.engine.borrow import flat, in_one_row, same

F = TypeVar("F", bound=Callable[..., Any])

# Its annotations do not say what its decorators give back.
numba: Any = typed_numba

_PACKAGE = Path(__file__).resolve().parent.parent
_COMPILED_FOLDERS = ("engine", "rules")
_NEVER_COMPILED = ("reference", "compiled.py", "levers.py", "outreach.py", "encounter_levers.py", "registry.py")
# The fields of the parameter tuples are declared beside the scenario; they shape compiled code too.
_SHAPES = ("scenario/behaviour/*.py", "programmes/terms.py")


def source_hash() -> str:
    """Hash of all sources that end up in compiled code, and of the compiler's versions (12 hex digits)."""
    digest = hashlib.sha256(
        f"{numba.__version__} {llvmlite.__version__} {np.__version__} {sys.version_info[:2]}".encode()
    )
    for folder in _COMPILED_FOLDERS:
        for path in sorted((_PACKAGE / folder).rglob("*.py")):
            if path.name in _NEVER_COMPILED or path.parent.name in _NEVER_COMPILED:
                continue
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    for pattern in _SHAPES:
        for path in sorted(_PACKAGE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def cache_folder() -> Path:
    """Folder of the compiled code of exactly this version of goodwill."""
    root = os.environ.get("GOODWILL_CACHE_DIR")
    if root is None:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        root = os.path.join(base, "goodwill")
    return Path(root) / f"compiled-{source_hash()}"


_FOLDER = cache_folder()


def rule(function: F) -> F:
    """Compile a scalar rule so that it is inlined into every loop that calls it.

    Without the forced inlining loops over a tile silently stop vectorising (measured: four to eight times slower).
    """
    return numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)


def _cached(function: Callable[..., Any], **options: bool) -> Any:
    # Numba chooses the cache place when the function is decorated; the setting is put back at once so that
    # other packages' caches stay where they are.
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_FOLDER)
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True, **options)(function)
    finally:
        numba.config.CACHE_DIR = before


def kernel(function: F) -> F:
    """Compile loops over a tile, to be called from compiled code only; cached, for markets with a user's rules elsewhere."""
    return _cached(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def stage(function: F) -> F:
    """Write a driver of kernels into its caller, so that the compiler goes through all of them once and not once a level."""
    return numba.njit(nogil=True, error_model="numpy", inline="always")(function)


def entry(function: F) -> F:
    """Compile a function that Python calls: free of the GIL and cached between processes."""
    return _cached(function)


@contextmanager
def compiling() -> Iterator[None]:
    """Compile without the cyclic garbage collector, which takes a sixth of the time and finds nothing (measured)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def python_function(function: Any) -> Callable[..., Any]:
    """The plain Python function behind a compiled one (the function itself when jit is disabled)."""
    return getattr(function, "py_func", function)


_interpreted: dict[Callable[..., Any], Callable[..., Any]] = {}


def interpreted(function: Any) -> Callable[..., Any]:
    """The Python twin of a compiled function: everything compiled that it calls is replaced by its Python function too.

    The same statements on NumPy's scalars give the same bits as the compiled code, only slowly. Arguments are to be of the types the
    compiled function gets (`np.float32`, never a Python float). Twins are kept, so asking again costs nothing.
    """
    if isinstance(function, _Intrinsic):
        return in_one_row if function is flat else same  # nothing to pass by address
    plain = python_function(function)
    if plain not in _interpreted:
        if not isinstance(plain, FunctionType):
            return plain
        space = dict(plain.__globals__)
        twin = FunctionType(plain.__code__, space, plain.__name__, plain.__defaults__, plain.__closure__)
        twin.__module__, twin.__qualname__, twin.__doc__ = plain.__module__, plain.__qualname__, plain.__doc__
        _interpreted[plain] = twin  # before its callees, one of which may call it
        for name in plain.__code__.co_names:
            called = space.get(name)
            if hasattr(called, "py_func") or isinstance(called, _Intrinsic):
                space[name] = interpreted(called)
    return _interpreted[plain]


def is_compiled() -> bool:
    """Whether this version's kernels are in the cache already, so that no compile is to be awaited."""
    return _FOLDER.is_dir() and any(_FOLDER.rglob("tile.run_tiles-*.nbi"))


def rebind(root: Any, replacements: dict[str, Any]) -> Any:
    """Compile `root` anew with some of the functions it calls, directly or through other kernels, replaced.

    `replacements` maps the replaced function's name to its replacement. Only the functions on the way from
    `root` to a replaced one are compiled again; every other kernel is taken as it is. Returns `root` itself when
    nothing below it has a replaced name.
    """
    made: dict[int, Any] = {}

    def visit(function: Any) -> Any:
        if id(function) in made:
            return made[id(function)]
        # Until it is known better: a function that reads a field of its own name seems to call itself.
        made[id(function)] = function
        plain = python_function(function)
        new_globals: dict[str, Any] = {}
        for name in plain.__code__.co_names:
            called = plain.__globals__.get(name)
            if name in replacements:
                new_globals[name] = replacements[name]
            elif hasattr(called, "py_func"):
                new = visit(called)
                if new is not called:
                    new_globals[name] = new
        if not new_globals:
            return function
        twin = FunctionType(plain.__code__, {**plain.__globals__, **new_globals}, plain.__name__, plain.__defaults__)
        twin.__module__ = plain.__module__
        twin.__qualname__ = plain.__qualname__
        options = {name: value for name, value in function.targetoptions.items() if name != "nopython"}
        made[id(function)] = numba.njit(**options)(twin)
        return made[id(function)]

    return visit(root)
