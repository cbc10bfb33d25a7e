"""Rows of 128 bytes as single values inside compiled loops: what is left of a budget of time for 64 or 32 origins.

A *row* belongs to a node; lane j of it is the budget that origin j has left there, in ticks, 0 for out of reach. To
go along an arc is a subtraction that stops at zero, to take the better of two ways is a maximum: both are two
instructions for a whole row on processors with 512-bit vectors, four or eight on others. Budgets up to 65,535 ticks
fit 16-bit lanes (`uint16`, 64 origins), longer ones 32-bit lanes (`uint32`, 32 origins); both are exact.

The loops are written in LLVM's own words, since the compiler cannot see that a row read and the row written are not
the same memory and would go lane by lane (three times slower, measured).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ROW_BYTES: Final = 128
"""Two cache lines. Of 64, 128 and 256 bytes the best measured: wider rows share the cost of an arc among more origins,
but fewer of them fit the caches."""
Rows: TypeAlias = npt.NDArray[np.unsignedinteger[Any]]
"""(n, lanes) of uint16 or uint32, aligned to their length."""
Codegen: TypeAlias = Callable[..., Any]

_llvm: Any = cgutils
_ir: Any = _llvm.ir


def count_lanes(dtype: npt.DTypeLike) -> int:
    """Return the number of lanes in a row of this type."""
    return ROW_BYTES // np.dtype(dtype).itemsize


def build_rows(n: int, dtype: npt.DTypeLike) -> Rows:
    """Return n rows of zeros, aligned to their length."""
    raw = np.zeros((n + 1) * ROW_BYTES, np.uint8)
    start = -raw.ctypes.data % ROW_BYTES
    return raw[start : start + n * ROW_BYTES].view(dtype).reshape(n, count_lanes(dtype))


class _Row:
    """Code for rows of one array."""

    def __init__(self, context: Any, builder: Any, array: Any, value: Any) -> None:  # noqa: ANN401 - of numba
        self.builder = builder
        self.element = _ir.IntType(array.dtype.bitwidth)
        self.lanes = ROW_BYTES * 8 // array.dtype.bitwidth
        self.vector = _ir.VectorType(self.element, self.lanes)
        self.zero = _ir.Constant(self.vector, [0] * self.lanes)
        self.base = builder.bitcast(_data(context, builder, array, value), self.vector.as_pointer())

    def load(self, at: Any) -> Any:  # noqa: ANN401
        return self.builder.load(self.builder.gep(self.base, [at]), align=ROW_BYTES)

    def store(self, row: Any, at: Any) -> None:  # noqa: ANN401
        self.builder.store(row, self.builder.gep(self.base, [at]), align=ROW_BYTES)

    def call(self, name: str, *rows: Any) -> Any:  # noqa: ANN401
        """Call an LLVM intrinsic on rows: ``usub.sat`` or ``umax``."""
        kind = _ir.FunctionType(self.vector, [self.vector] * len(rows))
        full = f"llvm.{name}.v{self.lanes}i{self.element.width}"
        return self.builder.call(_llvm.get_or_insert_function(self.builder.module, kind, full), rows)

    def spread(self, value: Any) -> Any:  # noqa: ANN401
        return _spread(self.builder, self.vector, self.lanes, value)


def _as_intrinsic(function: Callable[..., tuple[Any, Codegen]]) -> Any:  # noqa: ANN401
    """Make a function of types into one that compiled code calls with values (and without the context)."""
    return intrinsic(function)


def _data(context: Any, builder: Any, array: Any, value: Any) -> Any:  # noqa: ANN401
    return context.make_array(array)(context, builder, value).data


def _spread(builder: Any, vector: Any, lanes: int, value: Any) -> Any:  # noqa: ANN401
    """Return a vector with one value in all lanes."""
    number = _ir.IntType(32)
    nothing = _ir.Constant(vector, _ir.Undefined)
    first = builder.insert_element(nothing, value, _ir.Constant(number, 0))
    return builder.shuffle_vector(first, nothing, _ir.Constant(_ir.VectorType(number, lanes), [0] * lanes))


@_as_intrinsic
def pull_row(
    _context: Any, rows: Any, start: Any, target: Any, tails: Any, ticks: Any, first: Any, last: Any  # noqa: ANN401
) -> tuple[Any, Codegen]:  # fmt: skip
    """Write row `target`: the best of row `start` and of what arcs ``first:last`` bring; return if a lane has budget.

    ``rows[target] = max(rows[start], max(rows[tails[a]] - ticks[a]))``; `ticks` are of the rows' type.
    """
    signature = types.boolean(rows, types.intp, types.intp, tails, ticks, types.intp, types.intp)

    def codegen(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401
        row = _Row(context, builder, rows, values[0])
        tail_data, tick_data = _data(context, builder, tails, values[3]), _data(context, builder, ticks, values[4])
        begin = row.load(values[1])
        before = builder.block
        check, body, end = (builder.append_basic_block(name) for name in ("pull.check", "pull.body", "pull.end"))
        builder.branch(check)
        builder.position_at_end(check)
        arc, best = builder.phi(values[5].type), builder.phi(row.vector)
        arc.add_incoming(values[5], before)
        best.add_incoming(begin, before)
        builder.cbranch(builder.icmp_signed("<", arc, values[6]), body, end)
        builder.position_at_end(body)
        tail = builder.zext(builder.load(builder.gep(tail_data, [arc])), arc.type)
        cost = row.spread(builder.load(builder.gep(tick_data, [arc])))
        better = row.call("umax", best, row.call("usub.sat", row.load(tail), cost))
        arc.add_incoming(builder.add(arc, _ir.Constant(arc.type, 1)), builder.block)
        best.add_incoming(better, builder.block)
        builder.branch(check)
        builder.position_at_end(end)
        row.store(best, values[2])
        return _is_any(builder, row, best)

    return signature, codegen


@_as_intrinsic
def clear_row(_context: Any, rows: Any, at: Any) -> tuple[Any, Codegen]:  # noqa: ANN401
    """Write zeros into row `at`."""
    signature = types.void(rows, types.intp)

    def codegen(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401
        row = _Row(context, builder, rows, values[0])
        row.store(row.zero, values[1])
        return context.get_dummy_value()

    return signature, codegen


@_as_intrinsic
def push_row(_context: Any, rows: Any, source: Any, target: Any, ticks: Any) -> tuple[Any, Codegen]:  # noqa: ANN401
    """Improve row `target` by going there from row `source` in `ticks` (of the rows' type)."""
    signature = types.void(rows, types.intp, types.intp, ticks)

    def codegen(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401
        row = _Row(context, builder, rows, values[0])
        reached = row.call("usub.sat", row.load(values[1]), row.spread(values[3]))
        row.store(row.call("umax", row.load(values[2]), reached), values[2])
        return context.get_dummy_value()

    return signature, codegen


@_as_intrinsic
def add_reached(_context: Any, rows: Any, at: Any, sums: Any, k: Any, weight: Any) -> tuple[Any, Codegen]:  # noqa: ANN401
    """Add `weight` to ``sums[k]`` (float64, as many as lanes) in the lanes where row `at` has budget."""
    signature = types.void(rows, types.intp, sums, types.intp, types.float64)

    def codegen(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401
        row = _Row(context, builder, rows, values[0])
        vector = _ir.VectorType(_ir.DoubleType(), row.lanes)
        base = builder.bitcast(_data(context, builder, sums, values[2]), vector.as_pointer())
        reached = builder.icmp_unsigned("!=", row.load(values[1]), row.zero)
        nothing = _ir.Constant(vector, [0.0] * row.lanes)
        more = builder.select(reached, _spread(builder, vector, row.lanes, values[4]), nothing)
        place = builder.gep(base, [values[3]])
        builder.store(builder.fadd(builder.load(place, align=8), more), place, align=8)
        return context.get_dummy_value()

    return signature, codegen


def _is_any(builder: Any, row: _Row, value: Any) -> Any:  # noqa: ANN401
    """Return whether a lane is not zero."""
    mask = _ir.IntType(row.lanes)
    bits = builder.bitcast(builder.icmp_unsigned("!=", value, row.zero), mask)
    return builder.icmp_unsigned("!=", bits, _ir.Constant(mask, 0))
