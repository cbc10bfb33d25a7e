"""Contraction of a road graph in rounds of independent nodes, as numba kernels.

A node is contracted by taking it out and adding a shortcut wherever it was on the only shortest way between two of
its neighbours; what is left keeps all shortest times (Geisberger, Sanders, Schultes, Delling 2008, "Contraction
hierarchies: faster and simpler hierarchical routing in road networks", WEA). All nodes that are less important than
their neighbours go in one round (Vetter 2009, "Parallel time-dependent contraction hierarchies"): the searches of a
round see neither of them, hence may run in threads and in any order, and the graph is then written anew without
them, in one piece and in the old order of nodes, so that a round works on memory that lies together.

Weights are integer ticks; nothing here rounds. A search that gives up early adds a shortcut that was not needed: it
costs time later, never exactness.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from transit_model.network.arrays import I32, I64, Bool
from transit_model.store.jit import helper, jit

NO_ARC: Final = 2**30 - 1
"""No way in this direction: two of them still fit an int32."""
_HEAP: Final = 1 << 14
_NODE_BITS: Final = 32
_NODE_MASK: Final = (1 << _NODE_BITS) - 1
_LEVEL: Final = 1000
"""Weight of a level in a rating, and of one arc added per arc removed."""
_TIE: Final = 2654435761
"""Knuth's multiplicative hash: equal importance is broken by scattered numbers, lest a path peels from one end."""


class Core(NamedTuple):
    """The graph that is left, both directions of a pair of nodes in one entry of either's list (CSR).

    `out` is the time to the neighbour, `back` the time from it, `NO_ARC` for none.
    """

    ptr: I32
    node: I32
    out: I32
    back: I32


class Scratch(NamedTuple):
    """Work space of one thread: labels of all nodes, what is looked for, nodes labelled; a heap of (ticks, node)."""

    label: I32
    goal: I32
    touched: I32
    heap: I64


def build_scratch(n: int) -> Scratch:
    """Return work space for a graph of n nodes."""
    label, goal = np.full(n, NO_ARC, np.int32), np.full(n, -1, np.int32)
    return Scratch(label, goal, np.empty(n, np.int32), np.empty(_HEAP, np.int64))


