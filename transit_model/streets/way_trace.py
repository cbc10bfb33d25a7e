"""From times back to ways: the arcs of shortest paths, found from the times alone.

Any engine gives the times, and the times decide the way: of arcs that reach a node in its time the one whose tail is
reached first, of equal ones the first in the graph. Dijkstra's search with a heap keeps the same one, since it looks
at tails in the order of their times and keeps what it found until something is quicker.
"""

from __future__ import annotations

import sys

import numpy as np

from transit_model.network.arrays import I32, I64, StreetArrays

NO_ARC = -1


def trace_arcs(streets: StreetArrays, ticks: I32, seed_ticks: I32, ends: I32) -> list[I32]:
    """Return the arcs of the shortest path to each end, from the seed on, as rows of ``streets.head``.

    Parameters
    ----------
    ticks : (n,) int32
        Times from the seeds to all nodes.
    seed_ticks : (n,) int32
        Ticks already spent at each seed, -1 at any other node.
    ends : (k,) int32
        Nodes that are reached.
    """
    if "transit_model.streets.bucket_queue" in sys.modules:  # compiled code is in use: it asks for no more than ways
        from transit_model.streets.way_kernels import trace_back

        pointer, arcs = trace_back(*find_incoming(streets), streets.weight_ticks, ticks, seed_ticks, ends)
        return [arcs[a:b] for a, b in zip(pointer[:-1].tolist(), pointer[1:].tolist(), strict=True)]
    tail = np.repeat(np.arange(streets.n_nodes, dtype=np.int32), np.diff(streets.indptr))
    before = _find_arcs_before(streets, ticks, tail)
    return [_follow(tail, before, ticks, seed_ticks, end) for end in ends.tolist()]


def find_incoming(streets: StreetArrays) -> tuple[I32, I32, I32]:
    """Return the arcs into each node, in CSR form (pointer and arcs), and the tail of each arc; kept for a graph."""
    from transit_model.streets.street_search import find_engine
    from transit_model.streets.way_kernels import list_incoming

    return find_engine(streets).keep("incoming", lambda: list_incoming(streets.indptr, streets.head))


def _find_arcs_before(streets: StreetArrays, ticks: I32, tail: I32) -> I64:
    """Return the last arc of the shortest path to every node, `NO_ARC` where none leads there."""
    head = streets.head
    arcs = np.flatnonzero(ticks[tail] + streets.weight_ticks == ticks[head])
    before = np.full(streets.n_nodes, NO_ARC, dtype=np.int64)
    before[head[arcs[::-1]]] = arcs[::-1]  # of several the first: what is written last stays
    others = arcs[before[head[arcs]] != arcs]
    if len(others):
        rivals = np.concatenate([others, np.unique(before[head[others]])])
        rivals = rivals[np.lexsort((rivals, ticks[tail[rivals]]))[::-1]]
        before[head[rivals]] = rivals
    return before


def _follow(tail: I32, before: I64, ticks: I32, seed_ticks: I32, end: int) -> I32:
    arcs = []
    node = end
    while seed_ticks[node] != ticks[node]:
        arc = int(before[node])
        arcs.append(arc)
        node = int(tail[arc])
    return np.array(arcs[::-1], np.int32)
