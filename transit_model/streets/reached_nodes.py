"""Which origins reach each node: rows of times turned into lists by node."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transit_model.network.arrays import I32, I64, Bool
from transit_model.store.jit import INF_S, jit


def list_reached(ticks: I32, allowed: Bool, column: npt.NDArray[np.integer] | None = None) -> tuple[I64, I64, I32]:
    """Return node, row and ticks of all that is reached, by node and then by row.

    Parameters
    ----------
    ticks : (k, m) int32
        Times from k origins, `INF_S` where a node is not reached.
    allowed : (n,) bool
        Other nodes are left out.
    column : (n,) int, optional
        Where each node stands in the rows; default in its own place. No two stand in one.
    """
    node = np.full(ticks.shape[1], -1, dtype=np.int64)
    nodes = np.flatnonzero(allowed)
    node[nodes if column is None else column[nodes]] = nodes
    ptr = _count(ticks, node, len(allowed))
    row, found = np.empty(int(ptr[-1]), dtype=np.int64), np.empty(int(ptr[-1]), dtype=np.int32)
    _fill(ticks, node, ptr[:-1].copy(), row, found)
    return np.repeat(np.arange(len(allowed), dtype=np.int64), np.diff(ptr)), row, found


@jit
def _count(ticks: I32, node: I64, n_nodes: int) -> I64:  # pragma: no cover - compiled
    """Return where the list of each node begins, and the end of the last; `node` of each column, -1 for none."""
    ptr = np.zeros(n_nodes + 1, np.int64)
    for k in range(ticks.shape[0]):
        for at in range(ticks.shape[1]):
            if ticks[k, at] < INF_S and node[at] >= 0:
                ptr[node[at] + 1] += 1
    for v in range(n_nodes):
        ptr[v + 1] += ptr[v]
    return ptr


@jit
def _fill(ticks: I32, node: I64, free: I64, row: I64, found: I32) -> None:  # pragma: no cover - compiled
    for k in range(ticks.shape[0]):
        for at in range(ticks.shape[1]):
            if ticks[k, at] < INF_S and node[at] >= 0:
                v = node[at]
                row[free[v]], found[free[v]] = k, ticks[k, at]
                free[v] += 1
