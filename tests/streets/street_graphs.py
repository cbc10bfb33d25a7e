"""Random street graphs for the tests of the street engines, and scipy as the plain oracle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from transit_model.network.arrays import I32, StreetArrays
from transit_model.store.jit import INF_S

Arc = tuple[int, int, int]
"""tail, head, ticks"""


@st.composite
def random_arcs(draw: st.DrawFn, max_nodes: int = 14) -> tuple[int, list[Arc]]:
    """Draw a graph: one-way arcs, parallel arcs, loops, weights of zero, islands, and weights far apart."""
    n = draw(st.integers(1, max_nodes))
    node = st.integers(0, n - 1)
    ticks = st.one_of(st.integers(0, 3), st.integers(0, 60), st.sampled_from([500, 7000, 90_000]))
    return n, draw(st.lists(st.tuples(node, node, ticks), max_size=5 * n))


def build_grid(side: int) -> tuple[int, list[Arc]]:
    """Return a square of streets, both ways, of 0.1 to 40 s."""
    rng = np.random.default_rng(3)
    arcs: list[Arc] = []
    for v in range(side * side):
        for to in ([v + 1] if (v + 1) % side else []) + ([v + side] if v + side < side * side else []):
            arcs += [(v, to, int(rng.integers(1, 400))), (to, v, int(rng.integers(1, 400)))]
    return side * side, arcs


def build_streets(n: int, arcs: list[Arc]) -> StreetArrays:
    """Return street arrays; nodes lie on a spiral, so that no two share a place."""
    order = sorted(range(len(arcs)), key=lambda i: arcs[i][0])
    tail, head, ticks = (np.array([arcs[i][c] for i in order], np.int32) for c in range(3))
    indptr = np.searchsorted(tail, np.arange(n + 1)).astype(np.int32)
    angle = np.arange(n) * 0.7
    node = np.arange(n, dtype=np.int32)
    lon, lat = 100 + angle * np.cos(angle) / 100, 30 + angle * np.sin(angle) / 100
    return StreetArrays(indptr, head, ticks, np.array(order, np.int32), node, lon, lat, np.ones(n, np.bool_))


def oracle_ticks(n: int, arcs: list[Arc], origins: npt.ArrayLike) -> I32:
    """Return rows of ticks by scipy; the cheapest of parallel arcs counts, a weight of zero is an arc."""
    best: dict[tuple[int, int], int] = {}
    for tail, head, ticks in arcs:
        best[tail, head] = min(ticks, best.get((tail, head), INF_S))
    keys = sorted(best)
    indptr = np.searchsorted([tail for tail, _ in keys], np.arange(n + 1))
    data = np.array([best[key] for key in keys], np.float64)
    graph = sparse.csr_array((data, np.array([head for _, head in keys], np.int32), indptr), shape=(n, n))
    times = dijkstra(graph, indices=np.asarray(origins))
    return np.where(np.isfinite(times), times, INF_S).astype(np.int32)
