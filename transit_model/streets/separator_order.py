"""An order for contraction that hangs on the roads alone, not on their times: nested dissection by inertial flow.

A small set of nodes that parts the region in two comes last, and each part is ordered in the same way before it.
Separators: Schild and Sommer (2015), "On balanced separators in road networks", SEA: along four directions the
outermost quarters of a part are source and sink, and a maximum flow finds the fewest roads between them. Parts of a
few nodes are ordered by least degree.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import F64, I32
from transit_model.store.jit import helper, jit

U64: TypeAlias = npt.NDArray[np.uint64]

_SHARE: Final = 0.25
_SMALL: Final = 24
_MASK: Final = 64
_DIRECTIONS: Final = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
_SOURCE, _SINK = 1, 2


class Parts(NamedTuple):
    """The graph without directions, and the work space of all parts: each uses what belongs to its own nodes.

    `twin` is the same road in the list of its other end. A part is a stretch of `order`; `where` is the place of each
    node there. `flow` of an arc is -1, 0 or 1; `side` marks a part's sources and sinks, `best` the best cut so far.
    """

    ptr: I32
    node: I32
    twin: I32
    xy: F64
    order: I32
    where: I32
    flow: I32
    side: I32
    level: I32
    turn: I32
    queue: I32
    best: I32


def order_by_separators(ptr: I32, node: I32, lon: F64, lat: F64, *, threads: int = 1) -> I32:
    """Return the nodes in an order for contraction, (n,) int32.

    Parameters
    ----------
    ptr, node : CSR
        Neighbours of each node, both ways, without loops and repetitions, in ascending order.
    lon, lat : (n,) float64
    threads
        The result does not depend on it.
    """
    n = len(ptr) - 1
    x = (lon - lon.mean()) * np.cos(np.radians(lat.mean())) if n else lon
    zeros = (np.zeros(k, np.int32) for k in (len(node), n, n, n, n, n))
    every = np.arange(n, dtype=np.int32)
    parts = Parts(ptr, node, find_twins(ptr, node), np.column_stack([x, lat]), every, every.copy(), *zeros)
    todo, deepest = [(0, n)], max(threads - 1, 0).bit_length() + 1
    for _ in range(deepest if threads > 1 else 0):
        halves = [(low, high, *bisect(parts, low, high)) for low, high in todo if high - low > _SMALL]
        todo = [part for low, middle, high in ((h[0], h[2], h[3]) for h in halves) for part in
                ((low, middle), (middle, high))] + [part for part in todo if part[1] - part[0] <= _SMALL]  # fmt: skip
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for _ in pool.map(lambda part: dissect(parts, *part), todo):
            pass
    return parts.order


@jit
def find_twins(ptr: I32, node: I32) -> I32:
    """Return for each arc the place of the arc back."""
    twin = np.empty(len(node), np.int32)
    place = ptr[:-1].copy()
    for v in range(len(ptr) - 1):  # lists are in ascending order, so the arcs back come in the order of their heads
        for a in range(ptr[v], ptr[v + 1]):
            u = node[a]
            twin[place[u]] = a
            place[u] += 1
    return twin


@helper
def _label_levels(parts: Parts, low: int, high: int) -> bool:
    """Label nodes by the number of arcs with room from the sources; return whether a sink is met."""
    ptr, node, flow, side, level = parts.ptr, parts.node, parts.flow, parts.side, parts.level
    queue, where, order = parts.queue, parts.where, parts.order
    end = low
    for i in range(low, high):
        v = order[i]
        level[v] = -1
        if side[v] == _SOURCE:
            level[v] = 0
            queue[end] = v
            end += 1
    at = low
    found = False
    while at < end:
        v = queue[at]
        at += 1
        if side[v] == _SINK:
            found = True
            continue
        for a in range(ptr[v], ptr[v + 1]):
            u = node[a]
            if low <= where[u] < high and level[u] < 0 and flow[a] < 1:
                level[u] = level[v] + 1
                queue[end] = u
                end += 1
    return found


@helper
def _augment(parts: Parts, low: int, high: int) -> int:
    """Push flow along ways of rising levels until there is none; return how much (Dinitz 1970)."""
    ptr, node, twin, flow, side = parts.ptr, parts.node, parts.twin, parts.flow, parts.side
    level, turn, path, where, order = parts.level, parts.turn, parts.queue, parts.where, parts.order
    for i in range(low, high):
        turn[order[i]] = ptr[order[i]]
    total = 0
    for i in range(low, high):
        if side[order[i]] != _SOURCE:
            continue
        while True:
            v = order[i]
            depth = 0
            while side[v] != _SINK:
                if turn[v] == ptr[v + 1]:
                    if depth == 0:
                        break
                    depth -= 1
                    v = node[twin[path[low + depth]]]
                    turn[v] += 1
                    continue
                a = turn[v]
                u = node[a]
                if low <= where[u] < high and level[u] == level[v] + 1 and flow[a] < 1:
                    path[low + depth] = a
                    depth += 1
                    v = u
                else:
                    turn[v] += 1
            if side[v] != _SINK:
                break
            total += 1
            for k in range(depth):
                flow[path[low + k]] += 1
                flow[twin[path[low + k]]] -= 1
    return total


@helper
def _count_ends(parts: Parts, low: int, high: int, inner: bool) -> int:
    """Return how many nodes of one bank touch the cut (`inner`: the bank of the sources, where levels are set)."""
    count = 0
    for i in range(low, high):
        v = parts.order[i]
        if (parts.level[v] >= 0) != inner:
            continue
        for a in range(parts.ptr[v], parts.ptr[v + 1]):
            u = parts.node[a]
            if low <= parts.where[u] < high and (parts.level[u] >= 0) != inner:
                count += 1
                break
    return count


@helper
def _keep_cut(parts: Parts, low: int, high: int, fewest: int) -> int:
    """Keep a cut as the best when one of its banks has fewer than `fewest` nodes at it, and return how many."""
    ptr, node, order, where, level, best = parts.ptr, parts.node, parts.order, parts.where, parts.level, parts.best
    inner, outside = _count_ends(parts, low, high, True), _count_ends(parts, low, high, False)
    if min(inner, outside) >= fewest:
        return fewest
    for i in range(low, high):
        v = order[i]
        own = level[v] >= 0
        best[v] = 0 if own else 1
        if own == (inner <= outside):
            for a in range(ptr[v], ptr[v + 1]):
                if low <= where[node[a]] < high and (level[node[a]] >= 0) != own:
                    best[v] = 2
    return min(inner, outside)


@jit
def bisect(parts: Parts, low: int, high: int) -> tuple[int, int]:
    """Put a part in the order: one bank, other bank, separator; return where the other bank begins and ends."""
    ptr, order, where, best = parts.ptr, parts.order, parts.where, parts.best
    size = high - low
    fewest = size + 1
    for i in range(low, high):
        best[order[i]] = 2  # all in the separator, should no cut be smaller than the part
    key = np.empty(size)
    for d in range(len(_DIRECTIONS)):
        for i in range(size):
            v = order[low + i]
            key[i] = _DIRECTIONS[d, 0] * parts.xy[v, 0] + _DIRECTIONS[d, 1] * parts.xy[v, 1]
            for a in range(ptr[v], ptr[v + 1]):
                parts.flow[a] = 0
        by_key = np.argsort(key)
        outer = max(1, int(size * _SHARE))
        for i in range(size):
            v = order[low + by_key[i]]
            parts.side[v] = _SOURCE if i < outer else (_SINK if i >= size - outer else 0)
        total = 0
        while total < fewest and _label_levels(parts, low, high):
            total += _augment(parts, low, high)
        if total >= fewest:  # a separator is never larger than its cut, rarely much smaller
            continue
        fewest = _keep_cut(parts, low, high, fewest)
    ends = np.zeros(4, np.int64)
    for i in range(low, high):
        ends[best[order[i]] + 1] += 1
    ends[2] += ends[1]
    fresh = order[low:high].copy()
    place = np.array([low, low + ends[1], low + ends[2]])
    for v in fresh:
        order[place[best[v]]] = v
        where[v] = place[best[v]]
        place[best[v]] += 1
    return low + ends[1], low + ends[2]


@helper
def _list_masks(parts: Parts, low: int, high: int) -> U64:
    """Return the neighbours of each node of a small part as bits, those outside of it as far as there are bits."""
    order, where, ptr, node = parts.order, parts.where, parts.ptr, parts.node
    size = high - low
    masks = np.zeros(size, np.uint64)
    outside = np.empty(_MASK, np.int32)
    n_outside = 0
    for i in range(size):
        for a in range(ptr[order[low + i]], ptr[order[low + i] + 1]):
            u = node[a]
            bit = where[u] - low
            if bit < 0 or bit >= size:
                bit = size
                while bit < size + n_outside and outside[bit - size] != u:
                    bit += 1
                if bit == size + n_outside and bit < _MASK:
                    outside[n_outside] = u
                    n_outside += 1
            if bit < _MASK:
                masks[i] |= np.uint64(1) << np.uint64(bit)
    return masks


@helper
def _order_small(parts: Parts, low: int, high: int) -> None:
    """Order a part of a few nodes by least degree, neighbours outside included."""
    order, where = parts.order, parts.where
    size = high - low
    one = np.uint64(1)
    masks = _list_masks(parts, low, high)
    fresh = order[low:high].copy()
    done = np.zeros(size, np.bool_)
    for k in range(size):
        chosen, least = -1, _MASK + 1
        for i in range(size):
            if not done[i]:
                degree = 0
                rest = masks[i]
                while rest != np.uint64(0):
                    rest &= rest - one
                    degree += 1
                if degree < least:
                    chosen, least = i, degree
        done[chosen] = True
        own = one << np.uint64(chosen)
        for i in range(size):
            if not done[i] and masks[i] & own:
                masks[i] = (masks[i] | masks[chosen]) & ~(own | (one << np.uint64(i)))
        order[low + k] = fresh[chosen]
    for i in range(low, high):
        where[order[i]] = i


@jit
def dissect(parts: Parts, low: int, high: int) -> None:
    """Put a part in order, down to its last node."""
    todo = [(low, high)]
    while len(todo) > 0:
        begin, end = todo.pop()
        if end - begin <= _SMALL:
            _order_small(parts, begin, end)
            continue
        middle, separator = bisect(parts, begin, end)
        todo.append((begin, middle))
        todo.append((middle, separator))
