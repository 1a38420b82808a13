"""How the compiled engine passes its state: as one address, whose fields are read where they are named.

Numba passes a tuple by value, and counts a reference to every array it takes out of one with an atomic instruction. For the
tuples of a market that is seven hundred numbers a call, which cost more than the loops they were passed to; the counting was a
third of the time on one thread, and more on two that counted on the same arrays (measured). The caller of the outermost kernel
holds the arrays anyway. So that kernel puts each tuple on its stack once and hands on the address (`hand`); ``c.taste`` on an
address reads that field and counts nothing.

Nobody changes the tuples while the kernels run, and the loads say so to the compiler: it moves them out of loops, whatever
the loop writes.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.imputils import impl_ret_borrowed, impl_ret_untracked, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic


class Handed(types.Type):
    """The address of a named tuple."""

    def __init__(self, group: Any) -> None:
        self.group = group
        # The name becomes part of every compiled function's; spelt out, a market's tuples would take pages.
        digest = hashlib.sha256(str(group).encode()).hexdigest()[:8]
        super().__init__(f"Handed({group.instance_class.__name__}:{digest})")


@register_default(Handed)
class _HandedModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, handed: Any) -> None:
        super().__init__(dmm, handed, dmm.lookup(handed.group).get_value_type().as_pointer())


@infer_getattr
class _HandedFields(AttributeTemplate):
    key = Handed

    def generic_resolve(self, handed: Any, name: str) -> Any:  # type: ignore[override]
        fields = handed.group.fields
        return handed.group.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(Handed)
def _read_field(context: Any, builder: Any, handed: Any, address: Any, name: str) -> Any:
    index = handed.group.fields.index(name)
    kind = handed.group.types[index]
    place = cgutils.gep_inbounds(builder, address, 0, index)

    def read(place: Any) -> Any:
        load = builder.load(place)
        load.set_metadata("invariant.load", builder.module.add_metadata([]))
        return load

    if not isinstance(kind, types.Array):
        return impl_ret_untracked(context, builder, kind, read(place))
    array = context.make_array(kind)(context, builder)
    fields = array._datamodel._fields
    for part in ("nitems", "data"):
        setattr(array, part, read(cgutils.gep_inbounds(builder, place, 0, fields.index(part))))
    for part in ("shape", "strides"):
        numbers = [read(cgutils.gep_inbounds(builder, place, 0, fields.index(part), axis)) for axis in range(kind.ndim)]
        setattr(array, part, cgutils.pack_array(builder, numbers))
    array.itemsize = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    array.meminfo = cgutils.get_null_value(array.meminfo.type)  # without an owner there is nothing to count
    array.parent = cgutils.get_null_value(array.parent.type)
    return impl_ret_untracked(context, builder, kind, array._getvalue())


@intrinsic
def _hand(typing_context: Any, group: Any) -> Any:
    """The address of a copy of the tuple on the caller's stack."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = cgutils.alloca_once_value(builder, args[0])
        # The empty instruction hides that this is where the tuple was just written: reads move freely, but not to before it.
        passes = ir.FunctionType(place.type, [place.type])
        return builder.asm(passes, "", "=r,0,~{memory}", [place], True)

    return Handed(group)(group), build


@intrinsic
def _flat(typing_context: Any, table: Any) -> Any:
    """The same numbers in one row, without a call to the general reshape."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = context.make_array(table)(context, builder, args[0])
        row = context.make_array(signature.return_type)(context, builder)
        for part in ("meminfo", "parent", "nitems", "itemsize", "data"):
            setattr(row, part, getattr(whole, part))
        row.shape = cgutils.pack_array(builder, [whole.nitems])
        row.strides = cgutils.pack_array(builder, [whole.itemsize])
        return impl_ret_borrowed(context, builder, signature.return_type, row._getvalue())

    return types.Array(table.dtype, 1, "C")(table), build


def same(group: Any) -> Any:
    """Interpreted, there is nothing to pass by address."""
    return group


def in_one_row(table: Any) -> Any:
    """What `flat` does, interpreted."""
    return table.reshape(-1)


_interpreting: bool = getattr(numba.config, "DISABLE_JIT", False)
hand: Any = same if _interpreting else _hand
flat: Any = in_one_row if _interpreting else _flat
