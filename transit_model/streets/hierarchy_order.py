"""The order in which sweeps visit the nodes of a hierarchy, as numba kernels."""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import I32
from transit_model.store.jit import jit


@jit
def order_nodes(ptr: I32, above: I32) -> I32:
    """Return ranks in an order in which all of a node's neighbours above come before it, and relatives together.

    Ranks are in order of contraction; `above` has the higher neighbours of each (CSR). The order is that of a walk
    through the tree in which a node hangs under the lowest of its higher neighbours; before a node is written,
    those above it that are missing.
    """
    n = len(ptr) - 1
    parent = np.full(n, n, np.int32)
    begin = np.zeros(n + 2, np.int32)
    for v in range(n):
        for a in range(ptr[v], ptr[v + 1]):
            parent[v] = min(parent[v], above[a])
        begin[parent[v] + 1] += 1
    for v in range(n + 1):
        begin[v + 1] += begin[v]
    place = begin.copy()
    child = np.empty(n, np.int32)
    for v in range(n):
        child[place[parent[v]]] = v
        place[parent[v]] += 1
    order = np.empty(n, np.int32)
    written = np.zeros(n, np.bool_)
    walk, wait = np.empty(n + 1, np.int32), np.empty(n + 1, np.int32)
    k = 0
    n_walk = 0
    for a in range(begin[n], begin[n + 1]):
        walk[n_walk] = child[a]
        n_walk += 1
    while n_walk > 0:
        n_walk -= 1
        v = walk[n_walk]
        for a in range(begin[v], begin[v + 1]):
            walk[n_walk] = child[a]
            n_walk += 1
        if written[v]:
            continue
        wait[0] = v
        n_wait = 1
        while n_wait > 0:
            u = wait[n_wait - 1]
            ready = True
            for a in range(ptr[u], ptr[u + 1]):
                if not written[above[a]]:
                    wait[n_wait] = above[a]
                    n_wait += 1
                    ready = False
                    break
            if ready:
                n_wait -= 1
                written[u] = True
                order[k] = u
                k += 1
    return order


@jit
def list_entries(ptr: I32, tail: I32, visit: I32, blocks: I32, size: int) -> tuple[I32, I32]:
    """Return for each block the positions before it from which arcs lead into it, each once (CSR)."""
    n_blocks = len(blocks) - 1
    seen = np.full(len(ptr) - 1, -1, np.int32)
    entry_ptr = np.zeros(n_blocks + 1, np.int32)
    entry = np.empty(len(tail), np.int32)
    k = 0
    for b in range(n_blocks):
        for i in range(blocks[b], blocks[b + 1]):
            for a in range(ptr[visit[i]], ptr[visit[i] + 1]):
                q = tail[a]
                if q < b * size and seen[q] != b:
                    seen[q] = b
                    entry[k] = q
                    k += 1
        entry_ptr[b + 1] = k
    return entry_ptr, entry[:k].copy()
