"""A street graph packed for the bucket search: three arcs to a record, neighbours in space neighbours in memory.

Most nodes of a road network have three arcs or fewer. With a fixed number of arcs to a record the inner loop of the
search has no branch to guess wrong, and one record is one or two cache lines. A node with more arcs is carried on by
further places that it reaches in no time. An arc to a dead end (all arcs of its head lead back) is flagged: the search
labels such a node and never queues it.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, I64
from transit_model.store.jit import INF_S, jit

U32: TypeAlias = npt.NDArray[np.uint32]
U64: TypeAlias = npt.NDArray[np.uint64]

ARCS: Final = 3
"""Arcs to a record; measured best of 2, 3 and 4 on the drive network of Porto."""
DEAD_END: Final = 1 << 32
WEIGHT_SHIFT: Final = 33
MAX_BUCKETS: Final = 1 << 16
MAX_COUNTED: Final = 1 << 20
_CURVE_BITS: Final = 16


class BucketGraph(NamedTuple):
    """A packed graph.

    Attributes
    ----------
    place : (n,) int32
        Where each node lies in the packed order.
    node_at : (n_places,) int32
        The node at each place, -1 for a place that carries another on.
    record : (n_places, 3) uint64
        Arcs: place of the head (32 bits), flag of a dead end (1 bit), weight in ticks (31 bits). Unused ones lead to
        the place itself in no time.
    shift : int
        A bucket is ``2**shift`` ticks wide.
    max_ticks : int
        The largest weight.
    n_used : int
        Places in use; the rest are spare.
    """

    place: I32
    node_at: I32
    record: U64
    shift: int
    max_ticks: int
    n_used: int

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.place)


def build_bucket_graph(
    indptr: I32, head: I32, ticks: I32, order: I64 | None = None, *, n_spare: int = 0
) -> BucketGraph:
    """Pack a directed graph in CSR form.

    Parameters
    ----------
    indptr, head, ticks : (n + 1,), (m,), (m,) int32
        Weights of zero and parallel arcs are allowed.
    order : (n,) int, optional
        The nodes in an order that keeps neighbours together, see `order_in_space`; as they are when absent.
    n_spare : int
        Places at the end without arcs, for edits (see `graph_edit`).

    Raises
    ------
    InputError
        When a weight is negative, or so large that two times would not fit.
    """
    n = len(indptr) - 1
    if len(ticks) and (ticks.min() < 0 or ticks.max() >= INF_S):
        raise InputError(f"street weights must lie within 0 and {INF_S - 1} ticks")
    nodes = np.arange(n, dtype=np.int64) if order is None else np.asarray(order, np.int64)
    n_arcs = np.diff(indptr).astype(np.int64)
    # The last arc of a full record leads on, so d arcs need ceil((d - 1) / 2) = d // 2 records, and at least one.
    n_records = np.maximum(1, n_arcs // (ARCS - 1))
    start = np.concatenate([[0], np.cumsum(n_records[nodes])])
    place = np.empty(n, np.int32)
    place[nodes] = start[:-1]
    n_places = int(start[-1]) + n_spare
    node_at = np.full(n_places, -1, np.int32)
    node_at[start[:-1]] = nodes
    record = np.repeat(np.arange(n_places, dtype=np.uint64), ARCS).reshape(n_places, ARCS)
    _pack(indptr, head, ticks, place, record)
    largest = int(ticks.max()) if len(ticks) else 0
    # As wide as half the middle weight or more: few empty buckets, and few nodes looked at twice.
    shift = max(_find_median(ticks[ticks > 0], largest).bit_length() - 1, 0)
    while largest >> shift >= MAX_BUCKETS - 2:
        shift += 1
    return BucketGraph(place, node_at, record, shift, largest, int(start[-1]))


def _find_median(positive: I32, largest: int) -> int:
    """Return the whole part of the median, 0 of none: by counting where the weights allow, which is quicker."""
    if largest > MAX_COUNTED:
        return int(np.median(positive))
    below = np.cumsum(np.bincount(positive))
    middle = ((len(positive) - 1) // 2 + 1, len(positive) // 2 + 1)
    return int(np.searchsorted(below, middle).sum()) // 2 if len(positive) else 0


@jit
def _pack(indptr: I32, head: I32, ticks: I32, place: I32, record: U64) -> None:
    n = len(place)
    only = np.empty(n, np.int32)  # the one node all arcs of a node lead to, -1 several, -2 none
    for v in range(n):
        only[v] = -2
        for a in range(indptr[v], indptr[v + 1]):
            only[v] = head[a] if only[v] == -2 or only[v] == head[a] else -1
    for v in range(n):
        at, k = place[v], 0
        for a in range(indptr[v], indptr[v + 1]):
            if k == ARCS - 1 and indptr[v + 1] - a > 1:
                record[at, k] = np.uint64(at + 1)
                at, k = at + 1, 0
            dead_end = DEAD_END if only[head[a]] == -2 or only[head[a]] == v else 0
            record[at, k] = np.uint64((np.int64(ticks[a]) << WEIGHT_SHIFT) | dead_end | place[head[a]])
            k += 1


def order_in_space(lon: F64, lat: F64) -> I64:
    """Return the nodes in the order of a Hilbert curve through their places, (n,).

    The bit method of Skilling (2004), "Programming the Hilbert curve", AIP Conf. Proc. 707, for two dimensions.
    """
    cells = (1 << _CURVE_BITS) - 1
    return _sort_along(_find_along(*(_to_cells(v, cells) for v in (lon, lat))))


@jit
def _find_along(x: I64, y: I64) -> I64:
    """Return how far along the curve each cell lies."""
    out = np.empty(len(x), np.int64)
    for k in range(len(x)):
        along, flip, swap = 0, 0, 0  # what the turns so far do to the digits below: both complemented, exchanged
        for bit in range(_CURVE_BITS - 1, -1, -1):
            right, up = (x[k] >> bit) & 1, (y[k] >> bit) & 1
            differ = (right ^ up) & swap
            right, up = right ^ differ ^ flip, up ^ differ ^ flip
            along = (along << 2) | ((3 * right) ^ up)
            flip ^= (up ^ 1) & right
            swap ^= up ^ 1
        out[k] = along
    return out


@jit
def _sort_along(along: I64) -> I64:
    """Return the rows in ascending order, equal ones as they stand: by the lower half of the digits, then the upper."""
    n, mask = len(along), (1 << _CURVE_BITS) - 1
    order, other = np.arange(n), np.empty(n, np.int64)
    for shift in (0, _CURVE_BITS):
        free = np.zeros(mask + 2, np.int64)
        for k in range(n):
            free[((along[k] >> shift) & mask) + 1] += 1
        for d in range(mask + 1):
            free[d + 1] += free[d]
        for k in range(n):
            digit = (along[order[k]] >> shift) & mask
            other[free[digit]] = order[k]
            free[digit] += 1
        order, other = other, order
    return order


def _to_cells(values: F64, cells: int) -> I64:
    width = float(np.ptp(values)) if len(values) else 0.0
    return (
        ((values - values.min()) * (cells / width)).astype(np.int64) if width > 0 else np.zeros(len(values), np.int64)
    )
