"""Which origins reach each node: rows of times turned into lists by node."""

from __future__ import annotations

import numpy as np

from transit_model.network.arrays import I32, I64, Bool
from transit_model.store.jit import INF_S, jit


def list_reached(ticks: I32, allowed: Bool) -> tuple[I64, I64, I32]:
    """Return node, row and ticks of all that is reached, by node and then by row.

    Parameters
    ----------
    ticks : (k, n) int32
        Times from k origins, `INF_S` where a node is not reached.
    allowed : (n,) bool
        Other nodes are left out.
    """
    ptr = _count(ticks, allowed)
    row, found = np.empty(int(ptr[-1]), dtype=np.int64), np.empty(int(ptr[-1]), dtype=np.int32)
    _fill(ticks, allowed, ptr[:-1].copy(), row, found)
    return np.repeat(np.arange(len(allowed), dtype=np.int64), np.diff(ptr)), row, found


@jit
def _count(ticks: I32, allowed: Bool) -> I64:  # pragma: no cover - compiled
    """Return where the list of each node begins, and the end of the last."""
    ptr = np.zeros(ticks.shape[1] + 1, np.int64)
    for k in range(ticks.shape[0]):
        for v in range(ticks.shape[1]):
            ptr[v + 1] += (ticks[k, v] < INF_S) & allowed[v]
    for v in range(ticks.shape[1]):
        ptr[v + 1] += ptr[v]
    return ptr


@jit
def _fill(ticks: I32, allowed: Bool, free: I64, row: I64, found: I32) -> None:  # pragma: no cover - compiled
    for k in range(ticks.shape[0]):
        for v in range(ticks.shape[1]):
            if ticks[k, v] < INF_S and allowed[v]:
                row[free[v]], found[free[v]] = k, ticks[k, v]
                free[v] += 1