@helper
def _push(heap: I64, size: int, key: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1


@helper
def _pop(heap: I64, size: int) -> int:
    size -= 1
    key = heap[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = key
    return size


@helper
def _search(core: Core, gone: Bool, v: int, entry: int, settle: int, scratch: Scratch) -> tuple[int, int]:
    """Look from one neighbour of `v` for ways to the others that avoid `v` and `gone` and are as short as through it.

    Sets `goal` of the neighbours without such a way to the time through `v`; the caller clears it with `_clear`.
    Returns how many there are, and the number of nodes labelled.
    """
    # Fields are read once: inside a loop each reading would count references.
    ptr, node, out = core.ptr, core.node, core.out
    label, touched, goal, heap = scratch.label, scratch.touched, scratch.goal, scratch.heap
    source, start = node[entry], core.back[entry]
    open_ends = 0
    bound = -1
    for b in range(ptr[v], ptr[v + 1]):
        if b != entry and start + out[b] < NO_ARC:
            goal[node[b]] = start + out[b]
            bound = max(bound, start + out[b])
            open_ends += 1
    if open_ends == 0:
        return 0, 0
    label[source] = 0
    touched[0] = source
    n_touched = 1
    size = _push(heap, 0, int(source))
    while size > 0 and settle > 0 and open_ends > 0:
        ticks, u = heap[0] >> _NODE_BITS, heap[0] & _NODE_MASK
        size = _pop(heap, size)
        if ticks > label[u]:
            continue
        settle -= 1
        for a in range(ptr[u], ptr[u + 1]):
            x = node[a]
            reached = ticks + out[a]
            if reached <= bound and reached < label[x] and x != v and not gone[x]:
                if label[x] == NO_ARC:
                    touched[n_touched] = x
                    n_touched += 1
                label[x] = reached
                if reached <= goal[x]:
                    goal[x] = -1
                    open_ends -= 1
                if size < _HEAP - 1:
                    size = _push(heap, size, (reached << _NODE_BITS) | x)
    return open_ends, n_touched


@helper
def _clear(core: Core, v: int, n_touched: int, scratch: Scratch) -> None:
    ptr, node, label, touched, goal = core.ptr, core.node, scratch.label, scratch.touched, scratch.goal
    for b in range(ptr[v], ptr[v + 1]):
        goal[node[b]] = -1
    for i in range(n_touched):
        label[touched[i]] = NO_ARC


@jit
def rate_nodes(core: Core, which: I32, level: I32, rating: I64, settle: int, scratch: Scratch) -> None:
    """Write how important each of `which` is: its level, and the arcs its contraction adds per arc it removes."""
    none = np.zeros(len(core.ptr) - 1, np.bool_)
    for v in which:
        first, last = core.ptr[v], core.ptr[v + 1]
        added = 0
        removed = 0
        for a in range(first, last):
            removed += (core.back[a] < NO_ARC) + (core.out[a] < NO_ARC)
            if core.back[a] < NO_ARC:
                needed, n_touched = _search(core, none, v, a, settle, scratch)
                _clear(core, v, n_touched, scratch)
                added += needed
        rating[v] = _LEVEL * (level[v] + added / max(removed, 1))


@jit
def select_nodes(core: Core, rating: I64, name: I32) -> I32:
    """Return the nodes less important than all their neighbours."""
    n = len(core.ptr) - 1
    chosen = np.empty(n, np.int32)
    k = 0
    for v in range(n):
        least = True
        for a in range(core.ptr[v], core.ptr[v + 1]):
            u = core.node[a]
            if rating[u] < rating[v]:
                least = False
                break
            if rating[u] == rating[v]:
                own, other = (name[v] * _TIE) & 0xFFFFFFFF, (name[u] * _TIE) & 0xFFFFFFFF
                if other < own:
                    least = False
                    break
        if least:
            chosen[k] = v
            k += 1
    return chosen[:k].copy()


@helper
def _grow(found: I32, k: int, room: int) -> I32:
    """Return a table of twice the size with its first k rows; a loop, since slices take seconds to compile."""
    more = np.empty((2 * len(found) + room, 3), np.int32)
    for i in range(k):
        for column in range(3):
            more[i, column] = found[i, column]
    return more


@jit
def find_shortcuts(
    core: Core, candidates: I32, gone: Bool, level: I32, rating: I64, settle: int, scratch: Scratch
) -> tuple[I32, I32]:
    """Return the shortcuts (k, 3) that replace each of `candidates`: tail, head, ticks; and where each one's begin.

    All candidates are marked in `gone`: no shortcut leans on one of them. Writes their rating anew.
    """
    found = np.empty((4 * len(candidates) + 64, 3), np.int32)
    begin = np.zeros(len(candidates) + 1, np.int32)
    k = 0
    for i in range(len(candidates)):
        v = candidates[i]
        first, last = core.ptr[v], core.ptr[v + 1]
        if k + (last - first) * (last - first) > len(found):
            found = _grow(found, k, (last - first) * (last - first))
        removed = 0
        for a in range(first, last):
            removed += (core.back[a] < NO_ARC) + (core.out[a] < NO_ARC)
            if core.back[a] == NO_ARC:
                continue
            _, n_touched = _search(core, gone, v, a, settle, scratch)
            for b in range(first, last):
                if scratch.goal[core.node[b]] >= 0:
                    found[k, 0], found[k, 1], found[k, 2] = core.node[a], core.node[b], core.back[a] + core.out[b]
                    k += 1
            _clear(core, v, n_touched, scratch)
        rating[v] = _LEVEL * (level[v] + (k - begin[i]) / max(removed, 1))
        begin[i + 1] = k
    return found[:k], begin


@jit
def confirm_nodes(core: Core, candidates: I32, rating: I64) -> Bool:
    """Return which candidates, rated anew, are still no more important than their neighbours; at least one is."""
    fit = np.zeros(len(candidates), np.bool_)
    best = 0
    n_fit = 0
    for i in range(len(candidates)):
        v = candidates[i]
        if rating[v] < rating[candidates[best]]:
            best = i
        least = True
        for a in range(core.ptr[v], core.ptr[v + 1]):
            if rating[core.node[a]] < rating[v]:
                least = False
                break
        fit[i] = least
        n_fit += least
    if n_fit == 0:
        fit[best] = True
    return fit


@helper
def _index_shortcuts(n: int, shortcuts: I32) -> tuple[I32, I32]:
    """Return the rows of shortcuts that begin or end at each node (CSR)."""
    ptr = np.zeros(n + 2, np.int32)
    for i in range(len(shortcuts)):
        ptr[shortcuts[i, 0] + 2] += 1
        ptr[shortcuts[i, 1] + 2] += 1
    for v in range(n):
        ptr[v + 2] += ptr[v + 1]
    row = np.empty(2 * len(shortcuts), np.int32)
    for i in range(len(shortcuts)):
        for side in range(2):
            v = shortcuts[i, side]
            row[ptr[v + 1]] = i
            ptr[v + 1] += 1
    return ptr[: n + 1], row


@helper
def _raise_levels(core: Core, gone: Bool, v: int, level: I32, rating: I64) -> bool:
    """Put a node above its neighbours that are gone; return if there are any."""
    touched = False
    for a in range(core.ptr[v], core.ptr[v + 1]):
        u = core.node[a]
        if gone[u]:
            touched = True
            if level[v] <= level[u]:
                rating[v] += _LEVEL * (level[u] + 1 - level[v])
                level[v] = level[u] + 1
    return touched


@jit
def rebuild(core: Core, gone: Bool, shortcuts: I32, level: I32, rating: I64) -> tuple[Core, I32, I32]:
    """Return the graph without `gone` and with shortcuts, its nodes in the old numbers, and those that changed (new).

    Raises level and rating of the neighbours of nodes gone, in place.
    """
    n = len(core.ptr) - 1
    extra, row = _index_shortcuts(n, shortcuts)
    number = (np.cumsum(~gone) - 1).astype(np.int32)
    n_left = n - gone.sum()
    old, changed = np.empty(n_left, np.int32), np.empty(n_left, np.int32)
    ptr = np.zeros(n_left + 1, np.int32)
    room = len(core.node) + len(row)
    node, out, back = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    slot = np.full(n, -1, np.int32)
    k = 0
    n_changed = 0
    for v in range(n):
        if gone[v]:
            continue
        begin = k
        for a in range(core.ptr[v], core.ptr[v + 1]):
            u = core.node[a]
            if not gone[u]:
                node[k], out[k], back[k] = u, core.out[a], core.back[a]
                slot[u] = k
                k += 1
        for e in range(extra[v], extra[v + 1]):
            i = row[e]
            leaves = shortcuts[i, 0] == v
            u = shortcuts[i, 1] if leaves else shortcuts[i, 0]
            if slot[u] < 0:
                node[k], out[k], back[k] = u, NO_ARC, NO_ARC
                slot[u] = k
                k += 1
            if leaves:
                out[slot[u]] = min(out[slot[u]], shortcuts[i, 2])
            else:
                back[slot[u]] = min(back[slot[u]], shortcuts[i, 2])
        for a in range(begin, k):
            slot[node[a]] = -1
            node[a] = number[node[a]]
        if _raise_levels(core, gone, v, level, rating):
            changed[n_changed] = number[v]
            n_changed += 1
        old[number[v]] = v
        ptr[number[v] + 1] = k
    return Core(ptr, node[:k].copy(), out[:k].copy(), back[:k].copy()), old, changed[:n_changed].copy()
