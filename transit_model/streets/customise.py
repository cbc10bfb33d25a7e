"""A customisable hierarchy: shortcuts from the shape of the network alone, filled with times for each scenario.

Dibbelt, Strasser, Wagner (2016), "Customizable contraction hierarchies", ACM JEA 21(1.5). The order comes from the
roads (`separator_order`) and a shortcut stands wherever one may ever be needed, so a change of all speeds costs one
pass over the triangles of the graph instead of a new contraction. The result is swept like any `Hierarchy`.

Arcs that the times of a scenario make superfluous stay (the paper's perfect customisation would leave them out): there
are half as many arcs again as after a contraction, but they lie closer together, and a sweep takes as long (measured).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, Bool
from transit_model.store.jit import jit
from transit_model.streets.hierarchy import NO_ARC, Blocks, Hierarchy, list_blocks, number_slots
from transit_model.streets.hierarchy_order import order_nodes
from transit_model.streets.memory import return_freed_memory
from transit_model.streets.separator_order import order_by_separators
from transit_model.threads import count_threads


@dataclass(frozen=True, eq=False)
class Frame:
    """A hierarchy without times, for one network and any times of its arcs.

    Attributes
    ----------
    node, position : (n,) int32, as in `Hierarchy`
    ptr, above : CSR, int32
        Positions before each position with which it shares an arc, in ascending order.
    triangle : (t,) int32
        For each position, each of its arcs j and each before it i: the arc between ``above[i]`` and ``above[j]``.
    arc_place : (m,) int32
        Arc of the frame for each arc of the network, -1 for a loop.
    arc_is_up : (m,) bool
        Whether it leads up there.
    slot, blocks : as in `Hierarchy`
    """

    node: I32
    position: I32
    ptr: I32
    above: I32
    triangle: I32
    arc_place: I32
    arc_is_up: Bool
    slot: I32
    blocks: Blocks


def build_frame(indptr: I32, head: I32, lon: F64, lat: F64, *, threads: int | None = None) -> Frame:
    """Order the nodes of a network in CSR form and find all shortcuts any times may need.

    Raises
    ------
    InputError
        When an arc leads to no node.
    """
    n = len(indptr) - 1
    if len(head) and (int(head.min()) < 0 or int(head.max()) >= n):
        raise InputError("an arc leads to no node")
    tail = np.repeat(np.arange(n, dtype=np.int64), np.diff(indptr))
    key = np.concatenate([tail * n + head, head.astype(np.int64) * n + tail])
    key = np.unique(key[np.concatenate([tail != head] * 2)])
    ptr = np.searchsorted(key, np.arange(n + 1, dtype=np.int64) * n).astype(np.int32)
    node = (key % max(n, 1)).astype(np.int32)
    order = order_by_separators(ptr, node, lon, lat, threads=count_threads(threads))
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    fill_ptr, fill = eliminate(ptr, node, order, rank)
    place = np.empty(n, np.int32)
    by_position = order_nodes(fill_ptr, fill)
    place[by_position] = np.arange(n, dtype=np.int32)
    at = order[by_position]
    position = np.empty(n, np.int32)
    position[at] = np.arange(n, dtype=np.int32)
    low, high = place[np.repeat(np.arange(n), np.diff(fill_ptr))], place[fill]
    sort = np.lexsort((high, low))
    above = high[sort]
    above_ptr = np.searchsorted(low[sort], np.arange(n + 1)).astype(np.int32)
    tail_at, head_at = position[tail], position[head]
    arc = find_arcs(above_ptr, above, np.maximum(tail_at, head_at), np.minimum(tail_at, head_at))
    blocks = list_blocks(above_ptr, above, np.arange(n, dtype=np.int32))
    triangle, slot = list_triangles(above_ptr, above), number_slots(n, above)
    del key, tail, low, high, sort, fill  # lest they lie above what is to be given back
    return_freed_memory()
    return Frame(at, position, above_ptr, above, triangle, arc, tail_at > head_at, slot, blocks)


@jit
def eliminate(ptr: I32, node: I32, order: I32, rank: I32) -> tuple[I32, I32]:
    """Return for each rank its neighbours of higher rank once those below are taken out, in ascending order (CSR).

    The neighbours of a node, without itself, become neighbours of the lowest of them.
    """
    n = len(order)
    first_child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    mark = np.full(n, -1, np.int32)
    out_ptr = np.zeros(n + 1, np.int32)
    out = np.empty(max(4 * len(node), 64), np.int32)
    k = 0
    for r in range(n):
        if k + n > len(out) and k + (n - r) > len(out):
            more = np.empty(2 * len(out) + n, np.int32)
            for i in range(k):
                more[i] = out[i]
            out = more
        begin = k
        mark[r] = r
        v = order[r]
        for a in range(ptr[v], ptr[v + 1]):
            u = rank[node[a]]
            if u > r and mark[u] != r:
                mark[u] = r
                out[k] = u
                k += 1
        c = first_child[r]
        while c >= 0:
            for a in range(out_ptr[c] + 1, out_ptr[c + 1]):
                u = out[a]
                if mark[u] != r:
                    mark[u] = r
                    out[k] = u
                    k += 1
            c = sibling[c]
        if k > begin:
            out[begin:k].sort()
            parent = out[begin]
            sibling[r] = first_child[parent]
            first_child[parent] = r
        out_ptr[r + 1] = k
    return out_ptr, out[:k].copy()


@jit
def list_triangles(ptr: I32, above: I32) -> I32:
    """Return the third side of every pair of arcs of every position (see `Frame`)."""
    n = len(ptr) - 1
    count = 0
    for p in range(n):
        count += (ptr[p + 1] - ptr[p]) * (ptr[p + 1] - ptr[p] - 1) // 2
    found = np.empty(count, np.int32)
    k = 0
    for p in range(n):
        for j in range(ptr[p], ptr[p + 1]):
            at = ptr[above[j]]
            for i in range(ptr[p], j):
                while above[at] != above[i]:  # it is there: neighbours above are neighbours of each other
                    at += 1
                found[k] = at
                k += 1
    return found


@jit
def find_arcs(ptr: I32, above: I32, low: I32, high: I32) -> I32:
    """Return the arc between each pair of positions, -1 for none."""
    found = np.full(len(low), -1, np.int32)
    for k in range(len(low)):
        begin, end = ptr[low[k]], ptr[low[k] + 1]
        at = begin + np.searchsorted(above[begin:end], high[k])
        if at < end and above[at] == high[k]:
            found[k] = at
    return found


def customise(frame: Frame, ticks: I32) -> Hierarchy:
    """Return the hierarchy of a frame for one set of times of its network's arcs.

    Raises
    ------
    InputError
        When there is not one time for each arc, or a time is negative.
    """
    if len(ticks) != len(frame.arc_place):
        raise InputError(f"{len(ticks)} times for {len(frame.arc_place)} arcs")
    if len(ticks) and int(ticks.min()) < 0:
        raise InputError("an arc takes a negative time")
    times = place_times(len(frame.above), frame.arc_place, frame.arc_is_up, ticks)
    add_shortcuts(frame.ptr, frame.triangle, times)
    up, down = times[:, 0], times[:, 1]
    f = frame
    return Hierarchy(f.node, f.position, f.ptr, f.above, up, f.ptr, f.above, down, f.slot, f.blocks)


@jit
def place_times(n_arcs: int, arc_place: I32, arc_is_up: Bool, ticks: I32) -> I32:
    """Return times (n_arcs, 2) up and down of the network's own arcs, `NO_ARC` elsewhere."""
    times = np.full((n_arcs, 2), NO_ARC, np.int32)
    for a in range(len(ticks)):
        at = arc_place[a]
        if at >= 0:
            way = 0 if arc_is_up[a] else 1
            times[at, way] = min(times[at, way], ticks[a])
    return times


@jit
def add_shortcuts(ptr: I32, triangle: I32, times: I32) -> None:
    """Lower the times of every arc to those of ways through positions below, from the bottom up, in place."""
    k = len(triangle)
    for p in range(len(ptr) - 2, -1, -1):
        first, last = ptr[p], ptr[p + 1]
        k -= (last - first) * (last - first - 1) // 2
        at = k
        for j in range(first, last):
            up_j, down_j = times[j, 0], times[j, 1]
            for i in range(first, j):
                third = triangle[at]
                at += 1
                # above[j] is below above[i]: up is from there through p to above[i]
                times[third, 0] = min(times[third, 0], down_j + times[i, 0])
                times[third, 1] = min(times[third, 1], times[i, 1] + up_j)
