"""A customisable hierarchy: shortcuts from the shape of the network alone, filled with times for each scenario.

Dibbelt, Strasser, Wagner (2016), "Customizable contraction hierarchies", ACM JEA 21(1.5). The order comes from the
roads (`separator_order`) and a shortcut stands wherever one may ever be needed, so a change of all speeds costs one
pass over the triangles of the graph instead of a new contraction. What the times of a scenario make superfluous is then
left out (the paper's perfect customisation), and the result is swept like any `Hierarchy`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transit_model.errors import InputError
from transit_model.network.arrays import F64, I32, Bool
from transit_model.routing.bucket_queue import count_threads
from transit_model.routing.hierarchy import NO_ARC, Hierarchy
from transit_model.routing.hierarchy_order import order_nodes
from transit_model.routing.jit import jit
from transit_model.routing.separator_order import order_by_separators


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
    """

    node: I32
    position: I32
    ptr: I32
    above: I32
    triangle: I32
    arc_place: I32
    arc_is_up: Bool


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
    triangle = list_triangles(above_ptr, above)
    here, there = position[tail], position[head]
    arc = find_arcs(above_ptr, above, np.maximum(here, there), np.minimum(here, there))
    return Frame(at, position, above_ptr, above, triangle, arc, here > there)


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
            more[:k] = out[:k]
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
    return Hierarchy(frame.node, frame.position, *keep_shortest(frame.ptr, frame.above, frame.triangle, times))


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


@jit
def keep_shortest(ptr: I32, above: I32, triangle: I32, times: I32) -> tuple[I32, I32, I32, I32, I32, I32]:
    """Lower all times to the shortest, from the top down; return the arcs up and down (CSR) that are still needed.

    An arc is not needed when a way by another neighbour above takes no longer. Where it takes as long, the rest of
    that way must take some time: of two arcs that could stand for each other one stays.
    """
    n = len(ptr) - 1
    up_ptr, down_ptr = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)
    up_head, up_ticks = np.empty(len(above), np.int32), np.empty(len(above), np.int32)
    down_tail, down_ticks = np.empty(len(above), np.int32), np.empty(len(above), np.int32)
    n_up = 0
    n_down = 0
    at = 0
    best = np.empty((n + 1, 2), np.int32)
    needed = np.empty((n + 1, 2), np.bool_)
    for p in range(n):
        first, last = ptr[p], ptr[p + 1]
        for j in range(first, last):
            best[j - first] = times[j]
            needed[j - first] = times[j] < NO_ARC
        for j in range(first, last):
            for i in range(first, j):
                up, down = times[triangle[at], 0], times[triangle[at], 1]  # above[j] to above[i], and back
                at += 1
                for target, way, ticks, rest in (
                    (j, 0, times[i, 0] + down, down),
                    (i, 0, times[j, 0] + up, up),
                    (j, 1, times[i, 1] + up, up),
                    (i, 1, times[j, 1] + down, down),
                ):
                    if ticks < times[target, way] or (ticks == times[target, way] and rest > 0):
                        needed[target - first, way] = False
                        best[target - first, way] = min(best[target - first, way], ticks)
        for j in range(first, last):
            times[j] = best[j - first]
            if needed[j - first, 0]:
                up_head[n_up], up_ticks[n_up] = above[j], times[j, 0]
                n_up += 1
            if needed[j - first, 1]:
                down_tail[n_down], down_ticks[n_down] = above[j], times[j, 1]
                n_down += 1
        up_ptr[p + 1], down_ptr[p + 1] = n_up, n_down
    return up_ptr, up_head[:n_up], up_ticks[:n_up], down_ptr, down_tail[:n_down], down_ticks[:n_down]
