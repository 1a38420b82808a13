"""Turns pydantic's validation errors into one line per mistake: place, value, remedy."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

Location = tuple[int | str, ...]

_WANTED = {
    "bool": "true or false",
    "dict": "keys and values",
    "float": "a number",
    "finite": "a finite number",
    "int": "a whole number",
    "mapping": "keys and values",
    "model": "keys and values",
    "string": "text",
    "tuple": "a list",
}  # by the first word of pydantic's names of errors, such as float_parsing


def nearest(word: str, known: list[str]) -> str:
    """' - did you mean ...?' or the list of what is known."""
    close = difflib.get_close_matches(word, known, n=5, cutoff=0.5)
    if not close:
        return f"; known are {', '.join(known)}"
    return f"; did you mean {min(close, key=lambda candidate: _typing_errors(word, candidate))!r}?"


def _typing_errors(word: str, candidate: str) -> int:
    """Letters to change, add or leave out (Levenshtein): 'prise' is nearer to 'price' than to 'promise'."""
    row = list(range(len(candidate) + 1))
    for i, letter in enumerate(word, 1):
        diagonal, row[0] = row[0], i
        for j, wanted in enumerate(candidate, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (letter != wanted))
    return row[-1]


def inner_models(annotation: Any) -> list[type[BaseModel]]:
    """Models inside a type such as tuple[Annotated[Firm, ...], ...] or X | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if isinstance(annotation, types.GenericAlias | types.UnionType) or typing.get_origin(annotation) is not None:
        return [m for inner in typing.get_args(annotation) for m in inner_models(inner)]
    return []


def model_at(root: type[BaseModel], location: Location, content: Any = None) -> type[BaseModel] | None:
    """The model that holds the keys at a location such as ('firms', 0); the content tells programmes apart."""
    model: type[BaseModel] | None = _described(root, content)
    for part in location:
        content = _child(content, part)
        if isinstance(part, str):
            if model is None or part not in model.model_fields:
                return None
            inner = inner_models(model.model_fields[part].annotation)
            model = inner[0] if inner else None
        model = _described(model, content)
    return model


def _described(model: type[BaseModel] | None, content: Any) -> type[BaseModel] | None:
    if model is not None and hasattr(model, "class_for") and isinstance(content, Mapping):
        described: type[BaseModel] = model.class_for(content)
        return described
    return model


def _child(content: Any, part: int | str) -> Any:
    if isinstance(content, Mapping):
        return content.get(part)
    if isinstance(content, Sequence) and isinstance(part, int) and part < len(content):
        return content[part]
    return None


def _remedy(problem: Mapping[str, Any], root: type[BaseModel], content: Any) -> str:
    """What is wrong and what to do about it, for one entry of a ValidationError."""
    location, kind, value = tuple(problem["loc"]), str(problem["type"]), problem["input"]
    context = problem.get("ctx", {})
    if kind == "extra_forbidden":
        parent = model_at(root, location[:-1], content)
        known = list(parent.model_fields) if parent is not None else []
        return f"unknown key{nearest(str(location[-1]), known) if known else ''}"
    if kind == "missing":
        return "is missing; give it a value"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "at least" if kind == "greater_than_equal" else "at most"
        return f"is {_short(value)} but must be {side} {bound:.10g}"
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        side = "at least" if kind == "too_short" else "at most"
        return f"has {context['actual_length']} entries but must have {side} {bound}"
    if kind == "literal_error":
        return f"is {_short(value)} but must be {context['expected']}"
    if kind == "value_error":
        return str(context.get("error", problem["msg"]))
    wanted = _WANTED.get(kind.split("_")[0])
    if wanted is not None:
        return f"is {_short(value)} but must be {wanted}"
    return f"is {_short(value)}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _short(value: Any) -> str:
    if value is None:
        return "empty"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _follows(problem: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list only counts as too short because entries of it are wrong, which is said already."""
    location = tuple(problem["loc"])
    return problem["type"] == "too_short" and any(
        len(other["loc"]) > len(location) and tuple(other["loc"][: len(location)]) == location for other in others
    )


def explain(error: ValidationError, root: type[BaseModel], place: str, content: Any = None) -> str:
    """One line per mistake, each starting with the place (file or object) and the dotted key.

    content: what was validated; it tells which programme a key belongs to.
    """
    problems = error.errors(include_url=False)
    lines = []
    for problem in problems:
        if _follows(problem, problems):
            continue
        key = ".".join(str(part) for part in problem["loc"])
        remedy = _remedy(problem, root, content)
        lines.append(f"{place}: {key}: {remedy}" if key else f"{place}: {remedy}")
    return "\n".join(lines)
