"""How the compiled engine passes its state: without reference counts, and by address.

Numba counts references to every array it takes out of a tuple, with atomic instructions; over the many short kernels of a tile that
was a third of the time on one thread, and more on two that count on the same arrays (measured). The caller of the outermost kernel
holds the arrays anyway, so inside it they can go uncounted (`borrowed`).

Passed by value, the tuples of a market are seven hundred numbers a call, which cost twice as much as the loops they were passed to. So
the outermost kernel hands on their addresses (`hand`), and a kernel takes out what it needs (`take`).
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_untracked
from numba.extending import intrinsic


@intrinsic
def _strip(typing_context: Any, group: Any) -> Any:
    """The same tuple of arrays and numbers, its arrays without owner."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = args[0]
        for index, kind in enumerate(group.types):
            if isinstance(kind, types.Array):
                item = builder.extract_value(value, index)
                array = context.make_array(kind)(context, builder, item)
                array.meminfo = cgutils.get_null_value(array.meminfo.type)
                array.parent = cgutils.get_null_value(array.parent.type)
                value = builder.insert_value(value, array._getvalue(), index)
        return impl_ret_untracked(context, builder, signature.return_type, value)

    return group(group), build


@intrinsic
def _hand(typing_context: Any, group: Any) -> Any:
    """The address of a copy of the tuple on the caller's stack."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = cgutils.alloca_once_value(builder, args[0])
        return builder.bitcast(place, context.get_value_type(signature.return_type))

    return types.CPointer(group)(group), build


@intrinsic
def _take(typing_context: Any, address: Any) -> Any:
    """The tuple at an address, loaded number by number, so that what a kernel does not use costs nothing."""
    group = address.dtype

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = context.get_value_type(group)
        place = builder.bitcast(args[0], kind.as_pointer())

        def load(place: Any, kind: Any) -> Any:
            if not hasattr(kind, "elements") and not hasattr(kind, "element"):
                return builder.load(place)
            value = kind(ir.Undefined)
            for index in range(len(kind)):
                part = load(cgutils.gep_inbounds(builder, place, 0, index), kind.elements[index] if hasattr(kind, "elements") else kind.element)
                value = builder.insert_value(value, part, index)
            return value

        return impl_ret_untracked(context, builder, group, load(place, kind))

    return group(address), build


def same(group: Any) -> Any:
    """Interpreted, there is nothing to strip and nothing to pass by address."""
    return group


borrowed, hand, take = (same, same, same) if numba.config.DISABLE_JIT else (_strip, _hand, _take)
