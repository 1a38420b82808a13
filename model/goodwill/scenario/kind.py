"""Sections of which there are several kinds, told apart by their `kind`: programmes, strategies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from goodwill.scenario.declare import Section


class Kind(Section):
    """Base of a family of kinds. The family sets `family`, its name in messages, and an empty `known`; a kind sets `kind`.

    `or_else`: what a mapping may have instead of a kind, for the message.

    Defining a subclass makes its kind known; one without a kind (a base of others) is not.
    """

    kind: str
    family: ClassVar[str]
    known: ClassVar[dict[str, type[Kind]]]
    or_else: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.register()

    @classmethod
    def register(cls) -> None:
        """Let scenarios name this class by its kind."""
        kind = cls.model_fields["kind"].default
        if isinstance(kind, str):
            cls.known[kind] = cls

    @classmethod
    def kinds(cls) -> dict[str, Any]:
        """The classes of the family, by kind."""
        return dict(sorted(cls.known.items()))

    @classmethod
    def class_for(cls, content: Mapping[str, Any]) -> type[Section]:
        """The class that a mapping describes, by its `kind`."""
        kind = content.get("kind")
        return cls.known.get(kind, cls) if isinstance(kind, str) else cls

    @classmethod
    def build(cls, value: Any) -> Any:
        """One of the family from a mapping with a `kind`.

        Raises ValueError with the nearest kind, or the mistakes in its keys. A ValidationError raised in here is merged by
        pydantic into that of the firm or arm around it, so every mistake keeps its full key.
        """
        from goodwill.scenario.explain import nearest

        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping) or "kind" not in value:
            raise ValueError(f"a {cls.family} needs a kind, one of {', '.join(cls.kinds())}{cls.or_else}")
        kind = value["kind"]
        if kind not in cls.known:
            raise ValueError(f"{cls.family} kind {kind!r} is not known{nearest(str(kind), list(cls.kinds()))}")
        return cls.known[kind].model_validate(dict(value))
