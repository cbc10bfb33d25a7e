"""Shortest times by a heap in plain Python: for small graphs, where loading a library takes longer than the search.

Dijkstra (1959), "A note on two problems in connexion with graphs", Numerische Mathematik 1, with a binary heap whose
entries are left where they are when a quicker one comes.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from transit_model.network.arrays import I32
from transit_model.store.jit import INF_S


def travel_ticks(
    indptr: I32, head: I32, ticks: I32, seed_node: I32, seed_ticks: I32, cutoff: int, targets: I32 | None
) -> I32:
    """Return ticks from each row of seeds to every node, or to the targets only, (k, n) int32; `INF_S` beyond."""
    n = len(indptr) - 1
    begin, to, spent = indptr.tolist(), head.tolist(), ticks.tolist()
    out = np.empty((len(seed_node), n if targets is None else len(targets)), np.int32)
    for row, (nodes, starts) in enumerate(zip(seed_node.tolist(), seed_ticks.tolist(), strict=True)):
        times = [INF_S] * n
        heap: list[tuple[int, int]] = []
        for node, start in zip(nodes, starts, strict=True):
            if node >= 0 and start <= cutoff and start < times[node]:
                times[node] = start
                heappush(heap, (start, node))
        while heap:
            time, node = heappop(heap)
            if time > times[node]:
                continue
            for arc in range(begin[node], begin[node + 1]):
                later, node_on = time + spent[arc], to[arc]
                if later < times[node_on] and later <= cutoff:
                    times[node_on] = later
                    heappush(heap, (later, node_on))
        reached = np.array(times, np.int32)
        out[row] = reached if targets is None else reached[targets]
    return out
