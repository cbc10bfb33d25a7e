"""Kernels of `way_trace`: the arcs into each node, and shortest paths followed back from their ends."""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import I32, I64
from transit_model.store.jit import helper, jit


@jit
def list_incoming(indptr: I32, head: I32) -> tuple[I32, I32, I32]:
    """Return pointer (n + 1,) and arcs (m,) into each node in the order of the graph, and the tail of each arc."""
    n, m = len(indptr) - 1, len(head)
    pointer, arcs, tail = np.zeros(n + 1, np.int32), np.empty(m, np.int32), np.empty(m, np.int32)
    for a in range(m):
        pointer[head[a] + 1] += 1
    for v in range(n):
        pointer[v + 1] += pointer[v]
    free = pointer[:-1].copy()
    for v in range(n):
        for a in range(indptr[v], indptr[v + 1]):
            tail[a] = v
            arcs[free[head[a]]] = a
            free[head[a]] += 1
    return pointer, arcs, tail


@helper
def _find_arc_before(pointer: I32, arcs: I32, tail: I32, weight: I32, ticks: I32, node: int) -> int:
    """Return the arc by which a node is reached: of those in time that with the earliest tail, the first of equals."""
    found = -1
    for k in range(pointer[node], pointer[node + 1]):
        arc = arcs[k]
        if ticks[tail[arc]] + weight[arc] == ticks[node] and (found < 0 or ticks[tail[arc]] < ticks[tail[found]]):
            found = arc
    return found


@jit
def trace_back(
    pointer: I32, arcs: I32, tail: I32, weight: I32, ticks: I32, seed_ticks: I32, ends: I32
) -> tuple[I64, I32]:
    """Return where the path to each end begins (k + 1,), and the arcs of all paths, each from its seed on."""
    begin = np.zeros(len(ends) + 1, np.int64)
    out = np.empty(0, np.int32)
    for fills in range(2):  # first how long they are, then what is on them
        for e in range(len(ends)):
            node, count = ends[e], 0
            while seed_ticks[node] != ticks[node]:
                arc = _find_arc_before(pointer, arcs, tail, weight, ticks, node)
                count += 1
                if fills:
                    out[begin[e + 1] - count] = arc
                node = tail[arc]
            if not fills:
                begin[e + 1] = begin[e] + count
        if not fills:
            out = np.empty(begin[-1], np.int32)
    return begin, out
